import { exit, isUserError, type UserError } from '../errors.ts';
import { describeUnreadable, expand, readInputText, type FolderFile, type ReadOptions } from '../documents/objects.ts';
import { explainNothing, findOthers, type Gap, type ReadInput } from '../documents/read-input.ts';
import type { Io } from '../io.ts';
import { looksLikeProfile } from '../profile/reading/reader.ts';
import type { Document } from './problem.ts';
import { splitDocuments } from './source.ts';

/** What was read of files to be checked. */
interface FilesRead {
  documents: Document[];
  /** Files that could not be read. */
  errors: UserError[];
  /** What of the given files and directories holds no document that is checked. */
  others: Pick<ReadInput, 'gaps' | 'passedOver'>;
}

/** Runs a read; what a user can act on is kept, so that the rest is still checked. */
async function keepFailure<T>(errors: UserError[], read: () => T | Promise<T>, otherwise: T): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isUserError(error) || error.code === exit.timeout || error.code === exit.interrupted) throw error;
    errors.push(error);
    return otherwise;
  }
}

/** The documents of files and directories, and what of them holds none. A file that cannot be read stops no other. */
export async function readFiles(options: ReadOptions & { filename: readonly string[] }, io: Io): Promise<FilesRead> {
  const { filename, recursive } = options;
  const errors: UserError[] = [];
  // A file that is named twice is still one file.
  const files = new Set<string>();
  const asked: string[] = [];
  const keepProblem = (file: FolderFile): unknown => errors.push(describeUnreadable(file));
  for (const path of filename) {
    const found = await keepFailure(errors, () => expand(path, recursive, keepProblem), []);
    if (found.length > 0) asked.push(path);
    for (const file of found) files.add(file);
  }
  const documents: Document[] = [];
  const gaps: Gap[] = [];
  for (const file of files) {
    const text = await keepFailure(errors, () => readInputText(file, options, io), '');
    const place = file === '-' ? 'standard input' : file;
    const found = [...splitDocuments(text, place)];
    const reason = explainNothing(text, found, files.size === 1 && filename.length === 1);
    if (reason !== undefined) gaps.push({ place, reason });
    for (const document of found) documents.push(document);
  }
  const others = findOthers(asked, { ...options, looksWanted: looksLikeProfile });
  return { documents, errors, others: { ...others, gaps: [...others.gaps, ...gaps] } };
}
