// https://github.com/karmada-io/karmada/blob/master/pkg/apis/cluster/v1alpha1/types.go
import type { Mapping } from '../../import/kit/importer.ts';

/** What `explain` says of the fields, row by row; import.ts is what does it. */
export const mapping: Mapping = [
  ['metadata.name', 'metadata.name, spec.displayName'],
  ['metadata.labels', 'metadata.labels', 'without karmada.io and Kubernetes keys'],
  ['spec.id', 'metadata.labels[multicluster.x-k8s.io/inventory-member-id]'],
  ['status.kubernetesVersion', 'status.version.kubernetes'],
  [
    'status.conditions[Ready]',
    'status.conditions[ControlPlaneHealthy]',
    'as it is; Unknown/NotReported while there is none',
  ],
  ['metadata.creationTimestamp', 'status.conditions[Joined]', 'a registered cluster has joined'],
  ['spec.provider, region, zones, syncMode, taints', 'status.properties'],
  [
    'spec.apiEndpoint, proxyURL',
    'status.accessProviders[karmada].cluster',
    'without user info; proxyHeader is never read',
  ],
  ['Secret caBundle', 'status.accessProviders[karmada].cluster.certificate-authority-data', 'the token is never read'],
];
