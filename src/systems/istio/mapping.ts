// https://istio.io/latest/docs/reference/commands/istioctl/#istioctl-create-remote-secret
import type { Mapping } from '../../import/kit/importer.ts';

/** What `explain` says of the fields, row by row; import.ts is what does it. */
export const mapping: Mapping = [
  [
    'data key (for the key config: annotation networking.istio.io/cluster)',
    'metadata.name, spec.displayName',
    'one cluster a key',
  ],
  [
    'data key that is a UUID',
    'metadata.labels[multicluster.x-k8s.io/inventory-member-id]',
    'the UID of namespace kube-system',
  ],
  ['metadata.creationTimestamp', 'status.conditions[Joined]'],
  [
    'kubeconfig, cluster of its current context',
    'status.accessProviders[istio].cluster',
    'server, CA, TLS name, proxy; users are never read',
  ],
  ['metadata.labels', 'metadata.labels', 'only of a Secret with one key'],
];
