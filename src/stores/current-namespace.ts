import { apiStatus } from '../errors.ts';
import type { Inventory } from './store.ts';

/** An inventory whose lists of all namespaces become one of the current namespace where they are forbidden, and say so. */
export function withCurrentNamespace(inventory: Inventory, say: (note: string) => void): Inventory {
  let title = inventory.title;
  const list: Inventory['list'] = async function* (query) {
    let allowed = false;
    try {
      for await (const page of inventory.list(query)) {
        allowed = true;
        yield page;
      }
    } catch (error) {
      if (allowed || query.namespace !== undefined || apiStatus(error) !== 403) throw error;
      title = `${inventory.namespace} namespace`;
      say(`note: only in the ${inventory.namespace} namespace, since to list in all of them is forbidden`);
      yield* inventory.list({ ...query, namespace: inventory.namespace });
    }
  };
  return Object.defineProperty({ ...inventory, list }, 'title', { get: () => title });
}
