import type { Comparison, Conflict } from './change.ts';
import { isObject, type KubernetesObject, type ManagedFieldsEntry } from '../object.ts';
import { isMarked, tool, type ClusterProfile } from '../profile/clusterprofile.ts';
import { isDeepStrictEqual } from 'node:util';

/**
 * Server-side apply, seen from the client: what of a live object a field manager owns (`managedFields`, FieldsV1).
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
type Fields = Record<string, unknown>;
type Json = Record<string, unknown>;

/** The keys of the API's associative lists, by the name of the list. */
const listKeys: Record<string, string> = {
  conditions: 'type',
  properties: 'name',
  accessProviders: 'name',
  credentialProviders: 'name',
  extensions: 'name',
};

/** What identifies an object is not owned by anybody. */
const identity = new Set(['apiVersion', 'kind', 'metadata.name', 'metadata.namespace']);

/** Merges field sets of one manager: its entry for the object and the one for the status subresource. */
function mergeFields(a: Fields, b: Fields): Fields {
  const merged: Fields = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const there = merged[key];
    merged[key] = isObject(there) && isObject(value) ? mergeFields(there, value) : value;
  }
  return merged;
}

const entries = (live: KubernetesObject): ManagedFieldsEntry[] => live.metadata.managedFields ?? [];

/** The field set that `manager` owns by server-side apply; `undefined` if it never applied to the object. */
export function ownedFields(live: KubernetesObject, manager: string): Fields | undefined {
  const own = entries(live).filter((entry) => entry.operation === 'Apply' && entry.manager === manager);
  return own.length === 0 ? undefined : own.map(({ fieldsV1 }) => fieldsV1 ?? {}).reduce(mergeFields, {});
}

/** Who has applied to an object. */
export const appliersOf = (live: KubernetesObject): string[] =>
  entries(live).flatMap(({ operation, manager }) => (operation === 'Apply' && manager !== undefined ? [manager] : []));

/** What one field set has and another lacks, as FieldsV1 writes it: `f:data.f:server`. */
function* without(fields: Fields, others: Fields | undefined, path: string): Iterable<string> {
  for (const [key, inner] of Object.entries(fields)) {
    if (key === '.') continue;
    const there = child(others, key);
    if (isObject(inner) && !isLeaf(inner)) yield* without(inner, there, `${path}${key}.`);
    else if (there === undefined) yield `${path}${key}`;
  }
}

/** The fields beside its metadata that an object would lose if `manager` gave up what it owns, and `others` stayed. */
export function heldAlone(live: KubernetesObject, manager: string, others: readonly string[]): string[] {
  const { 'f:metadata': _metadata, ...own } = ownedFields(live, manager) ?? {};
  const rest = others.map((other) => ownedFields(live, other) ?? {}).reduce(mergeFields, {});
  return [...without(own, rest, '')].map((path) => path.replaceAll('f:', ''));
}

/** FieldsV1 writes a list item as `k:{"type":"Joined"}`. */
const itemKey = (key: string, value: unknown): string => `k:${JSON.stringify({ [key]: value })}`;

const child = (fields: Fields | undefined, key: string): Fields | undefined => {
  const found = fields?.[key];
  return isObject(found) ? found : undefined;
};

/** An empty field set owns the whole value; `{".": {}}` would own an empty one. */
const isLeaf = (fields: Fields): boolean => Object.keys(fields).length === 0;
const hasItems = (fields: Fields): boolean => Object.keys(fields).some((key) => key.startsWith('k:'));

/** The associative key of a list, where both its name and the ownership say it is one (older CRDs have atomic lists). */
function associativeKey(name: string, value: unknown, fields: Fields | undefined): string | undefined {
  const key = listKeys[name];
  if (key === undefined || !Array.isArray(value)) return undefined;
  // v1alpha1 keeps extensions as one atomic list: only ownership tells.
  if (name === 'extensions' || (fields && !isLeaf(fields))) return fields && hasItems(fields) ? key : undefined;
  return fields && isLeaf(fields) ? undefined : key;
}

interface Node {
  name: string;
  path: string;
  live: unknown;
  desired: unknown;
  /** What our manager owns here and below. */
  fields: Fields | undefined;
}

/** The part of `live` that a write of `desired` sets, or that we own and `desired` no longer has. */
function project(node: Node): unknown {
  const { live, desired, fields } = node;
  if (live === undefined) return undefined;
  if (desired === undefined && fields === undefined) return undefined;
  if (desired === undefined && fields && isLeaf(fields)) return live;
  if (isObject(live) && (desired === undefined || isObject(desired))) return projectObject(node, live);
  const key = associativeKey(node.name, live, fields);
  if (key && (desired === undefined || Array.isArray(desired))) return projectItems(node, key);
  // In our order of keys where it is the same, so that a diff shows differences only.
  return isDeepStrictEqual(live, desired) ? desired : live;
}

