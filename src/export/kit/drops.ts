import type { CommonDrop, Drop, FieldPath } from './exporter.ts';
import { dropOfAnnotations } from './annotation-from.ts';
import { findUsedProvider, type ProviderConfig } from '../../access/provider.ts';
import { domain, keys, nameOf, tool, type ClusterAccess, type ClusterProfile } from '../../profile/clusterprofile.ts';

type Unnamed = Omit<Drop, 'name'>;

const dropOfProfile = (at: FieldPath, has: Unnamed['has']): Unnamed => ({ at: () => at, has });

const dropOfCluster = (field: keyof ClusterAccess, vital: boolean): Unnamed => ({
  has: (_profile, provider) => (provider?.cluster?.[field] ?? false) !== false,
  at: (provider) => [...provider, 'cluster', field],
  vital,
});

const dropOfExtension = (wanted: (name: string) => boolean, vital: boolean): Unnamed => ({
  has: (_profile, provider) => provider?.cluster?.extensions?.some(({ name }) => wanted(name)) ?? false,
  at: (provider) => [...provider, 'cluster', 'extensions'],
  vital,
});

/** A drop of labels: those whose keys are wanted. */
export const dropOfLabels = (name: string, wanted: (key: string) => boolean): Drop => ({
  name,
  ...dropOfProfile(['metadata', 'labels'], ({ metadata }) => Object.keys(metadata.labels ?? {}).some(wanted)),
});

/** Those that have a meaning here; under our own name are marks of `--merge`. */
export const knownExtensions: ReadonlySet<string> = new Set([
  keys.execExtension,
  keys.argsExtension,
  keys.envsExtension,
  domain,
]);

const commonDrops: Readonly<Record<CommonDrop, Unnamed>> = {
  labels: dropOfProfile(['metadata', 'labels'], ({ metadata }) => Object.keys(metadata.labels ?? {}).length > 0),
  annotations: dropOfAnnotations(),
  'label app.kubernetes.io/managed-by': dropOfProfile(
    ['metadata', 'labels', keys.managedByLabel],
    ({ metadata }) => (metadata.labels?.[keys.managedByLabel] ?? tool) !== tool,
  ),
  displayName: dropOfProfile(
    ['spec', 'displayName'],
    ({ spec, metadata }) => spec?.displayName !== undefined && spec.displayName !== metadata.name,
  ),
  version: dropOfProfile(['status', 'version'], ({ status }) => status?.version?.kubernetes !== undefined),
  conditions: dropOfProfile(['status', 'conditions'], ({ status }) => (status?.conditions ?? []).length > 0),
  properties: dropOfProfile(['status', 'properties'], ({ status }) => (status?.properties ?? []).length > 0),
  'proxy-url': dropOfCluster('proxy-url', true),
  'tls-server-name': dropOfCluster('tls-server-name', true),
  'disable-compression': dropOfCluster('disable-compression', false),
  'insecure-skip-tls-verify': dropOfCluster('insecure-skip-tls-verify', true),
  'exec extension': dropOfExtension((name) => name === keys.execExtension, true),
  'additional-args': dropOfExtension((name) => name === keys.argsExtension, true),
  'additional-envs': dropOfExtension((name) => name === keys.envsExtension, true),
  'other extensions': dropOfExtension((name) => !knownExtensions.has(name), false),
};

/** A drop by its name, or as it is. */
export const dropOf = (drop: CommonDrop | Drop): Drop =>
  typeof drop === 'string' ? { name: drop, ...commonDrops[drop] } : drop;

/** What is in a profile, and in the provider that would be used, among what the consumer has no place for. */
export function listDropped(
  profile: ClusterProfile,
  drops: readonly Drop[],
  providers: readonly ProviderConfig[],
): Drop[] {
  const provider = findUsedProvider(profile, providers);
  return drops.filter(({ has }) => has(profile, provider));
}

/** What is in profiles and the consumer has no place for, with the names of these profiles. */
export function groupByDrop(
  drops: readonly Drop[],
  profiles: readonly ClusterProfile[],
  providers: readonly ProviderConfig[],
): [drop: Drop, names: string[]][] {
  const dropping = new Map<Drop, string[]>(drops.map((drop) => [drop, []]));
  for (const profile of profiles)
    for (const drop of listDropped(profile, drops, providers)) dropping.get(drop)?.push(nameOf(profile));
  return [...dropping].filter(([, names]) => names.length > 0);
}
