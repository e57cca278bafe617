import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describeOrigin } from '../../documents/objects.ts';
import { watchTree } from '../../documents/watch-tree.ts';
import { isUserError, UserError } from '../../errors.ts';
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

/** Tells each fault when it begins. */
function createFaultTeller(fail: (fault: string) => void): (faults: readonly string[]) => void {
  let told: readonly string[] = [];
  return (faults) => {
    for (const fault of faults) if (!told.includes(fault)) fail(fault);
    told = faults;
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
  const tellFaults = createFaultTeller(fail);
  let reading: Reading = { profiles: new Map(), faults: [] };
  let isFirst = true;
  for await (const _ of watchTree(path, signal)) {
    try {
      reading = readAgain(path, reading);
    } catch (error) {
      if (isFirst || !isUserError(error)) throw error;
      reading = { profiles: reading.profiles, faults: [error.message] };
    }
    tellFaults(reading.faults);
    const profiles = [...reading.profiles.values()].map(({ profile }) => profile);
    const news = known.takeList(selectProfilesBy(profiles, query));
    if (isFirst || news.length > 0) yield news;
    isFirst = false;
  }
}
