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
} from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { codeOf, exit, UserError } from '../errors.ts';

function describeWriteFailure(path: string, error: unknown): UserError {
  const reasons: Record<string, string> = {
    ENOSPC: 'no space left on device',
    EACCES: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOTDIR: 'a part of the path is not a directory',
  };
  const code = codeOf(error) ?? 'unknown error';
  return new UserError(`cannot write ${path}: ${reasons[code] ?? code}`, { code: exit.input, cause: error });
}

/** For a path that is one, or is not there yet. */
export function assertDirectory(path: string): void {
  if (existsSync(path) && !statSync(path).isDirectory())
    throw new UserError(`${path} is not a directory`, { code: exit.input });
}

/** For its owner only, before a credential is written into it: a file that is there keeps its mode. */
export function makePrivate(path: string): void {
  if (existsSync(path)) chmodSync(path, 0o600);
}

/** What a path leads to, through links; also of a link whose target is not there yet. */
function resolveLink(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const link = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink();
  return link ? resolve(dirname(path), readlinkSync(path)) : path;
}

/** Writes all or nothing: a temporary file beside the target, flushed, then renamed over it. Keeps the old file's mode. */
export function writeFileAtomic(path: string, text: string, mode = 0o644): void {
  const target = resolveLink(path);
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  try {
    mkdirSync(dirname(target), { recursive: true });
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
    rmSync(temporary, { force: true });
    throw describeWriteFailure(path, error);
  }
}

/** The path of a file in a directory, refused when it would be outside of it. */
export function resolveInside(directory: string, ...parts: string[]): string {
  const bad = parts.find(
    (part) => part === '' || part === '.' || part === '..' || /[/\\\0]/.test(part) || part.length > 253,
  );
  const path = join(directory, ...parts);
  const inside = !relative(directory, path).startsWith('..');
  // A symlink on the way may lead out, which no name shows.
  const parent = dirname(path);
  const real = existsSync(parent) && existsSync(directory) ? realpathSync(parent) : undefined;
  const leaves =
    real !== undefined && real !== realpathSync(directory) && !real.startsWith(`${realpathSync(directory)}${sep}`);
  if (bad !== undefined || !inside || leaves)
    throw new UserError(`${JSON.stringify(bad ?? parts.join('/'))} cannot name a file in ${directory}`);
  return path;
}
