import type { TargetOptions } from '../stores/options.ts';
import { durationText } from '../util/duration.ts';
import type { ExportOptions } from './flags.ts';
import { existsSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import type { ExecPlugin } from '../access/provider.ts';
import type { ClusterProfile } from '../profile/clusterprofile.ts';
import { isUserError, usageError } from '../errors.ts';
import { listKubeconfigFiles, loadKubeconfig } from '../kubernetes/kubeconfig.ts';

export type SelfOptions = TargetOptions &
  Pick<ExportOptions, 'providerFile' | 'filename' | 'recursive' | 'allowInsecure' | 'providerAlias'> & {
    execCommand?: string | undefined;
    allowHost?: readonly string[] | undefined;
  };

type SelfEnv = Readonly<Record<string, string | undefined>>;
type Variables = ExecPlugin['env'];

const formatFlag = (name: string, value: string | undefined): string[] => (value === undefined ? [] : [name, value]);
const formatFileFlag = (name: string, value: string | undefined): string[] => formatFlag(name, value && resolve(value));

/**
 * Where the hub is, nailed down: the kubeconfig in force and its context now. The new kubeconfig will be in force where
 * this is read, and another context may be current.
 */
function resolveKubeconfig(
  { kubeconfig, context, server }: TargetOptions,
  env: SelfEnv,
): { args: string[]; env: Variables } {
  const selection = listKubeconfigFiles(kubeconfig, env);
  const files = selection.files.map((file) => resolve(file));
  const current = context ?? (server === undefined ? loadKubeconfig(selection).currentContext : undefined);
  // A file that is named must exist, and a list of files has no flag.
  const [only, ...more] = files.filter((file) => existsSync(file));
  const named = more.length === 0 ? only : undefined;
  return {
    args: [...formatFlag('--kubeconfig', named), ...formatFlag('--context', current || undefined)],
    env: named === undefined ? [{ name: 'KUBECONFIG', value: files.join(delimiter) }] : [],
  };
}

/** The current context of a file; `undefined` for one that is no kubeconfig, which is no fault of an export from files. */
function readCurrentContext(file: string): string | undefined {
  try {
    return loadKubeconfig({ files: [file], explicit: true }).currentContext;
  } catch (error) {
    if (isUserError(error)) return undefined;
    throw error;
  }
}

/** The file by which a plugin that reads one KUBECONFIG finds the hub; `undefined` where it would find another or none. */
export function findHubFile({ kubeconfig, context, server }: TargetOptions, env: SelfEnv): string | undefined {
  const [only, ...more] = listKubeconfigFiles(kubeconfig, env)
    .files.map((file) => resolve(file))
    .filter((file) => existsSync(file));
  if (only === undefined || more.length > 0 || server !== undefined) return undefined;
  const current = readCurrentContext(only);
  return current && (context ?? current) === current ? only : undefined;
}

const formatConnection = (options: TargetOptions): string[] => [
  ...formatFlag('--cluster', options.cluster),
  ...formatFlag('--user', options.user),
  ...formatFlag('--server', options.server),
  ...formatFileFlag('--token-file', options.tokenFile),
  ...formatFlag('--as', options.as),
  ...(options.asGroup ?? []).flatMap((group) => ['--as-group', group]),
  ...formatFlag('--as-uid', options.asUid),
  ...(options.asUserExtra ?? []).flatMap((extra) => ['--as-user-extra', extra]),
  ...formatFileFlag('--certificate-authority', options.certificateAuthority),
  ...formatFileFlag('--client-certificate', options.clientCertificate),
  ...formatFileFlag('--client-key', options.clientKey),
  ...formatFlag('--tls-server-name', options.tlsServerName),
  ...(options.insecureSkipTlsVerify ? ['--insecure-skip-tls-verify'] : []),
  ...formatFlag('--proxy-url', options.proxyUrl),
  ...formatFlag(
    '--request-timeout',
    options.requestTimeout === undefined ? undefined : durationText(options.requestTimeout),
  ),
  ...formatFlag('--exec-policy', options.execPolicy),
];

/** For the plugin that is run then: the kubeconfig in force may be the new one, where a plugin that asks the hub would find itself. */
function pinHub(options: SelfOptions, env: SelfEnv): Variables {
  const hub = findHubFile(options, env);
  return hub === undefined ? [] : [{ name: 'KUBECONFIG', value: hub }];
}

/** The flags that say where the inventory is, with absolute paths. */
function describeInventory(options: SelfOptions, env: SelfEnv): { args: string[]; env: Variables } {
  const { filename, inventory, recursive } = options;
  if (filename?.includes('-'))
    throw usageError('--exec self reads the profiles again at each login, which standard input cannot be', '-f FILE');
  if (filename?.length) {
    const files = filename.flatMap((file) => ['-f', resolve(file)]);
    return { args: [...files, ...(recursive ? ['-R'] : [])], env: pinHub(options, env) };
  }
  if (inventory !== undefined) return { args: ['--inventory', resolve(inventory)], env: pinHub(options, env) };
  const hub = resolveKubeconfig(options, env);
  return { args: [...hub.args, ...formatConnection(options)], env: hub.env };
}

/**
 * This program as the credential plugin of a profile (`--exec self`). Paths are made absolute here, once: a kubeconfig is
 * read from anywhere.
 */
export function createSelfPlugin(options: SelfOptions, env: SelfEnv): (profile: ClusterProfile) => ExecPlugin {
  const where = describeInventory(options, env);
  const { execCommand = 'clusterprofile', allowInsecure, allowHost = [], providerAlias } = options;
  const command = execCommand.includes('/') ? resolve(execCommand) : execCommand;
  const rest = [
    ...formatFileFlag('--provider-file', options.providerFile),
    ...[...providerAlias].flatMap(([name, known]) => ['--provider-alias', `${name}=${known}`]),
    ...where.args,
    ...(allowInsecure ? ['--allow-insecure'] : []),
    ...allowHost.flatMap((host) => ['--allow-host', host]),
  ];
  return (profile) => {
    // Both are names: exports refuse those that are none, which could be taken for a flag and so for another provider file.
    const { name, namespace } = profile.metadata;
    return {
      apiVersion: 'client.authentication.k8s.io/v1',
      command,
      args: ['access', name, ...formatFlag('-n', namespace), ...rest],
      env: where.env,
      installHint: 'clusterprofile has to be on the PATH, or named with --exec-command',
      // The hub's own login may have to ask a person. The member's plugin is never asked anything.
      interactiveMode: 'IfAvailable',
      provideClusterInfo: true,
    };
  };
}
