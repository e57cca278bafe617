import { isObject } from '../object.ts';
import { byText } from '../util/text.ts';
import { isUtf8 } from 'node:buffer';
import { constants, createReadStream, openSync, readdirSync, readlinkSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { codeOf, explainSystemError, isUserError, UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import { startDeadline, describeEnd, waitUntil, type LimitOptions } from '../util/limits.ts';
import { assertFileSize, countInput, readBytesOf } from '../io/input-limit.ts';
import { parseDocuments } from './yaml-in.ts';

/** Where an object was read: `clusters.yaml`, its second document, the third item of the List in there. */
export interface Origin {
  file: string;
  document: number;
  /** From 1; the item of a List, and where that is a List itself, the item of it, and so on. */
  items?: readonly number[];
}

export interface ReadObject {
  object: unknown;
  origin: Origin;
}

export function describeOrigin({ file, document, items = [] }: Origin): string {
  const inner = items.map((item) => `, item ${item}`).join('');
  return document === 1 && inner === '' ? file : `${file}, document ${document}${inner}`;
}

/** `Kind namespace/name` of anything that looks like an object, for messages. */
export function describeObject(object: unknown): string {
  if (!isObject(object)) return 'not an object';
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  const kind = typeof object['kind'] === 'string' ? object['kind'] : 'object';
  const name = [metadata['namespace'], metadata['name']].filter((part) => typeof part === 'string').join('/');
  return name ? `${kind} ${name}` : kind;
}

export const isYaml = (file: string): boolean => /\.(ya?ml|json)$/i.test(file);

/** What a directory has in the place of a file. */
export interface FolderFile {
  path: string;
  /** Why it cannot be read like a file: it would block, never end, or is not there. */
  problem?: string | undefined;
  /** It is a directory that may not be read, with whatever is in it. */
  isDirectory?: boolean;
}

export const linkToDirectory = 'it is a link to a directory';

/** Why something that is no plain file is not read, where that shows. */
function explainIrregular(path: string): string | undefined {
  try {
    const stats = statSync(path);
    if (stats.isFile()) return undefined;
    if (stats.isDirectory()) return linkToDirectory;
    return stats.isFIFO() ? 'it is a named pipe' : stats.isSocket() ? 'it is a socket' : 'it is a device';
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'it is a link to nothing';
    return codeOf(error) === 'ELOOP' ? 'its links lead in a circle' : undefined;
  }
}

/** Directories that Kubernetes makes behind the files of a mounted ConfigMap, which lead into them: `..2026_03_01`, by `..data`. */
function isMountOfKubernetes(directory: string, name: string, entries: readonly Dirent[]): boolean {
  if (!name.startsWith('..')) return false;
  const links = entries.filter((entry) => entry.isSymbolicLink());
  return links.some((link) => readlinkSync(join(directory, link.name)).split('/')[0] === name);
}

/** What is in a directory, sorted; the error of the system where it cannot be read. */
function tryEntries(directory: string): { entries: Dirent[] } | { error: unknown } {
  try {
    return { entries: readdirSync(directory, { withFileTypes: true }).toSorted((a, b) => byText(a.name, b.name)) };
  } catch (error) {
    return { error };
  }
}

function listEntries(directory: string): Dirent[] {
  const found = tryEntries(directory);
  if ('error' in found) throw describeReadFailure(directory, found.error);
  return found.entries;
}

/** The visible subdirectories of a directory. */
export const listSubdirectories = (directory: string): string[] =>
  listEntries(directory)
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => join(directory, entry.name));

/** Why a directory cannot be read, where it is one inside of another. */
export function explainClosed(directory: string): string | undefined {
  const found = tryEntries(directory);
  return 'error' in found ? explainSystemError(found.error) : undefined;
}

/** The hidden directories of a directory, whose files are not read; of its subdirectories too if `recursive`. */
export function* walkHidden(directory: string, recursive: boolean, entries = listEntries(directory)): Iterable<string> {
  for (const entry of entries) {
    if (!entry.isDirectory() || isMountOfKubernetes(directory, entry.name, entries)) continue;
    const path = join(directory, entry.name);
    const inner = entry.name.startsWith('.') || !recursive ? undefined : tryEntries(path);
    if (entry.name.startsWith('.')) yield path;
    else if (inner && 'entries' in inner) yield* walkHidden(path, recursive, inner.entries);
  }
}

/** The visible files of a directory, sorted; of its subdirectories too if `recursive`, the hidden ones if `hidden`. */
export function* walkFiles(
  directory: string,
  recursive: boolean,
  hidden = false,
  entries = listEntries(directory),
): Iterable<FolderFile> {
  for (const entry of entries) {
    const path = join(directory, entry.name);
    const isHidden = entry.name.startsWith('.');
    if (entry.isDirectory()) {
      if (!recursive || (isHidden && !hidden)) continue;
      const inner = tryEntries(path);
      if ('entries' in inner) yield* walkFiles(path, recursive, hidden, inner.entries);
      else yield { path, problem: explainSystemError(inner.error), isDirectory: true };
    } else if (!isHidden || isYaml(path)) yield entry.isFile() ? { path } : { path, problem: explainIrregular(path) };
  }
}

type OnProblem = (file: FolderFile) => unknown;

/**
 * The YAML and JSON files of a directory, sorted; of its subdirectories too if `recursive`. `onProblem` hears of those that
 * cannot be read; without it they are an error.
 */
export function listFiles(directory: string, recursive: boolean, onProblem: OnProblem = throwUnreadable): string[] {
  const files: string[] = [];
  for (const file of walkFiles(directory, recursive)) {
    if (!isYaml(file.path) && !file.isDirectory) continue;
    if (file.problem === undefined) files.push(file.path);
    else onProblem(file);
  }
  return files;
}

export const describeUnreadable = ({ path, problem }: FolderFile): UserError =>
  new UserError(`cannot read ${path}: ${problem}`);

function throwUnreadable(file: FolderFile): void {
  throw describeUnreadable(file);
}

function describeReadFailure(path: string, error: unknown): UserError {
  if (path === '') return new UserError('cannot read a file without a name: the name that is given is empty');
  return new UserError(`cannot read ${path}: ${explainSystemError(error)}`, { cause: error });
}

/** Bytes as text: UTF-8, or UTF-16 behind its byte order mark, as PowerShell writes it and kubectl reads it. */
export function decodeText(bytes: Buffer): string {
  if (!hasMark(bytes)) return bytes.toString('utf8');
  if (bytes[0] === 0xff) return bytes.toString('utf16le', 2);
  return bytes
    .subarray(2, bytes.length & ~1)
    .swap16()
    .toString('utf16le');
}

const hasMark = ([first, second]: Buffer): boolean =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);

