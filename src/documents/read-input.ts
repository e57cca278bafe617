import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import { isObject } from '../object.ts';
import { byText, listSome } from '../util/text.ts';
import {
  decodeText,
  describeOrigin,
  describeUnreadable,
  listFiles,
  isDirectory,
  isYaml,
  readInputText,
  unwrap,
  walkFiles,
  type ReadObject,
  type ReadOptions,
} from './objects.ts';
import { parseDocuments } from './yaml-in.ts';

/** A part of the input that held, or may have held, objects and was not read. */
export interface Gap {
  /** A file, or a place in it. */
  place: string;
  reason: string;
  /** It is left out as kubectl does: said, and nothing is pruned after it. */
  isLeft?: boolean;
  /** It is in the place of a file, and none. */
  isUnreadable?: boolean;
}

/** Everything that was read of files and directories. */
export interface ReadInput {
  objects: ReadObject[];
  gaps: Gap[];
  /** Files of directories that hold nothing of Kubernetes. */
  passedOver: string[];
}

/** The start of a file, for a look at what it is. */
function readHead(file: string): string {
  const fd = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(65_536);
    return decodeText(bytes.subarray(0, readSync(fd, bytes)));
  } finally {
    closeSync(fd);
  }
}

const objectStart = /^[\s{]*"?(?:apiVersion|kind)"?\s*:/m;

/** Whether a text has more in it than comments and the marks between documents. */
const hasContent = (text: string): boolean => text.replaceAll(/^[ \t]*(?:#.*|---.*|\.\.\.)?$/gm, '').trim() !== '';

const wrongName = 'it is not read, its name does not end in .yaml, .yml or .json';

/** The visible subdirectories of a directory that hold YAML or JSON files. */
const listFilledDirectories = (directory: string): string[] =>
  readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => join(directory, entry.name))
    .filter((path) => [...walkFiles(path, true)].some((file) => isYaml(file.path)));

/** Takes the other files of a directory: those that `isWanted` knows are read, and what looks like objects is a gap. */
function sortOthers(directory: string, options: ReadOptions, input: ReadInput): string[] {
  const wanted: string[] = [];
  for (const { path: file, problem } of walkFiles(directory, options.recursive ?? false)) {
    if (isYaml(file)) continue;
    const head = problem === undefined ? readHead(file) : '';
    if (options.isWanted?.(head)) wanted.push(file);
    else if (objectStart.test(head) && (options.looksWanted?.(head) ?? true))
      input.gaps.push({ place: file, reason: wrongName });
    else input.passedOver.push(file);
  }
  if (!options.recursive)
    for (const place of listFilledDirectories(directory))
      input.gaps.push({ place, reason: 'it is a directory, which -R reads', isLeft: true });
  return wanted;
}

/** A List that says it has more items than it holds is a part of one. */
const isCut = (document: unknown): boolean =>
  isObject(document) && isObject(document['metadata']) && Boolean(document['metadata']['continue']);

/** Why a text without an object may have lost what it had. One file that is named and empty says that there is nothing. */
export function explainNothing(text: string, documents: readonly unknown[], isOne: boolean): string | undefined {
  if (text.trim() === '') return isOne ? undefined : 'it is empty';
  return documents.length === 0 && hasContent(text) ? 'it has no object in it' : undefined;
}

/** What of the given directories is not read, whatever it holds. */
export function findOthers(paths: readonly string[], options: ReadOptions): Pick<ReadInput, 'gaps' | 'passedOver'> {
  const input: ReadInput = { objects: [], gaps: [], passedOver: [] };
  for (const path of paths) if (isDirectory(path)) sortOthers(path, options, input);
  return input;
}

/** What of a path is read: a file, or those of a directory. */
function filesToRead(path: string, options: ReadOptions, input: ReadInput): string[] {
  if (!isDirectory(path)) return [path];
  const unreadable: Gap[] = [];
  const read = listFiles(path, options.recursive ?? false, ({ path: place, problem }) =>
    unreadable.push({ place, reason: problem ?? '', isUnreadable: true }),
  );
  const files = [...read, ...sortOthers(path, options, input)];
  if (files.length === 0 && unreadable.length === 0) throw new UserError(`no YAML or JSON file in ${path}`);
  input.gaps.push(...unreadable);
  return files.toSorted(byText);
}

/** Every object of the given files and directories (`-` is standard input), with where it was read, and what was not. */
export async function readEverything(paths: readonly string[], io: Io, options: ReadOptions): Promise<ReadInput> {
  const input: ReadInput = { objects: [], gaps: [], passedOver: [] };
  const files = paths.flatMap((path) => filesToRead(path, options, input));
  const isOne = files.length === 1 && paths.length === 1 && files[0] === paths[0];
  for (const file of files) {
    const text = await readInputText(file, options, io);
    const place = file === '-' ? 'standard input' : file;
    const documents = parseDocuments(text, place);
    const reason = explainNothing(text, documents, isOne);
    if (reason !== undefined) input.gaps.push({ place, reason });
    for (const [index, document] of documents.entries()) {
      const origin = { file: place, document: index + 1 };
      if (isCut(document))
        input.gaps.push({ place: describeOrigin(origin), reason: 'the list is cut, it has metadata.continue' });
      for (const read of unwrap(document, origin)) input.objects.push(read);
    }
  }
  return input;
}

/** The same, with a note on what of a directory was passed over. Throws for what stands in the place of a file and is none. */
export async function readObjects(paths: readonly string[], io: Io, options: ReadOptions): Promise<ReadObject[]> {
  const { objects, gaps, passedOver } = await readEverything(paths, io, options);
  const unreadable = gaps.find(({ isUnreadable }) => isUnreadable);
  if (unreadable) throw describeUnreadable({ path: unreadable.place, problem: unreadable.reason });
  const misnamed = gaps.filter(({ reason }) => reason === wrongName).map(({ place }) => place);
  notePassedOver([...misnamed, ...passedOver], io, options);
  return objects;
}

/** Says once which files of directories are not read. */
export function notePassedOver(files: readonly string[], io: Io, { quiet }: ReadOptions): void {
  if (files.length > 0 && !quiet)
    io.err(`note: passed over, since only .yaml, .yml and .json are read: ${listSome(files)}\n`);
}
