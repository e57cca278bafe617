// https://github.com/oam-dev/cluster-gateway/tree/master/pkg/apis/cluster/v1alpha1
import { domain } from '../../profile/clusterprofile.ts';
import type { Mapping } from '../../import/kit/importer.ts';

/** What `explain` says of the fields, row by row; import.ts is what does it. */
export const mapping: Mapping = [
  ['metadata.name', 'metadata.name'],
  ['annotation cluster-alias, spec.alias', 'spec.displayName', 'else the name'],
  ['annotation cluster-version', 'status.version.kubernetes'],
  ['annotation status.cluster.core.oam.dev/healthy, ClusterGateway status', 'status.conditions[ControlPlaneHealthy]'],
  ['VirtualCluster spec.accepted', 'status.conditions[Joined]'],
  ['Secret endpoint, ca.crt or ca, proxy-url', 'status.accessProviders[kubevela].cluster', 'no other key is read'],
  ['label cluster-credential-type', `status.properties[credential-type.${domain}]`],
];
