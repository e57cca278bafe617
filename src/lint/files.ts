import { exit, isUserError, type UserError } from '../errors.ts';
import {
  describeUnreadable,
  expand,
  isDirectory,
  readInputText,
  type FolderFile,
  type ReadOptions,
} from '../documents/objects.ts';
import { listHiddenDirectories } from '../documents/other-files.ts';
import { describeHidden, explainNothing, findOthers, type Gap, type ReadInput } from '../documents/read-input.ts';
import type { Io } from '../io.ts';
import { looksLikeProfile, namesObject } from '../profile/reading/reader.ts';
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

export interface FilesOptions extends ReadOptions {
  filename: readonly string[];
  /** Files of directories are a repository's, where most have nothing to do with this API. */
  skipOthers?: boolean | undefined;
}

/** Where a template has an action that no YAML can have there: at the start of a line or of a value. */
const templateAction = /^[ \t]*(?:- )?(?:[\w./"'-]+:[ \t]+)?\{\{/m;

/** The documents of a text of a repository: a template is none before it is filled in, and most files have none of this API. */
function splitAmongOthers(text: string, place: string): Document[] {
  const found = namesObject(text) ? splitDocuments(text, place) : [];
  return templateAction.test(text) ? found.filter(({ problem }) => problem === undefined) : found;
}

/** What of the given paths is not read. In a repository, only hidden directories with objects of this API are missed. */
function findMissed(paths: readonly string[], options: FilesOptions): FilesRead['others'] {
  if (!options.skipOthers) return findOthers(paths, { ...options, looksWanted: looksLikeProfile });
  const hidden = paths
    .filter(isDirectory)
    .flatMap((path) => listHiddenDirectories(path, { ...options, looksWanted: namesObject }));
  return { gaps: hidden.map(describeHidden), passedOver: [] };
}

/** The documents of files and directories, and what of them holds none. A file that cannot be read stops no other. */
export async function readFiles(options: FilesOptions, io: Io): Promise<FilesRead> {
  const { filename, recursive } = options;
  const errors: UserError[] = [];
  // A file that is named twice is still one file.
  const files = new Set<string>();
  const named = new Set(filename);
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
    const isAmongOthers = options.skipOthers && !named.has(file);
    const found = isAmongOthers ? splitAmongOthers(text, place) : splitDocuments(text, place);
    const reason = isAmongOthers ? undefined : explainNothing(text, found, files.size === 1 && filename.length === 1);
    if (reason !== undefined) gaps.push({ place, reason });
    for (const document of found) documents.push(document);
  }
  const others = findMissed(asked, options);
  return { documents, errors, others: { ...others, gaps: [...others.gaps, ...gaps] } };
}