function projectObject({ path, desired, fields }: Node, live: Json): Json | undefined {
  if (fields && isLeaf(fields) && desired === undefined) return live;
  const wanted = isObject(desired) ? desired : {};
  const names = [...Object.keys(wanted), ...Object.keys(live).filter((name) => !(name in wanted))];
  const result: Json = {};
  for (const name of names) {
    const at = path === '' ? name : `${path}.${name}`;
    const value = identity.has(at)
      ? wanted[name] === undefined
        ? undefined
        : live[name]
      : project({ name, path: at, live: live[name], desired: wanted[name], fields: child(fields, `f:${name}`) });
    if (value !== undefined) result[name] = value;
  }
  return desired === undefined && Object.keys(result).length === 0 ? undefined : result;
}

const byKey = (list: unknown, key: string): Map<unknown, Json> =>
  new Map((Array.isArray(list) ? list : []).filter(isObject).map((item) => [item[key], item]));

function projectItems({ path, live, desired, fields }: Node, key: string): unknown[] | undefined {
  const wanted = byKey(desired, key);
  const items = byKey(live, key);
  const order = [...wanted.keys(), ...[...items.keys()].filter((value) => !wanted.has(value))];
  const result = order
    .map((value) =>
      project({
        name: '',
        path: `${path}[${key}=${JSON.stringify(value)}]`,
        live: items.get(value),
        desired: wanted.get(value),
        fields: child(fields, itemKey(key, value)),
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
function* covered(node: Node): Generator<Leaf> {
  const { live, desired, fields, path, name } = node;
  if (desired === undefined || fields === undefined) return;
  const key = associativeKey(name, desired, fields);
  if (isObject(desired) && !isLeaf(fields)) {
    for (const [part, value] of Object.entries(desired)) {
      const there = isObject(live) ? live[part] : undefined;
      yield* covered({
        name: part,
        path: `${path}.${part}`,
        live: there,
        desired: value,
        fields: child(fields, `f:${part}`),
      });
    }
  } else if (key && Array.isArray(desired)) {
    const items = byKey(live, key);
    for (const [value, item] of byKey(desired, key))
      yield* covered({
        name: '',
        path: `${path}[${key}=${JSON.stringify(value)}]`,
        live: items.get(value),
        desired: item,
        fields: child(fields, itemKey(key, value)),
      });
  } else yield { field: path, live, desired };
}

/** True when the field set covers every leaf of `desired`. */
function ownsAll({ name, path, desired, fields }: Node): boolean {
  if (desired === undefined || identity.has(path)) return true;
  if (isObject(desired) && !(fields && isLeaf(fields)))
    return Object.entries(desired).every(([part, value]) =>
      ownsAll({
        name: part,
        path: path === '' ? part : `${path}.${part}`,
        live: undefined,
        desired: value,
        fields: child(fields, `f:${part}`),
      }),
    );
  if (fields === undefined) return false;
  const key = associativeKey(name, desired, fields);
  if (!key) return true;
  return [...byKey(desired, key)].every(([value, item]) =>
    ownsAll({
      name: '',
      path: `${path}[]`,
      live: undefined,
      desired: item,
      fields: child(fields, itemKey(key, value)),
    }),
  );
}

const root = (live: unknown, desired: unknown, fields: Fields | undefined): Node => ({
  name: '',
  path: '',
  live,
  desired,
  fields,
});

/** `Apply` by `kubectl` is `kubectl`; an update says so, since the two are different owners of one name. */
const ownerOf = ({ manager = 'unknown', operation }: ManagedFieldsEntry): string =>
  operation === 'Update' ? `${manager} (update)` : manager;

/** Fields others own with a value that is not ours: the ones server-side apply would answer 409 for. */
export function conflictsOf(live: KubernetesObject, desired: KubernetesObject, manager: string): Conflict[] {
  const others = entries(live).filter((entry) => !(entry.operation === 'Apply' && entry.manager === manager));
  return others.flatMap((entry) =>
    [...covered(root(live, desired, entry.fieldsV1))]
      .filter((leaf) => !isDeepStrictEqual(leaf.live, leaf.desired))
      .map((leaf) => ({ field: leaf.field, owner: ownerOf(entry), theirs: leaf.live, ours: leaf.desired })),
  );
}

/** What a server-side apply of `desired` by `manager` would find. */
export function compareApplied<T extends KubernetesObject>(live: T, desired: T, manager: string): Comparison<T> {
  const fields = ownedFields(live, manager);
  const before = project(root(live, desired, fields)) as T;
  const owned = fields !== undefined && ownsAll(root(live, desired, fields));
  return { before, owned, conflicts: conflictsOf(live, desired, manager) };
}

/** The first field manager of a profile that this tool neither applied nor labelled; `undefined` where it did. */
export function strangerOf(profile: ClusterProfile): string | undefined {
  if (isMarked(profile)) return undefined;
  const managers = (profile.metadata.managedFields ?? []).map(({ manager = 'unknown' }) => manager);
  return managers.some((manager) => manager === tool || manager.startsWith(`${tool}/`)) ? undefined : managers[0];
}
