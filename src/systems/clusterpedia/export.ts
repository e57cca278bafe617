// https://clusterpedia.io/docs/usage/import-clusters/
import { option } from '../../options.ts';
import type { Exporter } from '../../export/kit/exporter.ts';
import {
  caFileOption,
  connectionDrops,
  requireAuthority,
  buildMetadata,
  profileDrops,
} from '../../export/kit/exported.ts';
import { type KubernetesObject } from '../../object.ts';

const flags = {
  credentials: option.choice(
    '--credentials <how>',
    'embed: write tokens into the output (default: none, fill in authenticationFrom)',
    ['embed'],
    { settable: 'personal' },
  ),
  caFile: caFileOption,
};

interface PediaCluster extends KubernetesObject {
  spec: Record<string, unknown>;
}

const exporter: Exporter<PediaCluster, typeof flags> = {
  exampleFlags: '',
  kinds: [
    {
      group: 'cluster.clusterpedia.io',
      versions: ['v1alpha2'],
      kind: 'PediaCluster',
      plural: 'pediaclusters',
      clusterScoped: true,
    },
  ],
  options: flags,
  drops: () => [...profileDrops, ...connectionDrops],
  translate(profile, context) {
    const { cluster } = context.access(profile);
    const { name } = profile.metadata;
    const embed = context.options.credentials === 'embed';
    // BuildClusterRestConfig: without caData it sets insecure.
    const authority = requireAuthority(profile, context, 'Clusterpedia', embed);
    const token = embed ? context.token(profile) : undefined;
    context.warn(
      token === undefined
        ? 'a PediaCluster has no credential and no resources to sync yet: fill in authenticationFrom and syncResources'
        : 'a PediaCluster has no resources to sync yet: fill in syncResources',
    );
    return {
      apiVersion: 'cluster.clusterpedia.io/v1alpha2',
      kind: 'PediaCluster',
      metadata: buildMetadata(profile, name),
      spec: {
        syncResources: [],
        apiserver: cluster.server,
        ...(authority !== undefined && { caData: Buffer.from(authority).toString('base64') }),
        ...(token !== undefined && { tokenData: Buffer.from(token).toString('base64') }),
      },
    };
  },
};

export default exporter;
