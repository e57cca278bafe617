import type { Change, Comparison, Retirement, SharedField } from '../kubernetes/change.ts';
import { isBeingDeleted, type KubernetesObject } from '../object.ts';
import {
  byName,
  nameOf,
  type ClusterProfile,
  type Condition,
  type Property,
  type UnknownFacts,
} from '../profile/clusterprofile.ts';
import { makeList } from '../util/text.ts';
import { convertProfile, versionOf } from '../profile/versions.ts';
import { keepUnknown } from '../profile/unknown.ts';
import { isDeepStrictEqual } from 'node:util';

/** What a plan asks about objects of one sort. */
interface ObjectPlanOptions<T extends KubernetesObject> {
  /** Delete what this tool and source made and is no longer wanted. */
  prune?: boolean | undefined;
  /** Take fields over from other field managers (never from another cluster manager). */
  forceConflicts?: boolean | undefined;
  /** `after`: the wanted object with what of the live one is no change. */
  compare(live: T, wanted: T): Comparison<T> & { after?: T; kept?: readonly string[]; weakened?: readonly string[] };
  retire?(live: T): Retirement;
}

export interface PlanOptions extends ObjectPlanOptions<ClusterProfile> {
  /** For an import: leave profiles alone that somebody else made, since a system's own controller may run on the hub. */
  refuseStrangers?: boolean | undefined;
  /** Facts that the source did not tell of a wanted profile: the live one's stay. */
  unknownOf?: ((wanted: ClusterProfile) => readonly UnknownFacts[]) | undefined;
}

/** A condition keeps the time it has on the hub while its status and reason are the same. */
function keepConditionTime(wanted: Condition, live: Condition | undefined): Condition {
  const same = live && live.status === wanted.status && live.reason === wanted.reason;
  return same ? { ...wanted, lastTransitionTime: live.lastTransitionTime } : wanted;
}

/** A property that has not changed keeps the time of its last observation: a new time alone is not a change. */
function keepPropertyTime(wanted: Property, live: Property | undefined): Property {
  if (!live || live.value !== wanted.value || !wanted.lastObservedTime || !live.lastObservedTime) return wanted;
  return { ...wanted, lastObservedTime: live.lastObservedTime };
}

/** The desired profile with the times of the live one wherever nothing else changed. */
export function keepTimes(desired: ClusterProfile, live: ClusterProfile): ClusterProfile {
  const { conditions, properties } = desired.status ?? {};
  if (desired === live || !desired.status || (!conditions && !properties)) return desired;
  const status = { ...desired.status };
  if (conditions) {
    const there = new Map(live.status?.conditions?.map((condition) => [condition.type, condition]));
    status.conditions = conditions.map((condition) => keepConditionTime(condition, there.get(condition.type)));
  }
  if (properties) {
    const there = new Map(live.status?.properties?.map((property) => [property.name, property]));
    status.properties = properties.map((property) => keepPropertyTime(property, there.get(property.name)));
  }
  return { ...desired, status };
}

const explainShared = ({ field, owners }: SharedField): string =>
  `${field} stays: ${makeList(owners)} ${owners.length === 1 ? 'owns' : 'own'} it too`;

/** The answer to an object that is there already: one of unchanged, update, refused. */
function compareObject<T extends KubernetesObject>(live: T, wanted: T, options: ObjectPlanOptions<T>): Change<T> {
  const compared = options.compare(live, wanted);
  const { before, owned, conflicts, refusal, after = wanted, shared = [], takeOver, isTaken } = compared;
  const kept = [...(compared.kept ?? []), ...shared.map(explainShared)];
  const also = kept.length > 0 ? { kept } : {};
  if (refusal !== undefined) return { action: 'refused', before, after, reason: refusal, ...(isTaken && { isTaken }) };
  if (conflicts.length > 0 && !options.forceConflicts)
    return { action: 'refused', before, after, reason: 'other field managers own fields of it', conflicts };
  // What others keep is given up by a write that changes nothing else.
  const isDone = owned && shared.length === 0 && !takeOver;
  if (isDone && isDeepStrictEqual(before, after)) return { action: 'unchanged', after, live, ...also };
  const { weakened = [] } = compared;
  const less = weakened.length > 0 ? { weakened } : {};
  return { action: 'update', before, after, live, ...also, ...less, ...(takeOver && { takeOver }) };
}

