// https://fleet.rancher.io/cluster-registration
import {
  domain,
  nameOf,
  type Cluster,
  type ClusterProfile,
  type KubernetesObject,
  type ReportedCondition,
} from '../clusterprofile.ts';
import { refusal } from '../errors.ts';
import { carried, condition, deletingCondition, notReported, utcSeconds } from '../kubernetes/conditions.ts';
import { reach, type Endpoint } from '../kubernetes/endpoint.ts';
import { authorityOf, exported, labelledLosses, limitedName } from '../kubernetes/exported.ts';
import { peek, subjectOf, userLabels } from '../kubernetes/facts.ts';
import { isKind, text } from '../kubernetes/fields.ts';
import { heartbeatOption, heartbeatTimeout, lostAt } from '../kubernetes/heartbeat.ts';
import { fromKinds } from '../kubernetes/kinds.ts';
import { memberKubeconfig } from '../kubernetes/remote-secret.ts';
import {
  isSecret,
  kubeconfigEndpoint,
  readSecretsOption,
  secretKind,
  secretsByName,
  secretText,
  withSecrets,
} from '../kubernetes/secrets.ts';
import { system, type Exporter, type ExportContext, type SourceContext } from '../system.ts';

const manager = 'fleet';
const fleetCluster = { group: 'fleet.cattle.io', versions: ['v1alpha1'], kind: 'Cluster', plural: 'clusters' };
const inventory = fromKinds([fleetCluster]);

/** The kubeconfig Secret of a cluster. */
const secrets = new WeakMap<object, KubernetesObject>();

const secretNamespace = (object: unknown): unknown =>
  peek(object, 'spec', 'kubeConfigSecretNamespace') ?? peek(object, 'metadata', 'namespace');

/** The Secrets have no mark of their own: clusters refer to them, and the kubeconfig is under `value`. */
const isCandidate = (object: unknown): object is KubernetesObject =>
  isSecret(object) && ['data', 'stringData'].some((field) => peek(object, field, 'value') !== undefined);

function join(objects: unknown[], context: SourceContext): KubernetesObject[] {
  heartbeatTimeout(context); // A wrong duration is one usage error, not one of every object.
  const byName = secretsByName(objects.filter(isCandidate));
  const clusters = objects.filter((object): object is KubernetesObject => isKind(object, fleetCluster));
  for (const object of clusters) {
    const secret = byName.get([secretNamespace(object), peek(object, 'spec', 'kubeConfigSecret')].join('/'));
    if (secret) secrets.set(object, secret);
  }
  return clusters;
}

function joined(object: KubernetesObject): ReportedCondition {
  const time = text(object, 'metadata', 'creationTimestamp');
  const imported = carried(object, 'Imported', 'Joined');
  const seen = text(object, 'status', 'agent', 'lastSeen');
  const deleting = deletingCondition(object);
  if (deleting) return deleting;
  if (!seen && text(object, 'status', 'display', 'state') === 'WaitCheckIn')
    return condition('Joined', 'False', 'WaitCheckIn', { message: 'its agent has never checked in', time });
  if (imported?.status !== 'True' && seen) return condition('Joined', 'True', 'AgentCheckedIn', { time });
  return imported ?? notReported(object, 'Joined');
}

/**
 * `Ready` and `Processed` say how bundles are, not how the control plane is: the condition is left out, unless the agent
 * is silent for longer than `--heartbeat-timeout`.
 */
function healthy(object: KubernetesObject, context: SourceContext): ReportedCondition | undefined {
  const timeout = heartbeatTimeout(context);
  const lost =
    timeout === undefined ? undefined : lostAt(text(object, 'status', 'agent', 'lastSeen'), timeout, context.asOf);
  if (!lost) return undefined;
  return condition('ControlPlaneHealthy', 'Unknown', 'AgentNotSeen', { time: lost });
}

/** `status.apiServerURL` and `apiServerCA` are those of the hub, for the agent: they are not read. */
function endpointOf(object: KubernetesObject, warnings: string[]): Endpoint {
  const secret = secrets.get(object);
  const content = secret && secretText(secret, 'value');
  if (!secret || content === undefined) return {};
  const { namespace = '', name } = secret.metadata;
  return kubeconfigEndpoint(content, `Secret ${namespace}/${name}[value]`, warnings);
}

