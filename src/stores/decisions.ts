import { apiStatus, isUserError, messageOf } from '../errors.ts';
import type { Inventory } from './store.ts';
import { placementDecision } from '../profile/placement.ts';

/**
 * The PlacementDecisions beside the profiles of an inventory, for checks that do not depend on them: a hub without the
 * CRD has none, and for a caller who may not read them `unread` says so.
 */
export async function readDecisions(
  inventory: Inventory,
  namespace: string | undefined,
): Promise<{ decisions: unknown[]; unread?: string }> {
  const decisions: unknown[] = [];
  try {
    for await (const page of inventory.objects(placementDecision, namespace)) decisions.push(...page);
  } catch (error) {
    if (isUserError(error) && apiStatus(error.cause) === 404) return { decisions };
    if (apiStatus(error) !== 403) throw error;
    return { decisions, unread: messageOf(error) };
  }
  return { decisions };
}
