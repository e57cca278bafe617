import type { Path, Problem } from '../problem.ts';
import { isDnsLabel, isDnsSubdomain } from '../../profile/names.ts';
import {
  gapsIn,
  indexIn,
  inOrder,
  placementKeys,
  referenceKey,
  referenceText,
  sliceName,
  type Reference,
} from '../../profile/placement.ts';
import { metadataProblems } from './document.ts';
import { once } from '../../util/collections.ts';
import { entriesOf, mapOf, textOf, type Decision, type Entry, type Input } from '../input.ts';
import { bare, show } from '../paths.ts';
import { none, problem, type Report, type Rule } from '../rule.ts';
import { inNextVersion } from './spec.ts';

type DecisionCheck = (decision: Decision, input: Input) => Iterable<Problem>;

/** Lifts a check of one PlacementDecision to all of the input. */
const each = (check: DecisionCheck): Required<Pick<Rule, 'checkInput'>> => ({
  *checkInput(input): Iterable<Report> {
    for (const decision of input.decisions)
      for (const found of check(decision, input)) yield { ...found, on: decision.document };
  },
});

const labelAt = (key: string): Path => ['metadata', 'labels', key];
const indexAt = labelAt(placementKeys.index);
const isIndex = (at: Path): boolean => at.length === 3 && at[2] === placementKeys.index;

/** What the API server would refuse; an index has a rule of its own. */
const accepted: DecisionCheck = (decision) => [
  ...decision.faults.filter(({ id, at }) => id === 'PD001' && !isIndex(at)),
  ...metadataProblems({ ...decision, name: decision.name || undefined }).filter(({ at }) => !isIndex(at)),
];

const knownInReference: DecisionCheck = ({ faults }) =>
  faults
    .filter(({ id }) => id === 'PD002')
    .map(({ at, message }) => ({
      at,
      message,
      hint: 'a clusterProfileRef has a name and a namespace, unlike the one in the example of KEP-5313',
    }));

const atTopLevel: DecisionCheck = ({ faults }) =>
  faults
    .filter(({ id }) => id === 'PD011')
    .map(({ at, message, hint }) => {
      const moved = at.length === 1 && (at[0] === 'spec' || at[0] === 'status');
      return { at, message, hint: moved ? 'decisions and schedulerName are at the top level' : hint };
    });

const referencesIn = ({ object }: Decision): Entry[] =>
  entriesOf(object['decisions'], ['decisions']).map(({ at, value }) => ({
    at: [...at, 'clusterProfileRef'],
    value: mapOf(value['clusterProfileRef']),
  }));

function* legalReferences(decision: Decision): Iterable<Problem> {
  const severity = inNextVersion(decision);
  for (const { at, value } of referencesIn(decision)) {
    const [name, namespace] = [textOf(value['name']), textOf(value['namespace'])];
    if (name !== undefined && !isDnsSubdomain(name))
      yield {
        at: [...at, 'name'],
        message: `${show(name)} is no DNS subdomain, so no profile is called that`,
        severity,
      };
    if (namespace && !isDnsLabel(namespace))
      yield { at: [...at, 'namespace'], message: `${show(namespace)} is no DNS label, so no namespace`, severity };
  }
}

/** Decisions by what they are slices of, each in the scheduler's order. */
const groupsIn = once(({ decisions }: Input): Decision[][] => {
  const groups = new Map<unknown, Decision[]>();
  for (const decision of decisions) {
    // One without a key stands for itself.
    const id = decision.key === undefined ? decision : `${decision.namespace}\0${decision.key}`;
    const known = groups.get(id);
    if (known) known.push(decision);
    else groups.set(id, [decision]);
  }
  return [...groups.values()].map(inOrder);
});

const placeOf = (at: number): Path => ['decisions', at, 'clusterProfileRef'];
const text = (reference: Reference): string => bare(referenceText(reference));

/** Lifts a check of the slices of one decision, in order. */
const eachGroup = (
  check: (slices: readonly Decision[], input: Input) => Iterable<Report>,
): Required<Pick<Rule, 'checkInput'>> => ({
  *checkInput(input): Iterable<Report> {
    for (const slices of groupsIn(input)) yield* check(slices, input);
  },
});

function* chosenOnce(slices: readonly Decision[]): Iterable<Report> {
  const seen = new Set<string>();
  for (const { document: on, references } of slices)
    for (const reference of references) {
      const key = referenceKey(reference);
      if (seen.has(key)) yield { on, at: placeOf(reference.at), message: `${text(reference)} is chosen already` };
      seen.add(key);
    }
}

/** Profiles by reference, with the namespaces that have some. */
const profilesIn = once(({ profiles }: Input) => ({
  byKey: new Map(profiles.map(({ namespace, name = '', memberId }) => [referenceKey({ namespace, name }), memberId])),
  namespaces: new Set(profiles.map(({ namespace }) => namespace)),
}));

function* leadsSomewhere({ references }: Decision, input: Input): Iterable<Problem> {
  const { byKey, namespaces } = profilesIn(input);
  for (const reference of references)
    if (namespaces.has(reference.namespace) && !byKey.has(referenceKey(reference)))
      yield { at: placeOf(reference.at), message: `there is no ClusterProfile ${text(reference)}` };
}

