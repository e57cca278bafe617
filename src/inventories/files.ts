import { isClusterProfile, type ClusterProfile } from '../clusterprofile.ts';
import type { Inventory } from '../inventory.ts';
import type { Io } from '../io.ts';
import { readObjects } from '../kubernetes/objects.ts';
import { select } from '../selectors.ts';
import { usageError } from '../errors.ts';

/** ClusterProfiles given with `-f`, to be read only: what `list -f` and `export -f` work on. */
export async function files(paths: readonly string[], io: Io, recursive: boolean): Promise<Inventory> {
  const objects = await readObjects(paths, io, recursive);
  const profiles = objects
    .map(({ object }) => object)
    .filter((object): object is ClusterProfile => isClusterProfile(object));
  return {
    title: paths.join(', '),
    namespace: '',
    isWhole: () => true,
    async *list(query) {
      yield select(profiles, query);
    },
    clusterSets: () => Promise.resolve(new Map()),
    view: (live) => ({ before: live, owned: true, conflicts: [] }),
    made: () => false,
    ensureNamespace: () => Promise.resolve(),
    apply: () => Promise.reject(usageError('files given with -f are read only')),
  };
}
