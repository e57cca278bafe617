import type { ProblemPath, Severity } from '../problem.ts';
import { keys } from '../../profile/clusterprofile.ts';
import { formatServerKey } from '../../profile/endpoint/server-url.ts';
import { readServerUrl } from './addresses.ts';
import { differSomewhere, memoise } from '../../util/collections.ts';
import { findProperty, type Profile } from '../input.ts';

/** What profiles are compared by; `undefined` for one that has nothing to compare. */
export type KeyOf = (profile: Profile) => string | undefined;

export interface ProfileServer {
  at: ProblemPath;
  server: string;
  /** What tells clusters behind one address apart: the server's name, its CA, and what a plugin is told. */
  marks: readonly (string | undefined)[];
}

/** The API servers of a profile, with their places. */
export const serversOf = memoise(({ providers }: Profile): ProfileServer[] =>
  providers.flatMap((provider) => {
    const url = readServerUrl(provider);
    if (!url) return [];
    const { cluster = {}, extensions } = provider;
    const forPlugin = extensions.filter(({ value }) => value['name'] === keys.execExtension);
    const marks = [
      cluster['tls-server-name'],
      cluster['certificate-authority-data'],
      ...forPlugin.map(({ value }) => value['extension']),
    ];
    return [
      {
        at: [...provider.at, 'cluster', 'server'],
        server: formatServerKey(url),
        marks: marks.map((mark) => (mark ? JSON.stringify(mark) : undefined)),
      },
    ];
  }),
);

/** Whether one address is that of two clusters: a gateway, or a tunnel from the machine at hand. */
export const areToldApart = (a: ProfileServer, b: ProfileServer): boolean => differSomewhere(a.marks, b.marks);

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
