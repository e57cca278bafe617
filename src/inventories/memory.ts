import { isClusterProfile, type ClusterProfile } from '../clusterprofile.ts';
import { usageError } from '../errors.ts';
import type { Inventory } from '../inventory.ts';
import type { Io } from '../io.ts';
import { readObjects } from '../kubernetes/objects.ts';
import { select } from '../selectors.ts';

/** Profiles that are at hand and kept nowhere: to be read only. */
export const memory = (title: string, profiles: readonly ClusterProfile[]): Inventory => ({
  title,
  namespace: '',
  isWhole: () => true,
  async *list(query) {
    yield select(profiles, query);
  },
  clusterSets: () => Promise.resolve(new Map()),
  view: (live) => ({ before: live, owned: true, conflicts: [] }),
  stranger: () => undefined,
  made: () => false,
  ensureNamespace: () => Promise.resolve(),
  apply: () => Promise.reject(usageError('these profiles are read only')),
});

/** The ClusterProfiles of `-f`; objects of other kinds are passed over. */
export async function files(paths: readonly string[], io: Io, recursive: boolean): Promise<Inventory> {
  const objects = await readObjects(paths, io, recursive);
  const profiles = objects
    .map(({ object }) => object)
    .filter((object): object is ClusterProfile => isClusterProfile(object));
  return memory(paths.join(', '), profiles);
}
