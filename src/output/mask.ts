import type { Change } from '../kubernetes/change.ts';
import type { KubernetesObject } from '../object.ts';
import { findCredentialFields, readFields, type CredentialFields } from '../redact/credential-fields.ts';

type Data = Record<string, unknown>;

/** As kubectl shows them: equal values alike, others by which side they are on. */
function maskFields(
  object: KubernetesObject,
  other: KubernetesObject | undefined,
  side: string,
  { fields, isCredential }: CredentialFields,
): KubernetesObject {
  const under = (field: string): [string, Data][] => {
    const there = other && readFields(other, field);
    const veil = (key: string, value: unknown): string =>
      there === undefined || !Object.hasOwn(there, key) || there[key] === value ? '***' : `*** (${side})`;
    const data = Object.entries(readFields(object, field)).map(([key, value]): [string, unknown] => [
      key,
      isCredential(key, value) ? veil(key, value) : value,
    ]);
    return data.length > 0 ? [[field, Object.fromEntries(data)]] : [];
  };
  // kubectl keeps whole Secrets in this annotation.
  const { 'kubectl.kubernetes.io/last-applied-configuration': _kept, ...annotations } =
    object.metadata.annotations ?? {};
  const metadata = { ...object.metadata, ...(object.metadata.annotations && { annotations }) };
  return { ...object, metadata, ...Object.fromEntries(fields.flatMap(under)) };
}

/** `.data.token` of a Secret, `.spec.tokenData` of another kind, and what holds them. */
function isCovered(path: string, { fields, isCredential }: CredentialFields): boolean {
  const [, top = '', key = ''] = path.split(/[.[]/);
  return fields.includes(top) && (key === '' || isCredential(key, ''));
}

/** A change with its credentials covered, for everything that is printed. Objects without any stay as they are. */
export function maskChange(change: Change<KubernetesObject>): Change<KubernetesObject> {
  const what = findCredentialFields('after' in change ? change.after : change.before);
  if (!what) return change;
  const before = 'before' in change ? change.before : undefined;
  const after = 'after' in change ? change.after : undefined;
  const conflicts = 'conflicts' in change ? change.conflicts : undefined;
  return {
    ...change,
    ...(before && { before: maskFields(before, after, 'before', what) }),
    ...(after && { after: maskFields(after, before, 'after', what) }),
    ...(conflicts && {
      conflicts: conflicts.map((each) =>
        isCovered(each.field, what) ? { ...each, theirs: '***', ours: '***' } : each,
      ),
    }),
  };
}
