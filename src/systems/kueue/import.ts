// https://kueue.sigs.k8s.io/docs/reference/kueue.v1beta2/#multikueuecluster
import type { Warn } from '../../util/notices.ts';
import type { ImportContext } from '../../import/kit/importer.ts';
import { domain, type Cluster } from '../../profile/clusterprofile.ts';
import { condition } from '../../import/kit/conditions.ts';
import { reach, type Endpoint } from '../../profile/endpoint.ts';
import { peek, subjectOf } from '../../import/kit/facts.ts';
import { isKind, maps, text, type KubernetesObject } from '../../object.ts';
import { fromKinds } from '../../import/kit/kinds.ts';
import { kubeconfigEndpoint, secretText, secretsByName, withSecretsIn } from '../../import/kit/secrets.ts';
import { importer, type Item } from '../../import/kit/importer.ts';
import { secretNamespace, cluster, config } from './format.ts';

const manager = 'kueue';

const inventory = withSecretsIn(secretNamespace, fromKinds([cluster, config]));

/** A MultiKueueCluster with its kubeconfig Secret, and the names of the MultiKueueConfigs that list it. */
interface Worker extends Item<KubernetesObject> {
  secret: KubernetesObject | undefined;
  groups: string[];
}

/** v1beta2 has `clusterSource.kubeConfig`, v1beta1 `kubeConfig`. */
const kubeConfigOf = (object: KubernetesObject, field: string): string | undefined =>
  text(object, 'spec', 'clusterSource', 'kubeConfig', field) ?? text(object, 'spec', 'kubeConfig', field);

/** The names in a MultiKueueConfig. */
const membersOf = (object: KubernetesObject): unknown[] => {
  const clusters = peek(object, 'spec', 'clusters');
  return Array.isArray(clusters) ? clusters : [];
};

function join(objects: unknown[]): Worker[] {
  const byName = secretsByName(objects);
  const configs = objects.filter((object): object is KubernetesObject => isKind(object, config));
  const clusters = objects.filter((object): object is KubernetesObject => isKind(object, cluster));
  return clusters.map((object) => {
    const location =
      peek(object, 'spec', 'clusterSource', 'kubeConfig', 'location') ?? peek(object, 'spec', 'kubeConfig', 'location');
    const groups = configs
      .filter((each) => membersOf(each).includes(object.metadata.name))
      .map(({ metadata }) => metadata.name);
    return { object, secret: byName.get([secretNamespace, location].join('/')), groups };
  });
}

/** The kubeconfig in a Secret; one at a path is a file in the controller's Pod, which is nothing to open here. */
function endpointOf(object: KubernetesObject, secret: KubernetesObject | undefined, warn: Warn): Endpoint {
  if (kubeConfigOf(object, 'locationType') === 'Path' || !secret) return {};
  const content = secretText(secret, 'kubeconfig');
  if (content === undefined) return {};
  return kubeconfigEndpoint(content, `Secret ${secretNamespace}/${secret.metadata.name}[kubeconfig]`, warn);
}

/** `Active` is about the connection: what is wrong with the configuration says nothing of the cluster. */
function conditionsOf(object: KubernetesObject): Cluster['conditions'] {
  const active = maps(object, 'status', 'conditions').find(({ type }) => type === 'Active');
  if (!active) return [];
  const [status, reason] = [text(active, 'status'), text(active, 'reason')];
  const more = { message: text(active, 'message'), time: text(active, 'lastTransitionTime') };
  const known = status === 'True' || reason === 'ClientConnectionFailed';
  return [
    known ? condition('ControlPlaneHealthy', status, reason, more) : undefined,
    condition('Joined', status, reason, more),
  ];
}

function translate({ object, secret, groups }: Worker, context: ImportContext): Cluster | undefined {
  const reference = text(object, 'spec', 'clusterSource', 'clusterProfileRef', 'name');
  if (reference !== undefined) {
    context.warn(`already backed by ClusterProfile ${reference}, left out`);
    return undefined;
  }
  return {
    ...subjectOf(object),
    conditions: conditionsOf(object),
    properties: { [`group.${domain}`]: groups.toSorted().join(',') },
    access: [reach(manager, endpointOf(object, secret, context.warn), context.warn)],
  };
}

export default importer<Worker>({
  ...inventory,
  manager,
  join,
  translate,
});
