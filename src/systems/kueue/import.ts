// https://kueue.sigs.k8s.io/docs/reference/kueue.v1beta2/#multikueuecluster
import { domain, type Cluster } from '../../profile/clusterprofile.ts';
import { buildCondition } from '../../import/kit/conditions.ts';
import { buildAccessProvider, type Endpoint } from '../../profile/endpoint.ts';
import { filterReadable, peekAt, readSubject } from '../../import/kit/facts.ts';
import { isKind, readMatch, text, texts, type KubernetesObject } from '../../object.ts';
import { fromKinds } from '../../import/kit/kinds.ts';
import {
  readKubeconfigEndpoint,
  missKey,
  readSecretText,
  indexSecrets,
  withSecretsIn,
  unknownOfSecret,
} from '../../import/kit/secrets.ts';
import { defineImporter, type Item, type ImportContext, unknownOf } from '../../import/kit/importer.ts';
import { kueueSecretNamespace, multiKueueCluster, config } from './kinds.ts';

const manager = 'kueue';

const inventory = fromKinds([multiKueueCluster, config]);

const withSecrets = withSecretsIn(kueueSecretNamespace, {
  ...inventory,
  async *list(context) {
    yield* context.objects(multiKueueCluster);
    yield* context.details(config);
  },
});

/** A MultiKueueCluster with its kubeconfig Secret, and the names of the MultiKueueConfigs that list it; one of these is only checked. */
interface Worker extends Item<KubernetesObject> {
  secret: KubernetesObject | undefined;
  groups: string[];
}

/** v1beta2 has `clusterSource.kubeConfig`, v1beta1 `kubeConfig`. */
const readKubeConfigField = (object: KubernetesObject, field: string): string | undefined =>
  text(object, 'spec', 'clusterSource', 'kubeConfig', field) ?? text(object, 'spec', 'kubeConfig', field);

/** The names in a MultiKueueConfig. */
const listConfigMembers = (object: KubernetesObject): string[] => texts(object, 'spec', 'clusters');

function join(objects: unknown[]): Worker[] {
  const byName = indexSecrets(objects);
  const configs = objects.filter((object): object is KubernetesObject => isKind(object, config));
  const lists = filterReadable(configs, (each) => ({ name: readSubject(each).name, members: listConfigMembers(each) }));
  const clusters = objects.filter((object): object is KubernetesObject => isKind(object, multiKueueCluster));
  const workers = clusters.map((object) => {
    const location =
      peekAt(object, 'spec', 'clusterSource', 'kubeConfig', 'location') ??
      peekAt(object, 'spec', 'kubeConfig', 'location');
    const groups = lists.filter(({ members }) => members.includes(object.metadata.name)).map(({ name }) => name);
    return { object, secret: byName.get([kueueSecretNamespace, location].join('/')), groups };
  });
  return [...workers, ...configs.map((object) => ({ object, secret: undefined, groups: [] }))];
}

/** The kubeconfig in a Secret; one at a path is a file in the controller's Pod, which is nothing to open here. */
function readKueueEndpoint(
  object: KubernetesObject,
  secret: KubernetesObject | undefined,
  context: ImportContext,
): Endpoint {
  if (readKubeConfigField(object, 'locationType') === 'Path' || !secret) return {};
  const content = readSecretText(secret, 'kubeconfig');
  if (content === undefined) return {};
  return readKubeconfigEndpoint(content, `Secret ${kueueSecretNamespace}/${secret.metadata.name}[kubeconfig]`, context);
}

/** `Active` is about the connection: what is wrong with the configuration says nothing of the cluster. */
function readKueueConditions(object: KubernetesObject): Cluster['conditions'] {
  return readMatch(object, ['status', 'conditions'], ['type', 'Active'], (active) => {
    const [status, reason] = [text(active, 'status'), text(active, 'reason')];
    const more = { message: text(active, 'message'), time: text(active, 'lastTransitionTime') };
    const known = status === 'True' || reason === 'ClientConnectionFailed';
    return [
      known ? buildCondition('ControlPlaneHealthy', status, reason, more) : undefined,
      buildCondition('Joined', status, reason, more),
    ];
  });
}

/** What a Secret and the MultiKueueConfigs would tell, where they were not read. */
function unknownOfWorker({ object, secret }: Worker, context: ImportContext): Cluster['unknown'] {
  const hasSecret =
    readKubeConfigField(object, 'location') !== undefined && readKubeConfigField(object, 'locationType') !== 'Path';
  const groups = unknownOf(config, { properties: [`group.${domain}`] }, context);
  if (secret && hasSecret && !readSecretText(secret, 'kubeconfig'))
    return [missKey(secret, 'kubeconfig', context), groups];
  return [secret || !hasSecret ? undefined : unknownOfSecret(kueueSecretNamespace, 'all', context), groups];
}

function translate({ object, secret, groups }: Worker, context: ImportContext): Cluster | undefined {
  if (isKind(object, config)) {
    listConfigMembers(object);
    return undefined;
  }
  const reference = text(object, 'spec', 'clusterSource', 'clusterProfileRef', 'name');
  if (reference !== undefined) {
    context.warn(`already backed by ClusterProfile ${reference}, left out`);
    return undefined;
  }
  return {
    ...readSubject(object),
    conditions: readKueueConditions(object),
    properties: { [`group.${domain}`]: groups.toSorted().join(',') },
    access: [buildAccessProvider(manager, readKueueEndpoint(object, secret, context), context)],
    unknown: unknownOfWorker({ object, secret, groups }, context),
  };
}

export default defineImporter<Worker>({
  ...withSecrets,
  manager,
  join,
  translate,
});
