// https://cluster-api.sigs.k8s.io/developer/providers/contracts/overview
import type { Warn } from '../../util/notices.ts';
import { option } from '../../options.ts';
import { byText } from '../../util/text.ts';
import type { ListContext, ImportContext } from '../../import/kit/importer.ts';
import { domain, keys, type Cluster, type ReportedCondition } from '../../profile/clusterprofile.ts';
import { carried, condition, deletingCondition, notReported } from '../../import/kit/conditions.ts';
import { reach, type Endpoint } from '../../profile/endpoint.ts';
import { peek, subjectOf, userLabels } from '../../import/kit/facts.ts';
import { isKind, map, maps, number, text, value, type KubernetesObject, type ResourceKind } from '../../object.ts';
import { fromKinds } from '../../import/kit/kinds.ts';
import {
  isSecret,
  kubeconfigEndpoint,
  readSecretsOption,
  secretsByName,
  secretText,
  withSecrets,
} from '../../import/kit/secrets.ts';
import { importer, type Item } from '../../import/kit/importer.ts';

const flags = {
  readSecrets: readSecretsOption,
  readInfrastructure: option.flag(
    '--read-infrastructure',
    'read control plane and infrastructure objects too, for the running version and the region',
  ),
};

type Context = ImportContext<typeof flags>;

const manager = 'cluster-api';

const cluster = {
  group: 'cluster.x-k8s.io',
  versions: ['v1beta2', 'v1beta1'],
  kind: 'Cluster',
  plural: 'clusters',
};

const inventory = fromKinds([cluster]);

const other = (group: string, kind: string, versions = ['v1beta1']): ResourceKind => ({
  group: `${group}.cluster.x-k8s.io`,
  versions,
  kind,
  plural: `${kind.toLowerCase()}s`,
});

/** What `--read-infrastructure` lists where a Cluster refers to it; from files every kind of these groups is read. */
const others = [
  other('controlplane', 'KubeadmControlPlane', cluster.versions),
  other('controlplane', 'AWSManagedControlPlane', cluster.versions),
  other('infrastructure', 'AWSCluster', cluster.versions),
  ...['AzureCluster', 'AzureManagedControlPlane', 'GCPCluster', 'GCPManagedCluster'].map((kind) =>
    other('infrastructure', kind),
  ),
];

/** A Cluster with its kubeconfig Secret and the objects that it refers to. */
interface WithParts extends Item<KubernetesObject> {
  kubeconfig: KubernetesObject | undefined;
  infrastructure: unknown;
  controlPlane: unknown;
}

const isOther = (object: unknown): boolean =>
  /^(infrastructure|controlplane)\.cluster\.x-k8s\.io\//.test(String(peek(object, 'apiVersion')));

/** Its siblings `-ca`, `-etcd`, `-sa` and `-proxy` have the same type and label, and hold private keys. */
const isKubeconfigSecret = (object: unknown): object is KubernetesObject =>
  isSecret(object) &&
  peek(object, 'type') === 'cluster.x-k8s.io/secret' &&
  String(peek(object, 'metadata', 'name')).endsWith('-kubeconfig');

/** Objects refer to each other by namespace, kind and name. */
const keyOf = (object: unknown, reference: unknown): string =>
  [peek(object, 'metadata', 'namespace'), peek(reference, 'kind'), peek(reference, 'name')].join('/');

const named = (object: unknown): string =>
  keyOf(object, { kind: peek(object, 'kind'), name: peek(object, 'metadata', 'name') });

function join(objects: unknown[]): WithParts[] {
  const secrets = secretsByName(objects.filter(isKubeconfigSecret));
  const byKey = new Map(objects.filter(isOther).map((each) => [named(each), each]));
  const clusters = objects.filter((object): object is KubernetesObject => isKind(object, cluster));
  return clusters.map((object) => {
    const secret = ['namespace', 'name'].map((field) => peek(object, 'metadata', field)).join('/');
    return {
      object,
      kubeconfig: secrets.get(`${secret}-kubeconfig`),
      infrastructure: byKey.get(keyOf(object, peek(object, 'spec', 'infrastructureRef'))),
      controlPlane: byKey.get(keyOf(object, peek(object, 'spec', 'controlPlaneRef'))),
    };
  });
}

async function* list(context: ListContext<typeof flags>): AsyncIterable<unknown> {
  const referred = new Set<unknown>();
  const remembered = async function* (): AsyncIterable<unknown> {
    for await (const object of inventory.list(context)) {
      for (const field of ['infrastructureRef', 'controlPlaneRef']) referred.add(peek(object, 'spec', field, 'kind'));
      yield object;
    }
  };
  yield* withSecrets(remembered(), context, {
    namespaceOf: (object) => peek(object, 'metadata', 'namespace'),
    labelSelector: 'cluster.x-k8s.io/cluster-name',
  });
  if (!context.options.readInfrastructure) return;
  for (const kind of others) if (referred.has(kind.kind)) yield* context.objects(kind);
}

