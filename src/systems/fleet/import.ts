// https://fleet.rancher.io/cluster-registration
import { option } from '../../options.ts';
import { domain, type Cluster, type ReportedCondition } from '../../profile/clusterprofile.ts';
import {
  carryCondition,
  buildCondition,
  buildDeleting,
  buildNotReported,
  toUtcSeconds,
} from '../../import/kit/conditions.ts';
import { buildAccessProvider, type Endpoint } from '../../profile/endpoint.ts';
import { peekAt, readSubject, filterUserLabels } from '../../import/kit/facts.ts';
import { isKind, text, type KubernetesObject } from '../../object.ts';
import { heartbeatOption, findLostTime } from '../../import/kit/heartbeat.ts';
import { fromKinds } from '../../import/kit/kinds.ts';
import {
  isSecret,
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
  peekAt(object, 'spec', 'kubeConfigSecretNamespace') ?? peekAt(object, 'metadata', 'namespace');

/** The Secrets have no mark of their own: clusters refer to them, and the kubeconfig is under `value`. */
const isCandidate = (object: unknown): object is KubernetesObject =>
  isSecret(object) && ['data', 'stringData'].some((field) => peekAt(object, field, 'value') !== undefined);

function join(objects: unknown[]): WithSecret[] {
  const known = objects.filter((object) => isKind(object, fleetCluster) || isCandidate(object));
  return pairSecrets(known, fleetCluster, (object) =>
    [readFleetSecretNamespace(object), peekAt(object, 'spec', 'kubeConfigSecret')].join('/'),
  );
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
  const content = secret && readSecretText(secret, 'value');
  if (!secret || content === undefined) return {};
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
    unknown: [
      secret || !text(object, 'spec', 'kubeConfigSecret')
        ? undefined
        : unknownOfSecret(readFleetSecretNamespace(object), 'all', context),
    ],
  };
}

export default defineImporter<WithSecret, typeof flags>({
  ...inventory,
  manager,
  options: flags,
  otherKinds: [defineSecretKind()],
  accepts: (object) => inventory.accepts(object) || isCandidate(object),
  list: (context) => withSecrets(inventory.list(context), context, { namespaceOf: readFleetSecretNamespace }),
  join,
  translate,
});
