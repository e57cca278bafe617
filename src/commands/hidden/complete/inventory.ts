import type { Candidate } from './answer.ts';
import { expandPath, readTypedFlag } from './words.ts';
import { isUserError } from '../../../errors.ts';
import type { Io } from '../../../io.ts';
import { clusterSetOf, listMaps, type ClusterProfile } from '../../../profile/clusterprofile.ts';
import { listPlacementNames, placementDecision } from '../../../profile/placement.ts';
import { namespaceKind } from '../../../stores/cluster-sets.ts';
import { openToRead } from '../../../stores/read.ts';
import { byText } from '../../../util/text.ts';
import type { Inventory } from '../../../stores/store.ts';

/** A command line as far as it is typed. */
export interface Typed {
  /** The words before the one that is completed. */
  words: readonly string[];
  io: Io;
  /** How long it may take, in milliseconds. */
  patience: number;
  /** The words that defaults would have been typed with. */
  listDefaults?: () => Promise<readonly string[]>;
}

/** The inventory that the words name, and the namespace in it; `undefined` for all namespaces. */
async function openTyped({
  words: typed,
  io,
  patience,
  listDefaults,
}: Typed): Promise<{ inventory: Inventory; namespace: string | undefined }> {
  const words = [...typed, ...((await listDefaults?.()) ?? [])];
  const readPath = (...names: string[]): string | undefined => {
    const path = readTypedFlag(words, ...names);
    return path === undefined ? undefined : expandPath(path, io.env);
  };
  const filename = readPath('-f', '--filename');
  const named = {
    inventory: readPath('--inventory'),
    kubeconfig: readPath('--kubeconfig'),
    context: readTypedFlag(words, '--context'),
    namespace: readTypedFlag(words, '-n', '--namespace'),
  };
  const given = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
  const recursive = words.includes('-R') || words.includes('--recursive');
  const options = { ...given, recursive, timeout: patience, quiet: true };
  const { inventory } = await openToRead(filename === undefined ? options : { ...options, filename: [filename] }, io);
  const isEverywhere = words.includes('-A') || words.includes('--all-namespaces');
  return { inventory, namespace: isEverywhere ? undefined : (named.namespace ?? (inventory.namespace || undefined)) };
}

async function readProfiles(typed: Typed, scope: 'namespace' | 'everywhere'): Promise<ClusterProfile[]> {
  const { inventory, namespace } = await openTyped(typed);
  const found: ClusterProfile[] = [];
  const query = { namespace: scope === 'everywhere' ? undefined : namespace };
  for await (const page of inventory.list(query)) found.push(...page);
  return found;
}

/** Names of profiles, each with its cluster manager. */
export const listProfileNames = async (typed: Typed): Promise<Candidate[]> =>
  (await readProfiles(typed, 'namespace')).map(({ metadata, spec }) => [
    metadata.name,
    spec?.clusterManager?.name ?? '',
  ]);

/** Placements that `--placement` may name: without the namespace where it is clear which. */
export async function listPlacements(typed: Typed): Promise<Candidate[]> {
  const { inventory, namespace } = await openTyped(typed);
  const found: unknown[] = [];
  for await (const page of inventory.objects(placementDecision, namespace)) found.push(...page);
  const prefix = namespace === undefined ? '' : `${namespace}/`;
  return listPlacementNames(found).map((name) => [name.slice(prefix.length)]);
}

/** Namespaces of the hub; those that have profiles where it does not list them, or where there is no hub. */
export async function listNamespaces(typed: Typed): Promise<Candidate[]> {
  const { inventory } = await openTyped(typed);
  const names = new Set<string>();
  try {
    for await (const page of inventory.objects(namespaceKind))
      for (const { metadata } of page) names.add(metadata.name);
  } catch (error) {
    if (!isUserError(error)) throw error;
  }
  if (names.size === 0)
    for await (const page of inventory.list({ namespace: undefined }))
      for (const { metadata } of page) names.add(metadata.namespace ?? '');
  return [...names]
    .filter(Boolean)
    .toSorted()
    .map((name) => [name]);
}

/** What the profiles of the inventory have in one of their fields, each value once. */
async function listDistinct(
  typed: Typed,
  valuesOf: (profile: ClusterProfile) => readonly (string | undefined)[],
): Promise<Candidate[]> {
  const values = new Set((await readProfiles(typed, 'everywhere')).flatMap(valuesOf));
  return [...values]
    .filter((value): value is string => typeof value === 'string' && value !== '')
    .toSorted(byText)
    .map((value) => [value]);
}

export const listClusterSets = (typed: Typed): Promise<Candidate[]> =>
  listDistinct(typed, (profile) => [clusterSetOf(profile)]);

export const listManagers = (typed: Typed): Promise<Candidate[]> =>
  listDistinct(typed, ({ spec }) => [spec?.clusterManager?.name]);

export const listPropertyNames = (typed: Typed): Promise<Candidate[]> =>
  listDistinct(typed, ({ status }) => listMaps(status?.properties).map(({ name }) => name));

export const listLabelKeys = (typed: Typed): Promise<Candidate[]> =>
  listDistinct(typed, ({ metadata }) => Object.keys(metadata.labels ?? {}));
