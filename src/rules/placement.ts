import { isDnsLabel, isDnsSubdomain } from '../names.ts';
import { gapsIn, indexIn, placementKeys, referenceKey, referenceText, sliceName, type Slice } from '../placement.ts';
import { mapOf, once, textOf, type Fields, type Input, type Profile } from './input.ts';
import { bare, show } from './paths.ts';
import { none, problem, type Document, type Path, type Problem, type Report, type Rule } from './rule.ts';

/** A PlacementDecision of the input (KEP-5313). */
export interface Decision {
  document: Document;
  object: Fields;
  labels: Fields;
  slice: Slice;
}

const decisionsAt: Path = ['decisions'];
const refAt = (index: number): Path => ['decisions', index, 'clusterProfileRef'];
const labelAt = (key: string): Path => ['metadata', 'labels', key];

/** The most decisions of one object; a scheduler writes more slices for more. */
const limit = 100;

type CheckDecision = (decision: Decision, input: Input) => Iterable<Problem>;

/** Lifts a check of one PlacementDecision to all of the input. */
const each = (check: CheckDecision): NonNullable<Rule['checkInput']> =>
  function* (input): Iterable<Report> {
    for (const decision of input.decisions)
      for (const found of check(decision, input)) yield { ...found, on: decision.document };
  };

const listOf = ({ object }: Decision): unknown[] | undefined =>
  Array.isArray(object['decisions']) ? (object['decisions'] as unknown[]) : undefined;

/** The references as they are written, whatever they hold. */
const writtenRefs = (decision: Decision): { at: Path; ref: Fields }[] =>
  (listOf(decision) ?? []).map((item, index) => ({ at: refAt(index), ref: mapOf(mapOf(item)['clusterProfileRef']) }));

function counted(decision: Decision): Iterable<Problem> {
  const list = listOf(decision);
  if (list === undefined) return problem(decisionsAt, 'decisions is missing');
  return list.length > limit
    ? problem(decisionsAt, `${list.length} decisions, an object takes ${limit}`, {
        hint: `write more slices with one label ${placementKeys.decision}`,
      })
    : none;
}

const knownKeys = new Set(['name', 'namespace']);

const onlyKnown: CheckDecision = (decision) =>
  writtenRefs(decision).flatMap(({ at, ref }) =>
    Object.keys(ref)
      .filter((key) => !knownKeys.has(key))
      .map((key): Problem => ({ at: [...at, key], message: `${bare(key)} is no field of clusterProfileRef` })),
  );

const named: CheckDecision = (decision, { options }) => {
  const target =
    options.target ?? (String(decision.object['apiVersion']).endsWith('/v1alpha2') ? 'v1alpha2' : 'v1alpha1');
  const severity = target === 'v1alpha2' ? 'error' : 'warning';
  return writtenRefs(decision).flatMap(({ at, ref: { name, namespace } }) => [
    ...(typeof name === 'string' && isDnsSubdomain(name)
      ? []
      : problem([...at, 'name'], name === undefined ? 'name is missing' : 'no name of an object', { severity })),
    ...(namespace === undefined || namespace === '' || (typeof namespace === 'string' && isDnsLabel(namespace))
      ? []
      : problem([...at, 'namespace'], 'no name of a namespace', { severity })),
  ]);
};

/** The decision an object is a slice of: by its key, else it stands alone. */
const groupOf = ({ slice: { namespace, key, name } }: Decision): string =>
  JSON.stringify(key === undefined ? [namespace, 'object', name] : [namespace, 'key', key]);

const groups = once(({ decisions }: Input) => {
  const found = new Map<string, Decision[]>();
  for (const decision of decisions) {
    const there = found.get(groupOf(decision));
    if (there) there.push(decision);
    else found.set(groupOf(decision), [decision]);
  }
  return found;
});

const peersOf = (decision: Decision, input: Input): readonly Decision[] => groups(input).get(groupOf(decision)) ?? [];

/** What two references of one decision may not have in common. `first` is the one that was there before. */
const distinct = (
  idOf: (reference: string, input: Input) => string | undefined,
  complain: (first: string, reference: string) => string | undefined,
): NonNullable<Rule['checkInput']> =>
  each(function* (decision, input) {
    const seen = new Map<string, string>();
    for (const peer of peersOf(decision, input))
      for (const reference of peer.slice.references) {
        const text = referenceText(reference);
        const id = idOf(referenceKey(reference), input);
        const first = id === undefined ? undefined : seen.get(id);
        const message = first === undefined ? undefined : complain(first, text);
        if (message !== undefined && peer === decision) yield* problem(refAt(reference.at), message);
        if (id !== undefined && first === undefined) seen.set(id, text);
      }
  });

const profilesByName = once(
  ({ profiles }: Input) =>
    new Map(profiles.map((profile): [string, Profile] => [`${profile.namespace}/${profile.name}`, profile])),
);
const namespacesSeen = once(({ profiles }: Input) => new Set(profiles.map(({ namespace }) => namespace)));

