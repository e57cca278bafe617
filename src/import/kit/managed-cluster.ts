// https://github.com/open-cluster-management-io/api/blob/main/cluster/v1/types.go
import type { Listener, Warn } from '../../util/notices.ts';
import type { ImportContext } from './importer.ts';
import { keys, type AccessProvider, type Cluster } from '../../profile/clusterprofile.ts';
import { carryCondition, buildCondition } from './conditions.ts';
import { buildAccessProvider } from '../../profile/endpoint.ts';
import { normaliseServerUrl } from '../../profile/endpoint/server-url.ts';
import {
  buildClusterNameExtension,
  copyLabels,
  readQuantities,
  readSubject,
  formatTaints,
  filterUserLabels,
} from './facts.ts';
import { readEach, text, type KubernetesObject } from '../../object.ts';

/** Open Cluster Management's inventory object, which KubeStellar keeps its clusters in too. */
export const managedClusterKind = {
  group: 'cluster.open-cluster-management.io',
  versions: ['v1'],
  kind: 'ManagedCluster',
  plural: 'managedclusters',
  clusterScoped: true,
};

const available = 'ManagedClusterConditionAvailable';
const nameLabel = 'open-cluster-management.io/cluster-name';

/** The exclusive set of a cluster, whichever sets select it by its other labels. */
const readExclusiveSet = (object: KubernetesObject): string | undefined =>
  text(object, 'metadata', 'labels', `${managedClusterKind.group}/clusterset`);

/** `status.clusterClaims` in their order; of two with one name the first counts. */
function readClaims(object: KubernetesObject, warn: Warn): Record<string, string> {
  const claims = new Map<string, string>();
  const reported = readEach(object, ['status', 'clusterClaims'], (claim) => [
    text(claim, 'name'),
    text(claim, 'value'),
  ]);
  for (const [name, content] of reported) {
    if (!name || content === undefined) continue;
    if (claims.has(name)) warn(`claim ${name} is there twice, the first one counts`);
    else claims.set(name, content);
  }
  return Object.fromEntries(claims);
}

/** What OCM's own controllers write of a ManagedCluster (`status_controller.go`, `syncStatusFromCluster`), and nothing more. */
export function readOwnFacts(object: KubernetesObject, { warn }: ImportContext): Cluster {
  const subject = readSubject(object);
  return {
    ...subject,
    labels: { [nameLabel]: subject.name, [keys.clusterSetLabel]: readExclusiveSet(object) ?? '' },
    version: text(object, 'status', 'version', 'kubernetes'),
    properties: readClaims(object, warn),
    conditions: [
      carryCondition(object, available, 'ControlPlaneHealthy'),
      carryCondition(object, 'ManagedClusterJoined', 'Joined'),
    ],
  };
}

/** The first client config as an access provider; the others would need names of their own. */
export function buildClientConfigAccess(
  object: KubernetesObject,
  provider: string,
  listener: Listener,
): AccessProvider | undefined {
  const configs = readEach(object, ['spec', 'managedClusterClientConfigs'], (config) => ({
    server: text(config, 'url'),
    caData: text(config, 'caBundle'),
  }));
  const valid = configs.findIndex(({ server }) => normaliseServerUrl(server) !== undefined);
  const first = configs[Math.max(valid, 0)];
  if (!first) return undefined;
  if (configs.length > 1)
    listener.warn(
      valid > 0
        ? `it has ${configs.length} client configs, number ${valid + 1} counts: it is the first one with a URL`
        : `it has ${configs.length} client configs, the first one counts`,
    );
  const extensions = buildClusterNameExtension(object.metadata.name);
  return buildAccessProvider(provider, { ...first, extensions }, listener);
}

/** Everything a ManagedCluster says of its cluster but how it is reached: `ownFacts`, with its size and taints. */
export function readManagedCluster(
  object: KubernetesObject,
  context: ImportContext<{ copyLabels: typeof copyLabels }>,
): Cluster {
  const own = readOwnFacts(object, context);
  const claims = own.properties ?? {};
  const created = text(object, 'metadata', 'creationTimestamp');
  const [healthy, joined] = own.conditions ?? [];
  const set = own.labels?.[keys.clusterSetLabel];
  const unreported = buildCondition('ControlPlaneHealthy', 'Unknown', 'ManagedClusterAvailabilityNotReported', {
    message: 'The hub has not reported whether the managed cluster is available',
    time: created,
  });
  return {
    ...own,
    labels: {
      ...(context.options.copyLabels && filterUserLabels(object, /(^|\.)open-cluster-management\.io$/)),
      ...own.labels,
    },
    version: own.version || claims['kubeversion.open-cluster-management.io'],
    properties: {
      ...readQuantities(object, `${managedClusterKind.group}/capacity.`, 'status', 'capacity'),
      ...readQuantities(object, `${managedClusterKind.group}/allocatable.`, 'status', 'allocatable'),
      [`${managedClusterKind.group}/taints`]: formatTaints(object, 'spec', 'taints'),
      ...claims,
    },
    conditions: [healthy ?? unreported, joined],
    // What a cluster says of itself goes before the set that the hub has it in.
    clusterSet: claims[keys.clusterSetProperty] ? undefined : set || undefined,
  };
}
