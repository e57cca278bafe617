// https://github.com/kubewharf/kubeadmiral/blob/main/pkg/apis/core/v1alpha1/types_federatedcluster.go
import { domain, type Cluster } from '../../profile/clusterprofile.ts';
import { carryCondition, buildCondition, toUtcSeconds } from '../../import/kit/conditions.ts';
import { buildAccessProvider } from '../../profile/endpoint.ts';
import { peekAt, readSubject, formatTaints, filterUserLabels } from '../../import/kit/facts.ts';
import { flag, readMatch, text } from '../../object.ts';
import { fromKinds } from '../../import/kit/kinds.ts';
import {
  explainNoCa,
  type WithSecret,
  pairSecrets,
  readSecretText,
  unknownOfSecret,
  withSecretsIn,
} from '../../import/kit/secrets.ts';
import { defineImporter, type ImportContext } from '../../import/kit/importer.ts';

const manager = 'kubeadmiral';

const admiralSecretNamespace = 'kube-admiral-system';

const federatedCluster = {
  group: 'core.kubeadmiral.io',
  versions: ['v1alpha1'],
  kind: 'FederatedCluster',
  plural: 'federatedclusters',
  clusterScoped: true,
};

const inventory = withSecretsIn(admiralSecretNamespace, fromKinds([federatedCluster]));

function join(objects: unknown[]): WithSecret[] {
  return pairSecrets(objects, federatedCluster, (object) =>
    [admiralSecretNamespace, peekAt(object, 'spec', 'secretRef', 'name')].join('/'),
  );
}

function translate({ object, secret }: WithSecret, context: ImportContext): Cluster {
  const key = 'certificate-authority-data';
  const caPem = secret && readSecretText(secret, key);
  const insecure = flag(object, 'spec', 'insecure');
  const server = text(object, 'spec', 'apiEndpoint');
  const name = text(object, 'spec', 'secretRef', 'name') || undefined;
  const unknown = secret || !name ? undefined : unknownOfSecret(admiralSecretNamespace, 'ca', context);
  if (server && !caPem && !insecure && !unknown?.failed)
    context.warn(explainNoCa({ namespace: admiralSecretNamespace, name, key }, secret, context));
  const created = text(object, 'metadata', 'creationTimestamp');
  const probed = readMatch(object, ['status', 'conditions'], ['type', 'Ready'], (ready) =>
    text(ready, 'lastProbeTime'),
  );
  return {
    ...readSubject(object),
    labels: filterUserLabels(object, /(^|\.)kubeadmiral\.io$/),
    conditions: [
      // Unknown when it cannot be reached, where Karmada says False: neither is made like the other.
      carryCondition(object, 'Ready', 'ControlPlaneHealthy') ??
        buildCondition('ControlPlaneHealthy', 'Unknown', 'NotReported', { time: created }),
      carryCondition(object, 'Joined', 'Joined'),
    ],
    properties: { [`taints.${domain}`]: formatTaints(object, 'spec', 'taints') },
    observed: toUtcSeconds(probed),
    access: [buildAccessProvider(manager, { server, caPem, insecure }, context)],
    unknown: [unknown],
  };
}

export default defineImporter<WithSecret>({
  ...inventory,
  manager,
  join,
  translate,
});
