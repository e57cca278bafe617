import { nameOf, type ClusterProfile } from '../profile/clusterprofile.ts';
import { findSharedServers, listServerUses } from '../profile/endpoint/shared-servers.ts';
import { identifyMember } from '../profile/members.ts';
import { groupBy } from '../util/collections.ts';
import type { Warn } from '../util/notices.ts';

function areOneMember(a: ClusterProfile, b: ClusterProfile): boolean {
  const member = identifyMember(a);
  return member !== undefined && member === identifyMember(b);
}

/** Says which profiles of an inventory may be of one cluster: by their member id, or by a server that nothing tells apart. */
export function reportTwins(profiles: readonly ClusterProfile[], warn: Warn<ClusterProfile>): void {
  for (const [first, ...others] of groupBy(profiles, identifyMember).values())
    for (const other of others) warn(`its member id is that of ${nameOf(first as ClusterProfile)} too`, other);
  for (const [owner, { earlier }] of findSharedServers(profiles.flatMap(listServerUses), areOneMember))
    warn(`its server is that of ${nameOf(earlier.owner)} too: is it the same cluster?`, owner);
}
