import { execConfig, type ExecPlugin } from '../access-provider.ts';
import type { ClusterAccess } from '../clusterprofile.ts';

/** A cluster, its user and its context, all under one name. */
export interface KubeconfigEntry {
  name: string;
  /** `namespace/name` of its profile. */
  origin: string;
  cluster: ClusterAccess;
  /** What logs in: a plugin, or a token that is written down. */
  login: { plugin: ExecPlugin } | { token: string };
}

export interface Named {
  name: string;
  [key: string]: unknown;
}

export interface KubeconfigFile {
  apiVersion: 'v1';
  kind: 'Config';
  preferences: object;
  'current-context': string;
  clusters: Named[];
  users: Named[];
  contexts: Named[];
}

/** One kubeconfig. One user a cluster, since a policy may let profiles add arguments of their own. */
export const kubeconfigFile = (entries: readonly KubeconfigEntry[], currentContext = ''): KubeconfigFile => ({
  apiVersion: 'v1',
  kind: 'Config',
  preferences: {},
  'current-context': currentContext,
  clusters: entries.map(({ name, cluster }) => ({ name, cluster })),
  users: entries.map(({ name, login }) => ({
    name,
    user: 'token' in login ? { token: login.token } : { exec: execConfig(login.plugin) },
  })),
  contexts: entries.map(({ name }) => ({ name, context: { cluster: name, user: name } })),
});
