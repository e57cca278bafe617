import type { Warn } from '../util/notices.ts';
import { byText } from '../util/text.ts';
import type { ObjectMeta } from '../object.ts';
import {
  apiVersion,
  keys,
  profileKind,
  tool,
  type AccessProvider,
  type Cluster,
  type ClusterProfile,
  type ClusterProfileStatus,
  type Condition,
  type Property,
} from './clusterprofile.ts';
import { clusterIdLimit, isDnsSubdomain, isLabelKey, isLabelValue, makeObjectName, namesSeveralSets } from './names.ts';
import { readOwn } from '../object.ts';

/** Where profiles are put, and under whose name. */
export interface ProfilePlace {
  manager: string;
  /** Goes before every name; a display name stays what the source calls it. */
  prefix?: string | undefined;
  namespace?: string | undefined;
  clusterSet?: string | undefined;
  /** RFC 3339: stands in where a source reports a condition without any time. */
  asOf?: string | undefined;
}

const dropUndefined = <T extends object>(object: T): T =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;

const sortRecord = (entries: [string, string][]): Record<string, string> =>
  Object.fromEntries(entries.toSorted(([a], [b]) => byText(a, b)));

/** Legal labels only: an illegal one is reported and left out, never rewritten. */
function buildLabels(cluster: Cluster, manager: string, warn: Warn<Cluster>): Record<string, string> {
  const own: Record<string, string> = { [keys.managerLabel]: manager };
  if (!cluster.compat) {
    own[keys.managedByLabel] = tool;
    if (cluster.memberId && isLabelValue(cluster.memberId)) own[keys.memberIdLabel] = cluster.memberId;
  }
  const legal = Object.entries(cluster.labels ?? {}).filter(([key, value]) => {
    const ok = isLabelKey(key) && isLabelValue(value);
    if (!ok) warn(`label ${JSON.stringify(key)} is not a legal Kubernetes label, left out`, cluster);
    return ok;
  });
  return sortRecord([...legal, ...Object.entries(own)]);
}

/** What validate asks of the membership in a ClusterSet (KEP-2149): one set, and a legal id in it. */
function settleClusterSet(facts: Record<string, string | undefined>, cluster: Cluster, warn: Warn<Cluster>): void {
  const { [keys.clusterSetProperty]: set, [keys.clusterIdProperty]: id } = facts;
  if (set && namesSeveralSets(set)) warn(`property ${keys.clusterSetProperty} looks like several ClusterSets`, cluster);
  if (id && !isDnsSubdomain(id)) {
    warn(`property ${keys.clusterIdProperty} is no DNS subdomain, left out`, cluster);
    delete facts[keys.clusterIdProperty];
  } else if (id && id.length >= clusterIdLimit)
    warn(`property ${keys.clusterIdProperty} has ${clusterIdLimit} characters or more`, cluster);
  // A member has an id. Its name here is unique in the inventory, and stays.
  if (set) facts[keys.clusterIdProperty] ||= makeObjectName(cluster.name, cluster.identity);
}

function buildProperties(cluster: Cluster, clusterSet: string | undefined, warn: Warn<Cluster>): Property[] {
  const facts: Record<string, string | undefined> = { ...cluster.properties };
  if (clusterSet) facts[keys.clusterSetProperty] = clusterSet;
  if (!cluster.compat) settleClusterSet(facts, cluster, warn);
  const properties: Property[] = [];
  for (const [name, value] of Object.entries(facts)) {
    if (value === undefined || value === '') continue;
    if (name === '') {
      warn('a property without a name is left out', cluster);
      continue;
    }
    if (name.length > 253 || value.length > 1024) {
      warn(`property ${name.slice(0, 80)} is too long for a ClusterProfile (${value.length}), left out`, cluster);
      continue;
    }
    const lastObservedTime = typeof cluster.observed === 'object' ? readOwn(cluster.observed, name) : cluster.observed;
    properties.push(lastObservedTime ? { name, value, lastObservedTime } : { name, value });
  }
  return cluster.compat ? properties : properties.toSorted((a, b) => byText(a.name, b.name));
}

function buildConditions(cluster: Cluster, asOf: string | undefined, warn: Warn<Cluster>): Condition[] {
  const conditions: Condition[] = [];
  for (const condition of cluster.conditions ?? []) {
    if (!condition) continue;
    const lastTransitionTime = condition.lastTransitionTime ?? asOf;
    if (lastTransitionTime) conditions.push({ ...condition, lastTransitionTime });
    else
      warn(
        `nothing says since when ${condition.type} is ${condition.status}, left out (--as-of gives it a time)`,
        cluster,
      );
  }
  return conditions.toSorted((a, b) => byText(a.type, b.type));
}

function buildAccess(cluster: Cluster): AccessProvider[] {
  const providers = (cluster.access ?? []).filter((provider) => provider !== undefined);
  return providers
    .filter(({ unread }) => !unread?.includes('server'))
    .map(({ name, cluster: access }) => ({ name, ...(access && { cluster: dropUndefined(access) }) }));
}

/** `undefined` for an empty list or object, so that nothing empty is written (`conditions: []` would claim the field). */
const dropEmpty = <T extends object>(value: T): T | undefined => (Object.keys(value).length > 0 ? value : undefined);

/**
 * The ClusterProfile of a cluster: legal name, manager label, sorted labels, properties and conditions.
 * What cannot be carried goes to `warn`; credentials are no longer in it. The source of each rule: KEP-4322 and the v1alpha2 types.
 */
export function buildProfile(cluster: Cluster, placement: ProfilePlace, warn: Warn<Cluster>): ClusterProfile {
  const annotations = dropUndefined(cluster.annotations ?? {}) as Record<string, string>;
  const status = dropUndefined({
    version: cluster.version ? { kubernetes: cluster.version } : undefined,
    conditions: dropEmpty(buildConditions(cluster, placement.asOf, warn)),
    properties: dropEmpty(buildProperties(cluster, placement.clusterSet ?? cluster.clusterSet, warn)),
    accessProviders: dropEmpty(buildAccess(cluster)),
  }) as ClusterProfileStatus;
  const metadata = dropUndefined({
    name: makeObjectName(`${placement.prefix ?? ''}${cluster.name}`, cluster.identity),
    namespace: placement.namespace ?? cluster.namespace,
    labels: buildLabels(cluster, placement.manager, warn),
    annotations: dropEmpty(sortRecord(Object.entries(annotations))),
  }) as ObjectMeta;
  return dropUndefined({
    apiVersion,
    kind: profileKind,
    metadata,
    spec: { displayName: cleanDisplayName(cluster), clusterManager: { name: placement.manager } },
    status: dropEmpty(status),
  }) as ClusterProfile;
}

/** The raw name without control characters, which no reader of a display name expects. */
const cleanDisplayName = ({ displayName: given, name }: Cluster): string =>
  (given ?? name).replace(/[\u0000-\u001f\u007f-\u009f]/g, '').trim() || name;
