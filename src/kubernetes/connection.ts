import { existsSync } from 'node:fs';
import { exit, UserError } from '../errors.ts';
import type { ConnectOptions } from './flags.ts';
import { listKubeconfigFiles, loadKubeconfig, type Kubeconfig } from './kubeconfig.ts';
import type { KubeCluster, KubeUser } from './kubeconfig-entries.ts';
import { readText } from '../documents/objects.ts';
import { chooseScheme } from '../profile/endpoint/server-url.ts';
import { rememberUrlPassword } from '../redact/known-secrets.ts';
import { maskUrl } from '../redact/url-credentials.ts';
import { groupBy } from '../util/collections.ts';

type ConnectionEnv = Readonly<Record<string, string | undefined>>;

/** Where and as whom to connect, with every flag and file taken into account. */
export interface Connection {
  server: URL;
  cluster: KubeCluster;
  user: KubeUser;
  namespace: string;
}

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';

/** An entry that says nothing. */
export const noCluster: KubeCluster = {
  server: undefined,
  tlsServerName: undefined,
  insecure: undefined,
  caFile: undefined,
  caData: undefined,
  proxyUrl: undefined,
  disableCompression: undefined,
  extensions: [],
};

/** Nobody: what is asked is asked anonymously. */
export const noUser: KubeUser = {
  token: undefined,
  tokenFile: undefined,
  certFile: undefined,
  certData: undefined,
  keyFile: undefined,
  keyData: undefined,
  username: undefined,
  password: undefined,
  as: undefined,
  asUid: undefined,
  asGroups: [],
  asUserExtra: {},
  exec: undefined,
  authProvider: undefined,
};

const describeNotFound = (kind: string, name: string, known: Iterable<string>): UserError => {
  const names = [...known].toSorted();
  const shown = names
    .slice(0, 10)
    .map((each) => JSON.stringify(each))
    .join(', ');
  return new UserError(`${kind} ${JSON.stringify(name)} does not exist in the kubeconfig`, {
    code: exit.notFound,
    hint:
      names.length > 0 ? `${kind}s: ${shown}${names.length > 10 ? ` and ${names.length - 10} more` : ''}` : undefined,
  });
};

/** An entry by name; a name that a flag gave must exist. */
function pick<T>(
  kind: string,
  entries: Map<string, T>,
  flag: string | undefined,
  name: string | undefined,
): T | undefined {
  const wanted = flag ?? name;
  if (!wanted) return undefined;
  const found = entries.get(wanted);
  if (!found) throw describeNotFound(kind, wanted, entries.keys());
  return found;
}

/** A flag for the server forgets the kubeconfig's TLS name, and a CA flag the kubeconfig's CA (client-go overrides). */
function withClusterFlags(cluster: KubeCluster, options: ConnectOptions): KubeCluster {
  const tls = options.certificateAuthority || options.insecureSkipTlsVerify;
  return {
    ...cluster,
    ...(options.server && { server: options.server, tlsServerName: undefined }),
    ...(options.tlsServerName && { tlsServerName: options.tlsServerName }),
    ...(options.proxyUrl && { proxyUrl: options.proxyUrl }),
    ...(tls && {
      insecure: options.insecureSkipTlsVerify || undefined,
      caFile: options.certificateAuthority,
      caData: undefined,
    }),
  };
}

function withUserFlags(user: KubeUser, options: ConnectOptions): KubeUser {
  const extra = groupBy(
    options.asUserExtra ?? [],
    (pair) => pair.split('=')[0],
    (pair) => pair.split('=').slice(1).join('='),
  );
  return {
    ...user,
    ...(options.tokenFile && { token: undefined, tokenFile: options.tokenFile }),
    ...(options.clientCertificate && { certFile: options.clientCertificate, certData: undefined }),
    ...(options.clientKey && { keyFile: options.clientKey, keyData: undefined }),
    ...(options.as && { as: options.as }),
    ...(options.asUid && { asUid: options.asUid }),
    ...(options.asGroup?.length && { asGroups: [...options.asGroup] }),
    ...(extra.size > 0 && { asUserExtra: Object.fromEntries(extra) }),
  };
}

