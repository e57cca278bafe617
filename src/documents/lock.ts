import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, exit, UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import { isObject } from '../object.ts';
import { describeEnd, startDeadline, type LimitOptions } from '../util/limits.ts';
import { hasProcessEnded, identifyProcess, isProcessIdentity, type ProcessIdentity } from '../util/process-identity.ts';
import { makeSafeLine } from '../util/safe-text.ts';
import { describeWriteFailure, resolveLink } from './files.ts';
import { makeTemporaryName, noteEnded } from './temporary.ts';

/**
 * A file that is there while one process writes, as kubectl has one beside a kubeconfig. Ours says who holds it, and its
 * time goes on as long as the holder lives. Times are compared by the waiting process's own clock: it watches whether the
 * file changes.
 */

/** In milliseconds: how often a holder shows that it lives, how long a lock stands still before it is taken over, and how long it is waited for. */
const beat = 1000;
const stillFor = { ended: 500, unknown: 6000 };
const waitFor = 10_000;
/** How long a lock that was looked at counts as held: nobody takes one over as fast. */
const recheck = 100;

interface Holder extends ProcessIdentity {
  token: string;
}

/** What is known of a lock file at one moment; absent when it is gone. */
interface Seen {
  text: string;
  mtime: bigint;
  holder: Holder | undefined;
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isProcessIdentity(value) && isObject(value) && typeof value['token'] === 'string'
      ? { ...value, token: value['token'] }
      : undefined;
  } catch {
    return undefined;
  }
}

function look(lock: string): Seen | undefined {
  try {
    const { mtimeNs } = statSync(lock, { bigint: true });
    const text = readFileSync(lock, 'utf8');
    return { text, mtime: mtimeNs, holder: parseHolder(text) };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw describeWriteFailure(lock, error);
  }
}

/** Makes a file that is not there yet; false where it is. */
function create(path: string, text: string): boolean {
  try {
    const fd = openSync(path, 'wx', 0o600);
    try {
      writeSync(fd, text);
    } catch (error) {
      // A disk that has room for a name and for nothing in it.
      rmSync(path, { force: true });
      throw error;
    } finally {
      closeSync(fd);
    }
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw describeWriteFailure(path, error);
  }
}

const describeHolder = ({ holder }: Seen): string =>
  holder ? `process ${holder.pid} on ${makeSafeLine(holder.host)}` : 'another program';

/**
 * Takes a lock away that nobody holds any more. Of several processes that find it at once only the one that makes the file
 * beside it may: the others could take away the lock that the first has made since.
 */
function takeAway(lock: string, seen: Seen): boolean {
  const guard = `${lock}-stale`;
  if (!create(guard, '')) {
    const stats = statSync(guard, { throwIfNoEntry: false });
    // It is there for microseconds, unless its process was killed just then.
    if (stats && Math.abs(Date.now() - stats.mtimeMs) > stillFor.unknown) rmSync(guard, { force: true });
    return false;
  }
  try {
    const now = look(lock);
    if (now?.text !== seen.text || now.mtime !== seen.mtime) return false;
    rmSync(lock, { force: true });
    return true;
  } finally {
    rmSync(guard, { force: true });
  }
}

/** Whether a lock that has not changed for so long is nobody's any more. */
function isLeft({ holder }: Seen, still: number): boolean {
  const hasEnded = holder && hasProcessEnded(holder);
  if (hasEnded === false) return false;
  return still >= (hasEnded ? stillFor.ended : stillFor.unknown);
}

function describeHeld(lock: string, seen: Seen): UserError {
  return new UserError(`${lock} is held by ${describeHolder(seen)}, which is writing there`, {
    code: exit.refused,
    hint: `try again when it has ended; if nothing is running, remove ${lock}`,
  });
}

/** How long a lock is waited for, and whether it is said that one was taken over. */
export interface LockOptions extends LimitOptions {
  quiet?: boolean | undefined;
}

/** A lock that this process holds. */
export interface Lock {
  /** Throws where somebody has taken it over, as after a long sleep. */
  assertHeld(): void;
  release(): void;
}

function hold(lock: string, text: string): Lock {
  const isOurs = (): boolean => look(lock)?.text === text;
  const timer = setInterval(() => {
    try {
      if (isOurs()) utimesSync(lock, new Date(), new Date());
    } catch {
      // It is gone, which the next write says.
    }
  }, beat).unref();
  let checked = 0;
  const release = (): void => {
    clearInterval(timer);
    process.off('exit', release);
    if (isOurs()) rmSync(lock, { force: true });
  };
  process.on('exit', release);
  return {
    release,
    assertHeld() {
      if (performance.now() - checked < recheck) return;
      checked = performance.now();
      if (isOurs()) return;
      throw new UserError(`${lock} was taken over by another process, the rest is not written`, {
        code: exit.refused,
        hint: 'a second run does the rest',
      });
    },
  };
}

/** Waits for a lock, and takes it over from a process that was killed. Ends with `--timeout`, SIGINT, and after some seconds. */
async function takeLock(lock: string, options: LockOptions, io: Io): Promise<Lock> {
  const text = `${JSON.stringify({ ...identifyProcess(), token: makeTemporaryName() })}\n`;
  const signal = startDeadline(options, io);
  const start = performance.now();
  let seen: Seen | undefined;
  let since = start;
  try {
    mkdirSync(dirname(lock), { recursive: true });
  } catch (error) {
    throw describeWriteFailure(lock, error);
  }
  while (!create(lock, text)) {
    const now = look(lock);
    if (now && (now.text !== seen?.text || now.mtime !== seen.mtime)) {
      seen = now;
      since = performance.now();
    }
    if (now && seen && isLeft(seen, performance.now() - since) && takeAway(lock, seen)) {
      if (seen.holder) noteEnded(seen.holder);
      if (!options.quiet) io.err(`note: took over ${makeSafeLine(lock)}, which ${describeHolder(seen)} has left\n`);
    }
    if (seen && performance.now() - start > waitFor) throw describeHeld(lock, seen);
    await sleep(20 + Math.random() * 40, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) throw describeLimit(lock, seen, options, io);
  }
  return hold(lock, text);
}

/** The end of a wait: by a signal, or by `--timeout`, which then says what was waited for. */
function describeLimit(lock: string, seen: Seen | undefined, options: LimitOptions, io: Io): UserError {
  const end = describeEnd(options, io);
  if (!seen || end.code !== exit.timeout) return end;
  return new UserError(`${end.message}: ${describeHeld(lock, seen).message}`, { code: end.code, hint: end.hint });
}

/** Keeps others from writing into a directory, whatever path they know it by. */
export const lockDirectory = (directory: string, options: LockOptions, io: Io): Promise<Lock> =>
  takeLock(join(resolveLink(directory), '.clusterprofile.lock'), options, io);

/** Keeps others from writing a file: with the lock that kubectl takes, beside the file and beside the link that is given for it. */
export async function lockFile(file: string, options: LockOptions, io: Io): Promise<Lock> {
  const given = join(resolveLink(dirname(file)), basename(file));
  const held: Lock[] = [];
  const release = (): void => {
    for (const lock of held.splice(0)) lock.release();
  };
  try {
    for (const path of new Set([resolveLink(file), given])) held.push(await takeLock(`${path}.lock`, options, io));
  } catch (error) {
    release();
    throw error;
  }
  return {
    release,
    assertHeld() {
      for (const lock of held) lock.assertHeld();
    },
  };
}
