import { isUserError } from '../errors.ts';
import { isKind, isObject, text, type ResourceKind } from '../object.ts';
import { groupBy } from '../util/collections.ts';
import { makeList } from '../util/text.ts';
import { describeObject, describeOrigin, type ReadObject } from './objects.ts';
import { explainNoValues } from './values.ts';

/** What is read of an input: the objects of a system, or ClusterProfiles. */
export interface ObjectReader {
  kinds?: readonly ResourceKind[];
  /** Kinds that it reads besides: what belongs to an object of `kinds`, and what it takes from files only. */
  otherKinds?: readonly ResourceKind[];
  accepts(object: unknown): boolean;
  /** Why an object is not read that is nearly one of its own, besides another version or case of its kinds. */
  explainNearly?(object: unknown): string | undefined;
  /** The commands that print what is read, for who hands over something else; else kubectl prints the first of `kinds`. */
  reads?: readonly string[];
  /** Objects without a kind may stand beside those that are read: a repository has all sorts of files. */
  amongOthers?: boolean;
}

/** `cluster.x-k8s.io/v1beta1` is the group and the version; `v1` has no group. */
export function splitApiVersion(apiVersion: string): [group: string, version: string] {
  const [version = '', group = ''] = apiVersion.split('/').toReversed();
  return [group, version];
}

/** What an object without a kind looks like, by its keys and never by its values. */
function describeShape(object: unknown): string {
  if (Array.isArray(object)) {
    const [first] = object as unknown[];
    const keys = isObject(first) ? ` with ${listKeys(first)}` : '';
    return `a list of ${object.length}${keys}`;
  }
  return isObject(object) ? `an object with ${listKeys(object)}` : 'no object';
}

const listKeys = (object: object): string => {
  const keys = Object.keys(object);
  return keys.length === 0 ? 'no key' : `${keys.slice(0, 3).join(', ')}${keys.length > 3 ? ' …' : ''}`;
};

/** Why nobody can tell which object it is; `undefined` for one with a name. */
function explainName(object: unknown): string | undefined {
  try {
    text(object, 'metadata', 'namespace');
    return text(object, 'metadata', 'name') ? undefined : 'metadata.name is missing';
  } catch (error) {
    if (isUserError(error)) return error.message;
    throw error;
  }
}

/** Why nothing can be made of an object of a reader's own kinds. */
function explainUseless({ accepts, kinds, otherKinds }: ObjectReader, object: unknown): string | undefined {
  if (!isObject(object) || !(accepts(object) || kinds?.some((kind) => isKind(object, kind)))) return undefined;
  if (isObject(object['sops'])) return 'its values are encrypted: sops decrypt FILE prints what is read';
  return (kinds ?? otherKinds) && typeof object['apiVersion'] === 'string'
    ? (explainName(object) ?? explainNoValues(object))
    : undefined;
}

/** Why nobody can tell whether an object is one of those that belong to a reader's own: their names say which. */
function explainNameless({ otherKinds = [] }: ObjectReader, object: unknown): string | undefined {
  return otherKinds.some((kind) => isKind(object, kind)) ? explainName(object) : undefined;
}

/** Whether a reader takes an object. */
export const isOwn = (reader: ObjectReader, object: unknown): boolean =>
  reader.accepts(object) && explainUseless(reader, object) === undefined;

/** Which command prints what a reader reads. */
function explainReads({ kinds: [first] = [], reads }: ObjectReader): string {
  const own = first && `kubectl get ${first.plural}${first.group ? `.${first.group}` : ''} -o yaml`;
  const commands = reads ?? (own ? [own] : []);
  return commands.length === 0 ? '' : `: ${makeList(commands)} ${commands.length === 1 ? 'prints' : 'print'} what is`;
}

/** Why nobody can tell what something is: it is nothing, or it has no kind of Kubernetes. */
function explainShape(readers: readonly ObjectReader[], object: unknown): string | undefined {
  if (object === null) return 'it is null';
  if (isKindless(object)) {
    const [only, ...more] = readers;
    return `it is ${describeShape(object)}, which is not read${only && more.length === 0 ? explainReads(only) : ''}`;
  }
  const { kind } = object as Record<string, unknown>;
  return `it has no ${isWord(kind) ? 'apiVersion' : 'kind'} that is a text`;
}

const isKindless = (object: unknown): boolean =>
  !isObject(object) || (object['kind'] === undefined && object['apiVersion'] === undefined);

interface Typed extends Record<string, unknown> {
  kind: string;
  apiVersion: string;
}

/** Whether an object says what it is. */
export const isTyped = (object: unknown): object is Typed =>
  isObject(object) && isWord(object['kind']) && isWord(object['apiVersion']);

/** Whether a value is a text that says something. */
const isWord = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

/** Why an object that none of the readers takes is one that one of them should have; `undefined` for one of another kind. */
export function explainUnread(readers: readonly ObjectReader[], object: unknown): string | undefined {
  for (const reader of readers) {
    const reason = explainNearlyRead(reader, object);
    if (reason !== undefined) return reason;
  }
  if (isTyped(object)) return explainAnswer(object);
  const isOther = isKindless(object) && !isEmpty(object) && readers.every(({ amongOthers }) => amongOthers);
  return isOther ? undefined : explainShape(readers, object);
}

