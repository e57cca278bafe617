// Archives whose bytes depend on nothing but the files in them: sorted names, one time for all, no owner.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { zipSync } from 'fflate';
import { create } from 'tar';

/** Names of all files below a folder, sorted, relative to it. */
export const listFiles = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();

/** Writes a file below a folder, which is made where it is not there. Programs are executable. */
export function place(folder, name, content, executable = false) {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  chmodSync(file, executable ? 0o755 : 0o644);
  return file;
}

/** Packs a folder as a tar file, with gzip unless `gzip` is false. `time` is seconds since the epoch. */
export function packTar(folder, file, time, gzip = { level: 9 }) {
  const options = { cwd: folder, file, gzip, portable: true, mtime: new Date(time * 1000), sync: true };
  void create(options, listFiles(folder));
  return file;
}

/** Packs a folder as .tar.xz, a quarter smaller than gzip; `xz` is the machine's own. */
export function packXz(folder, file, time) {
  const tar = packTar(folder, file.replace(/\.xz$/, ''), time, false);
  execFileSync('xz', ['-9', '-T1', '--force', tar]);
  return file;
}

/** Packs a folder as a zip file, which keeps times of two seconds and no zone. */
export function packZip(folder, file, time) {
  // Zip has the time of a wall without a zone; this makes it the one of UTC everywhere.
  const at = new Date(time * 1000);
  const mtime = new Date(at.getTime() + at.getTimezoneOffset() * 60_000);
  const entry = (name) => {
    const mode = statSync(join(folder, name)).mode & 0o777;
    return [readFileSync(join(folder, name)), { level: 9, mtime, os: 3, attrs: (0o100000 | mode) << 16 }];
  };
  writeFileSync(file, zipSync(Object.fromEntries(listFiles(folder).map((name) => [name, entry(name)]))));
  return file;
}

export const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');
