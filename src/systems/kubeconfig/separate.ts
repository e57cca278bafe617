import type { KubeCluster, KubeUser } from '../../kubernetes/kubeconfig-entries.ts';
import type { Item } from '../../import/kit/importer.ts';
import { hashText } from '../../profile/names.ts';
import {
  chooseScheme,
  formatServerKey,
  normaliseServerUrl,
  parseUrl,
  type Scheme,
} from '../../profile/endpoint/server-url.ts';
import { differSomewhere, groupBy } from '../../util/collections.ts';
import { readGatewayCluster } from './plugins.ts';

/** Which entries of one name are one cluster. */

/** A cluster, or a context where one cluster entry stands for several. */
export interface KubeconfigCluster extends Item<undefined> {
  name: string;
  kind: 'cluster' | 'context';
  /** Unique among all entries that were read. */
  identity: string;
  cluster: KubeCluster;
  userName: string | undefined;
  user: KubeUser | undefined;
  /** How many contexts of it have users of their own. */
  users: number;
}

/** An entry of a kubeconfig before it is known which others are the same cluster. */
export type Entry = Omit<KubeconfigCluster, 'identity'>;

/** How client-go dials a server without a scheme: by TLS where the entry says something about TLS. */
export const readScheme = ({ cluster, user }: Pick<KubeconfigCluster, 'cluster' | 'user'>): Scheme =>
  chooseScheme(cluster.caData, cluster.caFile, cluster.insecure, user?.certData, user?.certFile);

/** What an entry is reached at: its server, with what a gateway is told. */
function readPlace(entry: Entry): string {
  const server = normaliseServerUrl(entry.cluster.server, undefined, readScheme(entry)) ?? '';
  const url = parseUrl(server);
  const gateway = readGatewayCluster(entry.userName, entry.user);
  const place = url ? `${url.protocol}//${formatServerKey(url)}` : server;
  return gateway ? `${place} ${Object.values(gateway.extension).join(' ')}` : place;
}

/** An entry that checks its server by a CA goes before one that does not. */
const rankSafety = ({ cluster: { caData, caFile, insecure } }: Entry): number =>
  caData ? 0 : caFile ? 1 : insecure ? 3 : 2;

/** What tells entries of one server apart. One that lacks a CA, a name or a proxy may be any. */
const marksOf = ({ cluster: { caData, tlsServerName, proxyUrl } }: Entry): (string | undefined)[] =>
  [caData, tlsServerName, proxyUrl].map((mark) => mark || undefined);

/** The clusters that entries of one server stand for, the entry that says most of each. */
function pickClusters(same: readonly Entry[]): Entry[] {
  const countMarks = ({ cluster }: Entry): number => Number(!cluster.tlsServerName) + Number(!cluster.proxyUrl);
  const sorted = same.toSorted((a, b) => rankSafety(a) - rankSafety(b) || countMarks(a) - countMarks(b));
  const picked: Entry[] = [];
  const byCa = new Map<string, Entry[]>();
  for (const entry of sorted) {
    const { caData } = entry.cluster;
    // Those with a CA come first, so that one with another CA has nobody else to be compared with.
    const candidates = caData ? (byCa.get(caData) ?? []) : picked;
    if (candidates.some((each) => !differSomewhere(marksOf(each), marksOf(entry)))) continue;
    picked.push(entry);
    if (caData) byCa.set(caData, [...candidates, entry]);
  }
  return picked;
}

/** Says of an entry what tells it from others of its server. */
function describeMarks({ cluster: { caData, tlsServerName, proxyUrl } }: Entry): string {
  const ca = caData && `CA ${hashText(caData)}`;
  const name = tlsServerName && `TLS name ${tlsServerName}`;
  const proxy = proxyUrl && `proxy ${hashText(proxyUrl)}`;
  return [ca, name, proxy]
    .filter(Boolean)
    .map((mark) => `, ${mark}`)
    .join('');
}

/**
 * Clusters of one name, each once. The same server is the same cluster, unless two CAs, TLS names or proxies say that
 * it is not: many clusters are behind 127.0.0.1:6443.
 */
export function separateClusters(entries: readonly Entry[]): KubeconfigCluster[] {
  const found: KubeconfigCluster[] = [];
  for (const [place, same] of groupBy(entries, readPlace)) {
    const picked = pickClusters(same);
    for (const first of picked) {
      const mayBe = (each: Entry): boolean =>
        each.user !== undefined && !differSomewhere(marksOf(each), marksOf(first));
      const user = first.user ? first : (same.find(mayBe) ?? first);
      const where = picked.length > 1 ? `${place}${describeMarks(first)}` : place;
      const identity = `kubeconfig/${first.kind}/${first.name} (${where})`;
      found.push({ ...first, userName: user.userName, user: user.user, identity });
    }
  }
  const [only] = found;
  return found.length === 1 && only ? [{ ...only, identity: `kubeconfig/${only.kind}/${only.name}` }] : found;
}
