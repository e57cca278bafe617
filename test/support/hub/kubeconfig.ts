import type { Hub, HubUser } from './server.ts';

export interface KubeconfigOptions {
  /** A user of the hub by token, `certificate` for its client certificate, or an entry of one's own (exec, tokenFile …). */
  user?: HubUser | 'certificate' | Record<string, unknown>;
  /** Laid over `server` and `certificate-authority`: another server, proxy-url, tls-server-name …; undefined leaves a field out. */
  cluster?: Record<string, unknown>;
  namespace?: string;
}

type Target = Pick<Hub, 'url' | 'caFile' | 'tokens' | 'clientCertificate'>;

function userEntry(hub: Target, user: NonNullable<KubeconfigOptions['user']>): Record<string, unknown> {
  if (typeof user !== 'string') return user;
  if (user !== 'certificate') return { token: hub.tokens[user] };
  const { cert, key } = hub.clientCertificate;
  return { 'client-certificate': cert, 'client-key': key };
}

/** A kubeconfig for the hub, as JSON (every YAML parser reads it): cluster, user and context are all named `hub`. */
export function kubeconfig(hub: Target, { user = 'admin', cluster = {}, namespace }: KubeconfigOptions = {}): string {
  const entry = { server: hub.url, 'certificate-authority': hub.caFile, ...cluster };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'hub',
    clusters: [{ name: 'hub', cluster: entry }],
    users: [{ name: 'hub', user: userEntry(hub, user) }],
    contexts: [{ name: 'hub', context: { cluster: 'hub', user: 'hub', namespace } }],
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
