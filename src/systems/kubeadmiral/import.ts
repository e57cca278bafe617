// https://github.com/kubewharf/kubeadmiral/blob/main/pkg/apis/core/v1alpha1/types_federatedcluster.go
import { domain, type Cluster } from '../../profile/clusterprofile.ts';
import { carried, condition, utcSeconds } from '../../import/kit/conditions.ts';
import { reach } from '../../profile/endpoint.ts';
import { peek, subjectOf, taintsOf, userLabels } from '../../import/kit/facts.ts';
import { flag, maps, text } from '../../object.ts';
import { fromKinds } from '../../import/kit/kinds.ts';
import { type WithSecret, pairSecrets, secretText, withSecretsIn } from '../../import/kit/secrets.ts';
import { importer, type ImportContext } from '../../import/kit/importer.ts';

const manager = 'kubeadmiral';

const secretNamespace = 'kube-admiral-system';

const cluster = {
  group: 'core.kubeadmiral.io',
  versions: ['v1alpha1'],
  kind: 'FederatedCluster',
  plural: 'federatedclusters',
  clusterScoped: true,
};

const inventory = withSecretsIn(secretNamespace, fromKinds([cluster]));

function join(objects: unknown[]): WithSecret[] {
  return pairSecrets(objects, cluster, (object) =>
    [secretNamespace, peek(object, 'spec', 'secretRef', 'name')].join('/'),
  );
}

function translate({ object, secret }: WithSecret, { warn }: ImportContext): Cluster {
  const caPem = secret && secretText(secret, 'certificate-authority-data');
  const insecure = flag(object, 'spec', 'insecure');
  const server = text(object, 'spec', 'apiEndpoint');
  if (server && !caPem && !insecure) warn('its CA is in its Secret, which was not read (--read-secrets)');
  const created = text(object, 'metadata', 'creationTimestamp');
  const ready = maps(object, 'status', 'conditions').find(({ type }) => type === 'Ready');
  return {
    ...subjectOf(object),
    labels: userLabels(object, /(^|\.)kubeadmiral\.io$/),
    conditions: [
      // Unknown when it cannot be reached, where Karmada says False: neither is made like the other.
      carried(object, 'Ready', 'ControlPlaneHealthy') ??
        condition('ControlPlaneHealthy', 'Unknown', 'NotReported', { time: created }),
      carried(object, 'Joined', 'Joined'),
    ],
    properties: { [`taints.${domain}`]: taintsOf(object, 'spec', 'taints') },
    observed: utcSeconds(ready && text(ready, 'lastProbeTime')),
    access: [reach(manager, { server, caPem, insecure }, warn)],
  };
}

export default importer<WithSecret>({
  ...inventory,
  manager,
  join,
  translate,
});
