import { basename } from 'node:path';
import { exit, UserError } from '../errors.ts';
import type { ExecConfig, KubeUser } from './kubeconfig-entries.ts';
import { keys } from '../profile/clusterprofile.ts';
import { readText } from '../documents/objects.ts';
import type { Connection } from './connection.ts';
import { rememberSecret, rememberSecretsIn } from '../redact/known-secrets.ts';
import { checkBearerToken } from '../util/bearer.ts';
import type { ExecContext, ExecCredential } from '../access/exec.ts';
import { readOwn } from '../object.ts';

/** What proves to the hub who is calling. */
export interface Credentials {
  authorization?: string;
  certificate?: string;
  key?: string;
}

/** Gives credentials, and gets new ones when the hub no longer takes them. */
interface CredentialSource {
  get(): Promise<Credentials>;
  /** `false` where there is nothing new to be had. */
  renew(): Promise<boolean>;
}

type ExecPolicy = 'allow' | 'known' | 'deny';

/** Plugins that `--exec-policy known` runs. */
const wellKnownPlugins = new Set([
  'aws',
  'aws-iam-authenticator',
  'az',
  'gke-gcloud-auth-plugin',
  'gcloud',
  'kubelogin',
  'kubectl-oidc_login',
  'oc',
  'tsh',
]);

const decodeData = (data: string | undefined): string | undefined =>
  data ? Buffer.from(data, 'base64').toString('utf8') : undefined;
const readOptionalFile = (path: string | undefined): string | undefined => (path ? readText(path) : undefined);

/** Data in the kubeconfig goes before a file it names, as in client-go. */
const readClientCertificate = (user: KubeUser): Pick<Credentials, 'certificate' | 'key'> => {
  const certificate = decodeData(user.certData) ?? readOptionalFile(user.certFile);
  const key = decodeData(user.keyData) ?? readOptionalFile(user.keyFile);
  rememberSecret(key);
  return { ...(certificate && { certificate }), ...(key && { key }) };
};

/** What of a user is a credential, or a file with one, before anything can fail with it. */
function rememberUser({ token, password, username = '', keyData, authProvider }: KubeUser): void {
  for (const secret of [token, password, keyData, decodeData(keyData)]) rememberSecret(secret);
  if (password) rememberSecret(`${username}:${password}`);
  rememberSecretsIn(authProvider?.config);
}

const formatBasic = ({ username = '', password = '' }: KubeUser): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

function readStaticAuthorization(user: KubeUser): string | undefined {
  if (user.tokenFile) {
    const token = readText(user.tokenFile);
    rememberSecret(token);
    return `Bearer ${checkBearerToken(token, user.tokenFile)}`;
  }
  if (user.token) return `Bearer ${checkBearerToken(user.token, 'the token of the kubeconfig')}`;
  return user.username || user.password ? formatBasic(user) : undefined;
}

/** `spec.cluster` of KUBERNETES_EXEC_INFO (KEP-541). */
function buildExecCluster({ cluster }: Connection): Record<string, unknown> {
  const config = cluster.extensions.find(({ name }) => name === keys.execExtension)?.extension;
  const ca = cluster.caData ?? (cluster.caFile ? Buffer.from(readText(cluster.caFile)).toString('base64') : undefined);
  return {
    server: cluster.server,
    ...(cluster.tlsServerName && { 'tls-server-name': cluster.tlsServerName }),
    ...(cluster.insecure && { 'insecure-skip-tls-verify': true }),
    ...(ca && { 'certificate-authority-data': ca }),
    ...(cluster.proxyUrl && { 'proxy-url': cluster.proxyUrl }),
    ...(cluster.disableCompression && { 'disable-compression': true }),
    ...(config && { config }),
  };
}

/** How long a refused credential is not asked for again. */
const renewalPause = 5000;

function assertAllowed(command: string, policy: ExecPolicy): void {
  if (policy === 'allow' || (policy === 'known' && wellKnownPlugins.has(basename(command)))) return;
  throw new UserError(`credential plugin ${basename(command)} may not run (--exec-policy ${policy})`, {
    code: exit.auth,
    hint: '--exec-policy allow lets it run',
  });
}

/** One plugin run serves every request: until it expires, or the hub refuses it once. */
function execSource(
  exec: ExecConfig,
  connection: Connection,
  policy: ExecPolicy,
  context: ExecContext,
): CredentialSource {
  const { command = '', apiVersion = '', interactiveMode, installHint, args, env } = exec;
  assertAllowed(command, policy);
  const plugin = { apiVersion, command, args, env, interactiveMode, installHint };
  let running: Promise<ExecCredential> | undefined;
  let expires = 0;
  let renewed = 0;
  const run = async (): Promise<ExecCredential> => {
    const { execCredential } = await import('../access/exec.ts');
    const info = exec.provideClusterInfo ? buildExecCluster(connection) : undefined;
    const credential = await execCredential({ ...plugin, clusterInfo: info }, context);
    expires = credential.expires ?? Number.POSITIVE_INFINITY;
    return credential;
  };
  const current = async (): Promise<ExecCredential> => {
    if (!running || expires < Date.now()) {
      expires = Number.POSITIVE_INFINITY; // Until this run says otherwise: callers share it.
      running = run();
    }
    return running;
  };
  return {
    async get() {
      const { token, certificate, key } = await current();
      return {
        ...(token && { authorization: `Bearer ${checkBearerToken(token, `what ${basename(command)} gave`)}` }),
        ...(certificate && { certificate }),
        ...(key && { key }),
      };
    },
    // Many requests may be refused at once; they share one new run.
    async renew() {
      if (Date.now() - renewed > renewalPause) {
        renewed = Date.now();
        running = undefined;
      }
      await current();
      return true;
    },
  };
}

/** OpenID Connect with refresh tokens: the one legacy auth provider kubectl still has, served by client-node. */
function createOidcSource(connection: Connection): CredentialSource {
  return {
    async get() {
      const { readOidcAuthorization } = await import('../access/oidc.ts');
      const authorization = await readOidcAuthorization(connection.server, connection.user.authProvider?.config ?? {});
      return authorization ? { authorization } : {};
    },
    renew: () => Promise.resolve(false),
  };
}

const replacements: Record<string, string> = {
  gcp: 'gke-gcloud-auth-plugin: run gcloud container clusters get-credentials again',
  azure: 'kubelogin: run kubelogin convert-kubeconfig',
};

/** Where the credentials of a connection come from. Refuses the auth providers that kubectl dropped. */
export function createCredentialSource(
  connection: Connection,
  policy: ExecPolicy,
  context: ExecContext,
): CredentialSource {
  const { user } = connection;
  rememberUser(user);
  const provider = user.authProvider?.name;
  const replacement = provider && readOwn(replacements, provider);
  if (provider !== undefined && provider !== 'oidc')
    throw new UserError(`the auth-provider ${JSON.stringify(provider)} is no longer supported`, {
      code: exit.auth,
      hint: replacement ? `use ${replacement}` : 'use a credential plugin (users[].user.exec)',
    });
  const authorization = readStaticAuthorization(user);
  if (!authorization && user.exec) return execSource(user.exec, connection, policy, context);
  if (!authorization && provider) return createOidcSource(connection);
  return {
    // A token file may be rotated under a long run, so it is read again.
    get: () => {
      const now = readStaticAuthorization(user);
      return Promise.resolve({ ...(now && { authorization: now }), ...readClientCertificate(user) });
    },
    renew: () => Promise.resolve(user.tokenFile !== undefined && readStaticAuthorization(user) !== authorization),
  };
}
