// https://github.com/kubewharf/kubeadmiral/blob/main/pkg/apis/core/v1alpha1/types_federatedcluster.go
import { domain } from '../../profile/clusterprofile.ts';
import type { Mapping } from '../../import/kit/importer.ts';

/** What `explain` says of the fields, row by row; import.ts is what does it. */
export const mapping: Mapping = [
  ['metadata.name', 'metadata.name, spec.displayName'],
  ['metadata.labels', 'metadata.labels', 'without kubeadmiral.io and Kubernetes keys'],
  [
    'status.conditions[Ready]',
    'status.conditions[ControlPlaneHealthy]',
    'as it is; Unknown/NotReported while there is none',
  ],
  ['status.conditions[Joined]', 'status.conditions[Joined]'],
  ['spec.taints', `status.properties[taints.${domain}]`],
  ['status.conditions[Ready].lastProbeTime', 'status.properties[].lastObservedTime'],
  ['spec.apiEndpoint, insecure', 'status.accessProviders[kubeadmiral].cluster', 'https:// where there is no scheme'],
  [
    'Secret certificate-authority-data',
    'status.accessProviders[kubeadmiral].cluster.certificate-authority-data',
    'no other key is read',
  ],
];
