import type { PeerCertificate, SecureContext, SecureContextOptions } from 'node:tls';
import type { Agent } from 'node:http';
import type { HttpProxyAgent } from 'http-proxy-agent';
import type { HttpsProxyAgent } from 'https-proxy-agent';
import type { SocksProxyAgent } from 'socks-proxy-agent';
import { exit, usageError, UserError } from '../errors.ts';
import { createClient, type Client } from './client.ts';
import { createThrottle } from './client/throttle.ts';
import { readText } from '../documents/objects.ts';
import type { ConnectOptions } from './flags.ts';
import { resolveConnection, type Connection } from './connection.ts';
import { createCredentialSource, type Credentials } from './credentials.ts';
import type { Transport } from './http.ts';
import { rememberUrlPassword } from '../redact/known-secrets.ts';
import { sayEach } from '../util/notices.ts';
import { readProxyFromEnv } from '../util/no-proxy.ts';

export interface ConnectContext {
  env: Readonly<Record<string, string | undefined>>;
  /** The command's own time is over. */
  signal: AbortSignal;
  /** SIGINT or SIGTERM. */
  interrupt: AbortSignal;
  concurrency: number;
  warn(message: string): void;
  /** Hears each thing once that the server itself warns of. */
  warnFromServer(message: string): void;
}

/** For connections that write by server-side apply. */
export interface WriteContext extends ConnectContext {
  /** Owner of the fields this run writes: `clusterprofile/<source>`. */
  fieldManager: string;
}

/** Impersonation headers as kubectl sends them. */
function buildImpersonation({ user }: Connection): Record<string, string | string[]> {
  if (!user.as) {
    if (user.asUid || user.asGroups.length > 0 || Object.keys(user.asUserExtra).length > 0)
      throw usageError('impersonating a UID, groups or extras needs a user', 'add --as USER');
    return {};
  }
  const extra = Object.entries(user.asUserExtra).map(([key, values]) => [
    `impersonate-extra-${encodeURIComponent(key.toLowerCase())}`,
    (Array.isArray(values) ? values : [values]).map(String),
  ]);
  return {
    'impersonate-user': user.as,
    ...(user.asUid && { 'impersonate-uid': user.asUid }),
    ...(user.asGroups.length > 0 && { 'impersonate-group': user.asGroups }),
    ...Object.fromEntries(extra),
  };
}

interface TlsOptions {
  ca?: string;
  cert?: string;
  key?: string;
  servername?: string;
  rejectUnauthorized: boolean;
  checkServerIdentity: typeof checkServerNames;
}

/** A certificate is for the names in its SAN extension only, as for every Go client. Node would take the Common Name too. */
function checkServerNames(host: string, certificate: PeerCertificate): Error | undefined {
  const { checkServerIdentity } = process.getBuiltinModule('node:tls');
  if (certificate.subjectaltname)
    return checkServerIdentity(host, { ...certificate, subject: { ...certificate.subject, CN: '' } });
  return Object.assign(new Error('its certificate has a Common Name only, and no Subject Alternative Name'), {
    code: 'ERR_TLS_CERT_WITHOUT_SAN',
  });
}

function buildTlsOptions({ cluster }: Connection, { certificate, key }: Credentials): TlsOptions {
  const ca = cluster.caData
    ? Buffer.from(cluster.caData, 'base64').toString('utf8')
    : cluster.caFile && readText(cluster.caFile);
  return {
    rejectUnauthorized: !cluster.insecure,
    checkServerIdentity: checkServerNames,
    ...(ca && { ca }),
    ...(certificate && { cert: certificate }),
    ...(key && { key }),
    ...(cluster.tlsServerName && { servername: cluster.tlsServerName }),
  };
}

const keepAlive = (concurrency: number): { keepAlive: true; maxSockets: number; scheduling: 'lifo' } => ({
  keepAlive: true,
  maxSockets: concurrency,
  scheduling: 'lifo',
});

/** What a connection is secured with. Each runtime has words of its own for what is no PEM, and none says whose fault it is. */
function createSecureContext(material: SecureContextOptions): SecureContext {
  try {
    return process.getBuiltinModule('node:tls').createSecureContext(material);
  } catch (error) {
    const what = material.cert === undefined ? 'CA certificate' : 'client certificate, its key or the CA certificate';
    throw new UserError(
      `the ${what} of the kubeconfig cannot be used: it is no valid PEM, or they do not belong together`,
      {
        code: exit.input,
        cause: error,
      },
    );
  }
}

