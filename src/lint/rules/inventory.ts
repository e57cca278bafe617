import type { ProblemPath, Problem } from '../problem.ts';
import { keys } from '../../profile/clusterprofile.ts';
import { describeOrigin } from '../../documents/objects.ts';
import { memoise } from '../../util/collections.ts';
import { toMap, readName, findProperty, toText, type Input, type Profile } from '../input.ts';
import { findSharedServers } from '../../profile/endpoint/shared-servers.ts';
import { compareClusterIds, readClusterSetId, serversOf, type KeyOf } from './members.ts';
import { show } from '../paths.ts';
import { both, noProblem, reportProblem, type ProfileCheck, type RuleReport, type Rule } from '../rule.ts';

const nameAt: ProblemPath = ['metadata', 'name'];
const memberAt: ProblemPath = ['metadata', 'labels', keys.memberIdLabel];

const inNamespace =
  (keyOf: KeyOf): KeyOf =>
  (profile) => {
    const key = keyOf(profile);
    return key === undefined ? undefined : `${profile.namespace}\0${key}`;
  };

const indexByName = inNamespace(({ name }) => name);

/** One object, twice in the input. */
const isTwin = (a: Profile, b: Profile): boolean => a.name !== undefined && indexByName(a) === indexByName(b);

/** The earlier profile with the same key, for each profile that has one; the same object again does not count. */
const findEarlier = (keyOf: KeyOf): ((input: Input) => ReadonlyMap<Profile, Profile>) =>
  memoise(({ profiles }: Input) => {
    const firsts = new Map<string, Profile>();
    const found = new Map<Profile, Profile>();
    for (const profile of profiles) {
      const key = keyOf(profile);
      const first = key === undefined ? undefined : firsts.get(key);
      if (first === undefined && key !== undefined) firsts.set(key, profile);
      else if (first && (keyOf === indexByName || !isTwin(profile, first))) found.set(profile, first);
    }
    return found;
  });

/** Compares each profile with the first one of the same key. */
function checkRepeated(keyOf: KeyOf, compare: (profile: Profile, first: Profile) => Iterable<Problem>): ProfileCheck {
  const firsts = findEarlier(keyOf);
  return (profile, input) => {
    const first = firsts(input).get(profile);
    return first ? compare(profile, first) : noProblem;
  };
}

const indexByMember = inNamespace(({ memberId }) => memberId);
const describeNamed = (profile: Profile): string => `${readName(profile)} (${describeOrigin(profile.document)})`;

function locateProperty({ properties }: Profile, name: string): ProblemPath {
  const entry = properties.find(({ value }) => value['name'] === name);
  return entry ? [...entry.at, 'value'] : ['status', 'properties'];
}

const checkSharedClusterId = (id: string): ProfileCheck =>
  checkRepeated(readClusterSetId, (profile, first) => {
    const found = compareClusterIds(profile, first);
    if (found?.id !== id) return noProblem;
    const unsure = found.severity === 'error' ? 'is another cluster with' : 'has';
    return reportProblem(
      locateProperty(profile, keys.clusterIdProperty),
      `${describeNamed(first)} ${unsure} the same ${keys.clusterIdProperty} in the same ClusterSet`,
      { severity: found.severity },
    );
  });

const memberWithOtherIds = checkRepeated(
  (profile) => (readClusterSetId(profile) === undefined ? undefined : profile.memberId),
  (profile, first) =>
    readClusterSetId(profile) === readClusterSetId(first)
      ? noProblem
      : reportProblem(memberAt, `${describeNamed(first)} has the same member id, and another cluster id or ClusterSet`),
);

const idsAgree = both(checkSharedClusterId('CP124'), memberWithOtherIds);

const checkTwoManagers = (profile: Profile, first: Profile): Problem[] =>
  profile.manager === first.manager
    ? []
    : reportProblem(
        nameAt,
        `${describeNamed(first)} has this name already, for another cluster manager; the second apply fails`,
      );

const isOneProfile = (a: Profile, b: Profile): boolean =>
  isTwin(a, b) || (a.memberId !== undefined && a.memberId === b.memberId);

const sharedServers = memoise(({ profiles }: Input) => findSharedServers(profiles.flatMap(serversOf), isOneProfile));

function checkOneServer(profile: Profile, input: Input): Iterable<Problem> {
  const shared = sharedServers(input).get(profile);
  return shared
    ? reportProblem(
        shared.use.at,
        `${describeNamed(shared.earlier.owner)} has the same server: is it the same cluster?`,
      )
    : noProblem;
}

const withMemberId = memoise(
  ({ profiles }: Input) =>
    new Set(profiles.filter(({ memberId }) => memberId !== undefined).map(({ namespace }) => namespace)),
);

function checkAllIds({ memberId, namespace }: Profile, input: Input): Iterable<Problem> {
  if (memberId !== undefined || !withMemberId(input).has(namespace)) return noProblem;
  return reportProblem(
    memberAt,
    'other profiles of this inventory have a member id: with gaps nobody can tell clusters apart by it',
  );
}

