// https://github.com/kubefleet-dev/kubefleet/blob/main/pkg/controllers/clusterinventory/clusterprofile/controller.go
// https://learn.microsoft.com/azure/kubernetes-fleet/concepts-member-cluster-labels
import type { Listener } from '../../util/notices.ts';
import { option } from '../../options.ts';
import { keys, type Cluster } from '../../profile/clusterprofile.ts';
import type { ReportedCondition, ReportedProvider } from '../../profile/clusterprofile.ts';
import { carryCondition, buildCondition, toUtcSeconds } from '../../import/kit/conditions.ts';
import { buildAccessProvider } from '../../profile/endpoint.ts';
import { normaliseServerUrl } from '../../profile/endpoint/server-url.ts';
import {
  buildClusterNameExtension,
  copyLabels,
  isLeaving,
  checkPublishedCa,
  readQuantities,
  readSubject,
  formatTaints,
  filterUserLabels,
} from '../../import/kit/facts.ts';
import { map, number, readMatch, text, textMap, type KubernetesObject } from '../../object.ts';
import { heartbeatOption, findLostTime } from '../../import/kit/heartbeat.ts';
import { fromKinds } from '../../import/kit/kinds.ts';
import { defineImporter, type Item, type ImportContext } from '../../import/kit/importer.ts';
import { kubefleetVersion, entryPoint, kubefleetAuthority, memberCluster } from './kinds.ts';

const flags = {
  compat: option.flag('--compat', "exactly what KubeFleet's own controller writes, and nothing more"),
  heartbeatTimeout: heartbeatOption(
    'an agent silent for longer has lost its cluster, judged at --as-of (default: three heartbeat periods, with --compat 60s)',
  ),
  copyLabels,
};
type Context = ImportContext<typeof flags>;

const manager = 'KubeFleet';

const kubefleetPrefix = /(^|\.)(kubernetes-fleet\.io|fleet\.azure\.com)$/;

/** Labels that AKS sets and nobody else may change. */
const azureProvider = 'fleet.azure.com/';

/** KubeFleet trusts a condition only when it is about the current spec (`IsConditionStatusTrue`). */
function isConditionTrue(object: KubernetesObject, type: string): boolean {
  const generation = number(object, 'metadata', 'generation') ?? 0;
  const isTrue = readMatch(
    object,
    ['status', 'conditions'],
    ['type', type],
    (found) => text(found, 'status') === 'True' && (number(found, 'observedGeneration') ?? 0) === generation,
  );
  return isTrue ?? false;
}

/** KubeFleet's own limit is one heartbeat period by default, which a reader at any moment would often see passed. */
const chooseTimeout = (object: KubernetesObject, context: Context): number =>
  context.options.heartbeatTimeout ??
  (context.options.compat ? 60_000 : Math.max(60, 3 * (number(object, 'spec', 'heartbeatPeriodSeconds') ?? 60)) * 1000);

/** What the member's own agent reports. */
interface AgentReport {
  heartbeat: string | undefined;
  /** Its condition `Healthy`. */
  healthy: { status: string | undefined; since: string | undefined } | undefined;
}

const readAgent = (object: KubernetesObject): AgentReport | undefined =>
  readMatch(object, ['status', 'agentStatus'], ['type', 'MemberAgent'], (agent) => ({
    heartbeat: toUtcSeconds(text(agent, 'lastReceivedHeartbeat')),
    healthy: readMatch(agent, ['conditions'], ['type', 'Healthy'], (found) => ({
      status: text(found, 'status'),
      since: text(found, 'lastTransitionTime'),
    })),
  }));

/** `syncClusterProfileCondition`: the first match wins, reasons and messages are KubeFleet's. */
function readKubefleetHealth(object: KubernetesObject, context: Context): ReportedCondition {
  const agent = readAgent(object);
  const reported = agent?.healthy;
  const created =
    text(object, 'metadata', 'creationTimestamp') ?? carryCondition(object, 'Joined', 'Joined')?.lastTransitionTime;
  const since = reported?.since ?? created;
  const say = (status: string, reason: string, message: string, time = since): ReportedCondition =>
    buildCondition('ControlPlaneHealthy', status, reason, { message: `The Fleet member agent ${message}`, time });
  if (!agent) return say('Unknown', 'MemberAgentReportedNoStatus', 'has not reported its status yet');
  if (!reported)
    return say(
      'Unknown',
      'MemberAgentReportedNoHealthInfo',
      'has reported its status, but the health condition is missing',
    );
  const { heartbeat } = agent;
  const lost = findLostTime(heartbeat, chooseTimeout(object, context), context.asOf);
  if (!heartbeat || lost)
    return say('False', 'MemberAgentHeartbeatLost', 'has lost its heartbeat connection to the Fleet hub cluster', lost);
  const { status } = reported;
  if (status === 'Unknown')
    return say('Unknown', 'MemberAgentReportedNoHealthInfo', 'health check result is out of date or unknown');
  return status === 'False'
    ? say('False', 'MemberClusterAPIServerUnhealthy', 'reports that the API server is unhealthy')
    : say('True', 'MemberClusterAPIServerHealthy', 'reports that the API server is healthy');
}

