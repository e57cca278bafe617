import { limitDefaults, option, type ValuesOf } from '../options.ts';

/** kubectl's flags that say how a cluster is reached. */
export const connectionFlags = limitDefaults('personal', {
  kubeconfig: option.text('--kubeconfig <file>', 'kubeconfig file to use'),
  context: option.text('--context <name>', 'kubeconfig context to use'),
  cluster: option.text('--cluster <name>', 'kubeconfig cluster to use'),
  user: option.text('--user <name>', 'kubeconfig user to use'),
  server: option.text('-s, --server <url>', 'address of the API server'),
  tokenFile: option.text('--token-file <file>', 'file with a bearer token'),
  as: option.text('--as <user>', 'user to impersonate'),
  asGroup: option.texts('--as-group <group>', 'group to impersonate, repeatable'),
  asUid: option.text('--as-uid <uid>', 'UID to impersonate'),
  asUserExtra: option.texts('--as-user-extra <key=value>', 'user extra to impersonate, repeatable'),
  certificateAuthority: option.text('--certificate-authority <file>', 'CA certificate of the API server'),
  clientCertificate: option.text('--client-certificate <file>', 'client certificate'),
  clientKey: option.text('--client-key <file>', 'key of the client certificate'),
  tlsServerName: option.text('--tls-server-name <name>', 'name to check the server certificate against'),
  insecureSkipTlsVerify: option.flag('--insecure-skip-tls-verify', 'do not check the server certificate'),
  proxyUrl: option.text('--proxy-url <url>', 'proxy to the API server (default: HTTPS_PROXY, NO_PROXY)'),
  requestTimeout: option.duration('--request-timeout <duration>', 'limit for one request (default: 30s)'),
  execPolicy: option.oneOf('--exec-policy <policy>', 'credential plugins: allow, known or deny (default: allow)', [
    'allow',
    'known',
    'deny',
  ]),
});

/** How a cluster is reached, and the namespace in it. */
export type ConnectOptions = Partial<ValuesOf<typeof connectionFlags>> & {
  readonly namespace?: string | undefined;
  /** What it is for, and so what its flags begin with; absent: the hub. */
  readonly role?: 'source' | 'target';
};
