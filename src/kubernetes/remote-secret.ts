import { nameOf, propertyOf, type ClusterProfile, type KubernetesObject } from '../clusterprofile.ts';
import { refusal, usageError } from '../errors.ts';
import { objectName } from '../names.ts';
import type { ExportContext, Option, Options } from '../system.ts';
import { exported, limitedName } from './exported.ts';
import { text } from './fields.ts';
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

/** A cluster's id has to be the one it was installed with (`global.multiCluster.clusterName`), which no profile has to know. */
export const clusterIdOption: Option = {
  flags: '--cluster-id-from <source>',
  description: "where a cluster's id is: name, label:KEY or property:NAME",
  default: 'name',
};

function clusterIdOf(profile: ClusterProfile, options: Options): string {
  const source = text(options, 'clusterIdFrom') ?? 'name';
  const { name, labels = {} } = profile.metadata;
  const [, kind, key = ''] = /^(label|property):(.+)$/.exec(source) ?? [];
  if (source !== 'name' && !kind)
    throw usageError(`--cluster-id-from takes name, label:KEY or property:NAME, not ${JSON.stringify(source)}`);
  const id = kind === 'label' ? labels[key] : kind === 'property' ? propertyOf(profile, key) : name;
  if (!id)
    throw refusal(
      `${kind} ${key} is missing, and its cluster id should be in there`,
      '--cluster-id-from name, or a label:KEY or property:NAME that all of them have',
    );
  if (!/^[-._a-zA-Z0-9]+$/.test(id))
    throw refusal(kind ? `${kind} ${key} is no cluster id` : 'metadata.name is no cluster id');
  return id;
}

/** A kubeconfig of one context under the cluster's id, with the plugin of the provider file. */
export function remoteSecret(profile: ClusterProfile, context: ExportContext, kind: RemoteKind): RemoteSecret {
  const { cluster, plugin } = context.exec(profile);
  const name = clusterIdOf(profile, context.options);
  // Nobody reads an install hint where this is used.
  const quiet = { ...plugin, installHint: undefined, provideClusterInfo: plugin.provideClusterInfo || undefined };
  const config = kubeconfigFile([{ name, origin: nameOf(profile), cluster, plugin: quiet }], name);
  const metadata = exported(profile, limitedName(`${kind.prefix}${objectName(name)}`, nameOf(profile)), {
    namespace: kind.namespace,
    labels: { [kind.marker]: 'true' },
    annotations: { [kind.annotation]: name },
  });
  return { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { [name]: toYaml(config) } };
}

/** A kubeconfig has no place for these. */
export const remoteLosses = ['labels', 'displayName', 'version', 'conditions', 'properties'] as const;