function translate(object: KubernetesObject, context: SourceContext): Cluster | undefined {
  const warnings: string[] = [];
  const subject = subjectOf(object);
  const namespace = text(object, 'metadata', 'namespace');
  if (subject.name === 'local' && namespace === 'fleet-local' && !context.options['includeHub']) return undefined;
  const label = (key: string): string | undefined => text(object, 'metadata', 'labels', `management.cattle.io/${key}`);
  return {
    ...subject,
    namespace,
    displayName: label('cluster-display-name') || undefined,
    // The same id that `import rancher` gives.
    memberId: label('cluster-name'),
    labels: userLabels(object, /(^|\.)cattle\.io$/),
    conditions: [healthy(object, context), joined(object)],
    properties: { [`group.${domain}`]: namespace },
    observed: utcSeconds(text(object, 'status', 'agent', 'lastSeen')),
    access: [reach(manager, endpointOf(object, warnings), warnings)],
    warnings,
  };
}

interface Exported extends KubernetesObject {
  spec?: object;
  stringData?: Record<string, string>;
}

/** Fleet's manager logs in with a kubeconfig of a Secret, and has no plugins: there is no form without a credential. */
function toFleet(profile: ClusterProfile, context: ExportContext): Exported[] {
  if (text(context.options, 'credentials') !== 'embed')
    throw refusal(
      'Fleet needs a kubeconfig with a credential in it, and its image has no credential plugins',
      '--credentials embed writes a token into the Secret; without one, let the agent of the cluster register itself',
    );
  const { cluster } = context.access(profile);
  const { name, labels = {} } = profile.metadata;
  const secret = limitedName(`${name}-kubeconfig`, nameOf(profile));
  const namespace = text(context.options, 'fleetNamespace');
  const authority = authorityOf(cluster, {});
  return [
    {
      apiVersion: `${fleetCluster.group}/${fleetCluster.versions[0]}`,
      kind: fleetCluster.kind,
      metadata: exported(profile, name, { namespace, labels }),
      spec: { kubeConfigSecret: secret },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: exported(profile, secret, { namespace }),
      stringData: {
        value: memberKubeconfig(profile, context, true),
        apiServerURL: cluster.server,
        ...(authority && { apiServerCA: authority }),
      },
    },
  ];
}

const exporter: Exporter<Exported> = {
  exampleFlags: '--credentials embed --provider-file providers.json',
  options: [
    { flags: '--fleet-namespace <namespace>', description: 'the workspace of the clusters', default: 'fleet-default' },
    {
      flags: '--credentials <how>',
      description: 'embed: write a bearer token into the Secret (default: refuse)',
      choices: ['embed'],
    },
  ],
  kinds: [fleetCluster, secretKind()],
  namespaceOption: 'fleetNamespace',
  loses: [...labelledLosses, 'exec extension'],
  translate: toFleet,
};

export default system<KubernetesObject>({
  exporter,
  source: {
    ...inventory,
    manager,
    docs: 'https://fleet.rancher.io/cluster-registration',
    options: [
      readSecretsOption,
      heartbeatOption('ControlPlaneHealthy is Unknown when the agent was last seen longer ago than this'),
      { flags: '--include-hub', description: 'the cluster that Fleet runs in too (fleet-local/local)' },
    ],
    accepts: (object) => inventory.accepts(object) || isCandidate(object),
    list: (context) => withSecrets(inventory.list(context), context, { namespaceOf: secretNamespace }),
    join,
    translate,
    mapping: [
      ['metadata.namespace, name', 'metadata.namespace, name', '--namespace goes first'],
      ['label management.cattle.io/cluster-display-name', 'spec.displayName', 'else the name'],
      ['label management.cattle.io/cluster-name', 'metadata.labels[multicluster.x-k8s.io/inventory-member-id]'],
      ['metadata.labels', 'metadata.labels', 'without Kubernetes and cattle.io keys'],
      [
        'status.conditions[Imported], agent.lastSeen, display.state',
        'status.conditions[Joined]',
        'False/WaitCheckIn before the agent was there',
      ],
      [
        'status.agent.lastSeen',
        'status.conditions[ControlPlaneHealthy]',
        'only Unknown, with --heartbeat-timeout: Ready is about bundles',
      ],
      ['status.agent.lastSeen', 'status.properties[].lastObservedTime'],
      ['metadata.namespace', `status.properties[group.${domain}]`, 'the workspace'],
      [
        'Secret spec.kubeConfigSecret value',
        'status.accessProviders[fleet].cluster',
        "never its user; status.apiServerURL is the hub's and is not read",
      ],
    ],
  },
});
