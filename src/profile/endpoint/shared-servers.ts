import { differSomewhere, groupBy } from '../../util/collections.ts';
import { accessProvidersOf, keys, type ClusterProfile } from '../clusterprofile.ts';
import { formatServerKey, parseUrl } from './server-url.ts';

/** A server of somebody, with what tells clusters behind one address apart. */
export interface ServerUse<Owner> {
  owner: Owner;
  /** What the owners are compared in: an inventory. */
  scope: string;
  server: string;
  /** The server's name, its CA, and what a plugin is told; a gap goes with everything. */
  marks: readonly (string | undefined)[];
}

/** What tells a cluster from others at its address. */
export const listServerMarks = (
  cluster: Readonly<Record<string, unknown>>,
  forPlugin: readonly unknown[],
): (string | undefined)[] =>
  // A text is its own mark: of a CA there is one a profile, and they are long.
  [cluster['tls-server-name'], cluster['certificate-authority-data'], ...forPlugin].map((mark) =>
    typeof mark === 'string' ? mark || undefined : mark ? JSON.stringify(mark) : undefined,
  );

/** The servers of a profile, compared in its namespace. */
export const listServerUses = (owner: ClusterProfile): ServerUse<ClusterProfile>[] =>
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

/** Whether one address is that of two clusters: a gateway, or a tunnel from the machine at hand. */
const areToldApart = (a: ServerUse<unknown>, b: ServerUse<unknown>): boolean => differSomewhere(a.marks, b.marks);

/** The earlier one that each use at one address may be of: of those with the same marks, else of all. */
function* pairAtAddress<Use extends ServerUse<unknown>>(uses: readonly Use[]): Generator<{ use: Use; earlier: Use }> {
  const [first] = uses;
  const byMarks = new Map<string, Use>();
  for (const use of uses) {
    const key = JSON.stringify(use.marks);
    const same = byMarks.get(key);
    if (same) yield { use, earlier: same };
    else byMarks.set(key, use);
    if (first && first !== use && !areToldApart(first, use)) yield { use, earlier: first };
  }
}

/**
 * The first server that may be the one of somebody earlier, for each owner that has such a one. `isOne` tells owners that
 * are known to be one.
 */
export function findSharedServers<Owner, Use extends ServerUse<Owner>>(
  uses: readonly Use[],
  isOne: (a: Owner, b: Owner) => boolean,
): ReadonlyMap<Owner, { use: Use; earlier: Use }> {
  const shared = new Map<Owner, { use: Use; earlier: Use }>();
  for (const atAddress of groupBy(uses, ({ scope, server }) => `${scope}\0${server}`).values())
    // Nearly every server is alone at its address.
    for (const pair of atAddress.length > 1 ? pairAtAddress(atAddress) : []) {
      const [owner, other] = [pair.use.owner, pair.earlier.owner];
      if (!shared.has(owner) && other !== owner && !isOne(other, owner)) shared.set(owner, pair);
    }
  return shared;
}