/** What is left of a file that was cut, or filled with nothing. */
const isEmpty = (object: unknown): boolean =>
  object === null || (typeof object === 'object' && Object.keys(object).length === 0);

/** Why an object that a reader does not take is nearly one of its own. */
function explainNearlyRead(reader: ObjectReader, object: unknown): string | undefined {
  if (!isObject(object) || (isKindless(object) && !reader.amongOthers)) return undefined;
  return (
    explainUseless(reader, object) ??
    explainNameless(reader, object) ??
    reader.explainNearly?.(object) ??
    (isTyped(object) ? (explainOther(reader, object) ?? explainCut(reader, object)) : undefined)
  );
}

/** Every object of an API has metadata, and a list has items: what has neither may be what is left of a file that was cut. */
function explainCut({ kinds = [] }: ObjectReader, object: Typed): string | undefined {
  const [group] = splitApiVersion(object.apiVersion);
  const isOfGroup = group !== '' && kinds.some((each) => each.group === group);
  return isOfGroup && object['metadata'] === undefined && object['items'] === undefined
    ? `its kind is ${object.kind}, and it has no metadata`
    : undefined;
}

/** Why what an API server or kubectl answered holds no object that is read, or not all of it. */
function explainAnswer({ kind, ...object }: Typed): string | undefined {
  if (kind === 'Status' && object['status'] === 'Failure') return 'it is an error that an API server answered';
  if (kind === 'PartialObjectMetadata') return 'it is the metadata of an object alone';
  // What holds objects and was not taken apart: no list of items, or one of another name.
  const isList =
    /list$/i.test(kind) ||
    Array.isArray(object['items']) ||
    (kind === 'Table' && 'rows' in object) ||
    (kind === 'Template' && 'objects' in object);
  return isList ? `it is a ${kind} in a shape that is not read` : undefined;
}

/** Why an object with one of a reader's own groups and kinds is not read, however these are written. */
function explainOther(reader: ObjectReader, object: Typed): string | undefined {
  const { kind, apiVersion } = object;
  const [group, version] = splitApiVersion(apiVersion);
  const own = [...(reader.kinds ?? []), ...(reader.otherKinds ?? [])].filter((each) => isNearly(reader, object, each));
  const [first] = own;
  if (!first || own.some((each) => each.group === group && each.kind === kind && each.versions.includes(version)))
    return undefined;
  if (first.kind !== kind) return `its kind ${kind} is not read, ${first.kind} is`;
  const readable = first.versions.map((each, index) =>
    index === 0 && group !== first.group ? `${first.group}/${each}` : each,
  );
  return `${apiVersion} is not read, ${makeList(readable)} ${readable.length === 1 ? 'is' : 'are'}`;
}

/** The kinds of what tells more of clusters that an object is of, however its kind, group and version are written. */
export const listOtherKinds = (reader: ObjectReader, object: unknown): ResourceKind[] =>
  isTyped(object)
    ? (reader.otherKinds ?? []).filter((kind) => isKind(object, kind) || isNearly(reader, object, kind))
    : [];

/**
 * Whether an object is of a kind, however kind, group and version are written. Of the kinds without a group, which all
 * systems share, the object has to be one that the reader would take, or know, if it were written right.
 */
function isNearly(
  reader: ObjectReader,
  object: Typed,
  { group, formerGroups = [], versions, ...own }: ResourceKind,
): boolean {
  const plain = object.apiVersion.trim().toLowerCase();
  if (![own.kind.toLowerCase(), own.plural].includes(object.kind.trim().toLowerCase())) return false;
  if (group !== '') return [group, ...formerGroups].includes(plain.split('/')[0] ?? '') || hasNoGroup(plain);
  const righted = { ...object, kind: own.kind, apiVersion: versions[0] };
  return !plain.includes('/') && (reader.accepts(righted) || reader.explainNearly?.(righted) !== undefined);
}

/** Whether an apiVersion has a version and lacks its group: the kinds without a group are all of `v1`. */
const hasNoGroup = (apiVersion: string): boolean => /^\/?v\d/.test(apiVersion) && apiVersion !== 'v1';

/** Says where an object is that has no name of its own. */
export function nameRead({ object, origin }: ReadObject): string {
  if (!isObject(object) || typeof object['kind'] !== 'string') return describeOrigin(origin);
  const { metadata } = object;
  const hasName = isObject(metadata) && typeof metadata['name'] === 'string' && metadata['name'] !== '';
  return hasName ? describeObject(object) : `${describeOrigin(origin)}: ${describeObject(object)}`;
}

function nameKind({ kind, apiVersion }: { kind: string; apiVersion?: unknown }): string {
  const [group] = splitApiVersion(typeof apiVersion === 'string' ? apiVersion : '');
  // Whatever else stands there may be an address with a password in it.
  return `${kind}${/^[a-z0-9.-]+$/i.test(group) ? ` of ${group}` : ''}`;
}

/** How many objects there are of each kind: `2 Cluster of cluster.x-k8s.io, 1 ConfigMap`. */
export const countKinds = (objects: readonly { kind: string; apiVersion?: unknown }[]): string =>
  [...groupBy(objects, nameKind)].map(([what, { length }]) => `${length} ${what}`).join(', ');
