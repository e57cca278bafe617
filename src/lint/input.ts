import type { Document, ProblemPath } from './problem.ts';
import { group, keys, profileKind } from '../profile/clusterprofile.ts';
import { isObject } from '../object.ts';
import { isPlacementDecision, readSlice, type Slice } from '../profile/placement.ts';
import { showBare } from './paths.ts';
import { listDecisionFaults, listFaults, type Fault } from './schema.ts';

/** Fields of an object that nobody checked. */
export type LintFields = Readonly<Record<string, unknown>>;

/** The API version whose rules decide: the stricter v1alpha2, or v1alpha1. */
type Target = 'v1alpha1' | 'v1alpha2';

export interface LintOptions {
  /** Absent: the version that each object names. */
  target?: Target | undefined;
  /** Warnings count as errors. */
  strict?: boolean | undefined;
  /** Earlier or live versions of the same profiles. */
  against?: readonly unknown[] | undefined;
  /** ClusterSet labels of namespaces that are not part of the input, by namespace. */
  clusterSets?: ReadonlyMap<string, string> | undefined;
  now: Date;
}

/** An item of a list, with its place. */
export interface LintEntry {
  at: ProblemPath;
  value: LintFields;
}

export interface Provider extends LintEntry {
  name: string | undefined;
  cluster: LintFields | undefined;
  extensions: LintEntry[];
  /** From `status.credentialProviders`. */
  deprecated: boolean;
}

/** A ClusterProfile as far as it can be read: what has the wrong type is absent here, and is among the faults. */
export interface Profile {
  document: Document;
  object: LintFields;
  metadata: LintFields;
  labels: LintFields;
  annotations: LintFields;
  status: LintFields | undefined;
  name: string | undefined;
  /** The inventory it is part of; `` where it names none. */
  namespace: string;
  manager: string | undefined;
  memberId: string | undefined;
  conditions: LintEntry[];
  properties: LintEntry[];
  providers: Provider[];
  target: Target;
  faults: Fault[];
}

/** A PlacementDecision as far as it can be read. */
export interface Decision extends Slice, Pick<Profile, 'document' | 'object' | 'metadata' | 'labels' | 'annotations'> {
  target: Target;
  faults: Fault[];
}

/** Everything a rule may look at. */
export interface Input {
  documents: readonly Document[];
  profiles: Profile[];
  decisions: Decision[];
  /** Objects of kind Namespace. */
  namespaces: { document: Document; name: string; labels: LintFields }[];
  /** Objects this linter has no rules for. */
  others: Document[];
  options: LintOptions;
  /** The earlier version of a profile, with `--against`. */
  before(profile: Profile): Profile | undefined;
}

const nothing: LintFields = {};

/** A map, or an empty one. */
export const toMap = (value: unknown): LintFields => (isObject(value) ? value : nothing);
export const toText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The maps of a list. */
export function listEntries(value: unknown, at: ProblemPath): LintEntry[] {
  const entries: LintEntry[] = [];
  if (Array.isArray(value))
    for (const [index, item] of value.entries()) if (isObject(item)) entries.push({ at: [...at, index], value: item });
  return entries;
}

/** The value of a property, by its name. */
export const findProperty = ({ properties }: Profile, name: string): string | undefined =>
  toText(properties.find(({ value }) => value['name'] === name)?.value['value']);

/** `namespace/name` for messages. */
export const readName = ({ namespace, name = '' }: Profile): string =>
  showBare(namespace ? `${namespace}/${name}` : name);

const listProviders = (status: LintFields, list: string): Provider[] =>
  listEntries(status[list], ['status', list]).map(({ at, value }) => {
    const cluster = isObject(value['cluster']) ? value['cluster'] : undefined;
    return {
      at,
      value,
      name: toText(value['name']),
      cluster,
      extensions: listEntries(cluster?.['extensions'], [...at, 'cluster', 'extensions']),
      deprecated: list === 'credentialProviders',
    };
  });

const detectTarget = ({ apiVersion }: LintFields): Target =>
  apiVersion === `${group}/v1alpha2` ? 'v1alpha2' : 'v1alpha1';

function readDecision(document: Document, object: LintFields, given: Target | undefined): Decision {
  const metadata = toMap(object['metadata']);
  return {
    ...readSlice(object),
    document,
    object,
    metadata,
    labels: toMap(metadata['labels']),
    annotations: toMap(metadata['annotations']),
    target: given ?? detectTarget(object),
    faults: listDecisionFaults(object),
  };
}

function readProfile(document: Document, object: LintFields, given: Target | undefined, check = listFaults): Profile {
  const metadata = toMap(object['metadata']);
  const labels = toMap(metadata['labels']);
  const status = toMap(object['status']);
  const target = given ?? detectTarget(object);
  return {
    document,
    object,
    metadata,
    labels,
    annotations: toMap(metadata['annotations']),
    status: isObject(object['status']) ? status : undefined,
    name: toText(metadata['name']) || undefined,
    namespace: toText(metadata['namespace']) ?? '',
    manager: toText(toMap(toMap(object['spec'])['clusterManager'])['name']),
    memberId: toText(labels[keys.memberIdLabel]) || undefined,
    conditions: listEntries(status['conditions'], ['status', 'conditions']),
    properties: listEntries(status['properties'], ['status', 'properties']),
    providers: [...listProviders(status, 'accessProviders'), ...listProviders(status, 'credentialProviders')],
    target,
    faults: check(object, target),
  };
}

/**
 * True for what is, or was meant to be, a ClusterProfile of this API: also without apiVersion or kind, and with the
 * kind in another case. One of another API group is somebody else's kind.
 */
function isMeant({ apiVersion, kind: named }: LintFields): boolean {
  const ours = typeof apiVersion === 'string' && apiVersion.startsWith(`${group}/`);
  if (named === profileKind) return ours || typeof apiVersion !== 'string' || apiVersion === '';
  return ours && (typeof named !== 'string' || named.toLowerCase() === profileKind.toLowerCase());
}

const keyOfProfile = ({ namespace, name }: Profile): string => `${namespace}/${name}`;

const indexProfiles = (objects: readonly unknown[]): ReadonlyMap<string, Profile> =>
  new Map(
    objects
      .filter((object) => isObject(object) && isMeant(object))
      .map((object) => readProfile({ file: '', document: 1, object }, toMap(object), undefined, () => []))
      .filter(({ name }) => name !== undefined)
      .map((profile) => [keyOfProfile(profile), profile]),
  );

/** Sorts the documents into what rules look at. */
export function buildInput(documents: readonly Document[], options: LintOptions): Input {
  const against = indexProfiles(options.against ?? []);
  const input: Input = {
    documents,
    profiles: [],
    decisions: [],
    namespaces: [],
    others: [],
    options,
    before: (profile) => against.get(keyOfProfile(profile)),
  };
  for (const document of documents) {
    const { object } = document;
    if (!isObject(object)) continue;
    const metadata = toMap(object['metadata']);
    if (isMeant(object)) input.profiles.push(readProfile(document, object, options.target));
    else if (isPlacementDecision(object)) input.decisions.push(readDecision(document, object, options.target));
    else if (object['kind'] === 'Namespace' && object['apiVersion'] === 'v1')
      input.namespaces.push({ document, name: toText(metadata['name']) ?? '', labels: toMap(metadata['labels']) });
    else input.others.push(document);
  }
  return input;
}
