import { isClusterProfile, type ClusterProfile } from '../profile/clusterprofile.ts';
import { UserError, usageError } from '../errors.ts';
import type { Inventory } from './store.ts';
import type { Io } from '../io.ts';
import { readObjects } from '../documents/read-input.ts';
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

/** The ClusterProfiles of `-f`, with the objects of other kinds beside them. With a verb, no object at all is an error. */
export async function readFileInventory(
  paths: readonly string[],
  io: Io,
  options: ReadOptions,
  verb?: string,
): Promise<Inventory> {
  const found = await readObjects(paths, io, options);
  if (verb !== undefined && found.length === 0) throw new UserError(`no objects passed to ${verb}`);
  for (const { object, origin } of found)
    if (isClusterProfile(object) && !isObject(object.metadata))
      throw new UserError(`${describeOrigin(origin)}: a ClusterProfile without metadata`, {
        hint: 'clusterprofile validate says what is wrong with it',
      });
  const objects = found.map(({ object }) => object);
  return createMemoryInventory(paths.join(', '), objects.filter(isClusterProfile), objects);
}
