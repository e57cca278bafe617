// Cluster: https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeCluster.html
// ACK: https://aws-controllers-k8s.github.io/community/reference/eks/v1alpha1/cluster/
import { domain } from '../../profile/clusterprofile.ts';
import type { Mapping } from '../../import/kit/importer.ts';

/** What `explain` says of the fields, row by row; import.ts is what does it. */
export const mapping: Mapping = [
  ['cluster.name', 'metadata.name, spec.displayName', 'with account and region behind it where the name repeats'],
  ['cluster.arn', 'metadata.labels[multicluster.x-k8s.io/inventory-member-id]', 'a hash of it'],
  ['cluster.arn', `status.properties[location, topology.kubernetes.io/region, account.${domain}, arn.${domain}]`],
  ['cluster.tags', 'metadata.labels', 'with --tags-as-labels, and only legal labels'],
  ['cluster.version', 'status.version.kubernetes', 'EKS tells major and minor only; of ACK spec.version'],
  ['cluster.platformVersion', `status.properties[platform-version.${domain}]`],
  ['cluster.connectorConfig.provider', `status.properties[provider.${domain}]`, 'eks-connector/<provider>, else eks'],
  ['cluster.resourcesVpcConfig', `status.properties[vpc.${domain}, private-endpoint.${domain}]`],
  ['cluster.status', 'status.conditions[Joined]'],
  [
    'cluster.status, health.issues',
    'status.conditions[ControlPlaneHealthy]',
    'False for issues of the control plane itself',
  ],
  ['cluster.endpoint, certificateAuthority', 'status.accessProviders[].cluster', 'once it is ACTIVE'],
  [
    'cluster.name, arn',
    'status.accessProviders[].cluster.extensions[client.authentication.k8s.io/exec]',
    'clusterId and region',
  ],
  ['eks.services.k8s.aws Cluster', '', 'the same for ACK objects with --ack or -f: spec and status'],
];
