import { basename } from 'node:path';
import { keys, type Extension } from '../../profile/clusterprofile.ts';
import { findProviderOfPlugin } from '../../access/provider-presets.ts';
import type { KubeUser } from '../../kubernetes/kubeconfig-entries.ts';

/** What the login of a kubeconfig says of its cluster: the plugin, and which cluster is asked for behind a gateway. */

/** Credential plugins whose name alone tells a consumer which access provider to configure. */
const pluginsByName = new Set([
  'aws',
  'aws-iam-authenticator',
  'az',
  'civo',
  'doctl',
  'gke-gcloud-auth-plugin',
  'glab',
  'kubectl-oidc_login',
  'kubelogin',
  'oc',
  'oci',
  'pinniped',
  'teleport',
  'tsh',
  'yc',
]);

const isFlag = (argument: string | undefined): boolean => argument?.startsWith('-') ?? false;

/** The value of a flag among arguments: `--flag=value`, or the argument after it. */
function readArgument(args: readonly string[], flag: string): string | undefined {
  const inline = args.find((argument) => argument.startsWith(`${flag}=`));
  if (inline) return inline.slice(flag.length + 1) || undefined;
  const next = args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined;
  return isFlag(next) ? undefined : next;
}

/** The name of a login's command. A plugin of kubectl is its first argument: `kubectl oidc-login` is `kubectl-oidc_login`. */
function readCommandName(user: KubeUser | undefined): string | undefined {
  const { command, args = [] } = user?.exec ?? {};
  const name = command && basename(command.replaceAll('\\', '/')).replace(/\.exe$/i, '');
  const [first] = args;
  if (name === 'kubectl' && first && !isFlag(first)) return `kubectl-${first.replaceAll('-', '_')}`;
  // Two programs are called kubelogin: that of Azure has no issuer.
  const isOidc = name === 'kubelogin' && readArgument(args, '--oidc-issuer-url') !== undefined;
  return isOidc ? 'kubectl-oidc_login' : name;
}

/** The access provider that a user's credential plugin stands for. */
export function findPlugin(user: KubeUser | undefined): string | undefined {
  const name = readCommandName(user);
  return findProviderOfPlugin(name ?? '') ?? (name && pluginsByName.has(name) ? name : undefined);
}

/** Flags by which clients of gateways name the cluster that they want. */
const clusterFlags = ['--kube-cluster', '--cluster', '--cluster-name', '--cluster-id'];
const agentFlags = ['--agent', '--agent-id'];

const firstArgument = (args: readonly string[], flags: readonly string[]): string | undefined =>
  flags.map((flag) => readArgument(args, flag)).find((found) => found !== undefined);

/** Gateways with one entry for all of their clusters: the Kubernetes service of Teleport, agents of GitLab. */
const gateways = new Set(['tsh', 'teleport', 'glab']);

/** GitLab's proxy knows its agent by a token of this form; the number is no secret. */
const agentToken = /^(?:ci|pat|agent|plrl):([\w-]+):/;
const agentUser = /^agent:([\w-]+)$/;

/** What a gateway has to be told of one of its clusters. */
export interface GatewayCluster {
  /** Kept for a client that serves nothing but such gateways; else a gateway is known by several users of one entry. */
  certain: boolean;
  extension: Record<string, string>;
}

/** Which cluster behind its entry a user asks for; `undefined` where it does not say. */
export function readGatewayCluster(name: string | undefined, user: KubeUser | undefined): GatewayCluster | undefined {
  const args = user?.exec?.args ?? [];
  const certain = gateways.has(readCommandName(user) ?? '');
  const clusterName = firstArgument(args, clusterFlags);
  const teleportCluster = readArgument(args, '--teleport-cluster');
  if (clusterName) return { certain, extension: { clusterName, ...(teleportCluster && { teleportCluster }) } };
  const scope = args.map((argument) => /^--oidc-extra-scope=cluster:(.+)$/.exec(argument)?.[1]).find(Boolean);
  if (scope) return { certain: false, extension: { clusterName: scope } };
  const byName = agentUser.exec(name ?? '') ?? agentToken.exec(user?.token ?? '');
  const agentId = firstArgument(args, agentFlags) ?? byName?.[1];
  return agentId ? { certain: certain || byName !== null, extension: { agentId } } : undefined;
}

/** The two arguments of `aws eks get-token` that say which cluster, never any other. */
function buildAwsExtension(args: readonly string[]): Record<string, string> | undefined {
  const clusterId = firstArgument(args, ['--cluster-name', '--cluster-id', '-i']);
  const region = readArgument(args, '--region');
  return clusterId ? { ...(region && { region }), clusterId } : undefined;
}

/** What a consumer's plugin has to know of the cluster, as an extension. */
export function buildLoginExtensions(name: string | undefined, user: KubeUser | undefined): Extension[] {
  const extension = readCommandName(user)?.startsWith('aws')
    ? buildAwsExtension(user?.exec?.args ?? [])
    : readGatewayCluster(name, user)?.extension;
  return extension ? [{ name: keys.execExtension, extension }] : [];
}
