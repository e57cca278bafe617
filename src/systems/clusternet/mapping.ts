// https://clusternet.io/docs/tutorials/cluster-management/checking-cluster-registration/
// https://github.com/clusternet/clusternet/tree/main/pkg/controllers/clusters (clusterstatus, clusterlifecycle)
import type { Mapping } from '../../import/kit/importer.ts';
import { clusternetDomain } from './kinds.ts';

/** What `explain` says of the fields, row by row; import.ts is what does it. */
export const mapping: Mapping = [
  ['metadata.name', 'metadata.name, spec.displayName', 'unique in a dedicated namespace only: see --on-collision'],
  ['metadata.deletionTimestamp', '', 'no profile'],
  [
    'spec.clusterId',
    `metadata.labels[multicluster.x-k8s.io/inventory-member-id], metadata.labels[${clusternetDomain}/cluster-id], status.properties[${clusternetDomain}/cluster-id]`,
  ],
  ['status.k8sVersion', 'status.version.kubernetes'],
  [
    'spec.{clusterType,syncMode,taints}, metadata.namespace',
    `status.properties[${clusternetDomain}/{cluster-type,sync-mode,taints,namespace}]`,
  ],
  [
    'status.{platform,agentVersion,clusterCIDR,serviceCIDR,capacity,allocatable}',
    `status.properties[${clusternetDomain}/{platform,agent-version,cluster-cidr,service-cidr,capacity-*,allocatable-*}]`,
    'with lastObservedTime',
  ],
  [
    'status.conditions[Ready], else status.{livez,readyz,healthz}',
    'status.conditions[ControlPlaneHealthy]',
    'Unknown when silent for --heartbeat-timeout at --as-of',
  ],
  ['status.lastObservedTime', 'status.conditions[Joined]', 'True once the agent has reported'],
  [
    'status.useSocket, spec.clusterId',
    'status.accessProviders[clusternet].cluster.server',
    'the socket proxy of --parent-server',
  ],
  [
    'status.apiserverURL',
    'status.accessProviders[clusternet].cluster.server',
    'unless it lies inside status.serviceCIDR',
  ],
  [
    'Secret child-cluster-deployer ca.crt',
    'status.accessProviders[clusternet].cluster.certificate-authority-data',
    'with --read-ca',
  ],
  ['metadata.labels[*]', 'metadata.labels', 'with --copy-labels; node.clusternet.io/* too'],
];
