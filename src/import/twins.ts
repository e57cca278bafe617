import { accessProvidersOf, keys, nameOf, type ClusterProfile } from '../profile/clusterprofile.ts';
import { findSharedServers, listServerMarks, type ServerUse } from '../profile/endpoint/shared-servers.ts';
import { formatServerKey, parseUrl } from '../profile/endpoint/server-url.ts';
import { identifyMember } from '../profile/members.ts';
import { groupBy } from '../util/collections.ts';
import type { Warn } from '../util/notices.ts';

const listUses = (owner: ClusterProfile): ServerUse<ClusterProfile>[] =>
  accessProvidersOf(owner).flatMap(({ cluster }) => {
    const url = parseUrl(cluster?.server ?? '');
    if (!url) return [];
    const forPlugin = (cluster?.extensions ?? []).filter(({ name }) => name === keys.execExtension);
    const marks = listServerMarks(
      { ...cluster },
      forPlugin.map(({ extension }) => extension),
    );
    return [{ owner, scope: owner.metadata.namespace ?? '', server: formatServerKey(url), marks }];
  });

function areOneMember(a: ClusterProfile, b: ClusterProfile): boolean {
  const member = identifyMember(a);
  return member !== undefined && member === identifyMember(b);
}

/** Says which profiles of an inventory may be of one cluster: by their member id, or by a server that nothing tells apart. */
export function reportTwins(profiles: readonly ClusterProfile[], warn: Warn<ClusterProfile>): void {
  for (const [first, ...others] of groupBy(profiles, identifyMember).values())
    for (const other of others) warn(`its member id is that of ${nameOf(first as ClusterProfile)} too`, other);
  for (const [owner, { earlier }] of findSharedServers(profiles.flatMap(listUses), areOneMember))
    warn(`its server is that of ${nameOf(earlier.owner)} too: is it the same cluster?`, owner);
}
