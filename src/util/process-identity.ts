import { readFileSync, readlinkSync } from 'node:fs';
import { codeOf } from '../errors.ts';
import { isObject } from '../object.ts';

/**
 * Which process something belongs to, for others that find what it left. A number alone says nothing: two containers may
 * both be process 1, and a number is given again after a restart.
 */
export interface ProcessIdentity {
  pid: number;
  host: string;
  /** One start of a kernel, and one space of process numbers on it; empty where the system does not tell. */
  boot: string;
  space: string;
  /** When the process started, in ticks of the kernel. */
  started: string;
}

function readOr(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return '';
  }
}

/** Field 22 of the line, counted behind the name in parentheses, which may hold blanks. */
const readStart = (pid: number): string =>
  readOr(() => /^.*\) (?:\S+ ){19}(\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? '');

let own: ProcessIdentity | undefined;

/** That of this process. */
export const identifyProcess = (): ProcessIdentity =>
  (own ??= {
    pid: process.pid,
    host: process.getBuiltinModule('node:os').hostname(),
    boot: readOr(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    space: readOr(() => readlinkSync('/proc/self/ns/pid')),
    started: readStart(process.pid),
  });

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

/** Whether a process has ended; `undefined` where that cannot be seen from here. */
export function hasProcessEnded({ pid, host, boot, space, started }: ProcessIdentity): boolean | undefined {
  const here = identifyProcess();
  if (host !== here.host || boot !== here.boot || space !== here.space) return undefined;
  return !isRunning(pid) || (started !== '' && readStart(pid) !== started);
}

export const isProcessIdentity = (value: unknown): value is ProcessIdentity =>
  isObject(value) &&
  Number.isSafeInteger(value['pid']) &&
  Number(value['pid']) > 0 &&
  ['host', 'boot', 'space', 'started'].every((key) => typeof value[key] === 'string');
