import { apiStatus } from '../errors.ts';
import type { Query } from '../profile/selectors.ts';
import type { ReadProfilesOptions } from './options.ts';
import type { Inventory } from './store.ts';

/**
 * An inventory whose lists and watches of all namespaces become those of the current namespace where they are forbidden,
 * and say so.
 */
function withCurrentNamespace(inventory: Inventory, say: (note: string) => void): Inventory {
  let title = inventory.title;
  async function* readAllowed<T>(query: Query, read: (query: Query) => AsyncIterable<T>): AsyncIterable<T> {
    let allowed = false;
    try {
      for await (const part of read(query)) {
        allowed = true;
        yield part;
      }
    } catch (error) {
      if (allowed || query.namespace !== undefined || apiStatus(error) !== 403) throw error;
      title = `${inventory.namespace} namespace`;
      say(`note: only in the ${inventory.namespace} namespace, since to list in all of them is forbidden`);
      yield* read({ ...query, namespace: inventory.namespace });
    }
  }
  const { list, watch } = inventory;
  return Object.defineProperty(
    {
      ...inventory,
      list: (query: Query) => readAllowed(query, list),
      ...(watch && { watch: (query: Query) => readAllowed(query, watch) }),
    },
    'title',
    { get: () => title },
  );
}

/**
 * Where the profiles of a ClusterSet are looked for: it is one of the hub, so that without a namespace all of them are
 * meant, or those that may be read.
 */
export function lookEverywhere<Options extends ReadProfilesOptions>(
  options: Options,
  inventory: Inventory,
  say: (note: string) => void,
): { options: Options; inventory: Inventory } {
  if (options.clusterset === undefined || options.namespace !== undefined || options.allNamespaces)
    return { options, inventory };
  return { options: { ...options, allNamespaces: true }, inventory: withCurrentNamespace(inventory, say) };
}
