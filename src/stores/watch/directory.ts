import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { describeOrigin } from '../../documents/objects.ts';
import { watchTree } from '../../documents/watch-tree.ts';
import { codeOf, isUserError, messageOf, UserError } from '../../errors.ts';
import { createKnownObjects } from '../../kubernetes/client/known.ts';
import type { ClusterProfile } from '../../profile/clusterprofile.ts';
import { selectProfilesBy, type Query } from '../../profile/selectors.ts';
import { findMisshape } from '../../profile/shape/well-formed.ts';
import { readDirectory, type Stored } from '../directory/read.ts';
import type { ProfileEvent } from '../store.ts';

/** A directory as it was read at one moment, and what of it could not be read. */
interface Reading {
  profiles: ReadonlyMap<string, Stored>;
  faults: readonly string[];
}

/** What is there; of what cannot be read at this moment, such as a file that is being written, what was there before. */
function readAgain(path: string, before: Reading): Reading {
  if (!existsSync(path)) throw new UserError(`cannot read ${path}: no such directory`);
  const { profiles, unread, unreadFiles } = readDirectory(path);
  const faults = [...unread];
  const files = new Set(unreadFiles);
  const found = new Map<string, Stored>();
  for (const [name, stored] of profiles) {
    const misshape = findMisshape(stored.profile);
    if (misshape === undefined) {
      found.set(name, stored);
      continue;
    }
    faults.push(`${describeOrigin(stored.origin)}: ${misshape.message}`);
    files.add(stored.origin.file);
  }
  for (const [name, stored] of before.profiles)
    if (!found.has(name) && files.has(stored.origin.file)) found.set(name, stored);
  return { profiles: found, faults };
}

/** How long a file may be in the making, or on its way to another name, before somebody hears of it. */
const settling = 75;

/** How often it is looked at before somebody hears of it. */
const longestLook = 4;

/** Reads a directory again and again. Tells each fault when it begins, unless another look does not find it. */
function createReader(path: string, fail: (fault: string) => void): () => Promise<Reading['profiles']> {
  let reading: Reading | undefined;
  const read = (isSecond: boolean): Reading => {
    try {
      return readAgain(path, reading ?? { profiles: new Map(), faults: [] });
    } catch (error) {
      // A file, or a directory, that went away while it was looked at.
      if (!isUserError(error) && codeOf(error) !== 'ENOENT') throw error;
      if (!reading && isSecond) throw error;
      return { profiles: reading?.profiles ?? new Map<string, Stored>(), faults: [messageOf(error)] };
    }
  };
  return async () => {
    let next = read(false);
    const told = reading?.faults ?? [];
    for (let looks = 1; looks < longestLook && next.faults.some((fault) => !told.includes(fault)); looks++) {
      await sleep(settling);
      next = read(looks === longestLook - 1);
    }
    for (const fault of next.faults) if (!told.includes(fault)) fail(fault);
    reading = next;
    return next.profiles;
  };
}

/**
 * The profiles of a directory, and what becomes of them as its files change. What cannot be read at a moment is told to
 * `fail` and counts as it was before.
 */
export async function* watchDirectory(
  path: string,
  query: Query,
  { signal, fail }: { signal: AbortSignal; fail: (fault: string) => void },
): AsyncIterable<ProfileEvent[]> {
  const known = createKnownObjects<ClusterProfile>((now, before) => !isDeepStrictEqual(now, before));
  const read = createReader(path, fail);
  let isFirst = true;
  for await (const _ of watchTree(path, signal)) {
    const profiles = [...(await read()).values()].map(({ profile }) => profile);
    const news = known.takeList(selectProfilesBy(profiles, query));
    if (isFirst || news.length > 0) yield news;
    isFirst = false;
  }
}
