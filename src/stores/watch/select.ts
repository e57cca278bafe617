import { nameOf, type ClusterProfile } from '../../profile/clusterprofile.ts';
import { compileFilters } from '../../profile/filters.ts';
import type { Query } from '../../profile/selectors.ts';
import { addClusterSets } from '../cluster-sets.ts';
import type { ReadProfilesOptions } from '../options.ts';
import type { Inventory, ProfileEvent } from '../store.ts';

/** A profile that is gone for who watches, as it was last shown, at the version in which it stopped to fit. */
const withVersionOf = (shown: ClusterProfile, { metadata: { resourceVersion } }: ClusterProfile): ClusterProfile =>
  resourceVersion === undefined ? shown : { ...shown, metadata: { ...shown.metadata, resourceVersion } };

/** What events of all profiles are for somebody who sees only those that fit: as for the selectors of a server. */
function createSelection(fits: (profile: ClusterProfile) => boolean): (event: ProfileEvent) => ProfileEvent[] {
  const shown = new Map<string, ClusterProfile>();
  return ({ type, object }) => {
    const name = nameOf(object);
    const before = shown.get(name);
    if (type !== 'DELETED' && fits(object)) {
      shown.set(name, object);
      return [{ type: before ? 'MODIFIED' : 'ADDED', object }];
    }
    if (!before) return [];
    shown.delete(name);
    return [{ type: 'DELETED', object: type === 'DELETED' ? object : withVersionOf(before, object) }];
  };
}

/** What `watchSelected` watches. */
export interface WatchedSelection {
  inventory: Inventory & Required<Pick<Inventory, 'watch'>>;
  query: Query;
  options: ReadProfilesOptions;
  /** Of these names only, where there are some. */
  names?: readonly string[];
  /** Takes the ClusterSets of namespaces, where they are shown. */
  clusterSets?: Map<string, string> | undefined;
}

/**
 * Events of the profiles that all filters let through, the first of them in one piece: what there is. A profile that stops
 * to fit is DELETED. ClusterSet labels of namespaces are read once, when the first profile of a namespace comes.
 */
export async function* watchSelected({
  inventory,
  query,
  options,
  names = [],
  clusterSets,
}: WatchedSelection): AsyncIterable<ProfileEvent[]> {
  const matches = await compileFilters(options);
  const sets = clusterSets ?? new Map<string, string>();
  const readsSets = clusterSets !== undefined || options.clusterset !== undefined;
  const asked = new Set<string>();
  const wanted = new Set(names);
  const select = createSelection(
    (profile) => (wanted.size === 0 || wanted.has(profile.metadata.name)) && matches(profile, sets),
  );
  let isFirst = true;
  for await (const batch of inventory.watch(query)) {
    if (readsSets)
      await addClusterSets(
        inventory,
        batch.map(({ object }) => object),
        sets,
        asked,
      );
    const news = batch.flatMap(select);
    if (isFirst || news.length > 0) yield news;
    isFirst = false;
  }
}
