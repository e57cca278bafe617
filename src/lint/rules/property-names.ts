import { keys } from '../../profile/clusterprofile.ts';

/** Names of KEP-2149, and those of nodes that tools carry over (region, zone). */
const wellKnown = new Set<string>([
  keys.clusterSetProperty,
  keys.clusterIdProperty,
  keys.regionProperty,
  keys.zoneProperty,
]);

/** Names that were proposed and not adopted, with what to use. */
export const proposed = new Map<string, string | undefined>([
  ['id.k8s.io', keys.clusterIdProperty],
  ['clusterset.k8s.io/cluster-id', keys.clusterIdProperty],
  ['cluster-entrypoints.k8s.io', 'status.accessProviders'],
  ['location.topology.k8s.io', keys.locationProperty],
  ['region.topology.k8s.io', keys.regionProperty],
  ['continent.topology.k8s.io', undefined],
  ['count.node.k8s.io', undefined],
  ['type.node.k8s.io', undefined],
  ['distribution.node.k8s.io', undefined],
  ['metrics-endpoints.k8s.io', undefined],
  ['group.customResource.k8s.io', undefined],
]);

/** True for a name under a domain of the Kubernetes project that is not one of its own. */
export const isReserved = (name: string): boolean =>
  /(?:^|\.)(?:k8s|kubernetes)\.io$/.test(name.split('/')[0] ?? '') && !wellKnown.has(name);

const dynamicWords = new Set(['usage', 'utilisation', 'utilization', 'available', 'free', 'load']);

const dynamic = /usage|utili[sz]ation|available|free|load/i;

/** True for a name with a word such as `usage`, and not for `workload`. */
export const isMeasurement = (name: string): boolean =>
  dynamic.test(name) &&
  name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .some((word) => dynamicWords.has(word));
