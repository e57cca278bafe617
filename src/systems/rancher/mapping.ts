// https://github.com/rancher/rancher/blob/main/pkg/apis/management.cattle.io/v3/cluster_types.go
import { domain } from '../../profile/clusterprofile.ts';
import type { Mapping } from '../../import/kit/importer.ts';

/** What `explain` says of the fields, row by row; import.ts is what does it. */
export const mapping: Mapping = [
  [
    'provisioning.cattle.io Cluster metadata.name, else management.cattle.io Cluster metadata.name',
    'metadata.name',
    'two objects of one cluster give one profile; display name with --name-from display-name',
  ],
  ['metadata.name (c-m-*)', 'metadata.labels[multicluster.x-k8s.io/inventory-member-id]'],
  ['spec.displayName', 'spec.displayName'],
  ['metadata.labels', 'metadata.labels', 'without Kubernetes and cattle.io keys'],
  [
    'status.version.gitVersion, else status.info.kubernetesVersion',
    'status.version.kubernetes',
    `else spec.kubernetesVersion with version-source.${domain}=desired`,
  ],
  ['status.conditions[Ready]', 'status.conditions[ControlPlaneHealthy]', 'False/Disconnected without its agent'],
  ['status.conditions[Provisioned]', 'status.conditions[Joined]', 'Connected of a provisioning object alone'],
  [
    'status.provider, info.arch; spec.fleetWorkspaceName',
    `status.properties[distribution.${domain}, provider.${domain}, arch.${domain}, group.${domain}]`,
  ],
  ['spec.{eks,gke,aks}Config region, zone, resourceLocation', 'status.properties[topology.kubernetes.io/region, zone]'],
  [
    'status.apiEndpoint, caCert of EKS, AKS, GKE; spec.localClusterAuthEndpoint',
    'status.accessProviders[rancher].cluster',
    'of other clusters only with --via-hub or --force-endpoint',
  ],
];
