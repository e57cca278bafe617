// https://github.com/crossplane-contrib/provider-upjet-aws/blob/main/apis/cluster/eks/v1beta2/zz_cluster_types.go
import { domain } from '../../profile/clusterprofile.ts';
import type { Mapping } from '../../import/kit/importer.ts';

/** What `explain` says of the fields, row by row; import.ts is what does it. */
export const mapping: Mapping = [
  ['annotation crossplane.io/external-name, else metadata.name', 'metadata.name, spec.displayName'],
  ['metadata.namespace', 'metadata.namespace', 'of eks.aws.m.upbound.io'],
  ['metadata.labels', 'metadata.labels', 'without Crossplane, Upbound and Kubernetes keys'],
  ['status.atProvider.arn', 'metadata.labels[multicluster.x-k8s.io/inventory-member-id]', 'a hash of it'],
  [
    'status.atProvider.arn, region',
    `status.properties[location, topology.kubernetes.io/region, account.${domain}, arn.${domain}]`,
  ],
  ['status.atProvider.version', 'status.version.kubernetes', 'else spec.forProvider.version, and that it is desired'],
  ['status.atProvider.platformVersion, vpcConfig', `status.properties[platform-version.${domain}, vpc.${domain}]`],
  [
    'status.atProvider.status',
    'status.conditions[Joined, ControlPlaneHealthy]',
    'Ready and Synced are about reconciling',
  ],
  ['status.atProvider.endpoint, certificateAuthority', 'status.accessProviders[].cluster', 'never a Secret'],
];
