import { isUserError } from '../errors.ts';
import { isKind, isObject, text, type ResourceKind } from '../object.ts';
import { makeList } from '../util/text.ts';
import { describeObject, describeOrigin, type ReadObject } from './objects.ts';
import { explainNoValues } from './values.ts';

/** What is read of an input: the objects of a system, or ClusterProfiles. */
export interface ObjectReader {
  kinds?: readonly ResourceKind[];
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
function explainUseless({ accepts, kinds }: ObjectReader, object: unknown): string | undefined {
  if (!isObject(object) || !(accepts(object) || kinds?.some((kind) => isKind(object, kind)))) return undefined;
  if (isObject(object['sops'])) return 'its values are encrypted: sops decrypt FILE prints what is read';
  return kinds && typeof object['apiVersion'] === 'string'
    ? (explainName(object) ?? explainNoValues(object))
    : undefined;
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

/** Why an object that a reader does not take is one that it should have; `undefined` for one of another kind. */
export function explainUnread(reader: ObjectReader, object: unknown): string | undefined {
  const { kinds = [], explainNearly } = reader;
  if (object === null) return 'it is null';
  if (!isObject(object) || (object['kind'] === undefined && object['apiVersion'] === undefined))
    return reader.amongOthers
      ? reader.explainNearly?.(object)
      : `it is ${describeShape(object)}, which is not read${explainReads(reader)}`;
  const nearly = explainUseless(reader, object) ?? explainNearly?.(object);
  if (nearly !== undefined) return nearly;
  const { kind, apiVersion } = object;
  if (typeof kind !== 'string' || typeof apiVersion !== 'string')
    return reader.amongOthers
      ? undefined
      : `it has no ${typeof kind === 'string' ? 'apiVersion' : 'kind'} that is a text`;
  if (kind === 'Status' && object['status'] === 'Failure') return 'it is an error that an API server answered';
  if (isUnreadList(object, kind)) return `it is a ${kind} in a shape that is not read`;
  return explainOther(kinds, kind, apiVersion);
}

/** What holds objects and was not taken apart: no list of items, or one of another name. */
const isUnreadList = (object: Record<string, unknown>, kind: string): boolean =>
  /list$/i.test(kind) || (kind === 'Table' && 'rows' in object) || (kind === 'Template' && 'objects' in object);

/** Why an object with one of a reader's own groups and kinds is not read, however these are written. */
function explainOther(kinds: readonly ResourceKind[], kind: string, apiVersion: string): string | undefined {
  const [group, version] = splitApiVersion(apiVersion);
  const plain = apiVersion.trim().toLowerCase().split('/')[0] ?? '';
  const words = kind.trim().toLowerCase();
  const own = kinds.filter(
    (each) =>
      each.group !== '' &&
      [each.group, ...(each.formerGroups ?? [])].includes(plain) &&
      [each.kind.toLowerCase(), each.plural].includes(words),
  );
  const [first] = own;
  if (!first || own.some((each) => each.group === group && each.kind === kind && each.versions.includes(version)))
    return undefined;
  if (first.kind !== kind) return `its kind ${kind} is not read, ${first.kind} is`;
  const readable = first.versions.map((each, index) =>
    index === 0 && group !== first.group ? `${first.group}/${each}` : each,
  );
  return `${apiVersion} is not read, ${makeList(readable)} ${readable.length === 1 ? 'is' : 'are'}`;
}

/** Says where an object is that has no name of its own. */
export function nameRead({ object, origin }: ReadObject): string {
  if (!isObject(object) || typeof object['kind'] !== 'string') return describeOrigin(origin);
  const { metadata } = object;
  const hasName = isObject(metadata) && typeof metadata['name'] === 'string' && metadata['name'] !== '';
  return hasName ? describeObject(object) : `${describeOrigin(origin)}: ${describeObject(object)}`;
}
