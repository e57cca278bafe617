// https://github.com/karmada-io/karmada/blob/master/pkg/apis/cluster/v1alpha1/types.go
import type { ImportContext } from '../../import/kit/importer.ts';
import { domain, keys, type Cluster } from '../../profile/clusterprofile.ts';
import { carried, condition } from '../../import/kit/conditions.ts';
import { reach } from '../../profile/endpoint.ts';
import { peek, subjectOf, taintsOf, userLabels } from '../../import/kit/facts.ts';
import { flag, text, texts, type KubernetesObject } from '../../object.ts';
import { fromKinds } from '../../import/kit/kinds.ts';
import { type WithSecret, pairSecrets, secretText, withSecretsIn } from '../../import/kit/secrets.ts';
import { importer } from '../../import/kit/importer.ts';

const manager = 'karmada';

const secretNamespace = 'karmada-cluster';

/** Served by karmada-aggregated-apiserver: there is no CRD to look for. */
const cluster = {
  group: 'cluster.karmada.io',
  versions: ['v1alpha1'],
  kind: 'Cluster',
  plural: 'clusters',
  clusterScoped: true,
};

const inventory = withSecretsIn(secretNamespace, fromKinds([cluster]));

function join(objects: unknown[]): WithSecret[] {
  return pairSecrets(objects, cluster, (object) => {
    const at = (field: string): unknown => peek(object, 'spec', 'secretRef', field);
    return [at('namespace') ?? secretNamespace, at('name')].join('/');
  });
}

/** `zone` is the deprecated form of `zones`. */
const zonesOf = (object: KubernetesObject): string =>
  [...texts(object, 'spec', 'zones'), ...[text(object, 'spec', 'zone')].filter((zone) => zone !== undefined)]
    .toSorted()
    .join(',');

/** Registered clusters have joined; Karmada has no condition of its own for it. */
function joined(object: KubernetesObject): ReturnType<typeof condition> {
  const deleted = text(object, 'metadata', 'deletionTimestamp');
  return deleted
    ? condition('Joined', 'False', 'Unjoining', { time: deleted })
    : condition('Joined', 'True', 'ClusterRegistered', { time: text(object, 'metadata', 'creationTimestamp') });
}

function translate({ object, secret }: WithSecret, { warn }: ImportContext): Cluster {
  const server = text(object, 'spec', 'apiEndpoint');
  const caPem = secret && secretText(secret, 'caBundle');
  const insecure = flag(object, 'spec', 'insecureSkipTLSVerification');
  if (server && !caPem && !insecure) warn('its CA is in its Secret, which was not read (--read-secrets)');
  return {
    ...subjectOf(object),
    memberId: text(object, 'spec', 'id'),
    labels: userLabels(object, /(^|\.)karmada\.io$/),
    version: text(object, 'status', 'kubernetesVersion'),
    conditions: [
      carried(object, 'Ready', 'ControlPlaneHealthy') ??
        condition('ControlPlaneHealthy', 'Unknown', 'NotReported', {
          time: text(object, 'metadata', 'creationTimestamp'),
        }),
      joined(object),
    ],
    properties: {
      [`access-mode.${domain}`]: text(object, 'spec', 'syncMode')?.toLowerCase(),
      [`provider.${domain}`]: text(object, 'spec', 'provider')?.toLowerCase(),
      [keys.regionProperty]: text(object, 'spec', 'region'),
      [keys.zoneProperty]: zonesOf(object),
      [`taints.${domain}`]: taintsOf(object, 'spec', 'taints'),
    },
    access: [reach(manager, { server, caPem, insecure, proxyUrl: text(object, 'spec', 'proxyURL') }, warn)],
  };
}

export default importer<WithSecret>({
  ...inventory,
  manager,
  join,
  translate,
});
