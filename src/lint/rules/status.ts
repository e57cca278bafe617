import type { Path, Problem } from '../problem.ts';
import { keys } from '../../profile/clusterprofile.ts';
import { isDnsSubdomain } from '../../profile/names.ts';
import { once } from '../../util/collections.ts';
import { mapOf, propertyIn, textOf, type Entry, type Input, type Profile } from '../input.ts';
import { show } from '../paths.ts';
import { isMeasurement, isReserved, proposed } from './property-names.ts';
import { eachOf, none, problem, violations, type Check, type Rule } from '../rule.ts';

const skew = 5 * 60_000;

type EntryCheck = (name: string, entry: Entry, profile: Profile, input: Input) => Iterable<Problem>;

const eachProperty = (check: EntryCheck): Check =>
  eachOf<Entry>(({ properties }) => properties)((entry, profile, input) =>
    check(textOf(entry.value['name']) ?? '', entry, profile, input),
  );

const eachCondition = (check: EntryCheck): Check =>
  eachOf<Entry>(({ conditions }) => conditions)((entry, profile, input) =>
    check(textOf(entry.value['type']) ?? '', entry, profile, input),
  );

/** Written by a server, so a dump and no manifest. */
const isDump = ({ metadata }: Profile): boolean =>
  metadata['uid'] !== undefined || metadata['resourceVersion'] !== undefined;

const statusApart = (profile: Profile): Iterable<Problem> =>
  profile.status && !isDump(profile)
    ? problem(['status'], 'kubectl apply ignores the status', {
        hint: 'clusterprofile apply writes it, so does kubectl --subresource=status',
      })
    : none;

const versionAt: Path = ['status', 'version', 'kubernetes'];
const versionOf = ({ status }: Profile): string | undefined => textOf(mapOf(status?.['version'])['kubernetes']);
const versionSyntax = /^v?\d+\.\d+(?:\.\d+)?(?:[-+][0-9A-Za-z.+-]*)?$/;

function versionLike(profile: Profile): Iterable<Problem> {
  const version = versionOf(profile);
  if (version === undefined || versionSyntax.test(version)) return none;
  return problem(versionAt, `${show(version)} is no Kubernetes version`, { hint: 'write it like v1.31.4' });
}

/** How the first version of each namespace is written. */
const spellings = once(({ profiles }: Input) => {
  const leadingV = new Map<string, boolean>();
  for (const profile of profiles) {
    const version = versionOf(profile);
    if (version && !leadingV.has(profile.namespace)) leadingV.set(profile.namespace, version.startsWith('v'));
  }
  return leadingV;
});

function sameSpelling(profile: Profile, input: Input): Iterable<Problem> {
  const version = versionOf(profile);
  const usual = spellings(input).get(profile.namespace);
  if (!version || version.startsWith('v') === usual) return none;
  return problem(versionAt, `other versions in this inventory are written ${usual ? 'with' : 'without'} a leading v`);
}

const reservedName: EntryCheck = (name, { at }) =>
  isReserved(name) && !proposed.has(name)
    ? problem([...at, 'name'], `${show(name)} is under a domain that is reserved for Kubernetes`, {
        hint: 'use a domain of your own',
      })
    : none;

const bareName: EntryCheck = (name, { at }) =>
  name !== '' && !name.includes('.')
    ? problem(
        [...at, 'name'],
        `${show(name)} has no domain; such names are for whoever runs the clusters, not for tools`,
      )
    : none;

const clusterPropertyName: EntryCheck = (name, { at }) =>
  name === '' || isDnsSubdomain(name)
    ? none
    : problem([...at, 'name'], `${show(name)} is no DNS subdomain, so it cannot come from a ClusterProperty`);

const legalClusterId: EntryCheck = (name, { at, value }) => {
  const id = textOf(value['value']);
  if (name !== keys.clusterIdProperty || !id) return none;
  if (!isDnsSubdomain(id)) return problem([...at, 'value'], 'the cluster id must be a DNS subdomain');
  return id.length >= 128
    ? problem([...at, 'value'], 'the cluster id should be shorter than 128 characters', { severity: 'warning' })
    : none;
};

const hasClusterId: EntryCheck = (name, { at }, profile) =>
  name === keys.clusterSetProperty && propertyIn(profile, keys.clusterIdProperty) === undefined
    ? problem(at, `a member of a ClusterSet needs property ${keys.clusterIdProperty} too`)
    : none;

const oneClusterSet: EntryCheck = (name, { at, value }) =>
  name === keys.clusterSetProperty && /[\s,]/.test(textOf(value['value']) ?? '')
    ? problem([...at, 'value'], 'this looks like several ClusterSets; a cluster is in one at most')
    : none;

const adoptedName: EntryCheck = (name, { at }) => {
  if (!proposed.has(name)) return none;
  const better = proposed.get(name);
  return problem([...at, 'name'], `${show(name)} was proposed and not adopted`, { hint: better && `use ${better}` });
};