function* checkOneSetLabel({ namespaces }: Input): Iterable<RuleReport> {
  for (const { document: on, labels } of namespaces) {
    const [set, old] = [labels[keys.clusterSetLabel], labels[keys.oldClusterSetLabel]];
    if (typeof set === 'string' && typeof old === 'string' && set !== old)
      yield {
        on,
        at: ['metadata', 'labels', keys.oldClusterSetLabel],
        message: `the namespace names two ClusterSets: ${show(set)} and ${show(old)}`,
      };
  }
}

function* checkNewSetLabel({ namespaces }: Input): Iterable<RuleReport> {
  for (const { document: on, labels } of namespaces)
    if (typeof labels[keys.oldClusterSetLabel] === 'string')
      yield {
        on,
        at: ['metadata', 'labels', keys.oldClusterSetLabel],
        message: `${keys.oldClusterSetLabel} was never in the code`,
        hint: `use ${keys.clusterSetLabel}`,
      };
}

/** ClusterSets of namespaces: those of the input before those the caller knows. */
const setsOfNamespaces = memoise(({ namespaces, options }: Input) => {
  const sets = new Map(options.clusterSets);
  for (const { name, labels } of namespaces) {
    const set = toText(labels[keys.clusterSetLabel]) || toText(labels[keys.oldClusterSetLabel]);
    if (set) sets.set(name, set);
  }
  return sets;
});

function setOfNamespace(profile: Profile, input: Input): Iterable<Problem> {
  const wanted = setsOfNamespaces(input).get(profile.namespace);
  const set = findProperty(profile, keys.clusterSetProperty);
  if (!wanted || set === wanted) return noProblem;
  if (set !== undefined)
    return reportProblem(
      locateProperty(profile, keys.clusterSetProperty),
      `the namespace is of ClusterSet ${show(wanted)}, the profile of ${show(set)}`,
    );
  // Inventories and ClusterSets are independent by now; only the older text of KEP-4322 ties them.
  return reportProblem(
    ['status', 'properties'],
    `the namespace is of ClusterSet ${show(wanted)}, the profile does not say`,
    {
      severity: 'info',
    },
  );
}

const readDisplayName: KeyOf = ({ object }) => toText(toMap(object['spec'])['displayName']) || undefined;

/** Consumers make names without dots of it, in lower case. */
const foldName: KeyOf = ({ name }) => name?.toLowerCase().replaceAll(/[-._]+/g, '-');

/** Over the objects of the input. An inventory is the profiles of one namespace. */
export const inventoryRules: readonly Rule[] = [
  {
    id: 'CP120',
    severity: 'error',
    title: 'Each profile is there once',
    check: checkRepeated(indexByName, (_profile, first) =>
      reportProblem(nameAt, `${describeNamed(first)} is the same object`),
    ),
  },
  {
    id: 'CP121',
    severity: 'warning',
    title: 'Cluster managers do not use the same names',
    check: checkRepeated(indexByName, checkTwoManagers),
  },
  {
    id: 'CP122',
    severity: 'warning',
    title: 'A member is in an inventory once',
    check: checkRepeated(indexByMember, (_profile, first) =>
      reportProblem(memberAt, `${describeNamed(first)} has the same member id`),
    ),
  },
  {
    id: 'CP123',
    severity: 'info',
    title: 'A member is in one inventory only',
    check: checkRepeated(
      ({ memberId }) => memberId,
      (profile, first) =>
        profile.namespace === first.namespace
          ? noProblem
          : reportProblem(memberAt, `the same cluster is in another inventory too, as ${describeNamed(first)}`),
    ),
  },
  { id: 'CP124', severity: 'warning', title: 'Member ids and cluster ids agree', check: idsAgree },
  {
    id: 'CP125',
    severity: 'error',
    title: 'Cluster ids are unique in their ClusterSet',
    check: checkSharedClusterId('CP125'),
  },
  {
    id: 'CP126',
    severity: 'warning',
    title: 'Profiles of an inventory have servers of their own',
    check: checkOneServer,
  },
  {
    id: 'CP127',
    severity: 'info',
    title: 'All profiles of an inventory have a member id, or none',
    check: checkAllIds,
  },
  { id: 'CP128', severity: 'warning', title: 'A namespace names one ClusterSet', checkInput: checkOneSetLabel },
  {
    id: 'CP129',
    severity: 'warning',
    title: 'Profiles are of the ClusterSet of their namespace',
    check: setOfNamespace,
  },
  {
    id: 'CP130',
    severity: 'info',
    title: 'The ClusterSet label of a namespace has the key of the code',
    checkInput: checkNewSetLabel,
  },
  {
    id: 'CP131',
    severity: 'warning',
    title: 'Display names are unique in an inventory',
    check: checkRepeated(inNamespace(readDisplayName), (_profile, first) =>
      reportProblem(['spec', 'displayName'], `${describeNamed(first)} has the same displayName`),
    ),
  },
  {
    id: 'CP132',
    severity: 'warning',
    title: 'Names stay different when consumers fold them',
    check: checkRepeated(inNamespace(foldName), (_profile, first) =>
      reportProblem(nameAt, `${describeNamed(first)} and this one get the same name at consumers that replace dots`),
    ),
  },
];
