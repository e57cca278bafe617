import type { ProblemPath, Severity } from '../problem.ts';
import { keys } from '../../profile/clusterprofile.ts';
import { formatServerKey } from '../../profile/endpoint/server-url.ts';
import { readServerUrl } from './addresses.ts';
import { listServerMarks, type ServerUse } from '../../profile/endpoint/shared-servers.ts';
import { memoise } from '../../util/collections.ts';
import { findProperty, type Profile } from '../input.ts';

/** What profiles are compared by; `undefined` for one that has nothing to compare. */
export type KeyOf = (profile: Profile) => string | undefined;

interface ProfileServer extends ServerUse<Profile> {
  at: ProblemPath;
}

/** The API servers of a profile, with their places. */
export const serversOf = memoise((profile: Profile): ProfileServer[] =>
  profile.providers.flatMap((provider) => {
    const url = readServerUrl(provider);
    if (!url) return [];
    const { cluster = {}, extensions } = provider;
    const forPlugin = extensions.filter(({ value }) => value['name'] === keys.execExtension);
    return [
      {
        at: [...provider.at, 'cluster', 'server'],
        owner: profile,
        scope: profile.namespace,
        server: formatServerKey(url),
        marks: listServerMarks(
          cluster,
          forPlugin.map(({ value }) => value['extension']),
        ),
      },
    ];
  }),
);

/** A cluster's id in its ClusterSet (KEP-2149), with the set: it means nothing without. */
export const readClusterSetId: KeyOf = (profile) => {
  const set = findProperty(profile, keys.clusterSetProperty);
  const id = findProperty(profile, keys.clusterIdProperty);
  return set && id ? `${set}\0${id}` : undefined;
};

/** Whether two profiles stand for one cluster, as far as ids, servers and names tell. */
function compareMembers(a: Profile, b: Profile): { members: 'same' | 'differ' | 'unknown'; serversDiffer: boolean } {
  const left = serversOf(a);
  const right = new Set(serversOf(b).map(({ server }) => server));
  const sameServer = left.some(({ server }) => right.has(server));
  const serversDiffer = left.length > 0 && right.size > 0 && !sameServer;
  if (a.memberId && b.memberId) return { members: a.memberId === b.memberId ? 'same' : 'differ', serversDiffer };
  // A manager that writes one cluster into several inventories gives it one name.
  const sameName = a.namespace !== b.namespace && a.name === b.name && a.manager === b.manager;
  return { members: sameServer || sameName ? 'same' : 'unknown', serversDiffer };
}

/** Which rule two profiles break that have one cluster id, and how badly; `undefined` for the same cluster. */
export function compareClusterIds(profile: Profile, first: Profile): { severity: Severity; id: string } | undefined {
  const { members, serversDiffer } = compareMembers(profile, first);
  if (members === 'same') return undefined;
  if (members === 'unknown') return { id: 'CP125', severity: 'warning' };
  return serversDiffer ? { id: 'CP125', severity: 'error' } : { id: 'CP124', severity: 'warning' };
}