const isStatic: EntryCheck = (name, { at, value }, profile, input) => {
  if (isMeasurement(name))
    return problem(
      [...at, 'name'],
      `${show(name)} looks like a measurement; a ClusterProfile is for facts that hardly change`,
    );
  const { value: before } = input.before(profile)?.properties.find((each) => each.value['name'] === name) ?? {};
  const time = before?.['lastObservedTime'] ?? undefined;
  const restamped = before?.['value'] === value['value'] && time !== undefined && time !== value['lastObservedTime'];
  return restamped
    ? problem([...at, 'lastObservedTime'], 'only the time changed: each such write costs the hub without news')
    : none;
};

const observed: EntryCheck = (_name, { at, value }, _profile, { options: { now } }) => {
  const time = value['lastObservedTime'] ?? undefined;
  if (time === undefined)
    return problem([...at, 'lastObservedTime'], 'nothing says when this was observed', { severity: 'info' });
  return Date.parse(textOf(time) ?? '') > now.getTime() + skew
    ? problem([...at, 'lastObservedTime'], 'lastObservedTime is in the future')
    : none;
};

const predefined = ['ControlPlaneHealthy', 'Joined'];
const unresolved = 'AllNodesHealthy';

const namedCondition: EntryCheck = (type, { at }) =>
  type === '' || type.includes('/') || type === unresolved || predefined.includes(type)
    ? none
    : problem([...at, 'type'], `${show(type)} is no predefined condition`, {
        hint: `use ${predefined.join(' or ')}, or example.com/${/^[A-Za-z]+$/.test(type) ? type : 'Name'}`,
      });

function hasConditions({ conditions }: Profile): Iterable<Problem> {
  const missing = predefined.filter((type) => !conditions.some(({ value }) => value['type'] === type));
  return missing.length > 0 ? problem(['status', 'conditions'], `no condition ${missing.join(' or ')}`) : none;
}

const transitionTime: EntryCheck = (_type, { at, value }, _profile, { options: { now } }) => {
  const time = Date.parse(textOf(value['lastTransitionTime']) ?? '');
  if (time > now.getTime() + skew) return problem([...at, 'lastTransitionTime'], 'lastTransitionTime is in the future');
  return time <= 0 ? problem([...at, 'lastTransitionTime'], 'lastTransitionTime was never set') : none;
};

const observedGeneration: EntryCheck = (_type, { at, value }, { metadata }) => {
  const [seen, generation] = [value['observedGeneration'], metadata['generation']];
  if (typeof seen !== 'number' || typeof generation !== 'number' || seen <= generation) return none;
  return problem(
    [...at, 'observedGeneration'],
    `observedGeneration ${seen} is ahead of metadata.generation ${generation}`,
  );
};

const settledCondition: EntryCheck = (type, { at }) =>
  type === unresolved
    ? problem([...at, 'type'], `${unresolved} is not settled upstream, its meaning may change`)
    : none;

/** `status` up to its conditions. */
export const statusRules: readonly Rule[] = [
  { id: 'CP040', severity: 'info', title: 'The status is written apart from the object', check: statusApart },
  { id: 'CP041', severity: 'warning', title: 'The version is a Kubernetes version', check: versionLike },
  { id: 'CP042', severity: 'info', title: 'Versions of an inventory are written alike', check: sameSpelling },
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
    check: eachProperty(reservedName),
  },
  { id: 'CP053', severity: 'info', title: 'Property names have a domain', check: eachProperty(bareName) },
  {
    id: 'CP054',
    severity: 'info',
    title: 'Property names could be those of ClusterProperties',
    check: eachProperty(clusterPropertyName),
  },
  { id: 'CP055', severity: 'error', title: 'The cluster id is a DNS subdomain', check: eachProperty(legalClusterId) },
  {
    id: 'CP056',
    severity: 'warning',
    title: 'A member of a ClusterSet has a cluster id',
    check: eachProperty(hasClusterId),
  },
  {
    id: 'CP057',
    severity: 'warning',
    title: 'A cluster is in one ClusterSet at most',
    check: eachProperty(oneClusterSet),
  },
  { id: 'CP058', severity: 'info', title: 'Property names are adopted ones', check: eachProperty(adoptedName) },
  { id: 'CP059', severity: 'info', title: 'Properties hold no measurements', check: eachProperty(isStatic) },
  { id: 'CP060', severity: 'warning', title: 'lastObservedTime is set and past', check: eachProperty(observed) },
  { id: 'CP070', severity: 'error', title: 'Condition types are unique', check: violations('CP070') },
  { id: 'CP071', severity: 'error', title: 'Conditions have a reason', check: violations('CP071') },
  {
    id: 'CP072',
    severity: 'info',
    title: 'Condition types are predefined or have a domain',
    check: eachCondition(namedCondition),
  },
  { id: 'CP073', severity: 'info', title: 'The predefined conditions are there', check: hasConditions },
  {
    id: 'CP074',
    severity: 'warning',
    title: 'lastTransitionTime is set and past',
    check: eachCondition(transitionTime),
  },
  {
    id: 'CP075',
    severity: 'warning',
    title: 'observedGeneration is not ahead',
    check: eachCondition(observedGeneration),
  },
  { id: 'CP076', severity: 'info', title: 'Conditions are settled upstream', check: eachCondition(settledCondition) },
];
