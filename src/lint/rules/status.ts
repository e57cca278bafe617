import type { ProblemPath, Problem } from '../problem.ts';
import { keys } from '../../profile/clusterprofile.ts';
import { isKubernetesVersion } from '../../profile/kubernetes-version.ts';
import { clusterIdLimit, isDnsSubdomain, namesSeveralSets } from '../../profile/names.ts';
import { memoise } from '../../util/collections.ts';
import { toMap, findProperty, toText, type LintEntry, type Input, type Profile } from '../input.ts';
import { show } from '../paths.ts';
import { isMeasurement, isReserved, proposed } from './property-names.ts';
import { eachOf, noProblem, reportProblem, violations, type ProfileCheck, type Rule } from '../rule.ts';

const skew = 5 * 60_000;

type EntryCheck = (name: string, entry: LintEntry, profile: Profile, input: Input) => Iterable<Problem>;

const checkEachProperty = (check: EntryCheck): ProfileCheck =>
  eachOf<LintEntry>(({ properties }) => properties)((entry, profile, input) =>
    check(toText(entry.value['name']) ?? '', entry, profile, input),
  );

const checkEachCondition = (check: EntryCheck): ProfileCheck =>
  eachOf<LintEntry>(({ conditions }) => conditions)((entry, profile, input) =>
    check(toText(entry.value['type']) ?? '', entry, profile, input),
  );

/** Written by a server, so a dump and no manifest. */
const isDump = ({ metadata }: Profile): boolean =>
  metadata['uid'] !== undefined || metadata['resourceVersion'] !== undefined;

const checkStatusApart = (profile: Profile): Iterable<Problem> =>
  profile.status && !isDump(profile)
    ? reportProblem(['status'], 'kubectl apply ignores the status', {
        hint: 'clusterprofile apply writes it, so does kubectl --subresource=status',
      })
    : noProblem;

const versionAt: ProblemPath = ['status', 'version', 'kubernetes'];
const readKubernetesVersion = ({ status }: Profile): string | undefined =>
  toText(toMap(status?.['version'])['kubernetes']);

function checkVersion(profile: Profile): Iterable<Problem> {
  const version = readKubernetesVersion(profile);
  if (version === undefined || isKubernetesVersion(version)) return noProblem;
  return reportProblem(versionAt, `${show(version)} is no Kubernetes version`, { hint: 'write it like v1.31.4' });
}

/** How the first version of each namespace is written. */
const spellings = memoise(({ profiles }: Input) => {
  const leadingV = new Map<string, boolean>();
  for (const profile of profiles) {
    const version = readKubernetesVersion(profile);
    if (version && !leadingV.has(profile.namespace)) leadingV.set(profile.namespace, version.startsWith('v'));
  }
  return leadingV;
});

function checkSpelling(profile: Profile, input: Input): Iterable<Problem> {
  const version = readKubernetesVersion(profile);
  const usual = spellings(input).get(profile.namespace);
  if (!version || version.startsWith('v') === usual) return noProblem;
  return reportProblem(
    versionAt,
    `other versions in this inventory are written ${usual ? 'with' : 'without'} a leading v`,
  );
}

const checkReservedName: EntryCheck = (name, { at }) =>
  isReserved(name) && !proposed.has(name)
    ? reportProblem([...at, 'name'], `${show(name)} is under a domain that is reserved for Kubernetes`, {
        hint: 'use a domain of your own',
      })
    : noProblem;

const checkBareName: EntryCheck = (name, { at }) =>
  name !== '' && !name.includes('.')
    ? reportProblem(
        [...at, 'name'],
        `${show(name)} has no domain; such names are for whoever runs the clusters, not for tools`,
      )
    : noProblem;

const checkPropertyName: EntryCheck = (name, { at }) =>
  name === '' || isDnsSubdomain(name)
    ? noProblem
    : reportProblem([...at, 'name'], `${show(name)} is no DNS subdomain, so it cannot come from a ClusterProperty`);

const checkClusterId: EntryCheck = (name, { at, value }) => {
  const id = toText(value['value']);
  if (name !== keys.clusterIdProperty || !id) return noProblem;
  if (!isDnsSubdomain(id)) return reportProblem([...at, 'value'], 'the cluster id must be a DNS subdomain');
  return id.length >= clusterIdLimit
    ? reportProblem([...at, 'value'], `the cluster id should be shorter than ${clusterIdLimit} characters`, {
        severity: 'warning',
      })
    : noProblem;
};

const hasClusterId: EntryCheck = (name, { at }, profile) =>
  name === keys.clusterSetProperty && findProperty(profile, keys.clusterIdProperty) === undefined
    ? reportProblem(at, `a member of a ClusterSet needs property ${keys.clusterIdProperty} too`)
    : noProblem;

const checkOneClusterSet: EntryCheck = (name, { at, value }) =>
  name === keys.clusterSetProperty && namesSeveralSets(toText(value['value']) ?? '')
    ? reportProblem([...at, 'value'], 'this looks like several ClusterSets; a cluster is in one at most')
    : noProblem;

const checkAdoptedName: EntryCheck = (name, { at }) => {
  if (!proposed.has(name)) return noProblem;
  const better = proposed.get(name);
  return reportProblem([...at, 'name'], `${show(name)} was proposed and not adopted`, {
    hint: better && `use ${better}`,
  });
};

