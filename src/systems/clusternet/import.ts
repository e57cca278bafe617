// https://clusternet.io/docs/tutorials/cluster-management/checking-cluster-registration/
// https://github.com/clusternet/clusternet/tree/main/pkg/controllers/clusters (clusterstatus, clusterlifecycle)
import { option } from '../../options.ts';
import { type Cluster, type ReportedCondition, type UnknownFacts } from '../../profile/clusterprofile.ts';
import { usageError } from '../../errors.ts';
import { isInside } from '../../import/kit/cidr.ts';
import { carryCondition, buildCondition, toUtcSeconds } from '../../import/kit/conditions.ts';
import { buildAccessProvider } from '../../profile/endpoint.ts';
import { normaliseServerUrl } from '../../profile/endpoint/server-url.ts';
import {
  buildClusterNameExtension,
  copyLabels,
  isLeaving,
  filterKind,
  peekAt,
  readQuantities,
  filterReadable,
  readSubject,
  formatTaints,
  filterUserLabels,
} from '../../import/kit/facts.ts';
import { flag, isKind, number, text, type KubernetesObject } from '../../object.ts';
import { heartbeatOption, findLostTime } from '../../import/kit/heartbeat.ts';
import { fromKinds } from '../../import/kit/kinds.ts';
import {
  defineImporter,
  type Item,
  type ListContext,
  type ImportContext,
  unknownOf,
} from '../../import/kit/importer.ts';
import { missKey } from '../../import/kit/secrets.ts';
import { clusternetDomain } from './kinds.ts';

function parseServer(given: string): string {
  const url = normaliseServerUrl(given);
  if (!url) throw usageError('--parent-server takes a URL');
  return url;
}

const flags = {
  parentServer: option.parsed(
    '--parent-server <url>',
    'address of the parent cluster: children with a socket are then reached through its proxy',
    parseServer,
    { settable: 'personal' },
  ),
  readCa: option.flag(
    '--read-ca',
    'read ca.crt of the Secrets child-cluster-deployer, and no other entry; without it, CAs in the inventory stay',
  ),
  heartbeatTimeout: heartbeatOption(
    'an agent silent for longer is unknown, judged at --as-of (default: three heartbeats, else 9m)',
  ),
  copyLabels,
};
type Context = ImportContext<typeof flags>;

const manager = 'clusternet';

/** Clusternet's own labels, but for those it gathers from the nodes for users (`node.clusternet.io/`). */
const clusternetPrefix = /(^|\.)(?<!node\.)clusternet\.io$/;

const clusternetCluster = {
  group: clusternetDomain,
  versions: ['v1beta1'],
  kind: 'ManagedCluster',
  plural: 'managedclusters',
};

const clusternetSecret = {
  group: '',
  versions: ['v1'],
  kind: 'Secret',
  plural: 'secrets',
  labelSelector: `${clusternetDomain}/bootstrapping=credentials-auto`,
};

const inventory = fromKinds([clusternetCluster]);

const isDeployerSecret = (object: unknown): boolean =>
  isKind(object, clusternetSecret) && peekAt(object, 'metadata', 'name') === 'child-cluster-deployer';

const caKey = 'ca.crt';

/** The one entry of the Secret that is public: a token stands beside it. */
const readClusternetCa = (object: KubernetesObject): { caData?: string | undefined; caPem?: string | undefined } => ({
  caData: text(object, 'data', caKey),
  caPem: text(object, 'stringData', caKey),
});

/** `clusterlifecycle_controller.go`: three heartbeats, or nine minutes where the agent does not say how often it reports. */
function findLostSince(object: KubernetesObject, context: Context): string | undefined {
  const frequency = number(object, 'status', 'heartbeatFrequencySeconds');
  const timeout = context.options.heartbeatTimeout ?? (frequency ? 3000 * frequency : 9 * 60_000);
  return findLostTime(text(object, 'status', 'lastObservedTime'), timeout, context.asOf);
}

type Words = readonly [status: string, reason: string, message: string];

const never: Words = ['Unknown', 'ClusterStatusNeverUpdated', 'Clusternet agent never posted cluster status.'];

const silentAfter: Words = ['Unknown', 'ClusterStatusUnknown', 'Clusternet agent stopped posting cluster status.'];

const isReady: Words = ['True', 'ManagedClusterReady', 'managed cluster is ready.'];

const notReady: Words = ['False', 'ManagedClusterNotReady', 'managed cluster is not ready.'];

const hasJoined: Words = ['True', 'AgentReportedStatus', 'Clusternet agent has posted cluster status.'];

const say = (type: string, [status, reason, message]: Words, time: string | undefined): ReportedCondition =>
  buildCondition(type, status, reason, { message, time });

/** `Ready` with the reasons and messages of the lifecycle controller; `Joined` once the agent has ever reported. */
function readClusternetConditions(object: KubernetesObject, context: Context): ReportedCondition[] {
  const type = 'ControlPlaneHealthy';
  const ready = carryCondition(object, 'Ready', type);
  const seen = text(object, 'status', 'lastObservedTime');
  if (!seen) {
    const created = text(object, 'metadata', 'creationTimestamp');
    return [ready ?? say(type, never, created), say('Joined', never, created)];
  }
  const lost = ready?.status === 'Unknown' ? undefined : findLostSince(object, context);
  // Agents older than the condition report the probes only.
  const probe = (name: string): boolean => flag(object, 'status', name) === true;
  const answers = (probe('livez') && probe('readyz')) || probe('healthz');
  const healthy = lost ? say(type, silentAfter, lost) : (ready ?? say(type, answers ? isReady : notReady, seen));
  return [healthy, say('Joined', hasJoined, seen)];
}

