import { closeSync, openSync, readSync } from 'node:fs';
import { explainSystemError } from '../errors.ts';
import {
  decodeText,
  explainClosed,
  isYaml,
  linkToDirectory,
  listSubdirectories,
  walkFiles,
  walkHidden,
  type FolderFile,
  type ReadOptions,
} from './objects.ts';

/** What directories hold beside the YAML and JSON files that are read: files with other names, and more directories. */

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

const looksRead = (head: string, { looksWanted }: ReadOptions): boolean =>
  objectStart.test(head) && (looksWanted?.(head) ?? true);

const packedName = /\.(?:gz|tgz|zip|zst|tzst|xz|txz|bz2|tbz2?|lz4|lzma|br|7z|tar)$/i;

/** A name that says what a file was before something was made of it: `fleet.yaml.age`. */
const namesYaml = /\.(?:ya?ml|json)[.~_-]/i;

const encryptedName = /\.(?:age|asc|enc|gpg|pgp)$/i;

const isBinary = (head: string): boolean => /[\0\uFFFD]/.test(head.slice(0, 8192));

/** Whether a file may hold objects in a form that is not read. */
const isPacked = (path: string, head: string): boolean =>
  packedName.test(path) || (namesYaml.test(path) && (encryptedName.test(path) || isBinary(head)));

/** Why a file that is not read may hold objects; `undefined` for one that holds none. */
function explainFile({ path, problem }: FolderFile, head: string, options: ReadOptions): string | undefined {
  if (problem !== undefined) return problem === linkToDirectory || isPacked(path, head) ? problem : undefined;
  if (isPacked(path, head)) return 'it is compressed, encrypted or an archive';
  return looksRead(head, options) ? 'it is not read, its name does not end in .yaml, .yml or .json' : undefined;
}

/** What becomes of a file: it is read whatever its name is, or has a reason why it should not be passed over. */
interface Judgement {
  path: string;
  isWanted: boolean;
  reason?: string | undefined;
}

function judgeFile(file: FolderFile, options: ReadOptions): Judgement {
  let head = '';
  try {
    if (file.problem === undefined) head = readHead(file.path);
  } catch (error) {
    return { path: file.path, isWanted: false, reason: explainSystemError(error) };
  }
  const isWanted = options.isWanted?.(head) ?? false;
  return { path: file.path, isWanted, reason: isWanted ? undefined : explainFile(file, head, options) };
}

/** The files of a directory that do not have the name of a YAML or JSON file. */
export function* judgeOthers(directory: string, options: ReadOptions): Iterable<Judgement> {
  for (const file of walkFiles(directory, options.recursive ?? false))
    if (!isYaml(file.path) && !file.isDirectory) yield judgeFile(file, options);
}

/** Whether anything in a directory would be read, or be missed: what may not be looked at could. */
function holdsInput(directory: string, options: ReadOptions): boolean {
  if (explainClosed(directory) !== undefined) return true;
  for (const file of walkFiles(directory, true)) {
    if (isYaml(file.path) || file.isDirectory) return true;
    const { isWanted, reason } = judgeFile(file, options);
    if (isWanted || reason !== undefined) return true;
  }
  return false;
}

/** The visible subdirectories of a directory that -R would read something of. */
export const listFilledDirectories = (directory: string, options: ReadOptions): string[] =>
  listSubdirectories(directory).filter((path) => holdsInput(path, options));

/** Whether a directory has a YAML or JSON file with an object in it: workflows of a repository are none. */
function holdsObjects(directory: string, options: ReadOptions): boolean {
  if (explainClosed(directory) !== undefined) return true;
  for (const file of walkFiles(directory, true, true)) {
    if (file.isDirectory) return true;
    if (!isYaml(file.path) || file.problem !== undefined) continue;
    const { isWanted, reason } = judgeFile(file, options);
    if (isWanted || reason !== undefined) return true;
  }
  return false;
}

/**
 * The hidden directories that hold objects. kubectl reads them with -R; here they are those of tools (`.git`, `.github`), and
 * are named where there may be more to them.
 */
export const listHiddenDirectories = (directory: string, options: ReadOptions): string[] =>
  [...walkHidden(directory, options.recursive ?? false)].filter((path) => holdsObjects(path, options)).toSorted();
