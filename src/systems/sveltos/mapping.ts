// https://projectsveltos.io/main/register/register-cluster/
import { domain } from '../../profile/clusterprofile.ts';
import type { Mapping } from '../../import/kit/importer.ts';

/** What `explain` says of the fields, row by row; import.ts is what does it. */
export const mapping: Mapping = [
  ['metadata.namespace, name', 'metadata.namespace, name, spec.displayName', '--namespace goes first'],
  ['metadata.labels', 'metadata.labels', 'without Kubernetes and Sveltos keys'],
  ['status.version, else label projectsveltos.io/k8s-version', 'status.version.kubernetes'],
  [
    'status.ready, connectionStatus, failureMessage',
    'status.conditions[ControlPlaneHealthy]',
    'False/ConnectionDown even while ready, which stays true',
  ],
  ['status.ready', 'status.conditions[Joined]'],
  ['spec.pullMode', `status.properties[access-mode.${domain}]`],
  [
    'spec.workloadIdentity provider, aws.region, gcp.location',
    `status.properties[provider.${domain}, topology.kubernetes.io/region, zone, location]`,
  ],
  ['status.agentLastReportTime', 'status.properties[].lastObservedTime'],
  [
    'spec.workloadIdentity.endpoint, Secret caSecretRef ca.crt',
    'status.accessProviders[eks, google, kubelogin].cluster',
    'for EKS with region and cluster name for its plugin',
  ],
  [
    'Secret spec.kubeconfigName, else <name>-sveltos-kubeconfig',
    'status.accessProviders[sveltos].cluster',
    'server, CA and TLS name; never its user',
  ],
];
