import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
  type Stats,
} from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { exit, explainSystemError, isUserError, UserError } from '../errors.ts';
import { makeTemporaryName, sweepTemporary } from './temporary.ts';

export const describeWriteFailure = (path: string, error: unknown): UserError =>
  isUserError(error) ? error : new UserError(`cannot write ${path}: ${explainSystemError(error)}`, { cause: error });

/** What stands at a path itself, be it a link; `undefined` where nothing does. Throws where that may not be seen. */
export function inspectPath(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw new UserError(`cannot read ${path}: ${explainSystemError(error)}`, { cause: error });
  }
}

/** For a path that is one, or is not there yet. */
export function assertDirectory(path: string): void {
  if (!existsSync(path) && inspectPath(path)) throw new UserError(`${path} is a link to nothing`, { code: exit.input });
  if (existsSync(path) && !statSync(path).isDirectory())
    throw new UserError(`${path} is not a directory`, { code: exit.input });
}

/** For its owner only, before a credential is written into it: a file that is there keeps its mode. */
export function makePrivate(path: string): void {
  if (existsSync(path)) chmodSync(path, 0o600);
}

/** What a path leads to, through links; also of a link whose target is not there yet. */
export function resolveLink(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const isLink = inspectPath(path)?.isSymbolicLink();
  const found = isLink ? resolve(dirname(path), readlinkSync(path)) : path;
  return existsSync(dirname(found)) ? join(realpathSync(dirname(found)), basename(found)) : found;
}

/**
 * Writes all or nothing: a temporary file beside the target, flushed, then renamed over it. Keeps the old file's mode, and
 * a link to it.
 */
export function writeFileAtomic(path: string, text: string, mode = 0o644): void {
  let temporary: string | undefined;
  try {
    const target = resolveLink(path);
    mkdirSync(dirname(target), { recursive: true });
    sweepTemporary(dirname(target));
    temporary = join(dirname(target), makeTemporaryName());
    const fd = openSync(temporary, 'wx', existsSync(target) ? statSync(target).mode & 0o777 : mode);
    try {
      const bytes = Buffer.from(text);
      for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, target);
  } catch (error) {
    if (temporary !== undefined) rmSync(temporary, { force: true });
    throw describeWriteFailure(path, error);
  }
}

/** What file systems take as one name, in bytes. */
const nameBytes = 255;

const isName = (part: string): boolean =>
  part !== '' && part !== '.' && part !== '..' && !/[/\\\0]/.test(part) && Buffer.byteLength(part) <= nameBytes;

/** The nearest part of a path that is there, be it a link that leads nowhere. */
function findExisting(path: string): string {
  let at = path;
  while (!inspectPath(at) && dirname(at) !== at) at = dirname(at);
  return at;
}

/** Throws for a path that a link, its own or one on the way, leads out of its directory, or nowhere. */
export function assertInside(directory: string, path: string): void {
  if (!existsSync(directory)) return;
  const root = realpathSync(directory);
  const there = findExisting(path);
  const real = existsSync(there) ? realpathSync(there) : undefined;
  if (real === root || real?.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)) return;
  throw new UserError(`${path} leads out of ${directory}: ${there} is a link to ${real ?? 'nothing'}`);
}

/** The path of a file in a directory, refused when it would be outside of it, by its name or by a link. */
export function resolveInside(directory: string, ...parts: string[]): string {
  const bad = parts.find((part) => !isName(part));
  if (bad !== undefined) throw new UserError(`${JSON.stringify(bad)} cannot name a file in ${directory}`);
  const path = join(directory, ...parts);
  assertInside(directory, path);
  return path;
}
