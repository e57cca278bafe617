import { nameOf, type ClusterProfile, type KubernetesObject } from '../clusterprofile.ts';
import { refusal } from '../errors.ts';
import type { ExportContext } from '../system.ts';
import { exported, limitedName } from './exported.ts';
import { kubeconfigFile, type KubeconfigEntry } from './kubeconfig-out.ts';
import { toYaml } from './yaml-out.ts';

/** What Istio's and Kiali's Secrets for another cluster do not share. */
interface RemoteKind {
  prefix: string;
  marker: string;
  annotation: string;
  namespace: string | undefined;
  /** A token in it instead of a plugin. */
  embed?: boolean;
}

export interface RemoteSecret extends KubernetesObject {
  stringData: Record<string, string>;
}

/** The plugin of the provider file; nobody reads an install hint where this is used. */
function byPlugin(profile: ClusterProfile, context: ExportContext): Pick<KubeconfigEntry, 'cluster' | 'login'> {
  const { cluster, plugin } = context.exec(profile);
  const quiet = { ...plugin, installHint: undefined, provideClusterInfo: plugin.provideClusterInfo || undefined };
  return { cluster, login: { plugin: quiet } };
}

/** A token that is written down; the extensions are for plugins. */
function byToken(profile: ClusterProfile, context: ExportContext): Pick<KubeconfigEntry, 'cluster' | 'login'> {
  const { extensions: _forPlugins, ...cluster } = context.access(profile).cluster;
  return { cluster, login: { token: context.token(profile) } };
}

/** A kubeconfig of one context under the profile's name: with the plugin of the provider file, or a token. */
export function memberKubeconfig(profile: ClusterProfile, context: ExportContext, embed: boolean): string {
  const { name } = profile.metadata;
  const login = embed ? byToken(profile, context) : byPlugin(profile, context);
  return toYaml(kubeconfigFile([{ name, origin: nameOf(profile), ...login }], name));
}

/** A kubeconfig of one context under the cluster's id. */
export function remoteSecret(profile: ClusterProfile, context: ExportContext, kind: RemoteKind): RemoteSecret {
  const { name } = profile.metadata;
  if (!/^[-._a-zA-Z0-9]+$/.test(name)) throw refusal('metadata.name is no cluster id');
  const metadata = exported(profile, limitedName(`${kind.prefix}${name}`, nameOf(profile)), {
    namespace: kind.namespace,
    labels: { [kind.marker]: 'true' },
    annotations: { [kind.annotation]: name },
  });
  const stringData = { [name]: memberKubeconfig(profile, context, kind.embed ?? false) };
  return { apiVersion: 'v1', kind: 'Secret', metadata, stringData };
}
