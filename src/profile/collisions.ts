import { groupBy } from '../util/collections.ts';
import type { Warn } from '../util/notices.ts';
import { byName, nameOf, type Cluster, type ClusterProfile } from './clusterprofile.ts';
import { buildProfile, type ProfilePlace } from './make.ts';
import { UserError } from '../errors.ts';
import { withholdCredentials } from './withhold.ts';
import { addHash } from './names.ts';
import { makeList } from '../util/text.ts';

type OnCollision = 'error' | 'hash';

/** A profile with the cluster that it was made of. */
interface MadeProfile {
  cluster: Cluster;
  profile: ClusterProfile;
}

/**
 * The profiles of clusters, sorted by name, each with its cluster. Two clusters that would share a name are an error that names both, or, with
 * `hash`, both get a hash of their identity: never only the second, so that the order of the input does not matter.
 */
export function buildProfiles(
  clusters: readonly Cluster[],
  placementOf: (cluster: Cluster) => ProfilePlace,
  { onCollision = 'error', warn = () => {} }: { onCollision?: OnCollision; warn?: Warn<Cluster> } = {},
): MadeProfile[] {
  const made = clusters.map((found): MadeProfile => {
    const cluster = withholdCredentials(found, warn);
    return { cluster, profile: buildProfile(cluster, placementOf(cluster), warn) };
  });
  for (const [target, same] of groupBy(made, ({ profile }) => nameOf(profile))) {
    if (same.length < 2) continue;
    const [first, second] = same as [MadeProfile, MadeProfile];
    const identities = new Set(same.map(({ cluster }) => cluster.identity));
    if (identities.size < same.length)
      throw new UserError(
        `${makeList([...identities])} was read more than once: ${same.length} clusters would be ${target}`,
      );
    if (onCollision === 'error')
      throw new UserError(`${first.cluster.identity} and ${second.cluster.identity} would both be ${target}`, {
        hint: '--on-collision=hash adds a hash to both names',
      });
    for (const { cluster, profile } of same) profile.metadata.name = addHash(profile.metadata.name, cluster.identity);
  }
  return made.toSorted((a, b) => byName(a.profile, b.profile));
}
