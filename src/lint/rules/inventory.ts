import type { Path, Problem } from '../problem.ts';
import { keys } from '../../profile/clusterprofile.ts';
import { describeOrigin } from '../../documents/objects.ts';
import { once } from '../../util/collections.ts';
import { mapOf, nameIn, propertyIn, textOf, type Input, type Profile } from '../input.ts';
import { clusterIdIn, sameClusterId, serversOf, type KeyOf } from './members.ts';
import { show } from '../paths.ts';
import { both, none, problem, type Check, type Report, type Rule } from '../rule.ts';

const nameAt: Path = ['metadata', 'name'];
const memberAt: Path = ['metadata', 'labels', keys.memberIdLabel];

const inNamespace =
  (keyOf: KeyOf): KeyOf =>
  (profile) => {
    const key = keyOf(profile);
    return key === undefined ? undefined : `${profile.namespace}\0${key}`;
  };

const byName = inNamespace(({ name }) => name);

/** One object, twice in the input. */
const isTwin = (a: Profile, b: Profile): boolean => a.name !== undefined && byName(a) === byName(b);

/** The earlier profile with the same key, for each profile that has one; the same object again does not count. */
const earlier = (keyOf: KeyOf): ((input: Input) => ReadonlyMap<Profile, Profile>) =>
  once(({ profiles }: Input) => {
    const firsts = new Map<string, Profile>();
    const found = new Map<Profile, Profile>();
    for (const profile of profiles) {
      const key = keyOf(profile);
      const first = key === undefined ? undefined : firsts.get(key);
      if (first === undefined && key !== undefined) firsts.set(key, profile);
      else if (first && (keyOf === byName || !isTwin(profile, first))) found.set(profile, first);
    }
    return found;
  });

/** Compares each profile with the first one of the same key. */
function repeated(keyOf: KeyOf, compare: (profile: Profile, first: Profile) => Iterable<Problem>): Check {
  const firsts = earlier(keyOf);
  return (profile, input) => {
    const first = firsts(input).get(profile);
    return first ? compare(profile, first) : none;
  };
}

const byMember = inNamespace(({ memberId }) => memberId);
const named = (profile: Profile): string => `${nameIn(profile)} (${describeOrigin(profile.document)})`;

function propertyAt({ properties }: Profile, name: string): Path {
  const entry = properties.find(({ value }) => value['name'] === name);
  return entry ? [...entry.at, 'value'] : ['status', 'properties'];
}

const sharedClusterId = (id: string): Check =>
  repeated(clusterIdIn, (profile, first) => {
    const found = sameClusterId(profile, first);
    if (found?.id !== id) return none;
    const unsure = found.severity === 'error' ? 'is another cluster with' : 'has';
    return problem(
      propertyAt(profile, keys.clusterIdProperty),
      `${named(first)} ${unsure} the same ${keys.clusterIdProperty} in the same ClusterSet`,
      { severity: found.severity },
    );
  });

const memberWithOtherIds = repeated(
  (profile) => (clusterIdIn(profile) === undefined ? undefined : profile.memberId),
  (profile, first) =>
    clusterIdIn(profile) === clusterIdIn(first)
      ? none
      : problem(memberAt, `${named(first)} has the same member id, and another cluster id or ClusterSet`),
);

const idsAgree = both(sharedClusterId('CP124'), memberWithOtherIds);

const twoManagers = (profile: Profile, first: Profile): Problem[] =>
  profile.manager === first.manager
    ? []
    : problem(nameAt, `${named(first)} has this name already, for another cluster manager; the second apply fails`);

/** Profiles by server: one profile may have several. */
const serversInUse = once(({ profiles }: Input) => {
  const first = new Map<string, Profile>();
  for (const profile of profiles)
    for (const { server } of serversOf(profile)) {
      const key = `${profile.namespace}\0${server}`;
      if (!first.has(key)) first.set(key, profile);
    }
  return first;
});

function oneServer(profile: Profile, input: Input): Iterable<Problem> {
  for (const { at, server } of serversOf(profile)) {
    const first = serversInUse(input).get(`${profile.namespace}\0${server}`);
    if (!first || first === profile || isTwin(first, profile)) continue;
    if (first.memberId && first.memberId === profile.memberId) continue;
    return problem(at, `${named(first)} has the same server: is it the same cluster?`);
  }
  return none;
}

