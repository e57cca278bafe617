import type { TargetOptions } from '../stores/options.ts';
import { existsSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import type { Aliases, ExecPlugin } from '../access/provider.ts';
import type { ClusterProfile } from '../profile/clusterprofile.ts';
import { usageError } from '../errors.ts';
import { kubeconfigFiles, loadKubeconfig } from '../kubernetes/kubeconfig.ts';

export interface SelfOptions extends TargetOptions {
  providerFile?: string;
  filename?: string[];
  recursive?: boolean;
  allowInsecure?: boolean;
  providerAlias?: Aliases;
  execCommand?: string | undefined;
}

type Env = Readonly<Record<string, string | undefined>>;
type Variables = ExecPlugin['env'];

const flag = (name: string, value: string | undefined): string[] => (value === undefined ? [] : [name, value]);
const fileFlag = (name: string, value: string | undefined): string[] => flag(name, value && resolve(value));

/**
 * Where the hub is, nailed down: the kubeconfig in force and its context now. The new kubeconfig will be in force where
 * this is read, and another context may be current.
 */
function kubeconfigInForce(
  { kubeconfig, context, server }: TargetOptions,
  env: Env,
): { args: string[]; env: Variables } {
  const selection = kubeconfigFiles(kubeconfig, env);
  const files = selection.files.map((file) => resolve(file));
  const current = context ?? (server === undefined ? loadKubeconfig(selection).currentContext : undefined);
  // A file that is named must exist, and a list of files has no flag.
  const [only, ...more] = files.filter((file) => existsSync(file));
  const named = more.length === 0 ? only : undefined;
  return {
    args: [...flag('--kubeconfig', named), ...flag('--context', current || undefined)],
    env: named === undefined ? [{ name: 'KUBECONFIG', value: files.join(delimiter) }] : [],
  };
}

const connectionArgs = (options: TargetOptions): string[] => [
  ...flag('--cluster', options.cluster),
  ...flag('--user', options.user),
  ...flag('--server', options.server),
  ...fileFlag('--token-file', options.tokenFile),
  ...flag('--as', options.as),
  ...(options.asGroup ?? []).flatMap((group) => ['--as-group', group]),
  ...flag('--as-uid', options.asUid),
  ...(options.asUserExtra ?? []).flatMap((extra) => ['--as-user-extra', extra]),
  ...fileFlag('--certificate-authority', options.certificateAuthority),
  ...fileFlag('--client-certificate', options.clientCertificate),
  ...fileFlag('--client-key', options.clientKey),
  ...flag('--tls-server-name', options.tlsServerName),
  ...(options.insecureSkipTlsVerify ? ['--insecure-skip-tls-verify'] : []),
  ...flag('--proxy-url', options.proxyUrl),
  ...flag('--request-timeout', options.requestTimeout),
  ...flag('--exec-policy', options.execPolicy),
];

/** The flags that say where the inventory is, with absolute paths. */
function whereFrom(options: SelfOptions, env: Env): { args: string[]; env: Variables } {
  const { filename, inventory, recursive } = options;
  if (filename?.includes('-'))
    throw usageError('--exec self reads the profiles again at each login, which standard input cannot be', '-f FILE');
  if (filename) {
    const files = filename.flatMap((file) => ['-f', resolve(file)]);
    return { args: [...files, ...(recursive ? ['-R'] : [])], env: [] };
  }
  if (inventory !== undefined) return { args: ['--inventory', resolve(inventory)], env: [] };
  const hub = kubeconfigInForce(options, env);
  return { args: [...hub.args, ...connectionArgs(options)], env: hub.env };
}

/**
 * This program as the credential plugin of a profile (`--exec self`). Paths are made absolute here, once: a kubeconfig is
 * read from anywhere.
 */
export function selfPlugin(options: SelfOptions, env: Env): (profile: ClusterProfile) => ExecPlugin {
  const where = whereFrom(options, env);
  const { execCommand = 'clusterprofile', allowInsecure, providerAlias = new Map() } = options;
  const command = execCommand.includes('/') ? resolve(execCommand) : execCommand;
  const rest = [
    ...fileFlag('--provider-file', options.providerFile),
    ...[...providerAlias].flatMap(([name, known]) => ['--provider-alias', `${name}=${known}`]),
    ...where.args,
    ...(allowInsecure ? ['--allow-insecure'] : []),
  ];
  return (profile) => {
    // Both are names: exports refuse those that are none, which could be taken for a flag and so for another provider file.
    const { name, namespace } = profile.metadata;
    return {
      apiVersion: 'client.authentication.k8s.io/v1',
      command,
      args: ['access', name, ...flag('-n', namespace), ...rest],
      env: where.env,
      installHint: 'clusterprofile has to be on the PATH, or named with --exec-command',
      // The hub's own login may have to ask a person. The member's plugin is never asked anything.
      interactiveMode: 'IfAvailable',
      provideClusterInfo: true,
    };
  };
}