/** What becomes of an object that nobody wants any more; nothing where it is to be kept. */
function retireObject<T extends KubernetesObject>(before: T, retirement: Retirement): Change<T>[] {
  // It goes without another word, once its finalizers are done.
  if (retirement === 'keep' || isBeingDeleted(before)) return [];
  if (typeof retirement === 'string') return [{ action: retirement, before }];
  return [{ action: 'refused', before, after: before, reason: retirement.refusal }];
}

/** What makes an object the one it is, among objects of several kinds. */
const keyOfObject = (object: KubernetesObject): string => `${object.kind} ${nameOf(object)}`;

/** What has to happen so that `current` becomes `desired`, in the order of `desired`, deletions last. Pure. */
export function planObjects<T extends KubernetesObject>(
  current: readonly T[],
  desired: readonly T[],
  options: ObjectPlanOptions<T>,
): Change<T>[] {
  const live = new Map(current.map((object) => [keyOfObject(object), object]));
  const wanted = new Set(desired.map(keyOfObject));
  const changes = desired.map((after): Change<T> => {
    const there = live.get(keyOfObject(after));
    return there ? compareObject(there, after, options) : { action: 'create', after };
  });
  if (!options.prune) return changes;
  const gone = current.filter((object) => !wanted.has(keyOfObject(object))).toSorted(byName);
  return [...changes, ...gone.flatMap((object) => retireObject(object, options.retire?.(object) ?? 'keep'))];
}

const isOfOther = (live: ClusterProfile, wanted: ClusterProfile): boolean =>
  live.spec?.clusterManager?.name !== wanted.spec.clusterManager.name;

/** Why a profile that is there may not be written: another cluster manager's, or another program's. */
function refuseProfile(
  live: ClusterProfile,
  wanted: ClusterProfile,
  maker: string | undefined,
  { refuseStrangers, forceConflicts }: PlanOptions,
): string | undefined {
  if (isOfOther(live, wanted))
    return `it belongs to cluster manager ${JSON.stringify(live.spec?.clusterManager?.name ?? '')}, and spec.clusterManager is immutable`;
  if (!refuseStrangers || maker === undefined) return undefined;
  // What a person made may be taken over; what a controller makes it would make again.
  return forceConflicts && maker.startsWith('kubectl') ? undefined : `${maker} made it, not this tool`;
}

const caKey = 'certificate-authority-data';

/** Which access providers lose the CA that their server is checked by. */
function listWeakened(before: ClusterProfile, after: ClusterProfile): string[] {
  const stated = new Map(after.status?.accessProviders?.map(({ name, cluster }) => [name, cluster]));
  return (before.status?.accessProviders ?? []).flatMap(({ name, cluster }) => {
    const wanted = stated.get(name);
    return cluster?.[caKey] && wanted && !wanted[caKey]
      ? [`the CA of access provider ${name} goes away, what was read has none`]
      : [];
  });
}

/** The wanted profile with what is unknown of it: of the live one only what is ours. */
function keepLive(wanted: ClusterProfile, live: ClusterProfile, options: PlanOptions): ReturnType<typeof keepUnknown> {
  const unknown = options.unknownOf?.(wanted) ?? [];
  const isOurs = live.spec?.clusterManager?.name === wanted.spec.clusterManager.name;
  if (unknown.length === 0 || !isOurs) return { profile: wanted, kept: [] };
  const { before, ours = before } = options.compare(live, wanted);
  return keepUnknown(wanted, ours, unknown);
}

/**
 * What has to happen so that the profiles of `current` become `desired`. Pure: the same input gives the same plan.
 *
 *     current              desired              change
 *     -                    a                    create
 *     a, equal and owned   a                    unchanged
 *     a, other             a                    update; what is unknown of a stays
 *     a, other manager's   a                    refused
 *     a, a stranger's      a                    refused, in an import
 *     a, made by us        -                    delete, with `prune`
 *     a, anybody else's    -                    (not in the plan)
 */
export const planProfiles = (current: ClusterProfile[], desired: ClusterProfile[], options: PlanOptions): Change[] =>
  planObjects(current, desired.toSorted(byName), {
    ...options,
    compare(live, wanted) {
      const { profile, kept } = keepLive(wanted, live, options);
      // Versions of one object are no difference.
      const after = keepTimes(convertProfile(profile, versionOf(live)), live);
      const found = options.compare(live, after);
      const weakened = options.refuseStrangers ? listWeakened(found.before, after) : [];
      const refusal = refuseProfile(live, wanted, found.maker, options);
      return { ...found, after, kept, weakened, refusal, isTaken: isOfOther(live, wanted) };
    },
  });
