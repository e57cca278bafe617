// https://docs.kubestellar.io/release-0.28.0/direct/its
// https://github.com/kubestellar/kubestellar/blob/main/api/control/v1alpha1/types.go (customization properties)
import { managedClusterKind } from '../../import/kit/managed-cluster.ts';
import type { Mapping } from '../../import/kit/importer.ts';
import { kubestellarConfigMap } from './kinds.ts';

/** What `explain` says of the fields, row by row; import.ts is what does it. */
export const mapping: Mapping = [
  ['metadata.name', 'metadata.name, spec.displayName, metadata.labels[open-cluster-management.io/cluster-name]'],
  ['metadata.deletionTimestamp', '', 'no profile'],
  [
    `metadata.labels[${managedClusterKind.group}/clusterset]`,
    'metadata.labels[multicluster.x-k8s.io/clusterset], status.properties[clusterset.k8s.io]',
    'where there is one; the claim clusterset.k8s.io goes before it',
  ],
  ['status.version.kubernetes', 'status.version.kubernetes', 'else the claim kubeversion.open-cluster-management.io'],
  ['status.clusterClaims[*]', 'status.properties[*]', 'the first of two with one name'],
  [
    'status.conditions[ManagedClusterConditionAvailable]',
    'status.conditions[ControlPlaneHealthy]',
    'Unknown where the hub has not reported it',
  ],
  ['status.conditions[ManagedClusterJoined]', 'status.conditions[Joined]'],
  ['spec.managedClusterClientConfigs[0]', 'status.accessProviders[kubestellar].cluster'],
  ['status.{capacity,allocatable}', `status.properties[${managedClusterKind.group}/{capacity,allocatable}.*]`],
  ['spec.taints', `status.properties[${managedClusterKind.group}/taints]`],
  [
    `ConfigMap ${kubestellarConfigMap.namespace}/<name> data, annotations`,
    'status.properties[*]',
    'with --customization-properties: keys that are Go identifiers, unless they sound like a secret',
  ],
  ['metadata.labels[*]', 'metadata.labels', 'with --copy-labels'],
];
