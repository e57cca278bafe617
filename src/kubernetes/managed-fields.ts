import type { Comparison, Conflict, SharedField } from './change.ts';
import {
  findAssociativeKey,
  formatItemKey,
  getChild,
  isLeaf,
  listManagedFields,
  readOwnedFields,
  type FieldSet,
} from './field-set.ts';
import { isObject, type KubernetesObject, type ManagedFieldsEntry, readOwn } from '../object.ts';
import { isMarked, tool, type ClusterProfile } from '../profile/clusterprofile.ts';
import { isDeepStrictEqual } from 'node:util';

/** Server-side apply, seen from the client: what a write of an object would find on the hub. */
type JsonMap = Record<string, unknown>;

/** What identifies an object is not owned by anybody. */
const identityPaths = new Set(['apiVersion', 'kind', 'metadata.name', 'metadata.namespace']);

/** What somebody else owns, here and below. */
interface Owned {
  owner: string;
  fields: FieldSet;
}

/** One place in an object: what is there, what is wanted, who owns it. */
interface FieldNode {
  name: string;
  path: string;
  live: unknown;
  desired: unknown;
  /** What our manager owns here and below. */
  fields: FieldSet | undefined;
  theirs: readonly Owned[];
  /** It is an item of an associative list. */
  isItem: boolean;
}

const indexByKey = (list: unknown, key: string): Map<unknown, JsonMap> =>
  new Map((Array.isArray(list) ? list : []).filter(isObject).map((item) => [item[key], item]));

const nobody: readonly Owned[] = [];

/** What others own one step further in. Who owns a whole value owns all that is in it. */
function stepIntoOwned(theirs: readonly Owned[], step: string): readonly Owned[] {
  // Most of what is walked is nobody else's.
  if (theirs.length === 0) return nobody;
  return theirs.flatMap((each) => {
    const inner = isLeaf(each.fields) ? each.fields : getChild(each.fields, step);
    return inner ? [{ owner: each.owner, fields: inner }] : [];
  });
}

/** The node one step further in. */
function stepInto(
  { fields, theirs }: FieldNode,
  step: string,
  { name, path, live, desired, isItem }: Pick<FieldNode, 'name' | 'path' | 'live' | 'desired' | 'isItem'>,
): FieldNode {
  return { name, path, live, desired, isItem, fields: getChild(fields, step), theirs: stepIntoOwned(theirs, step) };
}

function listMembers(node: FieldNode): FieldNode[] {
  const [live, desired] = [node.live, node.desired].map((each) => (isObject(each) ? each : {})) as [JsonMap, JsonMap];
  const names = [...Object.keys(desired), ...Object.keys(live).filter((name) => !Object.hasOwn(desired, name))];
  return names.map((name) => {
    const path = node.path === '' ? name : `${node.path}.${name}`;
    return stepInto(node, `f:${name}`, {
      name,
      path,
      live: readOwn(live, name),
      desired: readOwn(desired, name),
      isItem: false,
    });
  });
}

function listItems(node: FieldNode, key: string): FieldNode[] {
  const [items, wanted] = [indexByKey(node.live, key), indexByKey(node.desired, key)];
  const order = [...wanted.keys(), ...[...items.keys()].filter((value) => !wanted.has(value))];
  return order.map((value) => {
    const path = `${node.path}[${key}=${JSON.stringify(value)}]`;
    const child = { name: '', path, live: items.get(value), desired: wanted.get(value), isItem: true };
    return stepInto(node, formatItemKey(key, value), child);
  });
}

/** What a node holds, in our order; `undefined` for a value that is one, or owned as one by `fields`. */
function listChildren(node: FieldNode, fields: FieldSet | undefined): FieldNode[] | undefined {
  const { live, desired, name } = node;
  if (fields && isLeaf(fields)) return undefined;
  const value = desired ?? live;
  if (isObject(value)) return live === undefined || isObject(live) ? listMembers(node) : undefined;
  const key = findAssociativeKey(name, value, fields);
  return key === undefined || (live !== undefined && !Array.isArray(live)) ? undefined : listItems(node, key);
}

