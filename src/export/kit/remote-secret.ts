import type { ClusterIdentity, ExportContext } from './exporter.ts';
import { option } from '../../options.ts';
import { nameOf, propertyOf, type ClusterProfile } from '../../profile/clusterprofile.ts';
import { refusal, usageError } from '../../errors.ts';
import { makeObjectName } from '../../profile/names.ts';
import { buildMetadata, limitName } from './exported.ts';
import { map, type KubernetesObject, type ResourceKind, readOwn } from '../../object.ts';
import { buildKubeconfig, type KubeconfigEntry } from '../../access/kubeconfig-file.ts';
import { toYaml } from '../../documents/yaml-out.ts';

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

/** The plugin of the provider file; nobody reads an install hint where this is used, or answers a question. */
function loginByPlugin(profile: ClusterProfile, context: ExportContext): Pick<KubeconfigEntry, 'cluster' | 'login'> {
  const { cluster, plugin } = context.exec(profile);
  const nobody = { installHint: undefined, interactiveMode: undefined };
  const quiet = { ...plugin, ...nobody, provideClusterInfo: plugin.provideClusterInfo || undefined };
  return { cluster, login: { plugin: quiet } };
}

/** A token that is written down; the extensions are for plugins. */
function loginByToken(profile: ClusterProfile, context: ExportContext): Pick<KubeconfigEntry, 'cluster' | 'login'> {
  const { extensions: _forPlugins, ...cluster } = context.access(profile).cluster;
  return { cluster, login: { token: context.token(profile) } };
}

/** A kubeconfig of one context under that name: with the plugin of the provider file, or a token. */
export function buildMemberKubeconfig(
  profile: ClusterProfile,
  context: ExportContext,
  embed: boolean,
  name = profile.metadata.name,
): string {
  const login = embed ? loginByToken(profile, context) : loginByPlugin(profile, context);
  return toYaml(buildKubeconfig([{ name, origin: nameOf(profile), ...login }], name));
}

/** A cluster's id has to be the one it was installed with (`global.multiCluster.clusterName`), which no profile has to know. */
export const clusterIdOption = option.text(
  '--cluster-id-from <source>',
  "where a cluster's id is: name, label:KEY or property:NAME",
  { default: 'name' },
);

type RemoteContext = ExportContext<{ clusterIdFrom: typeof clusterIdOption }>;

function readClusterId(profile: ClusterProfile, source: string): string {
  const { name, labels = {} } = profile.metadata;
  const [, kind, key = ''] = /^(label|property):(.+)$/.exec(source) ?? [];
  if (source !== 'name' && !kind)
    throw usageError(`--cluster-id-from takes name, label:KEY or property:NAME, not ${JSON.stringify(source)}`);
  const id = kind === 'label' ? readOwn(labels, key) : kind === 'property' ? propertyOf(profile, key) : name;
  if (!id)
    throw refusal(
      `${kind} ${key} is missing, and its cluster id should be in there`,
      '--cluster-id-from name, or a label:KEY or property:NAME that all of them have',
    );
  if (!/^[-._a-zA-Z0-9]+$/.test(id))
    throw refusal(kind ? `${kind} ${key} is no cluster id` : 'metadata.name is no cluster id');
  return id;
}

/** Istio and Kiali know a cluster by its id, which is the key of its kubeconfig. */
export const identifyRemote = (kind: ResourceKind, consumer: string): ClusterIdentity => ({
  kind,
  identify: (object) => Object.keys(map(object, 'data')),
  problem: `have one cluster id, and ${consumer} takes one of them`,
});

/** A kubeconfig of one context under the cluster's id. */
export function buildRemoteSecret(profile: ClusterProfile, context: RemoteContext, kind: RemoteKind): RemoteSecret {
  const name = readClusterId(profile, context.options.clusterIdFrom);
  const metadata = buildMetadata(profile, limitName(`${kind.prefix}${makeObjectName(name)}`, nameOf(profile)), {
    namespace: kind.namespace,
    labels: { [kind.marker]: 'true' },
    annotations: { [kind.annotation]: name },
  });
  const stringData = { [name]: buildMemberKubeconfig(profile, context, kind.embed ?? false, name) };
  return { apiVersion: 'v1', kind: 'Secret', metadata, stringData };
}
