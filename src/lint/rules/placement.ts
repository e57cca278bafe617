import type { ProblemPath, Problem } from '../problem.ts';
import { isDnsLabel, isDnsSubdomain } from '../../profile/names.ts';
import {
  listGaps,
  parseIndex,
  sortSlices,
  placementKeys,
  formatReferenceKey,
  formatReference,
  parseSliceName,
  type Reference,
} from '../../profile/placement.ts';
import { checkMetadata } from './document.ts';
import { memoise } from '../../util/collections.ts';
import { listEntries, toMap, toText, type Decision, type LintEntry, type Input } from '../input.ts';
import { showBare, show } from '../paths.ts';
import { noProblem, reportProblem, type RuleReport, type Rule } from '../rule.ts';
import { severityInNextVersion } from './spec.ts';

type DecisionCheck = (decision: Decision, input: Input) => Iterable<Problem>;

/** Lifts a check of one PlacementDecision to all of the input. */
const checkEachDecision = (check: DecisionCheck): Required<Pick<Rule, 'checkInput'>> => ({
  *checkInput(input): Iterable<RuleReport> {
    for (const decision of input.decisions)
      for (const found of check(decision, input)) yield { ...found, on: decision.document };
  },
});

const locatePlacementLabel = (key: string): ProblemPath => ['metadata', 'labels', key];
const indexAt = locatePlacementLabel(placementKeys.index);
const isIndex = (at: ProblemPath): boolean => at.length === 3 && at[2] === placementKeys.index;

/** What the API server would refuse; an index has a rule of its own. */
const checkAccepted: DecisionCheck = (decision) => [
  ...decision.faults.filter(({ id, at }) => id === 'PD001' && !isIndex(at)),
  ...checkMetadata({ ...decision, name: decision.name || undefined }).filter(({ at }) => !isIndex(at)),
];

const checkReferenceFields: DecisionCheck = ({ faults }) =>
  faults
    .filter(({ id }) => id === 'PD002')
    .map(({ at, message }) => ({
      at,
      message,
      hint: 'a clusterProfileRef has a name and a namespace, unlike the one in the example of KEP-5313',
    }));

const checkTopLevel: DecisionCheck = ({ faults }) =>
  faults
    .filter(({ id }) => id === 'PD011')
    .map(({ at, message, hint }) => {
      const moved = at.length === 1 && (at[0] === 'spec' || at[0] === 'status');
      return { at, message, hint: moved ? 'decisions and schedulerName are at the top level' : hint };
    });

const listReferences = ({ object }: Decision): LintEntry[] =>
  listEntries(object['decisions'], ['decisions']).map(({ at, value }) => ({
    at: [...at, 'clusterProfileRef'],
    value: toMap(value['clusterProfileRef']),
  }));

