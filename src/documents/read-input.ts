import { UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import { isObject } from '../object.ts';
import { byText, listSome } from '../util/text.ts';
import {
  describeOrigin,
  describeUnreadable,
  listFiles,
  isDirectory,
  readInputText,
  unwrap,
  type ReadObject,
  type ReadOptions,
} from './objects.ts';
import { judgeOthers, listFilledDirectories, listHiddenDirectories } from './other-files.ts';
import { parseDocuments } from './yaml-in.ts';

/** A part of the input that held, or may have held, objects and was not read. */
export interface Gap {
  /** A file, or a place in it. */
  place: string;
  reason: string;
  /** It is left out as kubectl does: said, and nothing is pruned after it. */
  isLeft?: boolean;
  /** It is a file of a directory with another name than those that are read. */
  isOtherFile?: boolean;
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

/** Whether a text has more in it than comments and the marks between documents. */
const hasContent = (text: string): boolean => text.replaceAll(/^[ \t]*(?:#.*|---.*|\.\.\.)?$/gm, '').trim() !== '';

/** The gap that a hidden directory with objects in it is. */
export const describeHidden = (place: string): Gap => ({
  place,
  reason: 'it is a hidden directory, which is not read',
});

/** Takes the other files of a directory: those that are wanted are read, and what may hold objects is a gap. */
function sortOthers(directory: string, options: ReadOptions, input: ReadInput): string[] {
  const wanted: string[] = [];
  for (const { path, isWanted, reason } of judgeOthers(directory, options)) {
    if (isWanted) wanted.push(path);
    else if (reason === undefined) input.passedOver.push(path);
    else input.gaps.push({ place: path, reason, isOtherFile: true });
  }
  if (!options.recursive)
    for (const place of listFilledDirectories(directory, options))
      input.gaps.push({ place, reason: 'it is a directory, which -R reads', isLeft: true });
  for (const place of listHiddenDirectories(directory, options)) input.gaps.push(describeHidden(place));
  return wanted;
}

/** Why a List is a part of one: it says that it has more items than it holds. */
function explainCut(document: unknown): string | undefined {
  const metadata = isObject(document) ? document['metadata'] : undefined;
  if (!isObject(metadata)) return undefined;
  const sign = metadata['continue'] ? 'continue' : Number(metadata['remainingItemCount']) > 0 && 'remainingItemCount';
  return sign ? `the list is cut, it has metadata.${sign}` : undefined;
}

/** A document that says that it is none, as `yq '.items[9]'` prints it; one of nothing but comments is part of many files. */
const nullDocument = /^(?:--- +)?(?:~|null|Null|NULL)[ \t\r]*(?:#.*)?$/m;

const holdsNull = (text: string): boolean => !/^\s*[{[]/.test(text) && nullDocument.test(text);

/** Why a text without an object may have lost what it had. One file that is named and empty says that there is nothing. */
export function explainNothing(text: string, documents: readonly unknown[], isOne: boolean): string | undefined {
  if (documents.length > 0) return holdsNull(text) ? 'it has a document that is null' : undefined;
  if (hasContent(text)) return 'it has no object in it';
  return isOne ? undefined : `it is empty${text.trim() === '' ? '' : ', but for comments'}`;
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

/** Takes an object. A text that is none is refused where its file was named, and a gap among the files of a directory. */
function takeObject(read: ReadObject, isNamed: boolean, { objects, gaps }: ReadInput): void {
  if (read.object === null || typeof read.object === 'object') objects.push(read);
  else if (isNamed) throw new UserError(`${describeOrigin(read.origin)}: no YAML object`);
  else gaps.push({ place: describeOrigin(read.origin), reason: 'no YAML object' });
}

/** Every object of the given files and directories (`-` is standard input), with where it was read, and what was not. */
export async function readEverything(paths: readonly string[], io: Io, options: ReadOptions): Promise<ReadInput> {
  const input: ReadInput = { objects: [], gaps: [], passedOver: [] };
  const files = paths.flatMap((path) => filesToRead(path, options, input));
  const isOne = files.length === 1 && paths.length === 1 && files[0] === paths[0];
  for (const file of files) {
    const text = await readInputText(file, options, io);
    const place = file === '-' ? 'standard input' : file;
    const isNamed = paths.includes(file);
    const documents = parseDocuments(text, place);
    const reason = explainNothing(text, documents, isOne);
    if (reason !== undefined) input.gaps.push({ place, reason });
    for (const [index, document] of documents.entries()) {
      const origin = { file: place, document: index + 1 };
      const cut = explainCut(document);
      if (cut !== undefined) input.gaps.push({ place: describeOrigin(origin), reason: cut });
      for (const read of unwrap(document, origin)) takeObject(read, isNamed, input);
    }
  }
  return input;
}

/** The same, with a note on what of a directory was passed over. Throws for what stands in the place of a file and is none. */
export async function readObjects(paths: readonly string[], io: Io, options: ReadOptions): Promise<ReadObject[]> {
  const { objects, gaps, passedOver } = await readEverything(paths, io, options);
  const unreadable = gaps.find(({ isUnreadable }) => isUnreadable);
  if (unreadable) throw describeUnreadable({ path: unreadable.place, problem: unreadable.reason });
  const others = gaps.filter(({ isOtherFile }) => isOtherFile).map(({ place }) => place);
  notePassedOver([...others, ...passedOver], io, options);
  return objects;
}

/** Says once which files of directories are not read. */
export function notePassedOver(files: readonly string[], io: Io, { quiet }: ReadOptions): void {
  if (files.length > 0 && !quiet)
    io.err(`note: passed over, since only .yaml, .yml and .json are read: ${listSome(files)}\n`);
}