/** Few keep-alive connections, through a proxy where one is named. */
async function createAgent(connection: Connection, credentials: Credentials, context: ConnectContext): Promise<Agent> {
  const proxy = connection.cluster.proxyUrl ?? readProxyFromEnv(connection.server, context.env);
  rememberUrlPassword(proxy);
  const pooled = keepAlive(context.concurrency);
  const tls = buildTlsOptions(connection, credentials);
  if (proxy) return createProxyAgent(proxy, connection.server, pooled, tls);
  if (connection.server.protocol === 'http:') return new (process.getBuiltinModule('node:http').Agent)(pooled);
  const { rejectUnauthorized, checkServerIdentity, servername, ...material } = tls;
  // One context for all connections: each would parse the same certificates again.
  const secureContext = createSecureContext(material);
  const checks = { rejectUnauthorized, checkServerIdentity, ...(servername && { servername }) };
  return new (process.getBuiltinModule('node:https').Agent)({ ...pooled, ...checks, secureContext });
}

/** A proxy agent takes the TLS options of its own constructor for the proxy; those for the hub go with each request. */
function withTls(agent: HttpProxyAgent<string> | HttpsProxyAgent<string> | SocksProxyAgent, tls: TlsOptions): Agent {
  const connect = agent.connect.bind(agent) as (request: unknown, options: object) => unknown;
  Object.assign(agent, { connect: (request: unknown, options: object) => connect(request, { ...options, ...tls }) });
  return agent;
}

async function createProxyAgent(proxy: string, server: URL, pooled: object, tls: TlsOptions): Promise<Agent> {
  if (!/^(https?|socks5h?):\/\//i.test(proxy))
    throw new UserError('the proxy URL must begin with http://, https:// or socks5://', { code: exit.input });
  if (/^socks/i.test(proxy)) {
    const { SocksProxyAgent } = await import('socks-proxy-agent');
    // As client-go does: the proxy looks the name up, which may be known there only.
    return withTls(new SocksProxyAgent(proxy.replace(/^socks5:/i, 'socks5h:'), pooled), tls);
  }
  if (server.protocol === 'http:')
    return withTls(new (await import('http-proxy-agent')).HttpProxyAgent(proxy, pooled), tls);
  return withTls(new (await import('https-proxy-agent')).HttpsProxyAgent(proxy, pooled), tls);
}

/** What requests to an API server need. Sends nothing yet. */
export function openTransport(
  connection: Connection,
  options: Pick<ConnectOptions, 'execPolicy' | 'requestTimeout'>,
  context: ConnectContext,
): Transport {
  const source = createCredentialSource(connection, options.execPolicy ?? 'allow', {
    env: context.env,
    signal: AbortSignal.any([context.signal, context.interrupt]),
    limit: options.requestTimeout,
    // Not `process.stdin`: to make the stream takes milliseconds, and only credential plugins want to know.
    get terminal() {
      return process.getBuiltinModule('node:tty').isatty(0);
    },
  });
  // Each request in flight listens to both; Node.js takes more than ten listeners for a leak, and says so.
  process.getBuiltinModule('node:events').setMaxListeners(0, context.signal, context.interrupt);
  const secure = connection.server.protocol === 'https:';
  const headers = buildImpersonation(connection);
  let agent: { certificate: string | undefined; made: Promise<Agent> } | undefined;
  // Credentials never travel over plain http, as in client-go.
  const credentials = (): Promise<Credentials> => (secure ? source.get() : Promise.resolve({}));
  return {
    base: connection.server,
    throttle: createThrottle(context.concurrency),
    compresses: !connection.cluster.disableCompression,
    timeout: options.requestTimeout ?? 30_000,
    signal: context.signal,
    interrupt: context.interrupt,
    warn: sayEach(context.warnFromServer),
    renew: () => source.renew(),
    async agent() {
      const current = await credentials();
      // A plugin may hand out a new client certificate: connections made with the old one are left behind.
      if (!agent || agent.certificate !== current.certificate)
        agent = { certificate: current.certificate, made: createAgent(connection, current, context) };
      return agent.made;
    },
    async headers() {
      const { authorization } = await credentials();
      return { ...headers, ...(authorization && { authorization }) };
    },
  };
}

/** A client for the API server that the flags name, and the namespace they imply. Sends nothing yet. */
export function connect(options: ConnectOptions, context: ConnectContext): { client: Client; namespace: string } {
  const connection = resolveConnection(options, context.env);
  const transport = openTransport(connection, options, context);
  if (connection.cluster.insecure)
    context.warn(`the certificate of ${connection.server.host} is not checked (insecure-skip-tls-verify)`);
  return { client: createClient(transport), namespace: connection.namespace };
}
