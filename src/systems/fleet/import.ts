// https://fleet.rancher.io/cluster-registration
import { option } from '../../options.ts';
import { domain, type Cluster, type ReportedCondition, type UnknownFacts } from '../../profile/clusterprofile.ts';
import {
  carryCondition,
  buildCondition,
  buildDeleting,
  buildNotReported,
  toUtcSeconds,
} from '../../import/kit/conditions.ts';
import { buildAccessProvider, type Endpoint } from '../../profile/endpoint.ts';
import { peekAt, readSubject, filterUserLabels } from '../../import/kit/facts.ts';
import { text, type KubernetesObject } from '../../object.ts';
import { heartbeatOption, findLostTime } from '../../import/kit/heartbeat.ts';
import { fromKinds } from '../../import/kit/kinds.ts';
import {
  isSecret,
  missKey,
  readKubeconfigEndpoint,
  readSecretsOption,
  pairSecrets,
  type WithSecret,
  readSecretText,
  unknownOfSecret,
  withSecrets,
  defineSecretKind,
} from '../../import/kit/secrets.ts';
import { defineImporter, type ImportContext } from '../../import/kit/importer.ts';
import { fleetCluster } from './kinds.ts';

const flags = {
  readSecrets: readSecretsOption,
  heartbeatTimeout: heartbeatOption('ControlPlaneHealthy is Unknown when the agent was last seen longer ago than this'),
  includeHub: option.flag('--include-hub', 'the cluster that Fleet runs in too (fleet-local/local)'),
};
type Context = ImportContext<typeof flags>;

const manager = 'fleet';

const inventory = fromKinds([fleetCluster]);

const readFleetSecretNamespace = (object: unknown): unknown =>
  peekAt(object, 'spec', 'kubeConfigSecretNamespace') || peekAt(object, 'metadata', 'namespace');

const kubeconfigKey = 'value';

const join = (objects: unknown[]): WithSecret[] =>
  pairSecrets(objects, fleetCluster, (object) =>
    [readFleetSecretNamespace(object), peekAt(object, 'spec', 'kubeConfigSecret')].join('/'),
  );

/** What the Secret of its kubeconfig would tell, where that was not read. */
function unknownOfKubeconfig({ object, secret }: WithSecret, context: Context): UnknownFacts | undefined {
  if (!text(object, 'spec', 'kubeConfigSecret')) return undefined;
  if (!secret) return unknownOfSecret(readFleetSecretNamespace(object), 'all', context);
  return readSecretText(secret, kubeconfigKey) ? undefined : missKey(secret, kubeconfigKey, context);
}

function readFleetJoined(object: KubernetesObject): ReportedCondition {
  const time = text(object, 'metadata', 'creationTimestamp');
  const imported = carryCondition(object, 'Imported', 'Joined');
  const seen = text(object, 'status', 'agent', 'lastSeen');
  const deleting = buildDeleting(object);
  if (deleting) return deleting;
  if (!seen && text(object, 'status', 'display', 'state') === 'WaitCheckIn')
    return buildCondition('Joined', 'False', 'WaitCheckIn', { message: 'its agent has never checked in', time });
  if (imported?.status !== 'True' && seen) return buildCondition('Joined', 'True', 'AgentCheckedIn', { time });
  return imported ?? buildNotReported(object, 'Joined');
}

/**
 * `Ready` and `Processed` say how bundles are, not how the control plane is: the condition is left out, unless the agent
 * is silent for longer than `--heartbeat-timeout`.
 */
function readFleetHealth(object: KubernetesObject, context: Context): ReportedCondition | undefined {
  const timeout = context.options.heartbeatTimeout;
  const lost =
    timeout === undefined
      ? undefined
      : findLostTime(text(object, 'status', 'agent', 'lastSeen'), timeout, context.asOf);
  if (!lost) return undefined;
  return buildCondition('ControlPlaneHealthy', 'Unknown', 'AgentNotSeen', { time: lost });
}

/** `status.apiServerURL` and `apiServerCA` are those of the hub, for the agent: they are not read. */
function readFleetEndpoint(secret: KubernetesObject | undefined, context: Context): Endpoint {
  const content = secret && readSecretText(secret, kubeconfigKey);
  if (!secret || !content) return {};
  const { namespace = '', name } = secret.metadata;
  return readKubeconfigEndpoint(content, `Secret ${namespace}/${name}[value]`, context);
}

function translate({ object, secret }: WithSecret, context: Context): Cluster | undefined {
  const subject = readSubject(object);
  const namespace = text(object, 'metadata', 'namespace');
  if (subject.name === 'local' && namespace === 'fleet-local' && !context.options.includeHub)
    return context.leaveOut('Cluster', 'of Fleet itself', '--include-hub');
  const label = (key: string): string | undefined => text(object, 'metadata', 'labels', `management.cattle.io/${key}`);
  return {
    ...subject,
    namespace,
    displayName: label('cluster-display-name') || undefined,
    // The same id that `import rancher` gives.
    memberId: label('cluster-name'),
    labels: filterUserLabels(object, /(^|\.)cattle\.io$/),
    conditions: [readFleetHealth(object, context), readFleetJoined(object)],
    properties: { [`group.${domain}`]: namespace },
    observed: toUtcSeconds(text(object, 'status', 'agent', 'lastSeen')),
    access: [buildAccessProvider(manager, readFleetEndpoint(secret, context), context)],
    unknown: [unknownOfKubeconfig({ object, secret }, context)],
  };
}

export default defineImporter<WithSecret, typeof flags>({
  ...inventory,
  manager,
  options: flags,
  otherKinds: [defineSecretKind()],
  // The Secrets have no mark of their own: clusters refer to them.
  accepts: (object) => inventory.accepts(object) || isSecret(object),
  list: (context) =>
    withSecrets(inventory.list(context), context, { namespacesOf: (object) => [readFleetSecretNamespace(object)] }),
  join,
  translate,
});
