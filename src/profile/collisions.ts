import { groupedBy } from '../util/collections.ts';
import type { Warn } from '../util/notices.ts';
import { byName, nameOf, type Cluster, type ClusterProfile } from './clusterprofile.ts';
import { clusterProfile, type ProfilePlace } from './make.ts';
import { UserError } from '../errors.ts';
import { hashedName } from './names.ts';

export type OnCollision = 'error' | 'hash';

interface Made {
  cluster: Cluster;
  profile: ClusterProfile;
}

/**
 * The profiles of clusters, sorted by name. Two clusters that would share a name are an error that names both, or, with
 * `hash`, both get a hash of their identity: never only the second, so that the order of the input does not matter.
 */
export function clusterProfiles(
  clusters: readonly Cluster[],
  placementOf: (cluster: Cluster) => ProfilePlace,
  { onCollision = 'error', warn }: { onCollision?: OnCollision; warn?: Warn<Cluster> } = {},
): ClusterProfile[] {
  const made = clusters.map((cluster): Made => ({
    cluster,
    profile: clusterProfile(cluster, placementOf(cluster), warn),
  }));
  for (const [target, same] of groupedBy(made, ({ profile }) => nameOf(profile))) {
    if (same.length < 2) continue;
    const [first, second] = same as [Made, Made];
    if (onCollision === 'error')
      throw new UserError(`${first.cluster.identity} and ${second.cluster.identity} would both be ${target}`, {
        hint: '--on-collision=hash adds a hash to both names',
      });
    for (const { cluster, profile } of same)
      profile.metadata.name = hashedName(profile.metadata.name, cluster.identity);
  }
  return made.map(({ profile }) => profile).toSorted(byName);
}