const withMemberId = once(
  ({ profiles }: Input) =>
    new Set(profiles.filter(({ memberId }) => memberId !== undefined).map(({ namespace }) => namespace)),
);

function allHaveIds({ memberId, namespace }: Profile, input: Input): Iterable<Problem> {
  if (memberId !== undefined || !withMemberId(input).has(namespace)) return none;
  return problem(
    memberAt,
    'other profiles of this inventory have a member id: with gaps nobody can tell clusters apart by it',
  );
}

function* oneSetLabel({ namespaces }: Input): Iterable<Report> {
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

function* newSetLabel({ namespaces }: Input): Iterable<Report> {
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
const setsOfNamespaces = once(({ namespaces, options }: Input) => {
  const sets = new Map(options.clusterSets);
  for (const { name, labels } of namespaces) {
    const set = textOf(labels[keys.clusterSetLabel]) || textOf(labels[keys.oldClusterSetLabel]);
    if (set) sets.set(name, set);
  }
  return sets;
});

function setOfNamespace(profile: Profile, input: Input): Iterable<Problem> {
  const wanted = setsOfNamespaces(input).get(profile.namespace);
  const set = propertyIn(profile, keys.clusterSetProperty);
  if (!wanted || set === wanted) return none;
  if (set !== undefined)
    return problem(
      propertyAt(profile, keys.clusterSetProperty),
      `the namespace is of ClusterSet ${show(wanted)}, the profile of ${show(set)}`,
    );
  // Inventories and ClusterSets are independent by now; only the older text of KEP-4322 ties them.
  return problem(['status', 'properties'], `the namespace is of ClusterSet ${show(wanted)}, the profile does not say`, {
    severity: 'info',
  });
}

const displayNameOf: KeyOf = ({ object }) => textOf(mapOf(object['spec'])['displayName']) || undefined;

/** Consumers make names without dots of it, in lower case. */
const folded: KeyOf = ({ name }) => name?.toLowerCase().replaceAll(/[-._]+/g, '-');

/** Over the objects of the input. An inventory is the profiles of one namespace. */
export const inventoryRules: readonly Rule[] = [
  {
    id: 'CP120',
    severity: 'error',
    title: 'Each profile is there once',
    check: repeated(byName, (_profile, first) => problem(nameAt, `${named(first)} is the same object`)),
  },
  {
    id: 'CP121',
    severity: 'warning',
    title: 'Cluster managers do not use the same names',
    check: repeated(byName, twoManagers),
  },
  {
    id: 'CP122',
    severity: 'warning',
    title: 'A member is in an inventory once',
    check: repeated(byMember, (_profile, first) => problem(memberAt, `${named(first)} has the same member id`)),
  },
  {
    id: 'CP123',
    severity: 'info',
    title: 'A member is in one inventory only',
    check: repeated(
      ({ memberId }) => memberId,
      (profile, first) =>
        profile.namespace === first.namespace
          ? none
          : problem(memberAt, `the same cluster is in another inventory too, as ${named(first)}`),
    ),
  },
  { id: 'CP124', severity: 'warning', title: 'Member ids and cluster ids agree', check: idsAgree },
  {
    id: 'CP125',
    severity: 'error',
    title: 'Cluster ids are unique in their ClusterSet',
    check: sharedClusterId('CP125'),
  },
  {
    id: 'CP126',
    severity: 'warning',
    title: 'Profiles of an inventory have servers of their own',
    check: oneServer,
  },
  {
    id: 'CP127',
    severity: 'info',
    title: 'All profiles of an inventory have a member id, or none',
    check: allHaveIds,
  },
  { id: 'CP128', severity: 'warning', title: 'A namespace names one ClusterSet', checkInput: oneSetLabel },
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
    checkInput: newSetLabel,
  },
  {
    id: 'CP131',
    severity: 'warning',
    title: 'Display names are unique in an inventory',
    check: repeated(inNamespace(displayNameOf), (_profile, first) =>
      problem(['spec', 'displayName'], `${named(first)} has the same displayName`),
    ),
  },
  {
    id: 'CP132',
    severity: 'warning',
    title: 'Names stay different when consumers fold them',
    check: repeated(inNamespace(folded), (_profile, first) =>
      problem(nameAt, `${named(first)} and this one get the same name at consumers that replace dots`),
    ),
  },
];