/** The property holds PEM text by what KubeFleet writes, and base64 by what its documentation says. */
function readKubefleetCa(content: string): { pem: string; encoded: boolean } {
  const decoded = Buffer.from(content, 'base64').toString('utf8');
  const encoded = decoded.startsWith('-----BEGIN');
  return { pem: encoded ? decoded : content, encoded };
}

/** What KubeFleet makes of that property. */
function buildOwnCa(content: string, listener: Listener): string | undefined {
  const { pem, encoded } = readKubefleetCa(content);
  const bytes = Buffer.from(pem);
  const ca = checkPublishedCa(bytes, listener);
  if (!encoded || ca !== bytes.toString('base64')) return ca;
  listener.warn('its CA is base64 already, which KubeFleet encodes once more');
  return Buffer.from(content).toString('base64');
}

/** KubeFleet's own spelling of the server, where it has no room for a user, a query or a fragment. */
function buildOwnAccess(server: string, content: string, listener: Listener): ReportedProvider {
  const cleaned = normaliseServerUrl(server, listener);
  const url = cleaned && !/[@?#\s]/.test(server) ? server : cleaned;
  const ca = buildOwnCa(content, listener);
  if (!url) return { name: manager, unread: ['server'] };
  return ca
    ? { name: manager, cluster: { server: url, 'certificate-authority-data': ca } }
    : { name: manager, cluster: { server: url }, unread: ['certificate-authority-data'] };
}

/** Both the entry point and the CA, or nothing (kubefleet #849): one without the other would make clients dial localhost. */
function buildKubefleetAccess(
  object: KubernetesObject,
  compat: boolean,
  listener: Listener,
): ReportedProvider | undefined {
  const server = text(object, 'status', 'properties', entryPoint, 'value');
  const content = text(object, 'status', 'properties', kubefleetAuthority, 'value');
  if (!server || !content) return undefined;
  if (compat) return buildOwnAccess(server, content, listener);
  const extensions = buildClusterNameExtension(object.metadata.name);
  return buildAccessProvider(manager, { server, caPem: readKubefleetCa(content).pem, extensions }, listener);
}

/** Properties that agents and providers report, each with the time it was observed. */
function readKubefleetProperties(object: KubernetesObject): Pick<Cluster, 'properties' | 'observed'> {
  const facts: Record<string, string | undefined> = {};
  const observed: Record<string, string | undefined> = {};
  const add = (name: string, content: string | undefined, time: string | undefined): void => {
    facts[name] = content;
    observed[name] = toUtcSeconds(time);
  };
  for (const name of Object.keys(map(object, 'status', 'properties'))) {
    const content = text(object, 'status', 'properties', name, 'value') ?? '';
    if (name === kubefleetAuthority || name === entryPoint) continue;
    add(name, content, text(object, 'status', 'properties', name, 'observationTime'));
  }
  const measured = text(object, 'status', 'resourceUsage', 'observationTime');
  for (const [field, word] of [
    ['capacity', 'total'],
    ['allocatable', 'allocatable'],
  ] as const) {
    const { cpu, memory } = readQuantities(object, '', 'status', 'resourceUsage', field);
    add(`resources.kubernetes-fleet.io/${word}-cpu`, cpu, measured);
    add(`resources.kubernetes-fleet.io/${word}-memory`, memory, measured);
  }
  const labels = Object.entries(textMap(object, 'metadata', 'labels')).filter(([key]) => key.startsWith(azureProvider));
  facts[`${memberCluster.group}/taints`] = formatTaints(object, 'spec', 'taints');
  facts[keys.locationProperty] = Object.fromEntries(labels)[`${azureProvider}location`];
  return { properties: { ...Object.fromEntries(labels), ...facts }, observed };
}

/** Exactly what KubeFleet's own controller writes, and nothing for a member whose join is not of the current spec. */
function readOwnProfile(object: KubernetesObject, context: Context): Cluster | undefined {
  if (!isConditionTrue(object, 'Joined'))
    return context.leaveOut('MemberCluster', 'without a current Joined condition', '--compat');
  const collected = isConditionTrue(object, 'ClusterPropertyCollectionSucceeded');
  return {
    ...readSubject(object),
    version: collected ? text(object, 'status', 'properties', kubefleetVersion, 'value') : undefined,
    conditions: [readKubefleetHealth(object, context)],
    access: [collected ? buildKubefleetAccess(object, true, context) : undefined],
    compat: true,
  };
}

function translate({ object }: Item<KubernetesObject>, context: Context): Cluster | undefined {
  const subject = readSubject(object);
  if (isLeaving(object, context)) return undefined;
  if (context.options.compat) return readOwnProfile(object, context);
  const joined = carryCondition(object, 'Joined', 'Joined');
  return {
    ...subject,
    version: text(object, 'status', 'properties', kubefleetVersion, 'value'),
    labels: context.options.copyLabels ? filterUserLabels(object, kubefleetPrefix) : undefined,
    ...readKubefleetProperties(object),
    conditions: [readKubefleetHealth(object, context), joined],
    access: [joined?.status === 'True' ? buildKubefleetAccess(object, false, context) : undefined],
  };
}

export default defineImporter<Item<KubernetesObject>, typeof flags>({
  manager,
  namespace: 'fleet-system',
  options: flags,
  ...fromKinds([memberCluster]),
  translate,
});