const numbersOf = (version: string): number[] => (version.match(/\d+/g) ?? []).map(Number);

function byVersion(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (const [index, each] of left.entries()) if (each !== right[index]) return each - (right[index] ?? -1);
  return byText(a, b);
}

/** What runs, the lowest one during an upgrade; else what is wanted, which is said. */
function versionOf({ object, controlPlane }: WithParts): { version?: string | undefined; source?: string } {
  const versions = maps(object, 'status', 'controlPlane', 'versions').map((each) => text(each, 'version'));
  const lowest = versions.filter((each) => each !== undefined).toSorted(byVersion)[0];
  const running = text(controlPlane, 'status', 'version') ?? lowest;
  if (running) return { version: running };
  const wanted = text(object, 'spec', 'topology', 'version');
  return wanted ? { version: wanted, source: 'desired' } : {};
}

/** `Available` includes workers and topology, and `controlPlaneReady` never goes back to false: neither is health. */
const healthy = (object: KubernetesObject): ReportedCondition =>
  carried(object, 'ControlPlaneAvailable', 'ControlPlaneHealthy') ??
  carried(object, 'ControlPlaneAvailable', 'ControlPlaneHealthy', 'status', 'v1beta2', 'conditions') ??
  carried(object, 'ControlPlaneReady', 'ControlPlaneHealthy') ??
  notReported(object, 'ControlPlaneHealthy');

function joined(object: KubernetesObject): ReportedCondition {
  const phase = text(object, 'status', 'phase');
  const deleting = deletingCondition(object);
  if (deleting) return deleting;
  if (!phase || phase === 'Unknown') return notReported(object, 'Joined');
  return condition('Joined', phase === 'Provisioned' ? 'True' : 'False', phase, {
    message: text(object, 'status', 'failureMessage'),
    time: text(object, 'metadata', 'creationTimestamp'),
  });
}

/** A list of names in v1beta2, a map by name in v1beta1. */
function zonesOf(object: KubernetesObject): string {
  const path = ['status', 'failureDomains'];
  const names = Array.isArray(value(object, ...path))
    ? maps(object, ...path).map((each) => text(each, 'name') ?? '')
    : Object.keys(map(object, ...path));
  return names.filter(Boolean).toSorted(byText).join(',');
}

/** `AWSCluster`, `AWSManagedControlPlane`, `AzureASOManagedCluster` … */
const providerOf = (object: KubernetesObject): string | undefined =>
  text(object, 'spec', 'infrastructureRef', 'kind')
    ?.replace(/(ASO)?(Managed)?(Cluster|ControlPlane)$/, '')
    .toLowerCase();

const regionOf = (object: unknown): string | undefined =>
  text(object, 'spec', 'region') ?? text(object, 'spec', 'location');

/** Host and port are set together or not at all: 6443 is never assumed. */
function serverOf(object: KubernetesObject): string | undefined {
  const host = text(object, 'spec', 'controlPlaneEndpoint', 'host');
  const port = number(object, 'spec', 'controlPlaneEndpoint', 'port');
  return host && port ? `https://${host.includes(':') ? `[${host}]` : host}:${port}` : undefined;
}

function endpointOf({ object, kubeconfig }: WithParts, warn: Warn): Endpoint {
  const server = serverOf(object);
  if (server && !kubeconfig) warn('its CA is in its Secret, which was not read (--read-secrets)');
  const content = kubeconfig && secretText(kubeconfig, 'value');
  if (!kubeconfig || content === undefined) return { server };
  const { namespace = '', name } = kubeconfig.metadata;
  const found = kubeconfigEndpoint(content, `Secret ${namespace}/${name}[value]`, warn);
  return { ...found, server: server ?? found.server };
}

function translate(item: WithParts, { warn }: Context): Cluster {
  const { object, infrastructure, controlPlane } = item;
  const subject = subjectOf(object);
  const { version, source } = versionOf(item);
  return {
    ...subject,
    namespace: text(object, 'metadata', 'namespace'),
    memberId: text(object, 'metadata', 'uid'),
    labels: userLabels(object, /(^|\.)cluster\.x-k8s\.io$/),
    version,
    conditions: [healthy(object), joined(object)],
    properties: {
      [`group.${domain}`]:
        text(object, 'spec', 'topology', 'classRef', 'name') ?? text(object, 'spec', 'topology', 'class'),
      [`provider.${domain}`]: providerOf(object),
      [`version-source.${domain}`]: source,
      [keys.regionProperty]: regionOf(infrastructure) ?? regionOf(controlPlane),
      [keys.zoneProperty]: zonesOf(object),
    },
    access: [reach(manager, endpointOf(item, warn), warn)],
  };
}

export default importer<WithParts, typeof flags>({
  ...inventory,
  manager,
  options: flags,
  accepts: (object) => inventory.accepts(object) || isKubeconfigSecret(object) || isOther(object),
  list,
  join,
  translate,
});
