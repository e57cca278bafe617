// https://fleet.rancher.io/cluster-registration
import { domain } from '../../profile/clusterprofile.ts';
import type { Mapping } from '../../import/kit/importer.ts';

/** What `explain` says of the fields, row by row; import.ts is what does it. */
export const mapping: Mapping = [
  ['metadata.namespace, name', 'metadata.namespace, name', '--namespace goes first'],
  ['label management.cattle.io/cluster-display-name', 'spec.displayName', 'else the name'],
  ['label management.cattle.io/cluster-name', 'metadata.labels[multicluster.x-k8s.io/inventory-member-id]'],
  ['metadata.labels', 'metadata.labels', 'without Kubernetes and cattle.io keys'],
  [
    'status.conditions[Imported], agent.lastSeen, display.state',
    'status.conditions[Joined]',
    'False/WaitCheckIn before the agent was there',
  ],
  [
    'status.agent.lastSeen',
    'status.conditions[ControlPlaneHealthy]',
    'only Unknown, with --heartbeat-timeout: Ready is about bundles',
  ],
  ['status.agent.lastSeen', 'status.properties[].lastObservedTime'],
  ['metadata.namespace', `status.properties[group.${domain}]`, 'the workspace'],
  [
    'Secret spec.kubeConfigSecret value',
    'status.accessProviders[fleet].cluster',
    "never its user; status.apiServerURL is the hub's and is not read",
  ],
];
