// https://github.com/oam-dev/cluster-gateway/tree/master/pkg/apis/cluster/v1alpha1
import { option } from '../../options.ts';
import { allowHostOption } from '../../export/kit/cloud-hosts.ts';
import type { ExportContext, Exporter } from '../../export/kit/exporter.ts';
import { execConfig } from '../../access/provider.ts';
import { type ClusterProfile } from '../../profile/clusterprofile.ts';
import { refusal } from '../../errors.ts';
import { caFileOption, requireAuthority, buildMetadata } from '../../export/kit/exported.ts';
import { type KubernetesObject } from '../../object.ts';
import { defineSecretKind } from '../../import/kit/secrets.ts';
import { kubevelaGroup, credentialType } from './kinds.ts';

const flags = {
  velaNamespace: option.text('--vela-namespace <namespace>', 'where KubeVela runs', { default: 'vela-system' }),
  credentials: option.choice(
    '--credentials <how>',
    'exec: plugins in the image of cluster-gateway (default); embed: write tokens into the output',
    ['exec', 'embed'],
    { settable: 'personal' },
  ),
  allowHost: allowHostOption,
  caFile: caFileOption,
};
type Context = ExportContext<typeof flags>;

interface VelaSecret extends KubernetesObject {
  type: string;
  stringData: Record<string, string>;
}

/** The plugin runs in cluster-gateway, which tells it nothing of the cluster. */
function buildPluginData(profile: ClusterProfile, context: Context): Record<string, string> {
  const { plugin } = context.exec(profile);
  if (plugin.provideClusterInfo)
    throw refusal(
      'its plugin asks for the cluster (provideClusterInfo), and cluster-gateway runs plugins without KUBERNETES_EXEC_INFO',
      '--credentials embed, or a plugin that takes the cluster from args or env, in a provider file of its own for KubeVela',
    );
  return { exec: JSON.stringify(execConfig({ ...plugin, interactiveMode: undefined })) };
}

function toVelaSecret(profile: ClusterProfile, context: Context): VelaSecret {
  const { name } = profile.metadata;
  if (name === 'local') throw refusal('metadata.name is local, which is the control plane itself for KubeVela');
  const { cluster } = context.access(profile);
  const authority = requireAuthority(profile, context, 'cluster-gateway');
  const embed = context.options.credentials === 'embed';
  const login = embed ? { token: context.token(profile) } : buildPluginData(profile, context);
  const metadata = buildMetadata(profile, name, {
    namespace: context.options.velaNamespace,
    labels: {
      [credentialType]: embed ? 'ServiceAccountToken' : 'Dynamic',
      [`${kubevelaGroup}/cluster-endpoint-type`]: 'Const',
    },
    annotations: { [`${kubevelaGroup}/cluster-alias`]: profile.spec?.displayName ?? name },
  });
  const stringData = {
    endpoint: cluster.server,
    ...(authority !== undefined && { 'ca.crt': authority }),
    ...login,
    ...(cluster['proxy-url'] && { 'proxy-url': cluster['proxy-url'] }),
  };
  return { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', stringData };
}

const exporter: Exporter<VelaSecret, typeof flags> = {
  kinds: [defineSecretKind()],
  namespace: ({ velaNamespace }) => velaNamespace,
  options: flags,
  drops: () => [
    'labels',
    'annotations',
    'version',
    'conditions',
    'properties',
    'tls-server-name',
    'disable-compression',
    'exec extension',
    'other extensions',
  ],
  translate: toVelaSecret,
};

export default exporter;
