import { apiStatus } from '../errors.ts';
import type { Inventory } from './store.ts';

/** An inventory whose lists of all namespaces become one of the current namespace where they are forbidden, and say so. */
export const orCurrentNamespace = (inventory: Inventory, say: (note: string) => void): Inventory => ({
  ...inventory,
  async *list(query) {
    let allowed = false;
    try {
      for await (const page of inventory.list(query)) {
        allowed = true;
        yield page;
      }
    } catch (error) {
      if (allowed || query.namespace !== undefined || apiStatus(error) !== 403) throw error;
      say(`note: only in the ${inventory.namespace} namespace, since to list in all of them is forbidden`);
      yield* inventory.list({ ...query, namespace: inventory.namespace });
    }
  },
});