/** The service account of the Pod this runs in, used when there is no kubeconfig. */
function readInCluster(env: ConnectionEnv): { cluster: KubeCluster; user: KubeUser; namespace: string } | undefined {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = env['KUBERNETES_SERVICE_PORT'];
  if (!host || !port || !existsSync(`${serviceAccount}/token`)) return undefined;
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const namespaceFile = `${serviceAccount}/namespace`;
  return {
    cluster: { ...noCluster, server, caFile: `${serviceAccount}/ca.crt` },
    user: { ...noUser, tokenFile: `${serviceAccount}/token` },
    namespace: existsSync(namespaceFile) ? readText(namespaceFile).trim() : 'default',
  };
}

const isEmptyKubeconfig = ({ clusters, contexts }: Kubeconfig): boolean => clusters.size === 0 && contexts.size === 0;

function fromKubeconfig(
  config: Kubeconfig,
  options: ConnectOptions,
): { cluster: KubeCluster; user: KubeUser; namespace: string } {
  const context = pick('context', config.contexts, options.context, config.currentContext);
  return {
    cluster: pick('cluster', config.clusters, options.cluster, context?.cluster) ?? noCluster,
    user: pick('user', config.users, options.user, context?.user) ?? noUser,
    namespace: context?.namespace ?? 'default',
  };
}

/** A server without a scheme is dialled by TLS where the configuration says something about TLS, as by client-go. */
function parseServer(text: string, { caData, caFile, insecure }: KubeCluster, { certData, certFile }: KubeUser): URL {
  rememberUrlPassword(text);
  const scheme = chooseScheme(caData, caFile, insecure, certData, certFile);
  const full = /^[a-z]+:\/\//i.test(text) ? text : `${scheme}://${text}`;
  try {
    return new URL(full);
  } catch {
    throw new UserError(`the server ${JSON.stringify(maskUrl(text))} is not a URL`);
  }
}

/** What a cluster is called that nobody has named, and how to name it or to do without. */
const unnamed = {
  hub: ['hub', 'name a hub with --kubeconfig or --context, or use a directory with --inventory DIR'],
  source: [
    'cluster to import from',
    'name a cluster with --source-kubeconfig or --source-context, or give its objects with -f FILE',
  ],
  target: [
    'cluster to write to',
    'name a cluster with --target-kubeconfig or --target-context, or write files with --output-dir DIR',
  ],
} as const;

/** Why a kubeconfig names no cluster. */
function explainNoCluster(config: Kubeconfig, options: ConnectOptions, env: ConnectionEnv): string {
  if (!isEmptyKubeconfig(config)) return 'no context is set in the kubeconfig';
  const { files } = listKubeconfigFiles(options.kubeconfig, env);
  return config.missing.length === files.length ? 'there is no kubeconfig' : 'the kubeconfig names no cluster';
}

/** Refuses a CA beside the flag to ignore it, as client-go does: to connect without a check would be the weaker of the two. */
function assertOneMeaning({ insecure, caData, caFile }: KubeCluster): void {
  if (!insecure || !(caData || caFile)) return;
  throw new UserError('insecure-skip-tls-verify is set beside a CA: clients refuse both', {
    hint: '--certificate-authority FILE checks the certificate; or remove one of the two from the kubeconfig',
  });
}

/** Finds the hub as kubectl would: flags, then the kubeconfig's context, then the Pod's service account. */
export function resolveConnection(options: ConnectOptions, env: ConnectionEnv): Connection {
  const config = loadKubeconfig(listKubeconfigFiles(options.kubeconfig, env));
  const base = (isEmptyKubeconfig(config) ? readInCluster(env) : undefined) ?? fromKubeconfig(config, options);
  const cluster = withClusterFlags(base.cluster, options);
  if (!cluster.server) {
    const [what, hint] = unnamed[options.role ?? 'hub'];
    throw new UserError(`${explainNoCluster(config, options, env)}, so no ${what}`, { hint });
  }
  assertOneMeaning(cluster);
  const user = withUserFlags(base.user, options);
  return {
    server: parseServer(cluster.server, cluster, user),
    cluster,
    user,
    namespace: options.namespace ?? base.namespace,
  };
}
