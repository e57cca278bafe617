import { isUserError, UserError } from './errors.ts';

export interface ManagedFieldsEntry {
  manager?: string;
  operation?: string;
  subresource?: string;
  time?: string;
  fieldsV1?: Record<string, unknown>;
}

export interface ObjectMeta {
  name: string;
  generateName?: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  finalizers?: string[];
  managedFields?: ManagedFieldsEntry[];
  ownerReferences?: { kind?: string; name?: string; controller?: boolean }[];
}

export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

/** It is deleted, and stays until its finalizers are done: what is written to it goes with it. */
export const isBeingDeleted = ({ metadata }: KubernetesObject): boolean => metadata.deletionTimestamp !== undefined;

/** A resource kind as a system declares it. */
export interface ResourceKind {
  group: string;
  /** Served versions this tool can read, the best one first. */
  versions: readonly string[];
  /** Groups that the kind had in earlier releases, whose objects are not read. */
  formerGroups?: readonly string[];
  kind: string;
  plural: string;
  /** Narrow a live list on the server; `accepts` still decides. */
  labelSelector?: string;
  fieldSelector?: string;
  /** It has no namespace, so `--source-namespace` is not about it. */
  clusterScoped?: boolean;
  /** Where the objects live unless `--source-namespace` says otherwise; absent: every namespace. */
  namespace?: string;
  /** An object of the source names that namespace, so `--source-namespace` is not about it. */
  isNamespaceNamed?: boolean;
}

/** The namespace whose objects of a kind are read, where `--source-namespace` gives `asked`; undefined: every one. */
export const chooseNamespace = (
  { clusterScoped, namespace, isNamespaceNamed }: ResourceKind,
  asked: string | undefined,
): string | undefined => (clusterScoped ? undefined : isNamespaceNamed ? namespace : (asked ?? namespace));

/**
 * Reading fields of objects that nobody checked: absent is `undefined`, and a wrong type is an error that names the
 * path and never the value, which may be a secret.
 */

/** True for a map; false for a list, a scalar and null. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Where in a value the first integer is that a double cannot tell from its neighbours: it was read, and would be written
 * with other digits. The keys that lead there.
 */
export function findInexact(value: unknown): (string | number)[] | undefined {
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value) ? [] : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  for (const [key, inner] of entries) {
    const path = findInexact(inner);
    if (path) return [key, ...path];
  }
  return undefined;
}

/** A path as messages write it: `.status.conditions[0]`. */
export const formatKeys = (path: readonly (string | number)[]): string =>
  path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');