function legalIndex({ labels }: Decision): Iterable<Problem> {
  const given = labels[placementKeys.index] ?? undefined;
  // The API server takes no longer text for a label.
  if (given === undefined || (indexIn(given) !== undefined && (textOf(given) ?? '').length <= 63)) return none;
  return problem(indexAt, 'decision-index is not a whole number from 0', {
    hint: Number.isInteger(given) ? 'labels are strings: put it in quotes' : undefined,
  });
}

function* inARow(slices: readonly Decision[]): Iterable<Report> {
  if (slices[0]?.key === undefined) return;
  const numbered = slices.filter(({ index }) => index !== undefined);
  const gaps = gapsIn(numbered.map(({ index = 0 }) => index));
  // The row is in order, so the first that is further than its place follows the first gap.
  const distinct = numbered.filter(({ index }, at) => index !== numbered[at - 1]?.index);
  const behind = distinct.find(({ index }, at) => index !== at);
  if (behind)
    yield { on: behind.document, at: indexAt, message: `slice ${gaps.join(', ')} of this decision-key is missing` };
  for (const [at, { document: on, index }] of numbered.entries())
    if (at > 0 && index === numbered[at - 1]?.index)
      yield { on, at: indexAt, message: `another slice of this decision-key has the index ${index} too` };
}

/** How many objects of a namespace are called `<base>-<n>`, by base. */
const bases = once(({ decisions }: Input) => {
  const counts = new Map<string, number>();
  for (const { namespace, name } of decisions) {
    const id = `${namespace}/${sliceName(name)?.base}`;
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
});

function hasKey({ key, namespace, name, labels }: Decision, input: Input): Iterable<Problem> {
  const base = sliceName(name)?.base;
  const alone = base === undefined || (bases(input).get(`${namespace}/${base}`) ?? 0) < 2;
  if (key !== undefined || alone || (labels[placementKeys.index] ?? undefined) === undefined) return none;
  return problem(
    labelAt(placementKeys.decision),
    `label ${placementKeys.decision} is missing: nothing tells that the slices of ${bare(base)} belong together`,
  );
}

const originOf = ({ object, labels }: Decision): unknown[] => [
  object['schedulerName'] ?? undefined,
  labels[placementKeys.placement] ?? undefined,
];

function* alike(slices: readonly Decision[]): Iterable<Report> {
  const [first, ...rest] = slices;
  if (!first) return;
  const [scheduler, placement] = originOf(first);
  for (const decision of rest) {
    const { document: on } = decision;
    const [ownScheduler, ownPlacement] = originOf(decision);
    const other = `than slice ${bare(first.name)} of this decision-key`;
    if (ownScheduler !== scheduler) yield { on, at: ['schedulerName'], message: `another scheduler ${other}` };
    if (ownPlacement !== placement)
      yield { on, at: labelAt(placementKeys.placement), message: `another placement-key ${other}` };
  }
}

function* membersOnce(slices: readonly Decision[], input: Input): Iterable<Report> {
  const { byKey } = profilesIn(input);
  const firsts = new Map<string, Reference>();
  for (const { document: on, references } of slices)
    for (const reference of references) {
      const member = byKey.get(referenceKey(reference));
      const first = member === undefined ? undefined : firsts.get(member);
      if (member !== undefined && !first) firsts.set(member, reference);
      if (first && referenceKey(first) !== referenceKey(reference))
        yield {
          on,
          at: placeOf(reference.at),
          message: `${text(reference)} is the same member as ${text(first)}: the workload would land there twice`,
        };
    }
}

/** PlacementDecisions (KEP-5313), alone and with the profiles and slices of the input. */
export const placementRules: readonly Rule[] = [
  {
    id: 'PD001',
    severity: 'error',
    title: 'A PlacementDecision has a list of at most 100 decisions, and fits the CRD',
    ...each(accepted),
  },
  { id: 'PD002', severity: 'warning', title: 'References have a name and a namespace only', ...each(knownInReference) },
  { id: 'PD003', severity: 'warning', title: 'References have legal names', ...each(legalReferences) },
  { id: 'PD004', severity: 'warning', title: 'A decision chooses a profile once', ...eachGroup(chosenOnce) },
  { id: 'PD005', severity: 'warning', title: 'References lead to a ClusterProfile', ...each(leadsSomewhere) },
  { id: 'PD006', severity: 'error', title: 'decision-index is a whole number from 0', ...each(legalIndex) },
  { id: 'PD007', severity: 'warning', title: 'The slices of a decision count up from 0', ...eachGroup(inARow) },
  { id: 'PD008', severity: 'warning', title: 'Slices have a decision-key', ...each(hasKey) },
  {
    id: 'PD009',
    severity: 'warning',
    title: 'The slices of a decision are of one scheduler and one placement',
    ...eachGroup(alike),
  },
  { id: 'PD010', severity: 'warning', title: 'A decision chooses a member once', ...eachGroup(membersOnce) },
  {
    id: 'PD011',
    severity: 'warning',
    title: 'Decisions are at the top level, all fields are known',
    ...each(atTopLevel),
  },
];
