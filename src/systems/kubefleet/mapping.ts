// https://github.com/kubefleet-dev/kubefleet/blob/main/pkg/controllers/clusterinventory/clusterprofile/controller.go
// https://learn.microsoft.com/azure/kubernetes-fleet/concepts-member-cluster-labels
import type { Mapping } from '../../import/kit/importer.ts';
import { kubefleetVersion, entryPoint, kubefleetAuthority, memberCluster } from './kinds.ts';

/** What `explain` says of the fields, row by row; import.ts is what does it. */
export const mapping: Mapping = [
  ['metadata.name', 'metadata.name, spec.displayName', 'in namespace fleet-system'],
  ['metadata.deletionTimestamp', '', 'no profile'],
  [
    'status.conditions[Joined]',
    'status.conditions[Joined]',
    'with --compat: no profile unless True for the current spec',
  ],
  [
    'status.agentStatus[MemberAgent]',
    'status.conditions[ControlPlaneHealthy]',
    'False when its heartbeat is older than --heartbeat-timeout at --as-of',
  ],
  [`status.properties[${kubefleetVersion}]`, 'status.version.kubernetes'],
  [`status.properties[${entryPoint}]`, 'status.accessProviders[KubeFleet].cluster.server', 'only together with a CA'],
  [
    `status.properties[${kubefleetAuthority}]`,
    'status.accessProviders[KubeFleet].cluster.certificate-authority-data',
    'never a property',
  ],
  ['status.properties[*]', 'status.properties[*]', 'with lastObservedTime; not with --compat'],
  [
    'status.resourceUsage.{capacity,allocatable}.{cpu,memory}',
    'status.properties[resources.kubernetes-fleet.io/{total,allocatable}-{cpu,memory}]',
    'what is free is usage, and left out; not with --compat',
  ],
  ['spec.taints', `status.properties[${memberCluster.group}/taints]`, 'not with --compat'],
  ['metadata.labels[fleet.azure.com/*]', 'status.properties[fleet.azure.com/*], [location]', 'not with --compat'],
  ['metadata.labels[*]', 'metadata.labels', 'with --copy-labels'],
];
