import { execConfig, type ExecPlugin } from './provider.ts';
import { domain, type ClusterAccess, type Extension } from '../profile/clusterprofile.ts';

/** A cluster, its user and its context, all under one name. */
export interface KubeconfigEntry {
  name: string;
  /** `namespace/name` of its profile. */
  origin: string;
  cluster: ClusterAccess;
  /** What logs in: a plugin, or a token that is written down. */
  login: { plugin: ExecPlugin } | { token: string };
}

export interface NamedEntry {
  name: string;
  [key: string]: unknown;
}

export interface KubeconfigFile {
  apiVersion: 'v1';
  kind: 'Config';
  preferences: object;
  'current-context': string;
  clusters: NamedEntry[];
  users: NamedEntry[];
  contexts: NamedEntry[];
}

/** Extension by which an entry is known to be ours in a file of many. Clusters, users and contexts can all have some. */
export const markOf = (origin: string, instance: string | undefined): Extension => ({
  name: domain,
  extension: { 'managed-by': 'clusterprofile', profile: origin, instances: [instance ?? ''] },
});

/** One kubeconfig. One user a cluster, since a policy may let profiles add arguments of their own. */
export function buildKubeconfig(
  entries: readonly KubeconfigEntry[],
  currentContext = '',
  mark?: (origin: string) => Extension,
): KubeconfigFile {
  const marked = (origin: string, body: object): object =>
    mark ? { ...body, extensions: [...((body as ClusterAccess).extensions ?? []), mark(origin)] } : body;
  return {
    apiVersion: 'v1',
    kind: 'Config',
    preferences: {},
    'current-context': currentContext,
    clusters: entries.map(({ name, origin, cluster }) => ({ name, cluster: marked(origin, cluster) })),
    users: entries.map(({ name, origin, login }) => ({
      name,
      user: marked(origin, 'token' in login ? { token: login.token } : { exec: execConfig(login.plugin) }),
    })),
    contexts: entries.map(({ name, origin }) => ({ name, context: marked(origin, { cluster: name, user: name }) })),
  };
}
