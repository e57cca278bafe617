// https://github.com/karmada-io/karmada/blob/master/pkg/apis/cluster/v1alpha1/types.go
import { domain, keys, type Cluster } from '../../profile/clusterprofile.ts';
import { carryCondition, buildCondition } from '../../import/kit/conditions.ts';
import { buildAccessProvider } from '../../profile/endpoint.ts';
import { chooseScheme } from '../../profile/endpoint/server-url.ts';
import { peekAt, readSubject, formatTaints, filterUserLabels, toSmallLetters } from '../../import/kit/facts.ts';
import { flag, text, texts, type KubernetesObject } from '../../object.ts';
import { fromKinds } from '../../import/kit/kinds.ts';
import {
  type CaPlace,
  explainNoCa,
  type WithSecret,
  pairSecrets,
  readSecretText,
  withSecretsIn,
  unknownOfSecret,
} from '../../import/kit/secrets.ts';
import { defineImporter, type ImportContext } from '../../import/kit/importer.ts';

const manager = 'karmada';

const karmadaSecretNamespace = 'karmada-cluster';

/** Served by karmada-aggregated-apiserver: there is no CRD to look for. */
const karmadaCluster = {
  group: 'cluster.karmada.io',
  versions: ['v1alpha1'],
  kind: 'Cluster',
  plural: 'clusters',
  clusterScoped: true,
};

const caKey = 'caBundle';

const findSecretNamespace = (object: unknown): unknown =>
  peekAt(object, 'spec', 'secretRef', 'namespace') || karmadaSecretNamespace;

const inventory = withSecretsIn(karmadaSecretNamespace, fromKinds([karmadaCluster]), {
  key: caKey,
  namespaceOf: findSecretNamespace,
});

const join = (objects: unknown[]): WithSecret[] =>
  pairSecrets(objects, karmadaCluster, (object) =>
    [findSecretNamespace(object), peekAt(object, 'spec', 'secretRef', 'name')].join('/'),
  );

/** `zone` is the deprecated form of `zones`. */
const readKarmadaZones = (object: KubernetesObject): string =>
  [...texts(object, 'spec', 'zones'), ...[text(object, 'spec', 'zone')].filter((zone) => zone !== undefined)]
    .toSorted()
    .join(',');

/** Registered clusters have joined; Karmada has no condition of its own for it. */
function readKarmadaJoined(object: KubernetesObject): ReturnType<typeof buildCondition> {
  const deleted = text(object, 'metadata', 'deletionTimestamp');
  return deleted
    ? buildCondition('Joined', 'False', 'Unjoining', { time: deleted })
    : buildCondition('Joined', 'True', 'ClusterRegistered', { time: text(object, 'metadata', 'creationTimestamp') });
}

/** Without a reference there is no Secret to read. */
function readCaPlace(object: KubernetesObject): CaPlace {
  const reference = ['spec', 'secretRef'];
  const namespace = text(object, ...reference, 'namespace') || karmadaSecretNamespace;
  return { namespace, name: text(object, ...reference, 'name') || undefined, key: caKey };
}

function translate({ object, secret }: WithSecret, context: ImportContext): Cluster {
  const server = text(object, 'spec', 'apiEndpoint');
  const caPem = secret && readSecretText(secret, caKey);
  const insecure = flag(object, 'spec', 'insecureSkipTLSVerification');
  // Karmada hands the endpoint to client-go. A CA that was not read may be there.
  const scheme = chooseScheme(!secret, caPem, insecure);
  const place = readCaPlace(object);
  const unknown = secret || !place.name ? undefined : unknownOfSecret(place.namespace, 'ca', context);
  if (server && !caPem && !insecure && !unknown?.failed) context.warn(explainNoCa(place, secret, context));
  return {
    ...readSubject(object),
    memberId: text(object, 'spec', 'id'),
    labels: filterUserLabels(object, /(^|\.)karmada\.io$/),
    version: text(object, 'status', 'kubernetesVersion'),
    conditions: [
      carryCondition(object, 'Ready', 'ControlPlaneHealthy') ??
        buildCondition('ControlPlaneHealthy', 'Unknown', 'NotReported', {
          time: text(object, 'metadata', 'creationTimestamp'),
        }),
      readKarmadaJoined(object),
    ],
    properties: {
      [`access-mode.${domain}`]: toSmallLetters(text(object, 'spec', 'syncMode') ?? ''),
      [`provider.${domain}`]: toSmallLetters(text(object, 'spec', 'provider') ?? ''),
      [keys.regionProperty]: text(object, 'spec', 'region'),
      [keys.zoneProperty]: readKarmadaZones(object),
      [`taints.${domain}`]: formatTaints(object, 'spec', 'taints'),
    },
    access: [
      buildAccessProvider(
        manager,
        { server, scheme, caPem, insecure, proxyUrl: text(object, 'spec', 'proxyURL') },
        context,
      ),
    ],
    unknown: [unknown],
  };
}

export default defineImporter<WithSecret>({
  ...inventory,
  manager,
  join,
  translate,
});