/** The number of the first line that has bytes which are no UTF-8. */
function findBadLine(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start);
    if (end < 0 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
  return line;
}

/** A whole text. Of another encoding nobody can tell which it is: its letters would be lost. */
function decodeWhole(bytes: Buffer, where: string): string {
  const text = decodeText(bytes);
  if (text.includes('\uFFFD') && !hasMark(bytes) && !isUtf8(bytes))
    throw new UserError(`${where}:${findBadLine(bytes)}: it is not UTF-8`, {
      hint: 'iconv -t UTF-8 writes it in UTF-8',
    });
  return text;
}

export function readText(path: string): string {
  try {
    return readBytesOf(path, (bytes) => decodeWhole(bytes, path));
  } catch (error) {
    throw isUserError(error) ? error : describeReadFailure(path, error);
  }
}

/** How input is read: `--recursive`, and `--timeout` for what others write while it is read. */
export interface ReadOptions extends LimitOptions {
  recursive?: boolean | undefined;
  quiet?: boolean | undefined;
  /** Whether a file of a directory is read whatever its name is, by its first 64 KiB. */
  isWanted?: ((head: string) => boolean) | undefined;
  /** Whether objects in a file with another name may be some that are looked for; absent: any may be. */
  looksWanted?: ((head: string) => boolean) | undefined;
}

