import type { Comparison, Conflict } from './change.ts';
import { isObject, type KubernetesObject, type ManagedFieldsEntry } from '../object.ts';
import { isMarked, tool, type ClusterProfile } from '../profile/clusterprofile.ts';
import { isDeepStrictEqual } from 'node:util';

/**
 * Server-side apply, seen from the client: what of a live object a field manager owns (`managedFields`, FieldsV1).
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
type FieldSet = Record<string, unknown>;
type JsonMap = Record<string, unknown>;

/** The keys of the API's associative lists, by the name of the list. */
const listKeys: Record<string, string> = {
  conditions: 'type',
  properties: 'name',
  accessProviders: 'name',
  credentialProviders: 'name',
  extensions: 'name',
};

/** What identifies an object is not owned by anybody. */
const identityPaths = new Set(['apiVersion', 'kind', 'metadata.name', 'metadata.namespace']);

/** Merges field sets of one manager: its entry for the object and the one for the status subresource. */
function mergeFields(a: FieldSet, b: FieldSet): FieldSet {
  const merged: FieldSet = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const there = merged[key];
    merged[key] = isObject(there) && isObject(value) ? mergeFields(there, value) : value;
  }
  return merged;
}

const listManagedFields = (live: KubernetesObject): ManagedFieldsEntry[] => live.metadata.managedFields ?? [];

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
const formatItemKey = (key: string, value: unknown): string => `k:${JSON.stringify({ [key]: value })}`;

const getChild = (fields: FieldSet | undefined, key: string): FieldSet | undefined => {
  const found = fields?.[key];
  return isObject(found) ? found : undefined;
};

/** An empty field set owns the whole value; `{".": {}}` would own an empty one. */
const isLeaf = (fields: FieldSet): boolean => Object.keys(fields).length === 0;
const hasItems = (fields: FieldSet): boolean => Object.keys(fields).some((key) => key.startsWith('k:'));

/** The associative key of a list, where both its name and the ownership say it is one (older CRDs have atomic lists). */
function findAssociativeKey(name: string, value: unknown, fields: FieldSet | undefined): string | undefined {
  const key = listKeys[name];
  if (key === undefined || !Array.isArray(value)) return undefined;
  // v1alpha1 keeps extensions as one atomic list: only ownership tells.
  if (name === 'extensions' || (fields && !isLeaf(fields))) return fields && hasItems(fields) ? key : undefined;
  return fields && isLeaf(fields) ? undefined : key;
}

interface FieldNode {
  name: string;
  path: string;
  live: unknown;
  desired: unknown;
  /** What our manager owns here and below. */
  fields: FieldSet | undefined;
}

/** The part of `live` that a write of `desired` sets, or that we own and `desired` no longer has. */
function projectNode(node: FieldNode): unknown {
  const { live, desired, fields } = node;
  if (live === undefined) return undefined;
  if (desired === undefined && fields === undefined) return undefined;
  if (desired === undefined && fields && isLeaf(fields)) return live;
  if (isObject(live) && (desired === undefined || isObject(desired))) return projectObject(node, live);
  const key = findAssociativeKey(node.name, live, fields);
  if (key && (desired === undefined || Array.isArray(desired))) return projectItems(node, key);
  // In our order of keys where it is the same, so that a diff shows differences only.
  return isDeepStrictEqual(live, desired) ? desired : live;
}

function projectObject({ path, desired, fields }: FieldNode, live: JsonMap): JsonMap | undefined {
  if (fields && isLeaf(fields) && desired === undefined) return live;
  const wanted = isObject(desired) ? desired : {};
  const names = [...Object.keys(wanted), ...Object.keys(live).filter((name) => !(name in wanted))];
  const result: JsonMap = {};
  for (const name of names) {
    const at = path === '' ? name : `${path}.${name}`;
    const value = identityPaths.has(at)
      ? wanted[name] === undefined
        ? undefined
        : live[name]
      : projectNode({ name, path: at, live: live[name], desired: wanted[name], fields: getChild(fields, `f:${name}`) });
    if (value !== undefined) result[name] = value;
  }
  return desired === undefined && Object.keys(result).length === 0 ? undefined : result;
}

const indexByKey = (list: unknown, key: string): Map<unknown, JsonMap> =>
  new Map((Array.isArray(list) ? list : []).filter(isObject).map((item) => [item[key], item]));

