import { isObject, type KubernetesObject, type ManagedFieldsEntry, readOwn } from '../object.ts';

/**
 * What a field manager owns of an object, as `managedFields` writes it (FieldsV1).
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export type FieldSet = Record<string, unknown>;

/** The keys of the API's associative lists, by the name of the list. */
const listKeys: Record<string, string> = {
  conditions: 'type',
  properties: 'name',
  accessProviders: 'name',
  credentialProviders: 'name',
  extensions: 'name',
};

/** Merges two field sets: those of one manager for the object and for its status, or those of two managers. */
export function mergeFields(a: FieldSet, b: FieldSet): FieldSet {
  const merged: FieldSet = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const there = readOwn(merged, key);
    merged[key] = isObject(there) && isObject(value) ? mergeFields(there, value) : value;
  }
  return merged;
}

export const listManagedFields = (live: KubernetesObject): ManagedFieldsEntry[] => live.metadata.managedFields ?? [];

/** The field set that `manager` owns by server-side apply; `undefined` if it never applied to the object. */
export function readOwnedFields(live: KubernetesObject, manager: string): FieldSet | undefined {
  const own = listManagedFields(live).filter((entry) => entry.operation === 'Apply' && entry.manager === manager);
  return own.length === 0 ? undefined : own.map(({ fieldsV1 }) => fieldsV1 ?? {}).reduce(mergeFields, {});
}

/** Who has applied to an object. */
export const listAppliers = (live: KubernetesObject): string[] =>
  listManagedFields(live).flatMap(({ operation, manager }) =>
    operation === 'Apply' && manager !== undefined ? [manager] : [],
  );

/** What one field set has and another lacks, as FieldsV1 writes it: `f:data.f:server`. */
function* subtractFields(fields: FieldSet, others: FieldSet | undefined, path: string): Iterable<string> {
  for (const [key, inner] of Object.entries(fields)) {
    if (key === '.') continue;
    const there = getChild(others, key);
    if (isObject(inner) && !isLeaf(inner)) yield* subtractFields(inner, there, `${path}${key}.`);
    else if (there === undefined) yield `${path}${key}`;
  }
}

/** The fields beside its metadata that an object would lose if `manager` gave up what it owns, and `others` stayed. */
export function listHeldAlone(live: KubernetesObject, manager: string, others: readonly string[]): string[] {
  const { 'f:metadata': _metadata, ...own } = readOwnedFields(live, manager) ?? {};
  const rest = others.map((other) => readOwnedFields(live, other) ?? {}).reduce(mergeFields, {});
  return [...subtractFields(own, rest, '')].map((path) => path.replaceAll('f:', ''));
}

/** FieldsV1 writes a list item as `k:{"type":"Joined"}`. */
export const formatItemKey = (key: string, value: unknown): string => `k:${JSON.stringify({ [key]: value })}`;

export const getChild = (fields: FieldSet | undefined, key: string): FieldSet | undefined => {
  const found = fields?.[key];
  return isObject(found) ? found : undefined;
};

/** An empty field set owns the whole value; `{".": {}}` would own an empty one. */
export const isLeaf = (fields: FieldSet): boolean => Object.keys(fields).length === 0;
const hasItems = (fields: FieldSet): boolean => Object.keys(fields).some((key) => key.startsWith('k:'));

/** The associative key of a list, where both its name and the ownership say it is one (older CRDs have atomic lists). */
export function findAssociativeKey(name: string, value: unknown, fields: FieldSet | undefined): string | undefined {
  const key = readOwn(listKeys, name);
  if (key === undefined || !Array.isArray(value)) return undefined;
  // v1alpha1 keeps extensions as one atomic list: only ownership tells.
  if (name === 'extensions' || (fields && !isLeaf(fields))) return fields && hasItems(fields) ? key : undefined;
  return fields && isLeaf(fields) ? undefined : key;
}
