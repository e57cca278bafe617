// https://github.com/kubernetes/enhancements/tree/master/keps/sig-multicluster/5313-placement-decision-api
import { knownVersions } from './versions.ts';
import { byText } from '../util/text.ts';
import { isObject, type ResourceKind } from '../object.ts';
import { group } from './clusterprofile.ts';

/** What a scheduler decided: which ClusterProfiles a workload goes to. Read, never written: the scheduler owns it. */
export const placementDecision: ResourceKind = {
  group,
  versions: knownVersions,
  kind: 'PlacementDecision',
  plural: 'placementdecisions',
};

/** Labels of a PlacementDecision, in the words of KEP-5313. */
export const placementKeys = {
  /** The same on all slices of one decision. */
  decision: 'multicluster.x-k8s.io/decision-key',
  /** The place of a slice among them, from 0. */
  index: 'multicluster.x-k8s.io/decision-index',
  /** The workload that is placed. */
  placement: 'multicluster.x-k8s.io/placement-key',
  /** Which run of the scheduler wrote the slice. */
  revision: 'multicluster.x-k8s.io/decision-revision',
} as const;

type PlacementFields = Readonly<Record<string, unknown>>;

const mapOrEmpty = (value: unknown): PlacementFields => (isObject(value) ? value : {});
const textOrNothing = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** True for a PlacementDecision of this API, in any version; Open Cluster Management has another kind of this name. */
export function isPlacementDecision(object: unknown): object is PlacementFields {
  const { apiVersion, kind } = mapOrEmpty(object);
  return kind === placementDecision.kind && typeof apiVersion === 'string' && apiVersion.startsWith(`${group}/`);
}

/** A ClusterProfile that a decision names. */
export interface Reference {
  /** Where the decision names none: that of the PlacementDecision (KEP-5313, `clusterProfileRef`). */
  namespace: string;
  name: string;
}

/** A PlacementDecision as far as it can be read; nobody has checked what files hold. */
export interface Slice {
  name: string;
  /** `` in a file that names none. */
  namespace: string;
  key: string | undefined;
  /** The placement-key: the workload that was placed. */
  placement: string | undefined;
  /** The decision-index, where it is a number. */
  index: number | undefined;
  revision: string | undefined;
  /** In order, each with its place in `decisions`. */
  references: (Reference & { at: number })[];
  /** Something in `decisions` names no profile. */
  broken: boolean;
}

export const formatReferenceKey = ({ namespace, name }: Reference): string => `${namespace}/${name}`;

/** `namespace/name`, or the name alone. */
export const formatReference = ({ namespace, name }: Reference): string => (namespace ? `${namespace}/${name}` : name);

/** A decision-index: a whole number from 0, as a text. */
export const parseIndex = (value: unknown): number | undefined =>
  typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined;

/** Reads a PlacementDecision. Never throws: what is wrong is left out. */
export function readSlice(object: PlacementFields): Slice {
  const metadata = mapOrEmpty(object['metadata']);
  const labels = mapOrEmpty(metadata['labels']);
  const namespace = textOrNothing(metadata['namespace']) ?? '';
  const decisions = Array.isArray(object['decisions']) ? (object['decisions'] as unknown[]) : undefined;
  const references = (decisions ?? []).flatMap((decision, at) => {
    const reference = mapOrEmpty(mapOrEmpty(decision)['clusterProfileRef']);
    const name = textOrNothing(reference['name']);
    return name === undefined ? [] : [{ namespace: textOrNothing(reference['namespace']) ?? namespace, name, at }];
  });
  return {
    name: textOrNothing(metadata['name']) ?? '',
    namespace,
    key: textOrNothing(labels[placementKeys.decision]),
    placement: textOrNothing(labels[placementKeys.placement]),
    index: parseIndex(labels[placementKeys.index]),
    revision: textOrNothing(labels[placementKeys.revision]),
    references,
    broken: references.length !== decisions?.length,
  };
}

/** `web-12` is the slice 12 of `web` (KEP-5313, deterministic names). */
export function parseSliceName(name: string): { base: string; number: number } | undefined {
  const [, base, number] = /^(.+)-(\d+)$/.exec(name) ?? [];
  return base === undefined ? undefined : { base, number: Number(number) };
}

const rankSlice = ({ index, name }: Slice): number => index ?? parseSliceName(name)?.number ?? Number.POSITIVE_INFINITY;

/** Slices of one decision in the scheduler's order: by decision-index, else by the number in the name, then by name. */
export const sortSlices = <Each extends Slice>(slices: readonly Each[]): Each[] =>
  slices.toSorted((a, b) => {
    const [left, right] = [rankSlice(a), rankSlice(b)];
    return left < right ? -1 : left > right ? 1 : byText(a.name, b.name);
  });

