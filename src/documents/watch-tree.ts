import { readdirSync, statSync, watch, type FSWatcher } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../errors.ts';

/** The directories that files are read from: a directory and its visible subdirectories. */
function* walkDirectories(directory: string): Iterable<string> {
  yield directory;
  for (const entry of readdirSync(directory, { withFileTypes: true }))
    if (entry.isDirectory() && !entry.name.startsWith('.')) yield* walkDirectories(join(directory, entry.name));
}

/** What tells a directory from another one that took its place, which may get its number. */
function readIdentity(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats && `${stats.ino} ${stats.birthtimeMs}`;
}

interface WatchedDirectory {
  identity: string | undefined;
  watcher: FSWatcher;
}

/** How long nothing has to happen, and how long something may go on happening, before a change is told. */
const calm = 50;
const longestStorm = 500;

/** How often the directory itself is looked at, and all of it where the system cannot watch it. */
const lookInterval = 1000;

/** Watches every directory of a tree, as far as the system allows it. `refresh` follows the tree as it is now. */
function watchDirectories(
  root: string,
  onChange: () => void,
): { refresh(): void; close(): void; readonly failure: string | undefined } {
  const watched = new Map<string, WatchedDirectory>();
  let failure: string | undefined;
  const drop = (path: string): void => {
    watched.get(path)?.watcher.close();
    watched.delete(path);
  };
  const add = (path: string): void => {
    const identity = readIdentity(path);
    if (watched.get(path)?.identity === identity) return;
    drop(path);
    const end = (): void => {
      if (watched.get(path)?.watcher === watcher) drop(path);
      onChange();
    };
    // What a watcher tells of its own directory is that it went away.
    const watcher = watch(path, (_event, name) => (name === basename(path) ? end() : onChange())).on('error', end);
    watched.set(path, { identity, watcher });
  };
  return {
    refresh() {
      try {
        const there = [...walkDirectories(root)];
        for (const path of watched.keys()) if (!there.includes(path)) drop(path);
        for (const path of there) add(path);
        failure = undefined;
      } catch (error) {
        // It is gone or changes at this moment, or there are no more watches to have.
        failure = codeOf(error) ?? 'unknown error';
      }
    },
    close: () => [...watched.keys()].forEach(drop),
    get failure() {
      return failure;
    },
  };
}

/**
 * Comes back once at the beginning, and then whenever something in a directory or its subdirectories has changed and it is
 * calm again: files that are written, renamed over others or removed, and subdirectories. Ends with the signal.
 */
export async function* watchTree(root: string, signal: AbortSignal): AsyncIterable<void> {
  let wake: (() => void) | undefined;
  let isChanged = true;
  let last = 0;
  const change = (): void => {
    isChanged = true;
    last = performance.now();
    wake?.();
  };
  const directories = watchDirectories(root, change);
  let identity = readIdentity(root);
  const look = setInterval(() => {
    const now = readIdentity(root);
    if (now !== identity || directories.failure !== undefined) change();
    identity = now;
  }, lookInterval);
  const end = (): void => wake?.();
  signal.addEventListener('abort', end);
  try {
    while (!signal.aborted) {
      if (!isChanged)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      const storm = performance.now();
      while (performance.now() - last < calm && performance.now() - storm < longestStorm && !signal.aborted)
        await sleep(calm);
      if (signal.aborted) return;
      isChanged = false;
      // Before the reader looks, so that what comes into a new directory later is told.
      directories.refresh();
      yield;
    }
  } finally {
    clearInterval(look);
    signal.removeEventListener('abort', end);
    directories.close();
  }
}
