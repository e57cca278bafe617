import type { ProblemPath, Problem, Severity } from '../problem.ts';
import { isManagerName, keys } from '../../profile/clusterprofile.ts';
import { memoise } from '../../util/collections.ts';
import { toMap, readName, findProperty, toText, type Input, type Profile } from '../input.ts';
import { show } from '../paths.ts';
import { both, noProblem, reportProblem, violations, type ProfileCheck, type Rule } from '../rule.ts';

const managerAt: ProblemPath = ['spec', 'clusterManager', 'name'];
const locateLabel = (key: string): ProblemPath => ['metadata', 'labels', key];

/** Rules that only v1alpha2 enforces: a warning for objects of v1alpha1, which may be stored as they are. */
export const severityInNextVersion = ({ target }: Pick<Profile, 'target'>): Severity =>
  target === 'v1alpha2' ? 'error' : 'warning';

const isBlank = (text: string): boolean => text === '' || text !== text.trim();

const checkManagerBlank = ({ manager }: Profile): Iterable<Problem> =>
  manager !== undefined && isBlank(manager)
    ? reportProblem(managerAt, 'the name of the cluster manager is empty or has blanks around it')
    : noProblem;

function checkManagerValue(profile: Profile): Iterable<Problem> {
  const { manager } = profile;
  if (manager === undefined || isBlank(manager) || isManagerName(manager)) return noProblem;
  return reportProblem(
    managerAt,
    `the name of the cluster manager is no label value, so label ${keys.managerLabel} cannot carry it`,
    {
      severity: severityInNextVersion(profile),
      hint: 'use 1 to 63 letters, digits, -, _ and .',
    },
  );
}

const hasManagerLabel = ({ labels, manager }: Profile): Iterable<Problem> =>
  (labels[keys.managerLabel] ?? undefined) === undefined
    ? reportProblem(locateLabel(keys.managerLabel), `label ${keys.managerLabel} is missing`, {
        hint: manager && isManagerName(manager) ? `add it with the value ${show(manager)}` : undefined,
      })
    : noProblem;

function checkSameManager({ labels, manager }: Profile): Iterable<Problem> {
  const label = toText(labels[keys.managerLabel]);
  if (label === undefined || manager === undefined || label === manager) return noProblem;
  return reportProblem(
    locateLabel(keys.managerLabel),
    `label ${keys.managerLabel} is ${show(label)}, spec.clusterManager.name is ${show(manager)}`,
  );
}

const checkMemberId = ({ labels }: Profile): Iterable<Problem> =>
  labels[keys.memberIdLabel] === ''
    ? reportProblem(locateLabel(keys.memberIdLabel), `label ${keys.memberIdLabel} is empty`, { hint: 'leave it out' })
    : noProblem;

const hasMemberId = ({ labels }: Profile): Iterable<Problem> =>
  (labels[keys.memberIdLabel] ?? undefined) === undefined
    ? reportProblem(
        locateLabel(keys.memberIdLabel),
        `no label ${keys.memberIdLabel}: consumers cannot tell that two profiles are one cluster`,
      )
    : noProblem;

/** Namespaces that several managers write to. */
const sharedNamespaces = memoise(({ profiles }: Input) => {
  const managers = new Map<string, Set<string>>();
  for (const { namespace, manager } of profiles)
    if (manager !== undefined) managers.set(namespace, (managers.get(namespace) ?? new Set()).add(manager));
  return new Set([...managers].filter(([, names]) => names.size > 1).map(([namespace]) => namespace));
});

function checkPrefix({ name, manager, namespace }: Profile, input: Input): Iterable<Problem> {
  if (!name || !manager || !sharedNamespaces(input).has(namespace) || name.startsWith(manager.toLowerCase()))
    return noProblem;
  return reportProblem(
    ['metadata', 'name'],
    "several cluster managers share this namespace; names that start with the manager's cannot collide",
  );
}

