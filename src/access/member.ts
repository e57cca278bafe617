import { delimiter, resolve } from 'node:path';
import { execCluster, type ExecPlugin } from './provider.ts';
import type { ClusterAccess } from '../profile/clusterprofile.ts';
import { execCredential, type ExecContext, type ExecCredential } from './exec.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** A member as its profile describes it, and the operator's plugin for it. */
export interface Member {
  cluster: ClusterAccess;
  plugin: ExecPlugin;
}

/**
 * KUBECONFIG for a member's plugin. Some plugins ask the hub (secretreader reads a Secret there), so they are told of the
 * hub that this command uses, by absolute paths.
 */
export const resolveHubKubeconfig = (flag: string | undefined, env: Env): string =>
  flag === undefined
    ? (env['KUBECONFIG'] ?? '')
        .split(delimiter)
        .filter(Boolean)
        .map((file) => resolve(file))
        .join(delimiter)
    : resolve(flag);

/** The credential for a member, from the operator's plugin. Nobody is asked anything, as in pkg/access. */
export const requestMemberCredential = (
  { cluster, plugin }: Member,
  context: Omit<ExecContext, 'terminal'>,
): Promise<ExecCredential> =>
  execCredential(
    { ...plugin, interactiveMode: 'Never', clusterInfo: plugin.provideClusterInfo ? execCluster(cluster) : undefined },
    { ...context, terminal: false },
  );
