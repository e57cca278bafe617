import type { KubernetesObject } from '../clusterprofile.ts';
import type { Change } from '../inventory.ts';

type Data = Record<string, unknown>;

const dataOf = (object: KubernetesObject): Data => (object as KubernetesObject & { data?: Data }).data ?? {};

/** As kubectl shows them: equal values alike, others by which side they are on. */
function veiled(object: KubernetesObject, other: KubernetesObject | undefined, side: string): KubernetesObject {
  const there = other && dataOf(other);
  const data = Object.entries(dataOf(object)).map(([key, value]) => [
    key,
    there === undefined || !(key in there) || there[key] === value ? '***' : `*** (${side})`,
  ]);
  // kubectl keeps whole Secrets in this annotation.
  const { 'kubectl.kubernetes.io/last-applied-configuration': _kept, ...annotations } =
    object.metadata.annotations ?? {};
  const metadata = { ...object.metadata, ...(object.metadata.annotations && { annotations }) };
  return { ...object, metadata, ...(data.length > 0 && { data: Object.fromEntries(data) as Data }) };
}

/** A change with the values of Secrets covered, for everything that is printed. Other kinds stay as they are. */
export function masked(change: Change<KubernetesObject>): Change<KubernetesObject> {
  const { kind } = 'after' in change ? change.after : change.before;
  if (kind !== 'Secret') return change;
  const before = 'before' in change ? change.before : undefined;
  const after = 'after' in change ? change.after : undefined;
  const conflicts = 'conflicts' in change ? change.conflicts : undefined;
  return {
    ...change,
    ...(before && { before: veiled(before, after, 'before') }),
    ...(after && { after: veiled(after, before, 'after') }),
    ...(conflicts && {
      conflicts: conflicts.map((each) =>
        each.field.startsWith('.data') ? { ...each, theirs: '***', ours: '***' } : each,
      ),
    }),
  };
}
