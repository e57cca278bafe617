// https://open-cluster-management.io/docs/concepts/cluster-inventory/clusterprofile/
// https://github.com/open-cluster-management-io/ocm/tree/main/pkg/registration/hub/clusterprofile
// https://github.com/open-cluster-management-io/cluster-proxy/blob/main/pkg/proxyserver/controllers/clusterprofile_controller.go
import { managedClusterKind } from '../../import/kit/managed-cluster.ts';
import type { Mapping } from '../../import/kit/importer.ts';

const { group } = managedClusterKind;

/** What `explain` says of the fields, row by row; import.ts is what does it. */
export const mapping: Mapping = [
  [
    'ManagedClusterSetBinding + ManagedClusterSet',
    'metadata.namespace',
    'a profile in every namespace that a set of the cluster is bound to; -n narrows, or is the place where nothing is bound',
  ],
  ['metadata.name', 'metadata.name, spec.displayName, metadata.labels[open-cluster-management.io/cluster-name]'],
  ['metadata.deletionTimestamp', '', 'no profile'],
  [
    `metadata.labels[${group}/clusterset]`,
    'metadata.labels[multicluster.x-k8s.io/clusterset], status.properties[clusterset.k8s.io]',
    'the label is empty where there is none; with --compat the label alone, else the claim clusterset.k8s.io goes before it',
  ],
  ['status.version.kubernetes', 'status.version.kubernetes', 'else the claim kubeversion.open-cluster-management.io'],
  ['status.clusterClaims[*]', 'status.properties[*]', 'the first of two with one name'],
  [
    'status.conditions[ManagedClusterConditionAvailable]',
    'status.conditions[ControlPlaneHealthy]',
    'Unknown where the hub has not reported it; not with --compat',
  ],
  ['status.conditions[ManagedClusterJoined]', 'status.conditions[Joined]'],
  [
    'ManagedProxyConfiguration/cluster-proxy + Secret tls.crt',
    'status.accessProviders[open-cluster-management].cluster',
    'as cluster-proxy writes it; live with --cluster-proxy',
  ],
  [
    'spec.managedClusterClientConfigs[0]',
    'status.accessProviders[open-cluster-management].cluster',
    'without cluster-proxy; not with --compat',
  ],
  ['status.{capacity,allocatable}', `status.properties[${group}/{capacity,allocatable}.*]`, 'not with --compat'],
  ['spec.taints', `status.properties[${group}/taints]`, 'not with --compat'],
  ['metadata.labels[*]', 'metadata.labels', 'with --copy-labels'],
];