/** The value of a key that a map itself has: a remote text may be called as something that every object inherits. */
export const readOwn = <T>(map: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(map, key) ? map[key] : undefined;

const nameType = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : isObject(value) ? 'a map' : `a ${typeof value}`;

function rejectType(path: readonly string[], wanted: string, value: unknown): UserError {
  return new UserError(`${path.join('.')} should be ${wanted}, it is ${nameType(value)}`);
}

/** The value at a path, `undefined` when it or anything on the way is absent or null. */
export function value(object: unknown, ...path: string[]): unknown {
  let at: unknown = object;
  // By index: every field of every object passes here.
  for (let depth = 0; depth < path.length; depth++) {
    const key = path[depth] as string;
    if (at === undefined || at === null) return undefined;
    if (!isObject(at)) throw rejectType(path.slice(0, depth), 'a map', at);
    at = readOwn(at, key);
  }
  return at ?? undefined;
}

export function text(object: unknown, ...path: string[]): string | undefined {
  const found = value(object, ...path);
  if (found === undefined || typeof found === 'string') return found;
  throw rejectType(path, 'a string', found);
}

export function flag(object: unknown, ...path: string[]): boolean | undefined {
  const found = value(object, ...path);
  if (found === undefined || typeof found === 'boolean') return found;
  throw rejectType(path, 'true or false', found);
}

export function number(object: unknown, ...path: string[]): number | undefined {
  const found = value(object, ...path);
  if (found === undefined || typeof found === 'number') return found;
  throw rejectType(path, 'a number', found);
}

/** A list of maps, for conditions, taints and the like; empty when absent. */
export function maps(object: unknown, ...path: string[]): Record<string, unknown>[] {
  const found = list(object, ...path);
  for (const [index, item] of found.entries())
    if (!isObject(item)) throw rejectType([...path.slice(0, -1), `${path.at(-1)}[${index}]`], 'a map', item);
  return found as Record<string, unknown>[];
}

/** What is read of each map of a list; the error about one of them names its place: `status.conditions[0].type`. */
export function readEach<T>(object: unknown, path: readonly string[], read: (item: Record<string, unknown>) => T): T[] {
  return maps(object, ...path).map((item, index) => {
    try {
      return read(item);
    } catch (error) {
      if (!isUserError(error)) throw error;
      throw new UserError(`${path.join('.')}[${index}].${error.message}`, { cause: error });
    }
  });
}

/** What is read of the first map of a list that has a text under a key; `undefined` where none has it. */
export const readMatch = <T>(
  object: unknown,
  path: readonly string[],
  [key, wanted]: readonly [key: string, wanted: string],
  read: (item: Record<string, unknown>) => T,
): T | undefined =>
  readEach(object, path, (item) => (text(item, key) === wanted ? { found: read(item) } : undefined)).find(
    (each) => each !== undefined,
  )?.found;

/** A time as RFC 3339 or in seconds since 1970. */
export function time(object: unknown, ...path: string[]): string | number | undefined {
  const found = value(object, ...path);
  const isTime = typeof found === 'string' && (/^[\d.]+$/.test(found) || !Number.isNaN(Date.parse(found)));
  if (found === undefined || typeof found === 'number' || isTime) return found;
  throw rejectType(path, 'a time', found);
}

/** A list of strings; empty when absent. */
export function texts(object: unknown, ...path: string[]): string[] {
  const found = list(object, ...path);
  for (const [index, item] of found.entries())
    if (typeof item !== 'string')
      throw rejectType([...path.slice(0, -1), `${path.at(-1)}[${index}]`], 'a string', item);
  return found as string[];
}

export function list(object: unknown, ...path: string[]): unknown[] {
  const found = value(object, ...path);
  if (found === undefined || Array.isArray(found)) return (found as unknown[] | undefined) ?? [];
  throw rejectType(path, 'a list', found);
}

/** A map of anything; empty when absent. */
export function map(object: unknown, ...path: string[]): Record<string, unknown> {
  const found = value(object, ...path);
  if (found === undefined) return {};
  if (isObject(found)) return found;
  throw rejectType(path, 'a map', found);
}

/** A map of strings, for labels and annotations; values of other types are an error. */
export function textMap(object: unknown, ...path: string[]): Record<string, string> {
  const found = map(object, ...path);
  for (const [key, item] of Object.entries(found))
    if (typeof item !== 'string') throw rejectType([...path, key], 'a string', item);
  return found as Record<string, string>;
}

/** True when the object is of the kind, in one of its versions: the API group counts, since kinds repeat over projects. */
export function isKind(object: unknown, { group, versions, kind }: ResourceKind): object is KubernetesObject {
  if (!isObject(object) || object['kind'] !== kind) return false;
  const prefix = group === '' ? '' : `${group}/`;
  return versions.some((version) => object['apiVersion'] === `${prefix}${version}`);
}

/** The identity of an object in its source: `<group>/<Kind>/<namespace>/<name>`. */
export function identityOf(object: KubernetesObject): string {
  const group = object.apiVersion.includes('/') ? object.apiVersion.split('/')[0] : 'core';
  const { namespace, name } = object.metadata;
  return [group, object.kind, namespace, name].filter(Boolean).join('/');
}