/** All of a pipe, a terminal or standard input as text. It ends with SIGINT, SIGTERM and `--timeout`, however long it is silent. */
async function readStandardInput(
  title: string,
  open: (signal: AbortSignal) => AsyncIterable<Buffer>,
  options: ReadOptions,
  io: Io,
): Promise<string> {
  const signal = startDeadline(options, io);
  const read = async (): Promise<string> => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of open(signal)) {
      bytes += chunk.length;
      assertFileSize(bytes, title);
      chunks.push(chunk);
    }
    return decodeWhole(Buffer.concat(chunks), title);
  };
  return waitUntil(signal, read()).catch((error: unknown) => {
    throw signal.aborted ? describeEnd(options, io) : error;
  });
}

/**
 * A named pipe, or the end of one that a shell hands over (`<(command)`), in a way that can be given up: a thread that
 * waits for a writer would keep Node.js from ending. Bun does not mind, and does not read a file descriptor as a socket.
 */
function openPipe(path: string, signal: AbortSignal): AsyncIterable<Buffer> {
  const [, handed] = /^\/(?:dev|proc\/self)\/fd\/(\d+)$/.exec(path) ?? [];
  if (process.versions['bun']) return createReadStream(path, { signal, ...(handed && { fd: Number(handed) }) });
  const fd = handed ? Number(handed) : openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const { Socket } = process.getBuiltinModule('node:net');
  return new Socket({ fd, readable: true, writable: false, signal });
}

/** The text of a file that `-f` names; `-` is standard input. */
export async function readInputText(path: string, options: ReadOptions, io: Io): Promise<string> {
  const text = await readAnyText(path, options, io);
  countInput(Buffer.byteLength(text), path === '-' ? 'standard input' : path);
  return text;
}

async function readAnyText(path: string, options: ReadOptions, io: Io): Promise<string> {
  if (path === '-' || path === '/dev/stdin')
    return readStandardInput('standard input', (signal) => io.stdin(signal), options, io);
  try {
    if (!statSync(path).isFIFO()) return readText(path);
    return await readStandardInput(path, (signal) => openPipe(path, signal), options, io);
  } catch (error) {
    throw isUserError(error) ? error : describeReadFailure(path, error);
  }
}

export const isDirectory = (path: string): boolean => {
  try {
    return path !== '-' && statSync(path).isDirectory();
  } catch (error) {
    throw describeReadFailure(path, error);
  }
};

/** The files that a `-f` argument stands for: itself, or those of a directory. See `listFiles`. */
export function expand(path: string, recursive = false, onProblem: OnProblem = throwUnreadable): string[] {
  if (!isDirectory(path)) return [path];
  let hasProblem = false;
  const files = listFiles(path, recursive, (file) => {
    hasProblem = true;
    onProblem(file);
  });
  if (files.length === 0 && !hasProblem) throw new UserError(`no YAML or JSON file in ${path}`);
  return files;
}

const readListItems = (document: Record<string, unknown>): unknown[] | undefined => {
  const { kind, items } = document;
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items) ? items : undefined;
};

/** `ManagedClusterList` items may come without their own kind and version; `List` items have them. */
function completeItem(item: unknown, list: Record<string, unknown>): unknown {
  const kind = String(list['kind']).slice(0, -'List'.length);
  if (!isObject(item) || kind === '' || item['kind'] !== undefined) return item;
  return { apiVersion: list['apiVersion'], kind, ...item };
}

/** A document, or the items of a List in it, and of the Lists among them. */
export function* unwrap(document: unknown, origin: Origin): Iterable<ReadObject> {
  const items = isObject(document) ? readListItems(document) : undefined;
  if (!items) yield { object: document, origin };
  else
    for (const [index, item] of items.entries())
      yield* unwrap(completeItem(item, document as Record<string, unknown>), {
        ...origin,
        items: [...(origin.items ?? []), index + 1],
      });
}

/** Every object of the documents of a file; a List counts as its items. */
export function* unwrapAll(documents: readonly unknown[], file: string): Iterable<ReadObject> {
  for (const [index, document] of documents.entries()) yield* unwrap(document, { file, document: index + 1 });
}

/** Every object of a text. */
export const readDocumentObjects = (text: string, file: string): Iterable<ReadObject> =>
  unwrapAll(parseDocuments(text, file), file);
