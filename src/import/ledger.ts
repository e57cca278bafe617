import type { ReadInput } from '../documents/read-input.ts';
import { describeObject, describeOrigin, type ReadObject } from '../documents/objects.ts';
import { isUserError, UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import { isKind, isObject, text, type KubernetesObject, type ResourceKind } from '../object.ts';
import type { Notices } from '../util/notices.ts';
import { groupBy } from '../util/collections.ts';
import { makeSafeLine } from '../util/safe-text.ts';
import { formatAmount, makeList } from '../util/text.ts';
import type { Importer } from './kit/importer.ts';

/** An object of the input that no cluster came of, and why. */
export interface LedgerEntry {
  state: 'of another kind' | 'left out' | 'not read';
  what: string;
  reason?: string;
  /** Of what is left out: what it is, for a count, and the flag that decides so. */
  noun?: string;
  flag?: string;
}

/** `cluster.x-k8s.io/v1beta1` is the group and the version; `v1` has no group. */
function splitApiVersion(apiVersion: string): [group: string, version: string] {
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

/** Why nothing can be made of an object of an importer's own kinds. */
function explainUseless({ accepts, kinds }: Importer, object: unknown): string | undefined {
  if (!isObject(object) || !(accepts(object) || kinds?.some((kind) => isKind(object, kind)))) return undefined;
  if (isObject(object['sops'])) return 'its values are encrypted: sops decrypt FILE prints what is read';
  return kinds && typeof object['apiVersion'] === 'string' ? explainName(object) : undefined;
}

/** Whether an importer reads an object. */
export const isOwn = (importer: Importer, object: unknown): boolean =>
  importer.accepts(object) && explainUseless(importer, object) === undefined;

/** Which command prints what an importer reads. */
function explainReads({ kinds: [first] = [], reads }: Importer): string {
  const own = first && `kubectl get ${first.plural}${first.group ? `.${first.group}` : ''} -o yaml`;
  const commands = reads ?? (own ? [own] : []);
  return commands.length === 0 ? '' : `: ${makeList(commands)} ${commands.length === 1 ? 'prints' : 'print'} what is`;
}

/** Why an object that an importer does not take is one that it should have; `undefined` for one of another kind. */
function explainUnread(importer: Importer, object: unknown): string | undefined {
  const { kinds = [], explainNearly } = importer;
  if (object === null) return 'it is null';
  if (!isObject(object) || (object['kind'] === undefined && object['apiVersion'] === undefined))
    return `it is ${describeShape(object)}, which is not read${explainReads(importer)}`;
  const nearly = explainUseless(importer, object) ?? explainNearly?.(object);
  if (nearly !== undefined) return nearly;
  const { kind, apiVersion } = object;
  if (typeof kind !== 'string' || typeof apiVersion !== 'string')
    return `it has no ${typeof kind === 'string' ? 'apiVersion' : 'kind'} that is a text`;
  if (kind === 'Status' && object['status'] === 'Failure') return 'it is an error that an API server answered';
  if (isUnreadList(object, kind)) return `it is a ${kind} in a shape that is not read`;
  return explainOther(kinds, kind, apiVersion);
}

/** What holds objects and was not taken apart: no list of items, or one of another name. */
const isUnreadList = (object: Record<string, unknown>, kind: string): boolean =>
  /list$/i.test(kind) || (kind === 'Table' && 'rows' in object) || (kind === 'Template' && 'objects' in object);

/** Why an object with one of an importer's own groups and kinds is not read, however these are written. */
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
function nameRead({ object, origin }: ReadObject): string {
  if (!isObject(object) || typeof object['kind'] !== 'string') return describeOrigin(origin);
  const { metadata } = object;
  const hasName = isObject(metadata) && typeof metadata['name'] === 'string' && metadata['name'] !== '';
  return hasName ? describeObject(object) : `${describeOrigin(origin)}: ${describeObject(object)}`;
}

/**
 * Accounts for every object of an input that none of the importers takes: what one of them should have taken makes the
 * read partial, and the others are of other kinds. Throws for a text that is no YAML object at all.
 */
export function accountFor(
  { objects, gaps, passedOver }: ReadInput,
  importers: readonly Importer[],
  notices: Notices<{ name: string }>,
): { entries: LedgerEntry[]; others: unknown[] } {
  const others: unknown[] = [];
  const entries: LedgerEntry[] = [];
  const fail = (what: string, reason: string): void => {
    entries.push({ state: 'not read', what, reason });
    notices.fail(reason, { name: what });
  };
  for (const { place, reason } of gaps) fail(place, reason);
  for (const what of passedOver) entries.push({ state: 'of another kind', what });
  for (const read of objects) {
    if (importers.some((importer) => isOwn(importer, read.object))) continue;
    if (read.object !== null && typeof read.object !== 'object')
      throw new UserError(`${describeOrigin(read.origin)}: no YAML object`);
    const reasons = importers.map((importer) => explainUnread(importer, read.object));
    const reason = reasons.find((each) => each !== undefined);
    if (reason !== undefined) fail(nameRead(read), reason);
    else {
      others.push(read.object);
      entries.push({ state: 'of another kind', what: nameRead(read) });
    }
  }
  return { entries, others };
}

function nameKind({ kind, apiVersion }: KubernetesObject): string {
  const [group] = splitApiVersion(typeof apiVersion === 'string' ? apiVersion : '');
  return `${kind}${group ? ` of ${group}` : ''}`;
}

/** How many objects there are of each kind: `2 Cluster of cluster.x-k8s.io, 1 ConfigMap`. */
export const countKinds = (objects: readonly KubernetesObject[]): string =>
  [...groupBy(objects, nameKind)].map(([what, { length }]) => `${length} ${what}`).join(', ');

/** Says how many objects were left out on purpose, or with `verbose` what became of every object that gave no cluster. */
export function printLedger(
  entries: readonly LedgerEntry[],
  io: Io,
  { quiet, verbose }: { quiet?: boolean; verbose?: boolean },
): void {
  if (quiet) return;
  const said = entries.filter(({ state }) => state !== 'not read');
  if (verbose)
    for (const { state, what, reason, flag } of said)
      io.err(makeSafeLine(`note: ${state}: ${what}${reason ? ` (${reason}; ${flag})` : ''}`) + '\n');
  else
    for (const [, group] of groupBy(said, ({ noun, reason, flag }) => noun && `${noun} ${reason} ${flag}`)) {
      const [{ noun = '', reason = '', flag = '' } = {}] = group;
      io.err(`note: ${formatAmount(group.length, noun)} ${reason} left out (${flag})\n`);
    }
}