/** The part of `live` that a write of `desired` sets, or that we alone own and `desired` no longer has. */
function projectNode(node: FieldNode): unknown {
  const { live, desired, fields, path, theirs } = node;
  if (live === undefined || (desired === undefined && fields === undefined)) return undefined;
  if (identityPaths.has(path)) return desired === undefined ? undefined : live;
  // What is wanted says how far to look; of what is not, our ownership does.
  const children = listChildren(node, isObject(desired) ? undefined : fields);
  if (!children) {
    if (desired === undefined) return theirs.length > 0 ? undefined : live;
    // In our order of keys where it is the same, so that a diff shows differences only.
    return isDeepStrictEqual(live, desired) ? desired : live;
  }
  const found = children
    .map((child) => [child.name, projectNode(child)] as const)
    .filter(([, value]) => value !== undefined);
  if (desired === undefined && found.length === 0) return undefined;
  return Array.isArray(live) ? found.map(([, value]) => value) : Object.fromEntries(found);
}

/** What we own and `desired` no longer has, and others own too: it stays. A list item is named as a whole. */
function* listShared(node: FieldNode): Generator<SharedField> {
  const { live, desired, fields, path, theirs, isItem } = node;
  if (theirs.length === 0 || live === undefined || fields === undefined || identityPaths.has(path)) return;
  const children = listChildren(node, fields);
  if (!children) {
    if (desired === undefined && theirs.length > 0) yield { field: path, owners: theirs.map(({ owner }) => owner) };
    return;
  }
  const below = children.flatMap((child) => [...listShared(child)]);
  if (!isItem || desired !== undefined) yield* below;
  else if (below.length > 0) yield { field: path, owners: [...new Set(below.flatMap(({ owners }) => owners))] };
}

/** The leaves of `desired` that the field set covers. */
function* listCovered(node: FieldNode): Generator<FieldNode> {
  if (node.desired === undefined || node.fields === undefined) return;
  const children = listChildren(node, node.fields);
  if (children) for (const child of children) yield* listCovered(child);
  else yield node;
}

/** True when the field set covers every leaf of `desired`. */
function isFullyOwned(node: FieldNode): boolean {
  if (node.desired === undefined || identityPaths.has(node.path)) return true;
  const children = listChildren({ ...node, live: undefined }, node.fields);
  if (children && (node.fields !== undefined || isObject(node.desired))) return children.every(isFullyOwned);
  return node.fields !== undefined;
}

const createRoot = (live: KubernetesObject, desired: KubernetesObject, fields: FieldSet | undefined): FieldNode => ({
  name: '',
  path: '',
  live,
  desired,
  fields,
  theirs: [],
  isItem: false,
});

/** `Apply` by `kubectl` is `kubectl`; an update says so, since the two are different owners of one name. */
const nameOwner = ({ manager = 'unknown', operation }: ManagedFieldsEntry): string =>
  operation === 'Update' ? `${manager} (update)` : manager;

const listOthers = (live: KubernetesObject, manager: string): ManagedFieldsEntry[] =>
  listManagedFields(live).filter((entry) => !(entry.operation === 'Apply' && entry.manager === manager));

/** Fields others own with a value that is not ours: the ones server-side apply would answer 409 for. */
export function listConflicts(live: KubernetesObject, desired: KubernetesObject, manager: string): Conflict[] {
  return listOthers(live, manager).flatMap((entry) =>
    [...listCovered(createRoot(live, desired, entry.fieldsV1))]
      .filter((leaf) => !isDeepStrictEqual(leaf.live, leaf.desired))
      .map((leaf) => ({
        field: `.${leaf.path}`,
        owner: nameOwner(entry),
        theirs: leaf.live,
        ours: leaf.desired,
      })),
  );
}

/** What a server-side apply of `desired` by `manager` would find. */
export function compareApplied<T extends KubernetesObject>(live: T, desired: T, manager: string): Comparison<T> {
  const fields = readOwnedFields(live, manager);
  const theirs = listOthers(live, manager).flatMap(({ manager: owner = 'unknown', fieldsV1 }) =>
    fieldsV1 ? [{ owner, fields: fieldsV1 }] : [],
  );
  const root = createRoot(live, desired, fields);
  const among = { ...root, theirs };
  const shared = [...listShared(among)];
  return {
    before: projectNode(among) as T,
    ...(shared.length > 0 && { ours: projectNode(root) as T, shared }),
    owned: fields !== undefined && isFullyOwned(root),
    conflicts: listConflicts(live, desired, manager),
  };
}

/** The first field manager of a profile that this tool neither applied nor labelled; `undefined` where it did. */
export function findStranger(profile: ClusterProfile): string | undefined {
  if (isMarked(profile)) return undefined;
  const managers = (profile.metadata.managedFields ?? []).map(({ manager = 'unknown' }) => manager);
  return managers.some((manager) => manager === tool || manager.startsWith(`${tool}/`)) ? undefined : managers[0];
}