function* checkReferences(decision: Decision): Iterable<Problem> {
  const severity = severityInNextVersion(decision);
  for (const { at, value } of listReferences(decision)) {
    const [name, namespace] = [toText(value['name']), toText(value['namespace'])];
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
const groupsIn = memoise(({ decisions }: Input): Decision[][] => {
  const groups = new Map<unknown, Decision[]>();
  for (const decision of decisions) {
    // One without a key stands for itself.
    const id = decision.key === undefined ? decision : `${decision.namespace}\0${decision.key}`;
    const known = groups.get(id);
    if (known) known.push(decision);
    else groups.set(id, [decision]);
  }
  return [...groups.values()].map(sortSlices);
});

const locateSlice = (at: number): ProblemPath => ['decisions', at, 'clusterProfileRef'];
const describeReference = (reference: Reference): string => showBare(formatReference(reference));

/** Lifts a check of the slices of one decision, in order. */
const checkEachGroup = (
  check: (slices: readonly Decision[], input: Input) => Iterable<RuleReport>,
): Required<Pick<Rule, 'checkInput'>> => ({
  *checkInput(input): Iterable<RuleReport> {
    for (const slices of groupsIn(input)) yield* check(slices, input);
  },
});

function* checkChosenOnce(slices: readonly Decision[]): Iterable<RuleReport> {
  const seen = new Set<string>();
  for (const { document: on, references } of slices)
    for (const reference of references) {
      const key = formatReferenceKey(reference);
      if (seen.has(key))
        yield { on, at: locateSlice(reference.at), message: `${describeReference(reference)} is chosen already` };
      seen.add(key);
    }
}

/** Profiles by reference, with the namespaces that have some. */
const profilesIn = memoise(({ profiles }: Input) => ({
  byKey: new Map(
    profiles.map(({ namespace, name = '', memberId }) => [formatReferenceKey({ namespace, name }), memberId]),
  ),
  namespaces: new Set(profiles.map(({ namespace }) => namespace)),
}));

function* checkLeadsSomewhere({ references }: Decision, input: Input): Iterable<Problem> {
  const { byKey, namespaces } = profilesIn(input);
  for (const reference of references)
    if (namespaces.has(reference.namespace) && !byKey.has(formatReferenceKey(reference)))
      yield { at: locateSlice(reference.at), message: `there is no ClusterProfile ${describeReference(reference)}` };
}

function checkIndex({ labels }: Decision): Iterable<Problem> {
  const given = labels[placementKeys.index] ?? undefined;
  // The API server takes no longer text for a label.
  if (given === undefined || (parseIndex(given) !== undefined && (toText(given) ?? '').length <= 63)) return noProblem;
  return reportProblem(indexAt, 'decision-index is not a whole number from 0', {
    hint: Number.isInteger(given) ? 'labels are strings: put it in quotes' : undefined,
  });
}

function* checkSequence(slices: readonly Decision[]): Iterable<RuleReport> {
  if (slices[0]?.key === undefined) return;
  const numbered = slices.filter(({ index }) => index !== undefined);
  const gaps = listGaps(numbered.map(({ index = 0 }) => index));
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
const bases = memoise(({ decisions }: Input) => {
  const counts = new Map<string, number>();
  for (const { namespace, name } of decisions) {
    const id = `${namespace}/${parseSliceName(name)?.base}`;
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
});

function hasKey({ key, namespace, name, labels }: Decision, input: Input): Iterable<Problem> {
  const base = parseSliceName(name)?.base;
  const alone = base === undefined || (bases(input).get(`${namespace}/${base}`) ?? 0) < 2;
  if (key !== undefined || alone || (labels[placementKeys.index] ?? undefined) === undefined) return noProblem;
  return reportProblem(
    locatePlacementLabel(placementKeys.decision),
    `label ${placementKeys.decision} is missing: nothing tells that the slices of ${showBare(base)} belong together`,
  );
}

const readScheduler = ({ object, labels }: Decision): unknown[] => [
  object['schedulerName'] ?? undefined,
  labels[placementKeys.placement] ?? undefined,
];

function* checkAlike(slices: readonly Decision[]): Iterable<RuleReport> {
  const [first, ...rest] = slices;
  if (!first) return;
  const [scheduler, placement] = readScheduler(first);
  for (const decision of rest) {
    const { document: on } = decision;
    const [ownScheduler, ownPlacement] = readScheduler(decision);
    const other = `than slice ${showBare(first.name)} of this decision-key`;
    if (ownScheduler !== scheduler) yield { on, at: ['schedulerName'], message: `another scheduler ${other}` };
    if (ownPlacement !== placement)
      yield { on, at: locatePlacementLabel(placementKeys.placement), message: `another placement-key ${other}` };
  }
}

function* checkMembersOnce(slices: readonly Decision[], input: Input): Iterable<RuleReport> {
  const { byKey } = profilesIn(input);
  const firsts = new Map<string, Reference>();
  for (const { document: on, references } of slices)
    for (const reference of references) {
      const member = byKey.get(formatReferenceKey(reference));
      const first = member === undefined ? undefined : firsts.get(member);
      if (member !== undefined && !first) firsts.set(member, reference);
      if (first && formatReferenceKey(first) !== formatReferenceKey(reference))
        yield {
          on,
          at: locateSlice(reference.at),
          message: `${describeReference(reference)} is the same member as ${describeReference(first)}: the workload would land there twice`,
        };
    }
}

/** PlacementDecisions (KEP-5313), alone and with the profiles and slices of the input. */
export const placementRules: readonly Rule[] = [
  {
    id: 'PD001',
    severity: 'error',
    title: 'A PlacementDecision has a list of at most 100 decisions, and fits the CRD',
    ...checkEachDecision(checkAccepted),
  },
  {
    id: 'PD002',
    severity: 'warning',
    title: 'References have a name and a namespace only',
    ...checkEachDecision(checkReferenceFields),
  },
  { id: 'PD003', severity: 'warning', title: 'References have legal names', ...checkEachDecision(checkReferences) },
  { id: 'PD004', severity: 'warning', title: 'A decision chooses a profile once', ...checkEachGroup(checkChosenOnce) },
  {
    id: 'PD005',
    severity: 'warning',
    title: 'References lead to a ClusterProfile',
    ...checkEachDecision(checkLeadsSomewhere),
  },
  {
    id: 'PD006',
    severity: 'error',
    title: 'decision-index is a whole number from 0',
    ...checkEachDecision(checkIndex),
  },
  {
    id: 'PD007',
    severity: 'warning',
    title: 'The slices of a decision count up from 0',
    ...checkEachGroup(checkSequence),
  },
  { id: 'PD008', severity: 'warning', title: 'Slices have a decision-key', ...checkEachDecision(hasKey) },
  {
    id: 'PD009',
    severity: 'warning',
    title: 'The slices of a decision are of one scheduler and one placement',
    ...checkEachGroup(checkAlike),
  },
  { id: 'PD010', severity: 'warning', title: 'A decision chooses a member once', ...checkEachGroup(checkMembersOnce) },
  {
    id: 'PD011',
    severity: 'warning',
    title: 'Decisions are at the top level, all fields are known',
    ...checkEachDecision(checkTopLevel),
  },
];
