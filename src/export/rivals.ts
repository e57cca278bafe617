import type { ClusterIdentity } from './kit/exporter.ts';
import type { KubernetesObject } from '../object.ts';
import { nameOf } from '../profile/clusterprofile.ts';
import type { TargetStore } from '../stores/target-store.ts';
import { groupBy } from '../util/collections.ts';
import type { Warn } from '../util/notices.ts';

/** Objects that the consumer would take for the same cluster as one of the wanted ones, beside those that go away. */
export function* findRivals(
  { identify, problem }: ClusterIdentity,
  there: readonly KubernetesObject[],
  wanted: readonly KubernetesObject[],
  gone: ReadonlySet<string>,
): Iterable<string> {
  const own = new Set(wanted.map(nameOf));
  const others = there.filter((object) => !own.has(nameOf(object)) && !gone.has(nameOf(object)));
  const pairs = others.flatMap((object) => identify(object).map((id) => ({ id, object })));
  const byIdentity = groupBy(pairs, ({ id }) => id);
  for (const object of wanted)
    for (const id of identify(object))
      for (const rival of byIdentity.get(id) ?? []) yield `${nameOf(rival.object)} and ${nameOf(object)} ${problem}`;
}

/** Says which objects of others stand for clusters that are exported too. */
export async function sayRivals(
  identity: ClusterIdentity,
  store: TargetStore,
  { wanted, gone, namespace }: { wanted: readonly KubernetesObject[]; gone: ReadonlySet<string>; namespace?: string },
  warn: Warn,
): Promise<void> {
  const mine = wanted.filter((object) => object.kind === identity.kind.kind);
  if (!store.select || mine.length === 0) return;
  const there = await store.select(identity.kind, namespace);
  for (const message of findRivals(identity, there, mine, gone)) warn(message);
}