/** The numbers that a row from 0 lacks, as `2` or `4-7`. */
export function listGaps(numbers: readonly number[]): string[] {
  const gaps: string[] = [];
  let next = 0;
  for (const number of [...new Set(numbers)].toSorted((a, b) => a - b)) {
    if (number > next) gaps.push(number - next === 1 ? `${next}` : `${next}-${number - 1}`);
    next = number + 1;
  }
  return gaps;
}

/** One decision of a scheduler, put together from its slices. */
export interface Placement {
  namespace: string;
  /** The decision-key, or what the object is called. */
  name: string;
  slices: Slice[];
  /** In the scheduler's order, each once. */
  references: Reference[];
  /** Why some of it may be missing; the scheduler may be about to write it. */
  incomplete: string[];
}

function listIncomplete(slices: readonly Slice[], named: boolean): string[] {
  const labelled = slices.flatMap(({ index }) => (index === undefined ? [] : [index]));
  // A number in a name counts only where the name is what brought the slices together.
  const numbers =
    labelled.length === 0 && named ? slices.flatMap(({ name }) => parseSliceName(name)?.number ?? []) : labelled;
  const gaps = listGaps(numbers);
  const twice = [...new Set(labelled.filter((index, at) => labelled.indexOf(index) < at))];
  const revisions = [...new Set(slices.flatMap(({ revision }) => revision ?? []))];
  return [
    ...(gaps.length > 0 ? [`slice ${gaps.join(', ')} is missing`] : []),
    ...(twice.length > 0 ? [`slice ${twice.join(', ')} is there twice`] : []),
    ...(revisions.length > 1 ? [`its slices are of several revisions (${revisions.join(', ')})`] : []),
    ...slices.filter(({ broken }) => broken).map(({ name }) => `something in ${name} names no ClusterProfile`),
  ];
}

function buildPlacement(name: string, slices: readonly Slice[], named: boolean): Placement {
  const ordered = sortSlices(slices);
  const chosen = ordered.flatMap((slice) => slice.references);
  // A map keeps the place of the first one of a key.
  const references = new Map(
    chosen.map((each) => [formatReferenceKey(each), { namespace: each.namespace, name: each.name }]),
  );
  return {
    namespace: ordered[0]?.namespace ?? '',
    name,
    slices: ordered,
    references: [...references.values()],
    incomplete: listIncomplete(ordered, named),
  };
}

/** What a name may mean among the slices of one namespace. */
function findCandidates(slices: readonly Slice[], name: string): Placement[] {
  const called = slices.filter((slice) => slice.name === name || slice.key === name);
  // A workload has its placement-key, and those who carry it out find the slices by that.
  const exact = called.length > 0 ? called : slices.filter((slice) => slice.placement === name);
  // The base of a name is a guess, so what is called or labelled like this goes first.
  const named = exact.length === 0;
  const seeds = named ? slices.filter((slice) => parseSliceName(slice.name)?.base === name) : exact;
  const keys = [...new Set(seeds.flatMap(({ key }) => key ?? []))];
  const alone = seeds.filter(({ key }) => key === undefined);
  const groups = keys.map((key) => ({ name: key, slices: slices.filter((slice) => slice.key === key) }));
  const [only, ...more] = groups;
  // Both ways to find slices may be combined, as long as there is one decision-key.
  if (named && only && more.length === 0) only.slices.push(...alone);
  else if (alone.length > 0) groups.push({ name, slices: alone });
  return groups.map((group) => buildPlacement(group.name, group.slices, named));
}

const groupSlices = (objects: Iterable<unknown>): Slice[][] => {
  const namespaces = new Map<string, Slice[]>();
  for (const slice of [...objects].filter(isPlacementDecision).map(readSlice)) {
    const known = namespaces.get(slice.namespace);
    if (known) known.push(slice);
    else namespaces.set(slice.namespace, [slice]);
  }
  return [...namespaces].toSorted(([a], [b]) => byText(a, b)).map(([, slices]) => slices);
};

/**
 * The placements that a name means: that of an object, a decision-key, a placement-key, or the base name of slices. An object with a
 * decision-key brings all slices of that key in its namespace. None: there is no such placement; several: it is
 * ambiguous. The order of the objects does not matter.
 */
export const findPlacements = (objects: Iterable<unknown>, name: string): Placement[] =>
  groupSlices(objects).flatMap((slices) => findCandidates(slices, name));

/** Every placement there is, as `namespace/name`: by decision-key, else by the name of the object, and by placement-key. Sorted. */
export const listPlacementNames = (objects: Iterable<unknown>): string[] =>
  [
    ...new Set(
      groupSlices(objects)
        .flat()
        .flatMap(({ namespace, key, name, placement }) =>
          [key ?? name, placement ?? []].flat().map((each) => formatReference({ namespace, name: each })),
        ),
    ),
  ].toSorted(byText);
