// https://github.com/kubefleet-dev/kubefleet/blob/main/pkg/controllers/clusterinventory/clusterprofile/controller.go
// https://learn.microsoft.com/azure/kubernetes-fleet/concepts-member-cluster-labels
import type { Warn } from '../../util/notices.ts';
import type { ImportContext } from '../../import/kit/importer.ts';
import { option } from '../../options.ts';
import { keys, type AccessProvider, type Cluster } from '../../profile/clusterprofile.ts';
import type { ReportedCondition } from '../../profile/clusterprofile.ts';
import { carried, condition, utcSeconds } from '../../import/kit/conditions.ts';
import { serverUrl } from '../../profile/endpoint.ts';
import {
  clusterNameExtension,
  copyLabels,
  holdsCredential,
  isLeaving,
  publishedCa,
  quantitiesOf,
  subjectOf,
  taintsOf,
  userLabels,
} from '../../import/kit/facts.ts';
import { map, maps, number, text, textMap, type KubernetesObject } from '../../object.ts';
import { heartbeatOption, lostAt } from '../../import/kit/heartbeat.ts';
import { fromKinds } from '../../import/kit/kinds.ts';
import { importer, type Item } from '../../import/kit/importer.ts';
import { version, entryPoint, authority, memberCluster } from './format.ts';

const flags = {
  compat: option.flag('--compat', "exactly what KubeFleet's own controller writes, and nothing more"),
  heartbeatTimeout: heartbeatOption(
    'an agent silent for longer has lost its cluster, judged at --as-of (default: three heartbeat periods, with --compat 60s)',
  ),
  copyLabels,
};

type Context = ImportContext<typeof flags>;

const manager = 'KubeFleet';

const ownPrefix = /(^|\.)(kubernetes-fleet\.io|fleet\.azure\.com)$/;

/** Labels that AKS sets and nobody else may change. */
const azure = 'fleet.azure.com/';

/** KubeFleet trusts a condition only when it is about the current spec (`IsConditionStatusTrue`). */
function holds(object: KubernetesObject, type: string): boolean {
  const found = maps(object, 'status', 'conditions').find((each) => each['type'] === type);
  const observed = number(found, 'observedGeneration') ?? 0;
  return text(found, 'status') === 'True' && observed === (number(object, 'metadata', 'generation') ?? 0);
}

/** KubeFleet's own limit is one heartbeat period by default, which a reader at any moment would often see passed. */
const timeoutOf = (object: KubernetesObject, context: Context): number =>
  context.options.heartbeatTimeout ??
  (context.options.compat ? 60_000 : Math.max(60, 3 * (number(object, 'spec', 'heartbeatPeriodSeconds') ?? 60)) * 1000);

/** `syncClusterProfileCondition`: the first match wins, reasons and messages are KubeFleet's. */
function health(object: KubernetesObject, context: Context): ReportedCondition {
  const agent = maps(object, 'status', 'agentStatus').find((each) => each['type'] === 'MemberAgent');
  const reported = maps(agent, 'conditions').find((each) => each['type'] === 'Healthy');
  const created =
    text(object, 'metadata', 'creationTimestamp') ?? carried(object, 'Joined', 'Joined')?.lastTransitionTime;
  const since = text(reported, 'lastTransitionTime') ?? created;
  const say = (status: string, reason: string, message: string, time = since): ReportedCondition =>
    condition('ControlPlaneHealthy', status, reason, { message: `The Fleet member agent ${message}`, time });
  if (!agent) return say('Unknown', 'MemberAgentReportedNoStatus', 'has not reported its status yet');
  if (!reported)
    return say(
      'Unknown',
      'MemberAgentReportedNoHealthInfo',
      'has reported its status, but the health condition is missing',
    );
  const heartbeat = utcSeconds(text(agent, 'lastReceivedHeartbeat'));
  const lost = lostAt(heartbeat, timeoutOf(object, context), context.asOf);
  if (!heartbeat || lost)
    return say('False', 'MemberAgentHeartbeatLost', 'has lost its heartbeat connection to the Fleet hub cluster', lost);
  const status = text(reported, 'status');
  if (status === 'Unknown')
    return say('Unknown', 'MemberAgentReportedNoHealthInfo', 'health check result is out of date or unknown');
  return status === 'False'
    ? say('False', 'MemberClusterAPIServerUnhealthy', 'reports that the API server is unhealthy')
    : say('True', 'MemberClusterAPIServerHealthy', 'reports that the API server is healthy');
}

