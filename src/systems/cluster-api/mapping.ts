// https://cluster-api.sigs.k8s.io/developer/providers/contracts/overview
import { domain, keys } from '../../profile/clusterprofile.ts';
import type { Mapping } from '../../import/kit/importer.ts';

/** What `explain` says of the fields, row by row; import.ts is what does it. */
export const mapping: Mapping = [
  ['metadata.namespace, name', 'metadata.namespace, name, spec.displayName', '--namespace goes first'],
  ['metadata.uid', 'metadata.labels[multicluster.x-k8s.io/inventory-member-id]'],
  ['metadata.labels', 'metadata.labels', 'without Kubernetes and Cluster API keys'],
  [
    'control plane object status.version, else the lowest of status.controlPlane.versions',
    'status.version.kubernetes',
    `else spec.topology.version with version-source.${domain}=desired`,
  ],
  [
    'status.conditions[ControlPlaneAvailable], v1beta1: ControlPlaneReady',
    'status.conditions[ControlPlaneHealthy]',
    'Unknown/NotReported while there is none',
  ],
  ['status.phase', 'status.conditions[Joined]', 'True for Provisioned'],
  ['spec.infrastructureRef.kind', `status.properties[provider.${domain}]`],
  ['infrastructure or control plane object spec.region, spec.location', `status.properties[${keys.regionProperty}]`],
  ['status.failureDomains', `status.properties[${keys.zoneProperty}]`],
  ['spec.topology.classRef.name, v1beta1: class', `status.properties[group.${domain}]`],
  ['spec.controlPlaneEndpoint', 'status.accessProviders[cluster-api].cluster.server', 'else of the kubeconfig'],
  [
    'Secret <name>-kubeconfig value',
    'status.accessProviders[cluster-api].cluster.certificate-authority-data',
    'its user is never read, nor any other Secret',
  ],
];
