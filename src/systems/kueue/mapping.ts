// https://kueue.sigs.k8s.io/docs/reference/kueue.v1beta2/#multikueuecluster
import { domain } from '../../profile/clusterprofile.ts';
import type { Mapping } from '../../import/kit/importer.ts';

/** What `explain` says of the fields, row by row; import.ts is what does it. */
export const mapping: Mapping = [
  ['metadata.name', 'metadata.name, spec.displayName'],
  ['spec.clusterSource.clusterProfileRef', '', 'a ClusterProfile already: left out'],
  ['status.conditions[Active]', 'status.conditions[Joined]'],
  [
    'status.conditions[Active]',
    'status.conditions[ControlPlaneHealthy]',
    'only True, or False for a failed connection',
  ],
  ['MultiKueueConfig spec.clusters', `status.properties[group.${domain}]`],
  [
    'Secret kubeconfig, current context',
    'status.accessProviders[kueue].cluster',
    'server, CA and TLS name; never a user',
  ],
];
