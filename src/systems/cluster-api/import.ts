// https://cluster-api.sigs.k8s.io/developer/providers/contracts/overview
import { option } from '../../options.ts';
import { byText } from '../../util/text.ts';
import { domain, keys, type Cluster, type ReportedCondition, type UnknownFacts } from '../../profile/clusterprofile.ts';
import { carryCondition, buildCondition, buildDeleting, buildNotReported } from '../../import/kit/conditions.ts';
import { buildAccessProvider, type Endpoint } from '../../profile/endpoint.ts';
import { addLeadingV } from '../../profile/kubernetes-version.ts';
import { chooseServer, joinHostPort } from '../../profile/endpoint/server-url.ts';
import { peekAt, readSubject, filterUserLabels } from '../../import/kit/facts.ts';
import { isKind, map, number, readEach, text, value, type KubernetesObject, type ResourceKind } from '../../object.ts';
import { fromKinds } from '../../import/kit/kinds.ts';
import {
  type CaPlace,
  explainNoCa,
  isSecret,
  readKubeconfigEndpoint,
  readSecretsOption,
  indexSecrets,
  missKey,
  readSecretText,
  unknownOfSecret,
  withSecrets,
  defineSecretKind,
} from '../../import/kit/secrets.ts';
import {
  defineImporter,
  type Item,
  type ListContext,
  type ImportContext,
  unknownOf,
} from '../../import/kit/importer.ts';

const flags = {
  readSecrets: readSecretsOption,
  readInfrastructure: option.flag(
    '--read-infrastructure',
    'read control plane and infrastructure objects too, for the running version and the region; without it, a region in the inventory stays',
  ),
};
type Context = ImportContext<typeof flags>;

const manager = 'cluster-api';

const capiCluster = {
  group: 'cluster.x-k8s.io',
  versions: ['v1beta2', 'v1beta1'],
  kind: 'Cluster',
  plural: 'clusters',
};

const inventory = fromKinds([capiCluster]);

const defineOtherKind = (group: string, kind: string, versions = ['v1beta1']): ResourceKind => ({
  group: `${group}.cluster.x-k8s.io`,
  versions,
  kind,
  plural: `${kind.toLowerCase()}s`,
});

/** What `--read-infrastructure` lists where a Cluster refers to it; from files every kind of these groups is read. */
const others = [
  defineOtherKind('controlplane', 'KubeadmControlPlane', capiCluster.versions),
  defineOtherKind('controlplane', 'AWSManagedControlPlane', capiCluster.versions),
  defineOtherKind('infrastructure', 'AWSCluster', capiCluster.versions),
  ...['AzureCluster', 'AzureManagedControlPlane', 'GCPCluster', 'GCPManagedCluster', 'GCPManagedControlPlane'].map(
    (kind) => defineOtherKind('infrastructure', kind),
  ),
];

/** A Cluster with its kubeconfig Secret and the objects that it refers to. */
interface WithParts extends Item<KubernetesObject> {
  kubeconfig: KubernetesObject | undefined;
  /** A Secret that has the name of the kubeconfig, and another type. */
  stranger: KubernetesObject | undefined;
  infrastructure: unknown;
  controlPlane: unknown;
}

const otherGroup = /^(infrastructure|controlplane)\.cluster\.x-k8s\.io\//;

const isOther = (object: unknown): boolean =>
  otherGroup.test(String(peekAt(object, 'apiVersion'))) && typeof peekAt(object, 'kind') === 'string';

function explainNearlyOther(object: unknown): string | undefined {
  const [group = ''] = String(peekAt(object, 'apiVersion')).split('/');
  const meant = group.trim().toLowerCase();
  return meant !== group && otherGroup.test(`${meant}/`) ? `its group ${group} is not read, ${meant} is` : undefined;
}

/** Secrets without it are not asked for. */
const secretLabel = 'cluster.x-k8s.io/cluster-name';

const secretType = 'cluster.x-k8s.io/secret';

/** Its siblings `-ca`, `-etcd`, `-sa` and `-proxy` have the same type and label, and hold private keys. */
const isKubeconfigSecret = (object: unknown): object is KubernetesObject =>
  isSecret(object) && object.metadata.name.endsWith('-kubeconfig');

/** Objects refer to each other by namespace, kind and name. */
const formatReferenceId = (object: unknown, reference: unknown): string =>
  [peekAt(object, 'metadata', 'namespace'), peekAt(reference, 'kind'), peekAt(reference, 'name')].join('/');

const formatObjectId = (object: unknown): string =>
  formatReferenceId(object, { kind: peekAt(object, 'kind'), name: peekAt(object, 'metadata', 'name') });

