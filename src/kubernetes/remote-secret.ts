import { nameOf, type ClusterProfile, type KubernetesObject } from '../clusterprofile.ts';
import { refusal } from '../errors.ts';
import type { ExportContext } from '../system.ts';
import { exported, limitedName } from './exported.ts';
import { kubeconfigFile } from './kubeconfig-out.ts';
import { toYaml } from './yaml-out.ts';

/** What Istio's and Kiali's Secrets for another cluster do not share. */
interface RemoteKind {
  prefix: string;
  marker: string;
  annotation: string;
  namespace: string | undefined;
}

export interface RemoteSecret extends KubernetesObject {
  stringData: Record<string, string>;
}

/** A kubeconfig of one context under the cluster's id, with the plugin of the provider file. */
export function remoteSecret(profile: ClusterProfile, context: ExportContext, kind: RemoteKind): RemoteSecret {
  const { cluster, plugin } = context.exec(profile);
  const { name } = profile.metadata;
  if (!/^[-._a-zA-Z0-9]+$/.test(name)) throw refusal('metadata.name is no cluster id');
  // Nobody reads an install hint where this is used.
  const quiet = { ...plugin, installHint: undefined, provideClusterInfo: plugin.provideClusterInfo || undefined };
  const config = kubeconfigFile([{ name, origin: nameOf(profile), cluster, plugin: quiet }], name);
  const metadata = exported(profile, limitedName(`${kind.prefix}${name}`, nameOf(profile)), {
    namespace: kind.namespace,
    labels: { [kind.marker]: 'true' },
    annotations: { [kind.annotation]: name },
  });
  return { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { [name]: toYaml(config) } };
}

/** A kubeconfig has no place for these. */
export const remoteLosses = ['labels', 'displayName', 'version', 'conditions', 'properties'] as const;