/** A ManagedCluster with the CA of its dedicated namespace; a Secret is only checked. */
interface WithAuthority extends Item<KubernetesObject> {
  authority: KubernetesObject | undefined;
}

/** The parent's socket proxy, for a child that has a socket. */
function proxyOf(object: KubernetesObject, { options }: Context): string | undefined {
  const parent = options.parentServer;
  const id = text(object, 'spec', 'clusterId');
  if (!flag(object, 'status', 'useSocket') || !parent || !id) return undefined;
  return `${parent}/apis/proxies.clusternet.io/v1alpha1/sockets/${encodeURIComponent(id)}/proxy/direct`;
}

/** What its Secret would tell, where it was not read. Kubernetes puts a CA into each of its kind. */
function unknownOfCa(authority: KubernetesObject | undefined, context: Context): UnknownFacts | undefined {
  if (!authority) return unknownOf(clusternetSecret, { access: ['certificate-authority-data'] }, context);
  const { caData, caPem } = readClusternetCa(authority);
  return caData || caPem ? undefined : missKey(authority, caKey, context, 'ca');
}

/** Through the parent's socket proxy, else directly, unless the address is one that exists inside of the cluster only. */
function accessOf(item: WithAuthority, context: Context): Pick<Cluster, 'access' | 'unknown'> {
  const { object } = item;
  const { options, warn } = context;
  const extensions = buildClusterNameExtension(object.metadata.name);
  const proxy = proxyOf(object, context);
  if (proxy !== undefined) return { access: [buildAccessProvider(manager, { server: proxy, extensions }, context)] };
  const server = text(object, 'status', 'apiserverURL');
  const services = text(object, 'status', 'serviceCIDR');
  if (isInside(server, services)) return {};
  if (!services && /^https:\/\/(10|172|192)\.\d+\.\d+\.1(:443)?$/.test(server ?? ''))
    warn(`its server ${server} looks like the Service of its own cluster, which nobody else reaches`);
  const authority = options.readCa ? item.authority : undefined;
  return {
    access: [
      buildAccessProvider(manager, { server, ...(authority && readClusternetCa(authority)), extensions }, context),
    ],
    unknown: [unknownOfCa(authority, context)],
  };
}

/** Facts of a cluster under the name of their field in its API group. */
function readClusternetProperties(
  object: KubernetesObject,
  id: string | undefined,
): Record<string, string | undefined> {
  return {
    [`${clusternetDomain}/cluster-id`]: id,
    [`${clusternetDomain}/cluster-type`]: text(object, 'spec', 'clusterType'),
    [`${clusternetDomain}/sync-mode`]: text(object, 'spec', 'syncMode'),
    [`${clusternetDomain}/platform`]: text(object, 'status', 'platform'),
    [`${clusternetDomain}/agent-version`]: text(object, 'status', 'agentVersion'),
    [`${clusternetDomain}/cluster-cidr`]: text(object, 'status', 'clusterCIDR'),
    [`${clusternetDomain}/service-cidr`]: text(object, 'status', 'serviceCIDR'),
    [`${clusternetDomain}/namespace`]: text(object, 'metadata', 'namespace'),
    [`${clusternetDomain}/taints`]: formatTaints(object, 'spec', 'taints'),
    ...readQuantities(object, `${clusternetDomain}/capacity-`, 'status', 'capacity'),
    ...readQuantities(object, `${clusternetDomain}/allocatable-`, 'status', 'allocatable'),
  };
}

function translate(item: WithAuthority, context: Context): Cluster | undefined {
  const { object } = item;
  if (!isKind(object, clusternetCluster)) {
    readClusternetCa(object);
    return undefined;
  }
  const subject = readSubject(object);
  if (isLeaving(object, context)) return undefined;
  const id = text(object, 'spec', 'clusterId');
  return {
    ...subject,
    memberId: id,
    labels: {
      ...(context.options.copyLabels && filterUserLabels(object, clusternetPrefix)),
      ...(id && { [`${clusternetDomain}/cluster-id`]: id }),
    },
    version: text(object, 'status', 'k8sVersion'),
    properties: readClusternetProperties(object, id),
    observed: toUtcSeconds(text(object, 'status', 'lastObservedTime')),
    conditions: readClusternetConditions(object, context),
    ...accessOf(item, context),
  };
}

function join(objects: unknown[]): WithAuthority[] {
  const all = objects as KubernetesObject[];
  const secrets = filterKind(all, clusternetSecret).map(
    (each) => [peekAt(each, 'metadata', 'namespace'), each] as const,
  );
  const byNamespace = new Map(secrets);
  return all.map((object) => {
    const found = isKind(object, clusternetCluster) && byNamespace.get(peekAt(object, 'metadata', 'namespace'));
    const isReadable = found && filterReadable([found], readClusternetCa).length > 0;
    return { object, authority: isReadable ? found : undefined };
  });
}

async function* list(context: ListContext<typeof flags>): AsyncIterable<unknown> {
  yield* inventory.list(context);
  if (context.options.readCa) yield* context.details(clusternetSecret, 'without --read-ca none is asked for');
}

export default defineImporter<WithAuthority, typeof flags>({
  manager,
  options: flags,
  ...inventory,
  otherKinds: [clusternetSecret],
  accepts: (object) => inventory.accepts(object) || isDeployerSecret(object),
  list,
  join,
  translate,
});
