import type { KubernetesObject } from '../clusterprofile.ts';
import type { Change } from '../inventory.ts';

type Data = Record<string, unknown>;

/** Where the values of a kind are credentials: all of a Secret's data, some of a PediaCluster's spec. */
interface Covered {
  field: 'data' | 'spec';
  keys: RegExp;
}

const covered: Record<string, Covered> = {
  Secret: { field: 'data', keys: /^/ },
  PediaCluster: { field: 'spec', keys: /^(tokenData|keyData|kubeconfig)$/ },
};

const dataOf = (object: KubernetesObject, { field }: Covered): Data =>
  (object as KubernetesObject & Record<string, Data | undefined>)[field] ?? {};

/** As kubectl shows them: equal values alike, others by which side they are on. */
function veiled(
  object: KubernetesObject,
  other: KubernetesObject | undefined,
  side: string,
  what: Covered,
): KubernetesObject {
  const there = other && dataOf(other, what);
  const veil = (key: string, value: unknown): string =>
    there === undefined || !(key in there) || there[key] === value ? '***' : `*** (${side})`;
  const data = Object.entries(dataOf(object, what)).map(([key, value]) => [
    key,
    what.keys.test(key) ? veil(key, value) : value,
  ]);
  // kubectl keeps whole Secrets in this annotation.
  const { 'kubectl.kubernetes.io/last-applied-configuration': _kept, ...annotations } =
    object.metadata.annotations ?? {};
  const metadata = { ...object.metadata, ...(object.metadata.annotations && { annotations }) };
  return { ...object, metadata, ...(data.length > 0 && { [what.field]: Object.fromEntries(data) as Data }) };
}

/** `.data.token` of a Secret, `.spec.tokenData` of a PediaCluster, and what holds them. */
function isCovered(path: string, { field, keys }: Covered): boolean {
  const [, top, key = ''] = path.split(/[.[]/);
  return top === field && (key === '' || keys.test(key));
}

/** A change with its credentials covered, for everything that is printed. Other kinds than these stay as they are. */
export function masked(change: Change<KubernetesObject>): Change<KubernetesObject> {
  const { kind } = 'after' in change ? change.after : change.before;
  const what = covered[kind];
  if (!what) return change;
  const before = 'before' in change ? change.before : undefined;
  const after = 'after' in change ? change.after : undefined;
  const conflicts = 'conflicts' in change ? change.conflicts : undefined;
  return {
    ...change,
    ...(before && { before: veiled(before, after, 'before', what) }),
    ...(after && { after: veiled(after, before, 'after', what) }),
    ...(conflicts && {
      conflicts: conflicts.map((each) =>
        isCovered(each.field, what) ? { ...each, theirs: '***', ours: '***' } : each,
      ),
    }),
  };
}
