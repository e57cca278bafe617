import type { ResourceKind } from '../object.ts';
import { clusterSetOf, keys, type ClusterProfile } from '../profile/clusterprofile.ts';
import { apiStatus } from '../errors.ts';
import type { Inventory } from './store.ts';

/** Namespaces, which may say of which ClusterSet the profiles in them are. */
export const namespaceKind: ResourceKind = {
  group: '',
  versions: ['v1'],
  kind: 'Namespace',
  plural: 'namespaces',
  clusterScoped: true,
};

/** The ClusterSet labels of namespaces, by namespace. A caller without the right to read namespaces simply has none. */
export async function readClusterSets(
  inventory: Inventory,
  namespaces: readonly string[],
): Promise<Map<string, string>> {
  const sets = new Map<string, string>();
  const wanted = new Set(namespaces);
  const [only] = namespaces;
  const kind = namespaces.length === 1 ? { ...namespaceKind, fieldSelector: `metadata.name=${only}` } : namespaceKind;
  try {
    for await (const page of inventory.objects(kind))
      for (const { metadata } of page) {
        const set = metadata.labels?.[keys.clusterSetLabel] ?? metadata.labels?.[keys.oldClusterSetLabel];
        if (typeof set === 'string' && set !== '' && wanted.has(metadata.name)) sets.set(metadata.name, set);
      }
  } catch (error) {
    if (apiStatus(error) !== 403) throw error;
  }
  return sets;
}

/** ClusterSet labels of the namespaces that some profile needs, read once each. */
export async function addClusterSets(
  inventory: Inventory,
  page: readonly ClusterProfile[],
  known: Map<string, string>,
  asked: Set<string>,
): Promise<void> {
  const needed = new Set(
    page.filter((profile) => clusterSetOf(profile) === undefined).map(({ metadata }) => metadata.namespace ?? ''),
  );
  const fresh = [...needed].filter((namespace) => namespace !== '' && !asked.has(namespace));
  if (fresh.length === 0) return;
  for (const namespace of fresh) asked.add(namespace);
  for (const [namespace, set] of await readClusterSets(inventory, fresh)) known.set(namespace, set);
}
