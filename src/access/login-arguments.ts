import type { ExecPlugin } from './provider.ts';
import { keys, type ClusterAccess } from '../profile/clusterprofile.ts';
import { isCloudHost, type Cloud } from '../profile/endpoint/cloud-hosts.ts';
import { text } from '../object.ts';

/** A plugin that is told its cluster by arguments, and cannot read it from KUBERNETES_EXEC_INFO. */
interface LoginCommand {
  program: string;
  /** The words that make it a login. */
  words: readonly string[];
  /** How it is told, by the keys of the exec extension that an import writes; it is told nothing without the first. */
  flags: readonly (readonly [key: string, flag: string, ...others: string[]])[];
  /** Whose hosts alone its credential may go to: a token can be used by whoever gets it, a certificate cannot. */
  cloud?: Cloud;
}

const commands: readonly LoginCommand[] = [
  {
    program: 'aws',
    words: ['eks', 'get-token'],
    flags: [
      ['clusterId', '--cluster-name', '--cluster-id'],
      ['region', '--region'],
    ],
    cloud: 'aws',
  },
  { program: 'aws-iam-authenticator', words: ['token'], flags: [['clusterId', '--cluster-id', '-i']], cloud: 'aws' },
  {
    program: 'tsh',
    words: ['kube', 'credentials'],
    flags: [
      ['clusterName', '--kube-cluster'],
      ['teleportCluster', '--teleport-cluster'],
    ],
  },
];

/** A name, and nothing that could be a flag. */
const plainValue = /^[A-Za-z0-9][\w.-]{0,252}$/;

const has = (args: readonly string[], flag: string): boolean =>
  args.some((arg) => arg === flag || arg.startsWith(`${flag}=`));

const findCommand = ({ command, args }: ExecPlugin): LoginCommand | undefined =>
  commands.find(
    ({ program, words }) =>
      command.replace(/^.*[\\/]/, '').replace(/\.exe$/i, '') === program && words.every((word) => args.includes(word)),
  );

/**
 * The plugin with the arguments that say which cluster is meant, where it needs some and has none: what a kubeconfig had
 * before it became a profile. The flags are fixed here; a profile gives no more than a name. `withheldFrom`: the host that
 * may not get the credential of the named cluster, since it is no host of the cloud and none of `allowHost`.
 */
export function tellCluster(
  plugin: ExecPlugin,
  { server, extensions = [] }: ClusterAccess,
  allowHost: readonly string[] = [],
): { plugin: ExecPlugin; withheldFrom?: { host: string; cloud: Cloud } } {
  const found = findCommand(plugin);
  const [first, ...rest] = found?.flags ?? [];
  if (!found || !first || first.slice(1).some((flag) => has(plugin.args, flag))) return { plugin };
  const config = extensions.find(({ name }) => name === keys.execExtension)?.extension;
  const read = ([key, flag = '']: readonly string[]): string[] => {
    const value = typeof config?.[key ?? ''] === 'string' ? text(config, key ?? '') : undefined;
    return value !== undefined && plainValue.test(value) && !has(plugin.args, flag) ? [flag, value] : [];
  };
  const named = read(first);
  if (named.length === 0) return { plugin };
  const { hostname: host } = new URL(server);
  const { cloud } = found;
  if (cloud && !isCloudHost(cloud, host) && !allowHost.includes(host)) return { plugin, withheldFrom: { host, cloud } };
  return { plugin: { ...plugin, args: [...plugin.args, ...named, ...rest.flatMap(read)] } };
}