/** The property holds PEM text by what KubeFleet writes, and base64 by what its documentation says. */
function caOf(content: string, compat: boolean, warn: Warn): string | undefined {
  const decoded = Buffer.from(content, 'base64').toString('utf8');
  const encoded = decoded.startsWith('-----BEGIN');
  const bytes = Buffer.from(encoded ? decoded : content);
  const ca = publishedCa(bytes, warn);
  if (!compat || !encoded || ca !== bytes.toString('base64')) return ca;
  warn('its CA is base64 already, which KubeFleet encodes once more');
  return Buffer.from(content).toString('base64');
}

/** Both the entry point and the CA, or nothing (kubefleet #849): one without the other would make clients dial localhost. */
function access(object: KubernetesObject, compat: boolean, warn: Warn): AccessProvider | undefined {
  const server = text(object, 'status', 'properties', entryPoint, 'value');
  const content = text(object, 'status', 'properties', authority, 'value');
  if (!server || !content) return undefined;
  // KubeFleet's own spelling, where it has no room for a user, a query or a fragment.
  const cleaned = serverUrl(server, warn);
  const url = compat && cleaned && !/[@?#\s]/.test(server) ? server : cleaned;
  const ca = caOf(content, compat, warn);
  if (!url || !ca) return undefined;
  const extensions = compat ? {} : { extensions: clusterNameExtension(object.metadata.name) };
  return { name: manager, cluster: { server: url, 'certificate-authority-data': ca, ...extensions } };
}

/** Properties that agents and providers report, each with the time it was observed. */
function properties(object: KubernetesObject, warn: Warn): Pick<Cluster, 'properties' | 'observed'> {
  const facts: Record<string, string | undefined> = {};
  const observed: Record<string, string | undefined> = {};
  const add = (name: string, content: string | undefined, time: string | undefined): void => {
    facts[name] = content;
    observed[name] = utcSeconds(time);
  };
  for (const name of Object.keys(map(object, 'status', 'properties'))) {
    const content = text(object, 'status', 'properties', name, 'value') ?? '';
    if (name === authority || name === entryPoint) continue;
    if (holdsCredential(content)) warn(`property ${name} looks like a credential, left out`);
    else add(name, content, text(object, 'status', 'properties', name, 'observationTime'));
  }
  const measured = text(object, 'status', 'resourceUsage', 'observationTime');
  for (const [field, word] of [
    ['capacity', 'total'],
    ['allocatable', 'allocatable'],
  ] as const) {
    const { cpu, memory } = quantitiesOf(object, '', 'status', 'resourceUsage', field);
    add(`resources.kubernetes-fleet.io/${word}-cpu`, cpu, measured);
    add(`resources.kubernetes-fleet.io/${word}-memory`, memory, measured);
  }
  const labels = Object.entries(textMap(object, 'metadata', 'labels')).filter(([key]) => key.startsWith(azure));
  facts[`${memberCluster.group}/taints`] = taintsOf(object, 'spec', 'taints');
  facts[keys.locationProperty] = Object.fromEntries(labels)[`${azure}location`];
  return { properties: { ...Object.fromEntries(labels), ...facts }, observed };
}

/** Exactly what KubeFleet's own controller writes, and nothing for a member whose join is not of the current spec. */
function own(object: KubernetesObject, context: Context): Cluster | undefined {
  if (!holds(object, 'Joined'))
    return context.leaveOut('MemberCluster', 'without a current Joined condition', '--compat');
  const collected = holds(object, 'ClusterPropertyCollectionSucceeded');
  return {
    ...subjectOf(object),
    version: collected ? text(object, 'status', 'properties', version, 'value') : undefined,
    conditions: [health(object, context)],
    access: [collected ? access(object, true, context.warn) : undefined],
    compat: true,
  };
}

function translate({ object }: Item<KubernetesObject>, context: Context): Cluster | undefined {
  const subject = subjectOf(object);
  if (isLeaving(object, context)) return undefined;
  if (context.options.compat) return own(object, context);
  const joined = carried(object, 'Joined', 'Joined');
  return {
    ...subject,
    version: text(object, 'status', 'properties', version, 'value'),
    labels: context.options.copyLabels ? userLabels(object, ownPrefix) : undefined,
    ...properties(object, context.warn),
    conditions: [health(object, context), joined],
    access: [joined?.status === 'True' ? access(object, false, context.warn) : undefined],
  };
}

export default importer<Item<KubernetesObject>, typeof flags>({
  manager,
  namespace: 'fleet-system',
  options: flags,
  ...fromKinds([memberCluster]),
  translate,
});
