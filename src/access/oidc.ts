import { KubeConfig } from '@kubernetes/client-node';

/** The Authorization header for the legacy `oidc` auth provider; client-node refreshes its token when it is over. */
export async function readOidcAuthorization(server: URL, config: Record<string, unknown>): Promise<string | undefined> {
  const kubeconfig = new KubeConfig();
  kubeconfig.loadFromOptions({
    clusters: [{ name: 'hub', server: server.href, skipTLSVerify: false }],
    users: [{ name: 'hub', authProvider: { name: 'oidc', config } }],
    contexts: [{ name: 'hub', cluster: 'hub', user: 'hub' }],
    currentContext: 'hub',
  });
  const options: { headers?: Record<string, string> } = {};
  await kubeconfig.applyToHTTPSOptions(options as Parameters<typeof kubeconfig.applyToHTTPSOptions>[0]);
  return options.headers?.['Authorization'];
}
