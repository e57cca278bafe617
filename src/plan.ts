import { byName, nameOf, type ClusterProfile, type Condition, type Property } from './clusterprofile.ts';
import type { Change, View } from './inventory.ts';
import { isDeepStrictEqual } from 'node:util';

export interface PlanOptions {
  /** Delete profiles of the same manager, made by this tool and source, that are no longer desired. */
  prune?: boolean;
  /** Take fields over from other field managers (never from another cluster manager). */
  forceConflicts?: boolean | undefined;
  view(live: ClusterProfile, desired: ClusterProfile): View;
  made?(live: ClusterProfile): boolean;
  /** For an import: who else made a profile, since a system's own controller may run on the hub. */
  stranger?(live: ClusterProfile): string | undefined;
}

/** A condition keeps the time it has on the hub while its status and reason are the same. */
function settleCondition(wanted: Condition, live: Condition | undefined): Condition {
  const same = live && live.status === wanted.status && live.reason === wanted.reason;
  return same ? { ...wanted, lastTransitionTime: live.lastTransitionTime } : wanted;
}

/** A property that has not changed keeps the time of its last observation: a new time alone is not a change. */
function settleProperty(wanted: Property, live: Property | undefined): Property {
  if (!live || live.value !== wanted.value || !wanted.lastObservedTime || !live.lastObservedTime) return wanted;
  return { ...wanted, lastObservedTime: live.lastObservedTime };
}

/** The desired profile with the times of the live one wherever nothing else changed. */
export function settle(desired: ClusterProfile, live: ClusterProfile): ClusterProfile {
  const { conditions, properties } = desired.status ?? {};
  if (!desired.status || (!conditions && !properties)) return desired;
  const status = { ...desired.status };
  if (conditions) {
    const there = new Map(live.status?.conditions?.map((condition) => [condition.type, condition]));
    status.conditions = conditions.map((condition) => settleCondition(condition, there.get(condition.type)));
  }
  if (properties) {
    const there = new Map(live.status?.properties?.map((property) => [property.name, property]));
    status.properties = properties.map((property) => settleProperty(property, there.get(property.name)));
  }
  return { ...desired, status };
}

/** The answer to a profile that is there already: one of unchanged, update, refused. */
function reconcile(live: ClusterProfile, wanted: ClusterProfile, options: PlanOptions): Change {
  const owner = live.spec?.clusterManager?.name;
  const manager = wanted.spec.clusterManager.name;
  const after = settle(wanted, live);
  const { before, owned, conflicts } = options.view(live, after);
  if (owner !== manager)
    return {
      action: 'refused',
      before,
      after,
      reason: `it belongs to cluster manager ${JSON.stringify(owner ?? '')}, and spec.clusterManager is immutable`,
    };
  const stranger = options.stranger?.(live);
  // What a person made may be taken over; what a controller makes it would make again.
  if (stranger !== undefined && !(options.forceConflicts && stranger.startsWith('kubectl')))
    return { action: 'refused', before, after, reason: `${stranger} made it, not this tool` };
  if (conflicts.length > 0 && !options.forceConflicts)
    return { action: 'refused', before, after, reason: 'other field managers own fields of it', conflicts };
  if (owned && isDeepStrictEqual(before, after)) return { action: 'unchanged', after };
  return { action: 'update', before, after, live };
}

/**
 * What has to happen so that `current` becomes `desired`. Pure: the same input gives the same plan.
 *
 *     current              desired              change
 *     -                    a                    create
 *     a, equal and owned   a                    unchanged
 *     a, other             a                    update
 *     a, other manager's   a                    refused
 *     a, a stranger's      a                    refused, in an import
 *     a, made by us        -                    delete, with `prune`
 *     a, anybody else's    -                    (not in the plan)
 */
export function plan(current: ClusterProfile[], desired: ClusterProfile[], options: PlanOptions): Change[] {
  const live = new Map(current.map((profile) => [nameOf(profile), profile]));
  const wanted = new Set(desired.map(nameOf));
  const changes: Change[] = desired.toSorted(byName).map((after) => {
    const there = live.get(nameOf(after));
    return there ? reconcile(there, after, options) : { action: 'create', after };
  });
  if (!options.prune) return changes;
  const gone = current.filter((profile) => !wanted.has(nameOf(profile)) && options.made?.(profile));
  return [...changes, ...gone.toSorted(byName).map((before): Change => ({ action: 'delete', before }))];
}

/** The profile a change is about. */
export const subject = (change: Change): ClusterProfile => ('after' in change ? change.after : change.before);
