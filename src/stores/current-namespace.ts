import { apiStatus } from '../errors.ts';
import type { Query } from '../profile/selectors.ts';
import type { Inventory } from './store.ts';

/**
 * An inventory whose lists and watches of all namespaces become those of the current namespace where they are forbidden,
 * and say so.
 */
export function withCurrentNamespace(inventory: Inventory, say: (note: string) => void): Inventory {
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
