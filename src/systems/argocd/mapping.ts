// https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#clusters
import { domain } from '../../profile/clusterprofile.ts';
import type { Mapping } from '../../import/kit/importer.ts';

/** What `explain` says of the fields, row by row; import.ts is what does it. */
export const mapping: Mapping = [
  ['data.name, else the host of data.server', 'metadata.name, spec.displayName'],
  ['label argocd.argoproj.io/kubernetes-version; argocd cluster list: serverVersion', 'status.version.kubernetes'],
  ['argocd cluster list: connectionState', 'status.conditions[ControlPlaneHealthy]', 'a Secret says nothing of health'],
  ['annotation argocd.argoproj.io/skip-reconcile', 'status.conditions[Joined]', 'False ReconciliationSkipped'],
  ['data.project, data.namespaces', `status.properties[group.${domain}, namespaces.${domain}]`],
  [
    'data.server, config.tlsClientConfig, proxyUrl',
    'status.accessProviders[].cluster',
    'CA, TLS name and proxy; nothing else of config',
  ],
  [
    'config.awsAuthConfig, execProviderConfig.command',
    'status.accessProviders[].name',
    'eks, google, kubelogin, else argocd',
  ],
];
