// Membership: https://cloud.google.com/kubernetes-engine/fleet-management/docs/reference/rest/v1/projects.locations.memberships
// Cluster: https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters
import type { Mapping } from '../../import/kit/importer.ts';

/** What `explain` says of the fields, row by row; import.ts is what does it. */
export const mapping: Mapping = [
  ['memberships[].name', 'metadata.name, spec.displayName', '<id>-<location>, as GKE itself names them'],
  [
    'memberships[].name',
    'status.properties[clusterset.k8s.io]',
    "the fleet's host project; a namespace each when there are several",
  ],
  ['memberships[].uniqueId', 'metadata.labels[multicluster.x-k8s.io/inventory-member-id]'],
  ['clusters[].resourceLabels', 'metadata.labels', 'those of the membership where the GKE cluster has none'],
  ['memberships[].endpoint.kubernetesMetadata.kubernetesApiServerVersion', 'status.version.kubernetes'],
  ['clusters[].currentMasterVersion', 'status.version.kubernetes', 'where the membership does not say'],
  ['memberships[].endpoint.*.resourceLink', 'status.properties[location, topology.kubernetes.io/region, …/zone]'],
  ['memberships[].state.code', 'status.conditions[Joined]'],
  ['clusters[].status, memberships[].endpoint.*.clusterMissing', 'status.conditions[ControlPlaneHealthy]'],
  ['memberships[].name, project number', 'status.accessProviders[].cluster.server', 'Connect Gateway'],
  ['clusters[].controlPlaneEndpointsConfig', 'status.accessProviders[].cluster', 'with --reach dns, ip or private'],
];
