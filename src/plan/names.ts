import { keys, nameOf, type ClusterProfile } from '../profile/clusterprofile.ts';
import { findSharedServers, listServerUses } from '../profile/endpoint/shared-servers.ts';
import { identifyMember } from '../profile/members.ts';
import { addHash } from '../profile/names.ts';
import { groupBy } from '../util/collections.ts';

/** Which profiles of the inventory may be those that are wanted, by another name. */
export interface KeepOptions {
  /** Some clusters were not read, so that names which depend on the others may be other ones this time. */
  partial?: boolean | undefined;
  /** Names have a hash where they collide, so that they depend on which other clusters there are. */
  hashed?: boolean | undefined;
}

const renameProfile = (profile: ClusterProfile, name: string): ClusterProfile => ({
  ...profile,
  metadata: { ...profile.metadata, name },
});

/** What names have in common that differ in a hash at most. */
const formatStem = ({ metadata: { name, namespace = '' } }: ClusterProfile): string =>
  `${namespace}/${addHash(name.replace(/-[0-9a-f]{8}$/, ''), '')}`;

/** Whether a profile that is there is the wanted one's: by the id of its member, else by its server. */
function isSameCluster(wanted: ClusterProfile, there: ClusterProfile): boolean {
  const ids = [wanted, there].map((each) => each.metadata.labels?.[keys.memberIdLabel]);
  if (ids.every(Boolean)) return ids[0] === ids[1];
  return findSharedServers([...listServerUses(there), ...listServerUses(wanted)], () => false).has(wanted);
}

/**
 * Profiles under the names that their clusters have in the inventory, where nobody else is to have them: a name should not
 * change with what becomes of another cluster. `own` are the profiles of the same manager.
 */
export function keepNames(
  profiles: readonly ClusterProfile[],
  own: readonly ClusterProfile[],
  { partial, hashed }: KeepOptions,
): readonly ClusterProfile[] {
  if (!partial && !hashed) return profiles;
  const taken = new Set(profiles.map(nameOf));
  const there = new Set(own.map(nameOf));
  const byMember = groupBy(own, identifyMember);
  const byStem = groupBy(own, formatStem);
  const listCandidates = (profile: ClusterProfile): readonly ClusterProfile[] => {
    const alike = hashed ? (byStem.get(formatStem(profile)) ?? []) : [];
    const same = alike.filter((each) => isSameCluster(profile, each));
    const member = identifyMember(profile);
    if (same.length > 0 || !partial || member === undefined || there.has(nameOf(profile))) return same;
    return byMember.get(member) ?? [];
  };
  return profiles.map((profile) => {
    const [only, ...more] = listCandidates(profile);
    if (!only || more.length > 0 || taken.has(nameOf(only))) return profile;
    taken.add(nameOf(only));
    return renameProfile(profile, only.metadata.name);
  });
}