function projectItems({ path, live, desired, fields }: FieldNode, key: string): unknown[] | undefined {
  const wanted = indexByKey(desired, key);
  const items = indexByKey(live, key);
  const order = [...wanted.keys(), ...[...items.keys()].filter((value) => !wanted.has(value))];
  const result = order
    .map((value) =>
      projectNode({
        name: '',
        path: `${path}[${key}=${JSON.stringify(value)}]`,
        live: items.get(value),
        desired: wanted.get(value),
        fields: getChild(fields, formatItemKey(key, value)),
      }),
    )
    .filter((item) => item !== undefined);
  return desired === undefined && result.length === 0 ? undefined : result;
}

interface Leaf {
  field: string;
  live: unknown;
  desired: unknown;
}

/** The leaves of `desired` that the field set covers. */
function* listCovered(node: FieldNode): Generator<Leaf> {
  const { live, desired, fields, path, name } = node;
  if (desired === undefined || fields === undefined) return;
  const key = findAssociativeKey(name, desired, fields);
  if (isObject(desired) && !isLeaf(fields)) {
    for (const [part, value] of Object.entries(desired)) {
      const there = isObject(live) ? live[part] : undefined;
      yield* listCovered({
        name: part,
        path: `${path}.${part}`,
        live: there,
        desired: value,
        fields: getChild(fields, `f:${part}`),
      });
    }
  } else if (key && Array.isArray(desired)) {
    const items = indexByKey(live, key);
    for (const [value, item] of indexByKey(desired, key))
      yield* listCovered({
        name: '',
        path: `${path}[${key}=${JSON.stringify(value)}]`,
        live: items.get(value),
        desired: item,
        fields: getChild(fields, formatItemKey(key, value)),
      });
  } else yield { field: path, live, desired };
}

/** True when the field set covers every leaf of `desired`. */
function isFullyOwned({ name, path, desired, fields }: FieldNode): boolean {
  if (desired === undefined || identityPaths.has(path)) return true;
  if (isObject(desired) && !(fields && isLeaf(fields)))
    return Object.entries(desired).every(([part, value]) =>
      isFullyOwned({
        name: part,
        path: path === '' ? part : `${path}.${part}`,
        live: undefined,
        desired: value,
        fields: getChild(fields, `f:${part}`),
      }),
    );
  if (fields === undefined) return false;
  const key = findAssociativeKey(name, desired, fields);
  if (!key) return true;
  return [...indexByKey(desired, key)].every(([value, item]) =>
    isFullyOwned({
      name: '',
      path: `${path}[]`,
      live: undefined,
      desired: item,
      fields: getChild(fields, formatItemKey(key, value)),
    }),
  );
}

const createRoot = (live: unknown, desired: unknown, fields: FieldSet | undefined): FieldNode => ({
  name: '',
  path: '',
  live,
  desired,
  fields,
});

/** `Apply` by `kubectl` is `kubectl`; an update says so, since the two are different owners of one name. */
const nameOwner = ({ manager = 'unknown', operation }: ManagedFieldsEntry): string =>
  operation === 'Update' ? `${manager} (update)` : manager;

/** Fields others own with a value that is not ours: the ones server-side apply would answer 409 for. */
export function listConflicts(live: KubernetesObject, desired: KubernetesObject, manager: string): Conflict[] {
  const others = listManagedFields(live).filter((entry) => !(entry.operation === 'Apply' && entry.manager === manager));
  return others.flatMap((entry) =>
    [...listCovered(createRoot(live, desired, entry.fieldsV1))]
      .filter((leaf) => !isDeepStrictEqual(leaf.live, leaf.desired))
      .map((leaf) => ({ field: leaf.field, owner: nameOwner(entry), theirs: leaf.live, ours: leaf.desired })),
  );
}

/** What a server-side apply of `desired` by `manager` would find. */
export function compareApplied<T extends KubernetesObject>(live: T, desired: T, manager: string): Comparison<T> {
  const fields = readOwnedFields(live, manager);
  const before = projectNode(createRoot(live, desired, fields)) as T;
  const owned = fields !== undefined && isFullyOwned(createRoot(live, desired, fields));
  return { before, owned, conflicts: listConflicts(live, desired, manager) };
}

/** The first field manager of a profile that this tool neither applied nor labelled; `undefined` where it did. */
export function findStranger(profile: ClusterProfile): string | undefined {
  if (isMarked(profile)) return undefined;
  const managers = (profile.metadata.managedFields ?? []).map(({ manager = 'unknown' }) => manager);
  return managers.some((manager) => manager === tool || manager.startsWith(`${tool}/`)) ? undefined : managers[0];
}
