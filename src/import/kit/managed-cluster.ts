// https://github.com/open-cluster-management-io/api/blob/main/cluster/v1/types.go
import type { Warn } from '../../util/notices.ts';
import type { ImportContext } from './importer.ts';
import { keys, type AccessProvider, type Cluster } from '../../profile/clusterprofile.ts';
import { carried, condition } from './conditions.ts';
import { reach } from '../../profile/endpoint.ts';
import {
  clusterNameExtension,
  copyLabels,
  holdsCredential,
  quantitiesOf,
  subjectOf,
  taintsOf,
  userLabels,
} from './facts.ts';
import { maps, text, type KubernetesObject } from '../../object.ts';

/** Open Cluster Management's inventory object, which KubeStellar keeps its clusters in too. */
export const managedCluster = {
  group: 'cluster.open-cluster-management.io',
  versions: ['v1'],
  kind: 'ManagedCluster',
  plural: 'managedclusters',
  clusterScoped: true,
};

const available = 'ManagedClusterConditionAvailable';
const nameLabel = 'open-cluster-management.io/cluster-name';

/** The exclusive set of a cluster, whichever sets select it by its other labels. */
const clusterSetOf = (object: KubernetesObject): string | undefined =>
  text(object, 'metadata', 'labels', `${managedCluster.group}/clusterset`);

/** `status.clusterClaims` in their order; of two with one name the first counts. */
function claimsOf(object: KubernetesObject, warn: Warn): Record<string, string> {
  const claims = new Map<string, string>();
  for (const claim of maps(object, 'status', 'clusterClaims')) {
    const [name, content] = [text(claim, 'name'), text(claim, 'value')];
    if (!name || content === undefined) continue;
    if (claims.has(name)) warn(`claim ${name} is there twice, the first one counts`);
    else if (holdsCredential(content)) warn(`claim ${name} looks like a credential, left out`);
    else claims.set(name, content);
  }
  return Object.fromEntries(claims);
}

/** What OCM's own controllers write of a ManagedCluster (`status_controller.go`, `syncStatusFromCluster`), and nothing more. */
export function ownFacts(object: KubernetesObject, { warn }: ImportContext): Cluster {
  const subject = subjectOf(object);
  return {
    ...subject,
    labels: { [nameLabel]: subject.name, [keys.clusterSetLabel]: clusterSetOf(object) ?? '' },
    version: text(object, 'status', 'version', 'kubernetes'),
    properties: claimsOf(object, warn),
    conditions: [carried(object, available, 'ControlPlaneHealthy'), carried(object, 'ManagedClusterJoined', 'Joined')],
  };
}

/** The first client config as an access provider; the others would need names of their own. */
export function clientConfigAccess(object: KubernetesObject, provider: string, warn: Warn): AccessProvider | undefined {
  const [first, ...others] = maps(object, 'spec', 'managedClusterClientConfigs');
  if (!first) return undefined;
  if (others.length > 0) warn(`it has ${others.length + 1} client configs, the first one counts`);
  const extensions = clusterNameExtension(object.metadata.name);
  return reach(provider, { server: text(first, 'url'), caData: text(first, 'caBundle'), extensions }, warn);
}

/** Everything a ManagedCluster says of its cluster but how it is reached: `ownFacts`, with its size and taints. */
export function managedClusterFacts(
  object: KubernetesObject,
  context: ImportContext<{ copyLabels: typeof copyLabels }>,
): Cluster {
  const own = ownFacts(object, context);
  const claims = own.properties ?? {};
  const created = text(object, 'metadata', 'creationTimestamp');
  const [healthy, joined] = own.conditions ?? [];
  const unreported = condition('ControlPlaneHealthy', 'Unknown', 'ManagedClusterAvailabilityNotReported', {
    message: 'The hub has not reported whether the managed cluster is available',
    time: created,
  });
  return {
    ...own,
    labels: {
      ...(context.options.copyLabels && userLabels(object, /(^|\.)open-cluster-management\.io$/)),
      ...own.labels,
    },
    version: own.version || claims['kubeversion.open-cluster-management.io'],
    properties: {
      ...quantitiesOf(object, `${managedCluster.group}/capacity.`, 'status', 'capacity'),
      ...quantitiesOf(object, `${managedCluster.group}/allocatable.`, 'status', 'allocatable'),
      [`${managedCluster.group}/taints`]: taintsOf(object, 'spec', 'taints'),
      ...claims,
    },
    conditions: [healthy ?? unreported, joined],
  };
}
