// FleetMember: https://learn.microsoft.com/rest/api/fleet/fleet-members/list-by-fleet
// ManagedCluster: https://learn.microsoft.com/rest/api/aks/managed-clusters/list
import { domain } from '../../profile/clusterprofile.ts';
import type { Mapping } from '../../import/kit/importer.ts';

/** What `explain` says of the fields, row by row; import.ts is what does it. */
export const mapping: Mapping = [
  ['members[].name', 'metadata.name, spec.displayName, status.properties[cluster.clusterset.k8s.io]'],
  [
    'members[].id',
    'metadata.namespace, status.properties[clusterset.k8s.io]',
    "the fleet's name; <resource group>-<fleet> where it repeats",
  ],
  ['members[].properties.labels', 'metadata.labels'],
  ['members[].properties.provisioningState', 'status.conditions[Joined]'],
  ['members[].properties.group', `status.properties[update-group.${domain}]`],
  [
    'members[].properties.clusterResourceId',
    'status.properties[fleet.azure.com/subscription-id, …/resource-group, …/cluster-name]',
  ],
  ['managedClusters[].properties.currentKubernetesVersion', 'status.version.kubernetes'],
  ['managedClusters[].location', 'status.properties[location, topology.kubernetes.io/region]'],
  ['managedClusters[].tags', `status.properties[tags.${domain}/<key>]`, 'tags are no labels'],
  ['managedClusters[].properties.powerState, provisioningState', 'status.conditions[ControlPlaneHealthy]'],
  [
    'managedClusters[].properties.fqdn, privateFQDN',
    'status.accessProviders[].cluster.server',
    'no CA: ARM does not tell it',
  ],
  [
    'managedClusters[].properties.aadProfile.tenantID',
    'status.accessProviders[].cluster.extensions[…/exec/additional-envs]',
    'AZURE_TENANT_ID for kubelogin',
  ],
  ['connectedClusters[].properties.kubernetesVersion', 'status.version.kubernetes', 'Arc: no server'],
];
