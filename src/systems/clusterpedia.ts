// https://clusterpedia.io/docs/usage/import-clusters/
import type { KubernetesObject } from '../clusterprofile.ts';
import { exported } from '../kubernetes/exported.ts';
import { system, type Exporter } from '../system.ts';

interface PediaCluster extends KubernetesObject {
  spec: Record<string, unknown>;
}

const exporter: Exporter<PediaCluster> = {
  kinds: [
    {
      group: 'cluster.clusterpedia.io',
      versions: ['v1alpha2'],
      kind: 'PediaCluster',
      plural: 'pediaclusters',
      clusterScoped: true,
    },
  ],
  loses: [
    'labels',
    'displayName',
    'version',
    'conditions',
    'properties',
    'proxy-url',
    'tls-server-name',
    'disable-compression',
    'exec extension',
    'additional-args',
    'additional-envs',
  ],
  translate(profile, context) {
    const { cluster } = context.access(profile);
    const { name } = profile.metadata;
    context.warn(
      'a PediaCluster has no credential and no resources to sync yet: fill in authenticationFrom and syncResources',
    );
    return {
      apiVersion: 'cluster.clusterpedia.io/v1alpha2',
      kind: 'PediaCluster',
      metadata: exported(profile, name),
      spec: { syncResources: [], apiserver: cluster.server, caData: cluster['certificate-authority-data'] },
    };
  },
};

export default system({ title: 'Clusterpedia', exporter });