function join(objects: unknown[]): WithParts[] {
  const secrets = indexSecrets(objects.filter(isKubeconfigSecret));
  const byKey = new Map(objects.filter(isOther).map((each) => [formatObjectId(each), each]));
  const clusters = objects.filter((object): object is KubernetesObject => isKind(object, capiCluster));
  return clusters.map((object) => {
    const name = ['namespace', 'name'].map((field) => peekAt(object, 'metadata', field)).join('/');
    const secret = secrets.get(`${name}-kubeconfig`);
    const isTyped = peekAt(secret, 'type') === secretType;
    return {
      object,
      kubeconfig: isTyped ? secret : undefined,
      stranger: isTyped ? undefined : secret,
      infrastructure: byKey.get(formatReferenceId(object, peekAt(object, 'spec', 'infrastructureRef'))),
      controlPlane: byKey.get(formatReferenceId(object, peekAt(object, 'spec', 'controlPlaneRef'))),
    };
  });
}

async function* list(context: ListContext<typeof flags>): AsyncIterable<unknown> {
  const referred = new Set<unknown>();
  const remembered = async function* (): AsyncIterable<unknown> {
    for await (const object of inventory.list(context)) {
      for (const field of ['infrastructureRef', 'controlPlaneRef']) referred.add(peekAt(object, 'spec', field, 'kind'));
      yield object;
    }
  };
  yield* withSecrets(remembered(), context, {
    namespacesOf: (object) => [peekAt(object, 'metadata', 'namespace')],
    labelSelector: secretLabel,
  });
  if (!context.options.readInfrastructure) return;
  for (const kind of others)
    if (referred.has(kind.kind)) yield* context.details(kind, 'without --read-infrastructure none is asked for');
}

const splitVersion = (version: string): number[] => (version.match(/\d+/g) ?? []).map(Number);

function compareVersions(a: string, b: string): number {
  const [left, right] = [splitVersion(a), splitVersion(b)];
  for (const [index, each] of left.entries()) if (each !== right[index]) return each - (right[index] ?? -1);
  return byText(a, b);
}

/** Control planes whose versions are those of OpenShift. */
const isOpenshift = (controlPlane: unknown): boolean =>
  /^(ROSA|OpenshiftAssisted)/.test(String(peekAt(controlPlane, 'kind')));

/** What runs, the lowest one during an upgrade; else what is wanted, which is said. Older contracts have other fields. */
function readCapiVersion({ object, controlPlane: read }: WithParts): {
  version?: string | undefined;
  source?: string;
} {
  const controlPlane = isOpenshift(read) ? undefined : read;
  const versions = readEach(object, ['status', 'controlPlane', 'versions'], (each) => text(each, 'version'));
  const lowest = versions.filter((each) => each !== undefined).toSorted(compareVersions)[0];
  const reported = text(controlPlane, 'status', 'version') || text(controlPlane, 'status', 'currentVersion');
  const running = addLeadingV(reported || lowest);
  if (running) return { version: running };
  const wanted = addLeadingV(text(object, 'spec', 'topology', 'version') || text(controlPlane, 'spec', 'version'));
  return wanted ? { version: wanted, source: 'desired' } : {};
}

/** `Available` includes workers and topology, and `controlPlaneReady` never goes back to false: neither is health. */
const readCapiHealth = (object: KubernetesObject): ReportedCondition =>
  carryCondition(object, 'ControlPlaneAvailable', 'ControlPlaneHealthy') ??
  carryCondition(object, 'ControlPlaneAvailable', 'ControlPlaneHealthy', 'status', 'v1beta2', 'conditions') ??
  carryCondition(object, 'ControlPlaneReady', 'ControlPlaneHealthy') ??
  buildNotReported(object, 'ControlPlaneHealthy');

function readCapiJoined(object: KubernetesObject): ReportedCondition {
  const phase = text(object, 'status', 'phase');
  const deleting = buildDeleting(object);
  if (deleting) return deleting;
  if (!phase || phase === 'Unknown') return buildNotReported(object, 'Joined');
  return buildCondition('Joined', phase === 'Provisioned' ? 'True' : 'False', phase, {
    message: text(object, 'status', 'failureMessage'),
    time: text(object, 'metadata', 'creationTimestamp'),
  });
}

/** A list of names in v1beta2, a map by name in v1beta1. */
function readFailureDomains(object: KubernetesObject): string {
  const path = ['status', 'failureDomains'];
  const names = Array.isArray(value(object, ...path))
    ? readEach(object, path, (each) => text(each, 'name') ?? '')
    : Object.keys(map(object, ...path));
  return names.filter(Boolean).toSorted(byText).join(',');
}

/** `AWSCluster`, `AWSManagedControlPlane`, `AzureASOManagedCluster` … */
const readInfrastructure = (object: KubernetesObject): string | undefined =>
  text(object, 'spec', 'infrastructureRef', 'kind')
    ?.replace(/(ASO)?(Managed)?(Cluster|ControlPlane)$/, '')
    .toLowerCase();

