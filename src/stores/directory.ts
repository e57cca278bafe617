import { subjectOfChange, type ApplyOptions, type Change } from '../kubernetes/change.ts';
import { relative } from 'node:path';
import { lockDirectory } from '../documents/lock.ts';
import { resolveInside } from '../documents/files.ts';
import { clientResult } from '../kubernetes/apply.ts';
import { isMarked, nameOf, type ClusterProfile } from '../profile/clusterprofile.ts';
import { makeFileName } from '../profile/names.ts';
import { filterByKind, selectProfilesBy, type Query } from '../profile/selectors.ts';
import { readDirectory, type StoredObjects } from './directory/read.ts';
import { FileWriter, type Writing } from './directory/write.ts';
import type { Inventory } from './store.ts';
import { watchDirectory } from './watch/directory.ts';

const isWriting = (change: Change): change is Writing => ['create', 'update', 'delete'].includes(change.action);

/** Says what was not said before. */
function sayUnread(found: StoredObjects, said: Set<string>, say: (fault: string) => void): StoredObjects {
  for (const fault of found.unread) if (!said.has(fault)) say(fault);
  for (const fault of found.unread) said.add(fault);
  return found;
}

/** The file of a profile that has none yet. */
const resolveOwnFile = (path: string, { metadata: { name, namespace } }: ClusterProfile): string =>
  resolveInside(path, ...(namespace ? [namespace] : []), makeFileName(name, '.yaml'));

/**
 * ClusterProfiles in a directory of YAML files: one file a profile, made for GitOps repositories and CI. `fail` hears once
 * of each object or file that may have been a profile and is none. A watch ends with the signal. A new file
 * begins with `head`, lines of comment.
 */
export function openDirectoryInventory(
  path: string,
  fail: (fault: string) => void,
  startEnd: () => AbortSignal = () => new AbortController().signal,
  head?: string,
): Inventory {
  let known: StoredObjects | undefined;
  const faults = new Set<string>();
  /** Where profiles were when the first of them was written. */
  let planned: StoredObjects | undefined;
  const writer = new FileWriter(path, head);
  let expected: ReadonlyMap<string, ClusterProfile> | undefined;
  const read = (): StoredObjects => (known ??= sayUnread(readDirectory(path, expected), faults, fail));

  const findFile = (profile: ClusterProfile): string | undefined =>
    (planned ??= read()).profiles.get(nameOf(profile))?.origin.file;

  return {
    title: `inventory ${relative('.', path) || '.'}`,
    namespace: '',
    expect(desired) {
      expected = new Map(desired.map((profile) => [nameOf(profile), profile]));
    },
    async *list(query: Query) {
      yield selectProfilesBy(
        [...read().profiles.values()].map(({ profile }) => profile),
        query,
      );
    },
    watch: (query) => watchDirectory(path, query, { signal: startEnd(), fail }),
    async *objects(kind, namespace) {
      yield filterByKind(read().others, kind, namespace);
    },
    // A profile nobody's server has touched needs no projection: all of it counts. A file says nothing of who wrote it.
    compare: (live) => ({ before: live, owned: true, conflicts: [] }),
    retire: (live) => (isMarked(live) ? 'delete' : 'keep'),
    isWhole: () => true,
    hasUnread: () => faults.size > 0,
    groupOf: (change) => findFile(subjectOfChange(change)),
    async lock(limits, io) {
      writer.lock = await lockDirectory(path, limits, io);
    },
    close: () => writer.lock?.release(),
    apply: async (change: Change, { dryRun }: ApplyOptions) => {
      if (!isWriting(change)) return 'unchanged';
      if (dryRun) return clientResult[change.action];
      const profile = subjectOfChange(change);
      const file = findFile(profile) ?? resolveOwnFile(path, profile);
      known = undefined;
      return writer.write(file, change);
    },
  };
}
