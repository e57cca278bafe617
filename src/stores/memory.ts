import { isClusterProfile, type ClusterProfile } from '../profile/clusterprofile.ts';
import { isReadable, listUnread, looksLikeProfile, sayGaps, sayNoProfile } from '../profile/reading/reader.ts';
import { makeSafeLine } from '../util/safe-text.ts';
import { UserError, usageError } from '../errors.ts';
import type { Inventory, ReadInventory } from './store.ts';
import type { Io } from '../io.ts';
import { readEverything } from '../documents/read-input.ts';
import { describeOrigin, type ReadOptions } from '../documents/objects.ts';
import { isObject } from '../object.ts';
import { filterByKind, selectProfilesBy } from '../profile/selectors.ts';

/** Profiles that are at hand and kept nowhere, with what was read beside them: to be read only. */
export const createMemoryInventory = (
  title: string,
  profiles: readonly ClusterProfile[],
  beside: readonly unknown[] = [],
): Inventory => ({
  title,
  namespace: '',
  isWhole: () => true,
  async *list(query) {
    yield selectProfilesBy(profiles, query);
  },
  async *objects(kind, namespace) {
    yield filterByKind(beside, kind, namespace);
  },
  compare: (live) => ({ before: live, owned: true, conflicts: [] }),
  retire: () => 'keep',
  apply: () => Promise.reject(usageError('these profiles are read only')),
});

/**
 * The ClusterProfiles of `-f`, with the objects of other kinds beside them. `partial`: something may have been a profile
 * and is not read. With a verb, no object at all is an error.
 */
export async function readFileInventory(
  paths: readonly string[],
  io: Io,
  options: ReadOptions,
  verb?: string,
): Promise<ReadInventory> {
  const input = await readEverything(paths, io, { ...options, looksWanted: looksLikeProfile });
  const unread = listUnread(input.objects);
  if (verb !== undefined && input.objects.length === 0 && input.gaps.length === 0)
    throw new UserError(`no objects passed to ${verb}`);
  for (const { object, origin } of input.objects)
    if (isClusterProfile(object) && !isObject(object.metadata))
      throw new UserError(`${describeOrigin(origin)}: a ClusterProfile without metadata`, {
        hint: 'clusterprofile validate says what is wrong with it',
      });
  for (const fault of unread) io.err(`error: ${makeSafeLine(fault)}\n`);
  const { isBroken, isWhole } = sayGaps(input, io, options);
  const objects = input.objects.map(({ object }) => object);
  if (!options.quiet && unread.length === 0) sayNoProfile(objects, paths, io);
  const inventory = createMemoryInventory(paths.join(', '), objects.filter(isReadable), objects);
  return { inventory: { ...inventory, isWhole: () => isWhole }, partial: isBroken || unread.length > 0 };
}