const readCapiRegion = (object: unknown): string | undefined =>
  text(object, 'spec', 'region') ?? text(object, 'spec', 'location');

/** Host and port are set together or not at all: 6443 is never assumed. */
function readCapiServer(object: KubernetesObject): string | undefined {
  const host = text(object, 'spec', 'controlPlaneEndpoint', 'host');
  const port = number(object, 'spec', 'controlPlaneEndpoint', 'port');
  return host && port ? joinHostPort(host, port) : undefined;
}

/** What the kubeconfig Secret would tell, where it was not read. */
function unknownOfAccess(
  { object, kubeconfig, stranger }: Pick<WithParts, 'object' | 'kubeconfig' | 'stranger'>,
  { parts, partial }: Context,
): UnknownFacts | undefined {
  if (kubeconfig)
    return readSecretText(kubeconfig, kubeconfigKey) ? undefined : missKey(kubeconfig, kubeconfigKey, { partial });
  const holds = readCapiServer(object) ? 'kubeconfig' : 'all';
  const unknown = unknownOfSecret(peekAt(object, 'metadata', 'namespace'), holds, {
    parts: stranger ? new Map() : parts,
  });
  return { ...unknown, failed: unknown.failed || stranger !== undefined };
}

/** What control plane and infrastructure objects would tell, where they were not read. */
function unknownOfOthers(
  { object, infrastructure, controlPlane }: WithParts,
  context: Context,
): Cluster['unknown'] & {} {
  const kindOf = (field: string): ResourceKind | undefined =>
    others.find(({ kind }) => kind === peekAt(object, 'spec', field, 'kind'));
  const [plane, base] = [kindOf('controlPlaneRef'), kindOf('infrastructureRef')];
  const region = keys.regionProperty;
  return [
    base && !infrastructure ? unknownOf(base, { properties: [region] }, context) : undefined,
    plane && !controlPlane ? unknownOf(plane, { version: true, properties: [region] }, context) : undefined,
  ];
}

const kubeconfigKey = 'value';

/** Where Cluster API keeps the kubeconfig of a cluster. */
function readCaPlace(object: KubernetesObject): CaPlace {
  const name = `${text(object, 'metadata', 'name')}-kubeconfig`;
  return { namespace: text(object, 'metadata', 'namespace'), name, key: kubeconfigKey, label: secretLabel };
}

function readCapiEndpoint({ object, kubeconfig, stranger }: WithParts, context: Context): Endpoint {
  const server = readCapiServer(object);
  if (stranger) context.partial(`Secret ${stranger.metadata.name} is not read: its type is not ${secretType}`);
  else if (server && !kubeconfig && !unknownOfAccess({ object, kubeconfig, stranger }, context)?.failed)
    context.warn(explainNoCa(readCaPlace(object), undefined, context));
  const content = kubeconfig && readSecretText(kubeconfig, kubeconfigKey);
  if (!kubeconfig || content === undefined) return { server };
  const { namespace = '', name } = kubeconfig.metadata;
  const found = readKubeconfigEndpoint(content, `Secret ${namespace}/${name}[value]`, context);
  return { ...found, server: chooseServer(server, found.server) };
}

function translate(item: WithParts, context: Context): Cluster {
  const { object, infrastructure, controlPlane } = item;
  const subject = readSubject(object);
  for (const field of ['infrastructureRef', 'controlPlaneRef'])
    for (const key of ['kind', 'name']) text(object, 'spec', field, key);
  const { version, source } = readCapiVersion(item);
  return {
    ...subject,
    namespace: text(object, 'metadata', 'namespace'),
    memberId: text(object, 'metadata', 'uid'),
    labels: filterUserLabels(object, /(^|\.)cluster\.x-k8s\.io$/),
    version,
    conditions: [readCapiHealth(object), readCapiJoined(object)],
    properties: {
      [`group.${domain}`]:
        text(object, 'spec', 'topology', 'classRef', 'name') ?? text(object, 'spec', 'topology', 'class'),
      [`provider.${domain}`]: readInfrastructure(object),
      [keys.versionSourceProperty]: source,
      [keys.regionProperty]: readCapiRegion(infrastructure) ?? readCapiRegion(controlPlane),
      [keys.zoneProperty]: readFailureDomains(object),
    },
    access: [buildAccessProvider(manager, readCapiEndpoint(item, context), context)],
    unknown: [unknownOfAccess(item, context), ...unknownOfOthers(item, context)],
  };
}

export default defineImporter<WithParts, typeof flags>({
  ...inventory,
  otherKinds: [defineSecretKind()],
  explainNearly: explainNearlyOther,
  manager,
  options: flags,
  accepts: (object) => inventory.accepts(object) || isKubeconfigSecret(object) || isOther(object),
  list,
  join,
  translate,
});
