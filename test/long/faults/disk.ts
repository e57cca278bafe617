import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether a disk of its own can be had here. */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0 && tryMount();

function tryMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'clusterprofile-disk-'));
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).status === 0;
  if (isMounted) spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true });
  return isMounted;
}

const mustRun = (...[command = '', ...words]: string[]): void => {
  const { status, stderr } = spawnSync(command, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}: ${stderr}`);
};

export const mountDisk = (disk: string): void => mustRun('mount', '-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk);
export const unmountDisk = (disk: string): void => mustRun('umount', disk);

/** Lets a disk take no more than some blocks. */
export function fillDisk(disk: string, blocks: number): void {
  const filler = join(disk, 'filler');
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(filler, Buffer.alloc(Math.max(0, bavail - blocks) * bsize));
}

export const emptyDisk = (disk: string): void => {
  truncateSync(join(disk, 'filler'));
  rmSync(join(disk, 'filler'));
};

export const setWritable = (disk: string, isWritable: boolean): void =>
  mustRun('mount', '-o', `remount,${isWritable ? 'rw' : 'ro'}`, disk);
