import type { Document, Path } from './problem.ts';
import { group, keys, kind } from '../profile/clusterprofile.ts';
import { isObject } from '../object.ts';
import { isPlacementDecision, sliceIn, type Slice } from '../profile/placement.ts';
import { bare } from './paths.ts';
import { decisionFaults, faultsOf, type Fault } from './schema.ts';

/** Fields of an object that nobody checked. */
export type Fields = Readonly<Record<string, unknown>>;

/** The API version whose rules decide: the stricter v1alpha2, or v1alpha1. */
export type Target = 'v1alpha1' | 'v1alpha2';

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
export interface Entry {
  at: Path;
  value: Fields;
}

export interface Provider extends Entry {
  name: string | undefined;
  cluster: Fields | undefined;
  extensions: Entry[];
  /** From `status.credentialProviders`. */
  deprecated: boolean;
}

/** A ClusterProfile as far as it can be read: what has the wrong type is absent here, and is among the faults. */
export interface Profile {
  document: Document;
  object: Fields;
  metadata: Fields;
  labels: Fields;
  annotations: Fields;
  status: Fields | undefined;
  name: string | undefined;
  /** The inventory it is part of; `` where it names none. */
  namespace: string;
  manager: string | undefined;
  memberId: string | undefined;
  conditions: Entry[];
  properties: Entry[];
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
  namespaces: { document: Document; name: string; labels: Fields }[];
  /** Objects this linter has no rules for. */
  others: Document[];
  options: LintOptions;
  /** The earlier version of a profile, with `--against`. */
  before(profile: Profile): Profile | undefined;
}

const nothing: Fields = {};

/** A map, or an empty one. */
export const mapOf = (value: unknown): Fields => (isObject(value) ? value : nothing);
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The maps of a list. */
export function entriesOf(value: unknown, at: Path): Entry[] {
  const entries: Entry[] = [];
  if (Array.isArray(value))
    for (const [index, item] of value.entries()) if (isObject(item)) entries.push({ at: [...at, index], value: item });
  return entries;
}

/** The value of a property, by its name. */
export const propertyIn = ({ properties }: Profile, name: string): string | undefined =>
  textOf(properties.find(({ value }) => value['name'] === name)?.value['value']);

/** `namespace/name` for messages. */
export const nameIn = ({ namespace, name = '' }: Profile): string => bare(namespace ? `${namespace}/${name}` : name);

const providersIn = (status: Fields, list: string): Provider[] =>
  entriesOf(status[list], ['status', list]).map(({ at, value }) => {
    const cluster = isObject(value['cluster']) ? value['cluster'] : undefined;
    return {
      at,
      value,
      name: textOf(value['name']),
      cluster,
      extensions: entriesOf(cluster?.['extensions'], [...at, 'cluster', 'extensions']),
      deprecated: list === 'credentialProviders',
    };
  });

const targetOf = ({ apiVersion }: Fields): Target => (apiVersion === `${group}/v1alpha2` ? 'v1alpha2' : 'v1alpha1');

function decisionIn(document: Document, object: Fields, given: Target | undefined): Decision {
  const metadata = mapOf(object['metadata']);
  return {
    ...sliceIn(object),
    document,
    object,
    metadata,
    labels: mapOf(metadata['labels']),
    annotations: mapOf(metadata['annotations']),
    target: given ?? targetOf(object),
    faults: decisionFaults(object),
  };
}

function profileIn(document: Document, object: Fields, given: Target | undefined, check = faultsOf): Profile {
  const metadata = mapOf(object['metadata']);
  const labels = mapOf(metadata['labels']);
  const status = mapOf(object['status']);
  const target = given ?? targetOf(object);
  return {
    document,
    object,
    metadata,
    labels,
    annotations: mapOf(metadata['annotations']),
    status: isObject(object['status']) ? status : undefined,
    name: textOf(metadata['name']) || undefined,
    namespace: textOf(metadata['namespace']) ?? '',
    manager: textOf(mapOf(mapOf(object['spec'])['clusterManager'])['name']),
    memberId: textOf(labels[keys.memberIdLabel]) || undefined,
    conditions: entriesOf(status['conditions'], ['status', 'conditions']),
    properties: entriesOf(status['properties'], ['status', 'properties']),
    providers: [...providersIn(status, 'accessProviders'), ...providersIn(status, 'credentialProviders')],
    target,
    faults: check(object, target),
  };
}

/**
 * True for what is, or was meant to be, a ClusterProfile of this API: also without apiVersion or kind, and with the
 * kind in another case. One of another API group is somebody else's kind.
 */
function isMeant({ apiVersion, kind: named }: Fields): boolean {
  const ours = typeof apiVersion === 'string' && apiVersion.startsWith(`${group}/`);
  if (named === kind) return ours || typeof apiVersion !== 'string' || apiVersion === '';
  return ours && (typeof named !== 'string' || named.toLowerCase() === kind.toLowerCase());
}

const keyOf = ({ namespace, name }: Profile): string => `${namespace}/${name}`;

const byKey = (objects: readonly unknown[]): ReadonlyMap<string, Profile> =>
  new Map(
    objects
      .filter((object) => isObject(object) && isMeant(object))
      .map((object) => profileIn({ file: '', document: 1, object }, mapOf(object), undefined, () => []))
      .filter(({ name }) => name !== undefined)
      .map((profile) => [keyOf(profile), profile]),
  );

/** Sorts the documents into what rules look at. */
export function inputOf(documents: readonly Document[], options: LintOptions): Input {
  const against = byKey(options.against ?? []);
  const input: Input = {
    documents,
    profiles: [],
    decisions: [],
    namespaces: [],
    others: [],
    options,
    before: (profile) => against.get(keyOf(profile)),
  };
  for (const document of documents) {
    const { object } = document;
    if (!isObject(object)) continue;
    const metadata = mapOf(object['metadata']);
    if (isMeant(object)) input.profiles.push(profileIn(document, object, options.target));
    else if (isPlacementDecision(object)) input.decisions.push(decisionIn(document, object, options.target));
    else if (object['kind'] === 'Namespace' && object['apiVersion'] === 'v1')
      input.namespaces.push({ document, name: textOf(metadata['name']) ?? '', labels: mapOf(metadata['labels']) });
    else input.others.push(document);
  }
  return input;
}