// eslint-disable-next-line no-control-regex
const controlPattern = /[\u0000-\u001f\u007f-\u009f]/;

function checkDisplayName({ object }: Profile): Iterable<Problem> {
  const at = ['spec', 'displayName'];
  const given = toMap(object['spec'])['displayName'] ?? '';
  if (typeof given !== 'string') return noProblem;
  if (given === '') return reportProblem(at, 'no displayName');
  if (controlPattern.test(given))
    return reportProblem(at, 'displayName has control characters', { severity: 'warning' });
  return given.length > 253
    ? reportProblem(at, 'displayName is longer than 253 characters', { severity: 'warning' })
    : noProblem;
}

function checkImmutableManager(profile: Profile, input: Input): Iterable<Problem> {
  const before = input.before(profile)?.manager;
  if (before === undefined || profile.manager === undefined || before === profile.manager) return noProblem;
  return reportProblem(
    managerAt,
    `spec.clusterManager is immutable, and ${readName(profile)} has ${show(before)} now`,
    {
      hint: 'delete the profile and create it again, or use another name',
    },
  );
}

function checkStableMemberId(profile: Profile, input: Input): Iterable<Problem> {
  const before = input.before(profile)?.memberId;
  if (before === undefined || before === profile.memberId) return noProblem;
  return reportProblem(
    locateLabel(keys.memberIdLabel),
    `the member id was ${show(before)}, it must stay while the profile stands for the same cluster`,
  );
}

const namespaceLabel =
  (key: string): ProfileCheck =>
  (profile) => {
    const value = profile.labels[key] ?? undefined;
    // An empty one names no ClusterSet, and beside the property that says the same nothing is lost on other readers.
    if (value === undefined || value === '' || value === findProperty(profile, keys.clusterSetProperty))
      return noProblem;
    return reportProblem(
      locateLabel(key),
      `label ${key} belongs on a namespace, few readers look for it on a ClusterProfile`,
      {
        hint: `record the ClusterSet as property ${keys.clusterSetProperty}`,
      },
    );
  };

const namespaceLabels = both(namespaceLabel(keys.clusterSetLabel), namespaceLabel(keys.oldClusterSetLabel));

/** `spec`, and the labels that belong to it. */
export const specRules: readonly Rule[] = [
  { id: 'CP020', severity: 'error', title: 'spec.clusterManager.name is set', check: violations('CP020') },
  {
    id: 'CP021',
    severity: 'error',
    title: 'The name of the cluster manager is not blank',
    check: checkManagerBlank,
  },
  {
    id: 'CP022',
    severity: 'error',
    title: 'The name of the cluster manager is a label value',
    check: checkManagerValue,
  },
  { id: 'CP023', severity: 'warning', title: `Label ${keys.managerLabel} is set`, check: hasManagerLabel },
  {
    id: 'CP024',
    severity: 'error',
    title: `Label ${keys.managerLabel} equals spec.clusterManager.name`,
    check: checkSameManager,
  },
  { id: 'CP025', severity: 'error', title: `Label ${keys.memberIdLabel} is not empty`, check: checkMemberId },
  { id: 'CP026', severity: 'info', title: `Label ${keys.memberIdLabel} is set`, check: hasMemberId },
  {
    id: 'CP027',
    severity: 'info',
    title: 'Names in a shared namespace start with the name of the manager',
    check: checkPrefix,
  },
  { id: 'CP028', severity: 'info', title: 'displayName is set and printable', check: checkDisplayName },
  { id: 'CP029', severity: 'error', title: 'spec.clusterManager stays as it was', check: checkImmutableManager },
  { id: 'CP030', severity: 'warning', title: 'The member id stays as it was', check: checkStableMemberId },
  {
    id: 'CP031',
    severity: 'warning',
    title: 'Labels of namespaces are not set on profiles',
    check: namespaceLabels,
  },
];