/** Only where the inventory is part of the input: otherwise nothing is known of it. */
const resolved: CheckDecision = ({ slice }, input) =>
  slice.references
    .filter(({ namespace }) => namespacesSeen(input).has(namespace))
    .filter((reference) => !profilesByName(input).has(referenceKey(reference)))
    .flatMap((reference) =>
      problem(refAt(reference.at), `there is no ClusterProfile ${bare(referenceText(reference))}`),
    );

/** A member by its id, inside of its inventory. */
const memberOf = (key: string, input: Input): string | undefined => {
  const profile = profilesByName(input).get(key);
  return profile?.memberId === undefined ? undefined : `${profile.namespace}/${profile.memberId}`;
};

const wholeIndex: CheckDecision = ({ labels }) => {
  const given = labels[placementKeys.index];
  return given === undefined || indexIn(given) !== undefined
    ? none
    : problem(
        labelAt(placementKeys.index),
        `${show(typeof given === 'string' ? given : '')} is not a whole number from 0`,
      );
};

const rowOfIndices: CheckDecision = (decision, input) => {
  const { index, key } = decision.slice;
  if (index === undefined || key === undefined) return none;
  const peers = peersOf(decision, input);
  const at = labelAt(placementKeys.index);
  const first = peers.find(({ slice }) => slice.index === index);
  if (first !== undefined && first !== decision)
    return problem(at, `${bare(first.slice.name)} has the index ${index} too`);
  const all = peers.flatMap(({ slice }) => slice.index ?? []);
  const gaps = gapsIn(all);
  // Said once, at the last slice.
  return gaps.length > 0 && index === Math.max(...all) ? problem(at, `slice ${gaps.join(', ')} is missing`) : none;
};

const keyWithIndex: CheckDecision = ({ slice }, { decisions }) => {
  const base = sliceName(slice.name)?.base;
  if (slice.index === undefined || slice.key !== undefined || base === undefined) return none;
  const shared = decisions.filter(
    (other) => other.slice.namespace === slice.namespace && sliceName(other.slice.name)?.base === base,
  );
  return shared.length > 1
    ? problem(labelAt(placementKeys.index), `there is no ${placementKeys.decision} to find the other slices by`)
    : none;
};

const sameOrigin: CheckDecision = (decision, input) => {
  const [first] = peersOf(decision, input);
  if (!first || first === decision || decision.slice.key === undefined) return none;
  const other = bare(first.slice.name);
  return [
    ...(textOf(first.object['schedulerName']) === textOf(decision.object['schedulerName'])
      ? []
      : problem(['schedulerName'], `slice ${other} is of another scheduler`)),
    ...(first.labels[placementKeys.placement] === decision.labels[placementKeys.placement]
      ? []
      : problem(labelAt(placementKeys.placement), `slice ${other} is for another placement`)),
  ];
};

const topLevel: CheckDecision = ({ object }) =>
  ['spec', 'status']
    .filter((key) => object[key] !== undefined)
    .flatMap((key) => problem([key], `a PlacementDecision has no ${key}: its fields are at the top`));

/** Over PlacementDecisions (KEP-5313). Those of Open Cluster Management are another kind. */
export const placementRules: readonly Rule[] = [
  { id: 'PD001', severity: 'error', title: 'A PlacementDecision has at most 100 decisions', checkInput: each(counted) },
  {
    id: 'PD002',
    severity: 'warning',
    title: 'References have a name and a namespace only',
    checkInput: each(onlyKnown),
  },
  { id: 'PD003', severity: 'warning', title: 'References name objects that can exist', checkInput: each(named) },
  {
    id: 'PD004',
    severity: 'warning',
    title: 'A decision names a profile once',
    checkInput: distinct(
      (key) => key,
      (first) => `${bare(first)} is named already`,
    ),
  },
  { id: 'PD005', severity: 'warning', title: 'References lead to ClusterProfiles', checkInput: each(resolved) },
  { id: 'PD006', severity: 'error', title: 'decision-index is a whole number from 0', checkInput: each(wholeIndex) },
  {
    id: 'PD007',
    severity: 'warning',
    title: 'Slices are numbered from 0 without gaps',
    checkInput: each(rowOfIndices),
  },
  { id: 'PD008', severity: 'warning', title: 'Numbered slices have a decision-key', checkInput: each(keyWithIndex) },
  { id: 'PD009', severity: 'warning', title: 'Slices of a decision have one origin', checkInput: each(sameOrigin) },
  {
    id: 'PD010',
    severity: 'warning',
    title: 'A decision names a member once',
    checkInput: distinct(memberOf, (first, reference) =>
      first === reference ? undefined : `${bare(first)} is the same member: the workload would land there twice`,
    ),
  },
  {
    id: 'PD011',
    severity: 'warning',
    title: 'A PlacementDecision has no spec and no status',
    checkInput: each(topLevel),
  },
];