const isStatic: EntryCheck = (name, { at, value }, profile, input) => {
  if (isMeasurement(name))
    return reportProblem(
      [...at, 'name'],
      `${show(name)} looks like a measurement; a ClusterProfile is for facts that hardly change`,
    );
  const { value: before } = input.before(profile)?.properties.find((each) => each.value['name'] === name) ?? {};
  const time = before?.['lastObservedTime'] ?? undefined;
  const restamped = before?.['value'] === value['value'] && time !== undefined && time !== value['lastObservedTime'];
  return restamped
    ? reportProblem([...at, 'lastObservedTime'], 'only the time changed: each such write costs the hub without news')
    : noProblem;
};

const checkObserved: EntryCheck = (_name, { at, value }, _profile, { options: { now } }) => {
  const time = value['lastObservedTime'] ?? undefined;
  if (time === undefined)
    return reportProblem([...at, 'lastObservedTime'], 'nothing says when this was observed', { severity: 'info' });
  return Date.parse(toText(time) ?? '') > now.getTime() + skew
    ? reportProblem([...at, 'lastObservedTime'], 'lastObservedTime is in the future')
    : noProblem;
};

const predefined = ['ControlPlaneHealthy', 'Joined'];
const unresolved = 'AllNodesHealthy';

const checkConditionName: EntryCheck = (type, { at }) =>
  type === '' || type.includes('/') || type === unresolved || predefined.includes(type)
    ? noProblem
    : reportProblem([...at, 'type'], `${show(type)} is no predefined condition`, {
        hint: `use ${predefined.join(' or ')}, or example.com/${/^[A-Za-z]+$/.test(type) ? type : 'Name'}`,
      });

function hasConditions({ conditions }: Profile): Iterable<Problem> {
  const missing = predefined.filter((type) => !conditions.some(({ value }) => value['type'] === type));
  return missing.length > 0
    ? reportProblem(['status', 'conditions'], `no condition ${missing.join(' or ')}`)
    : noProblem;
}

const checkTransitionTime: EntryCheck = (_type, { at, value }, _profile, { options: { now } }) => {
  const time = Date.parse(toText(value['lastTransitionTime']) ?? '');
  if (time > now.getTime() + skew)
    return reportProblem([...at, 'lastTransitionTime'], 'lastTransitionTime is in the future');
  return time <= 0 ? reportProblem([...at, 'lastTransitionTime'], 'lastTransitionTime was never set') : noProblem;
};

const checkGeneration: EntryCheck = (_type, { at, value }, { metadata }) => {
  const [seen, generation] = [value['observedGeneration'], metadata['generation']];
  if (typeof seen !== 'number' || typeof generation !== 'number' || seen <= generation) return noProblem;
  return reportProblem(
    [...at, 'observedGeneration'],
    `observedGeneration ${seen} is ahead of metadata.generation ${generation}`,
  );
};

const checkSettled: EntryCheck = (type, { at }) =>
  type === unresolved
    ? reportProblem([...at, 'type'], `${unresolved} is not settled upstream, its meaning may change`)
    : noProblem;

/** `status` up to its conditions. */
export const statusRules: readonly Rule[] = [
  { id: 'CP040', severity: 'info', title: 'The status is written apart from the object', check: checkStatusApart },
  { id: 'CP041', severity: 'warning', title: 'The version is a Kubernetes version', check: checkVersion },
  { id: 'CP042', severity: 'info', title: 'Versions of an inventory are written alike', check: checkSpelling },
  { id: 'CP050', severity: 'error', title: 'Property names are unique', check: violations('CP050') },
  {
    id: 'CP051',
    severity: 'error',
    title: 'Property names and values have a legal length',
    check: violations('CP051'),
  },
  {
    id: 'CP052',
    severity: 'warning',
    title: 'Property names stay out of reserved domains',
    check: checkEachProperty(checkReservedName),
  },
  { id: 'CP053', severity: 'info', title: 'Property names have a domain', check: checkEachProperty(checkBareName) },
  {
    id: 'CP054',
    severity: 'info',
    title: 'Property names could be those of ClusterProperties',
    check: checkEachProperty(checkPropertyName),
  },
  {
    id: 'CP055',
    severity: 'error',
    title: 'The cluster id is a DNS subdomain',
    check: checkEachProperty(checkClusterId),
  },
  {
    id: 'CP056',
    severity: 'warning',
    title: 'A member of a ClusterSet has a cluster id',
    check: checkEachProperty(hasClusterId),
  },
  {
    id: 'CP057',
    severity: 'warning',
    title: 'A cluster is in one ClusterSet at most',
    check: checkEachProperty(checkOneClusterSet),
  },
  {
    id: 'CP058',
    severity: 'info',
    title: 'Property names are adopted ones',
    check: checkEachProperty(checkAdoptedName),
  },
  { id: 'CP059', severity: 'info', title: 'Properties hold no measurements', check: checkEachProperty(isStatic) },
  {
    id: 'CP060',
    severity: 'warning',
    title: 'lastObservedTime is set and past',
    check: checkEachProperty(checkObserved),
  },
  { id: 'CP070', severity: 'error', title: 'Condition types are unique', check: violations('CP070') },
  { id: 'CP071', severity: 'error', title: 'Conditions have a reason', check: violations('CP071') },
  {
    id: 'CP072',
    severity: 'info',
    title: 'Condition types are predefined or have a domain',
    check: checkEachCondition(checkConditionName),
  },
  { id: 'CP073', severity: 'info', title: 'The predefined conditions are there', check: hasConditions },
  {
    id: 'CP074',
    severity: 'warning',
    title: 'lastTransitionTime is set and past',
    check: checkEachCondition(checkTransitionTime),
  },
  {
    id: 'CP075',
    severity: 'warning',
    title: 'observedGeneration is not ahead',
    check: checkEachCondition(checkGeneration),
  },
  { id: 'CP076', severity: 'info', title: 'Conditions are settled upstream', check: checkEachCondition(checkSettled) },
];
