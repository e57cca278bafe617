// https://kueue.sigs.k8s.io/docs/reference/kueue.v1beta2/#multikueuecluster
import { execConfig } from '../access-provider.ts';
import { domain, keys, tool, type Cluster, type ClusterProfile, type KubernetesObject } from '../clusterprofile.ts';
import { refusal, usageError } from '../errors.ts';
import { condition } from '../kubernetes/conditions.ts';
import { reach, type Endpoint } from '../kubernetes/endpoint.ts';
import { peek, subjectOf } from '../kubernetes/facts.ts';
import { flag, isKind, maps, text } from '../kubernetes/fields.ts';
import { exported } from '../kubernetes/exported.ts';
import { fromKinds } from '../kubernetes/kinds.ts';
import { assertPublic } from '../kubernetes/provider-file-out.ts';
import { accessChecks, lostByReaders, missingAccess, wrongServer } from '../kubernetes/reader-checks.ts';
import { kubeconfigEndpoint, secretText, secretsByName, withSecretsIn } from '../kubernetes/secrets.ts';
import { system, type ExportContext, type Exporter, type SourceContext } from '../system.ts';

const manager = 'kueue';
const secretNamespace = 'kueue-system';
const versions = ['v1beta2', 'v1beta1'];
const cluster = {
  group: 'kueue.x-k8s.io',
  versions,
  kind: 'MultiKueueCluster',
  plural: 'multikueueclusters',
  clusterScoped: true,
};
const config = {
  group: 'kueue.x-k8s.io',
  versions,
  kind: 'MultiKueueConfig',
  plural: 'multikueueconfigs',
  clusterScoped: true,
};
const inventory = withSecretsIn(secretNamespace, fromKinds([cluster, config]));

interface Worker {
  secret: KubernetesObject | undefined;
  groups: string[];
}

/** What belongs to a cluster besides its object. */
const workers = new WeakMap<object, Worker>();

/** v1beta2 has `clusterSource.kubeConfig`, v1beta1 `kubeConfig`. */
const kubeConfigOf = (object: KubernetesObject, field: string): string | undefined =>
  text(object, 'spec', 'clusterSource', 'kubeConfig', field) ?? text(object, 'spec', 'kubeConfig', field);

/** The names in a MultiKueueConfig. */
const membersOf = (object: KubernetesObject): unknown[] => {
  const clusters = peek(object, 'spec', 'clusters');
  return Array.isArray(clusters) ? clusters : [];
};

function join(objects: unknown[]): KubernetesObject[] {
  const byName = secretsByName(objects);
  const configs = objects.filter((object): object is KubernetesObject => isKind(object, config));
  const clusters = objects.filter((object): object is KubernetesObject => isKind(object, cluster));
  for (const object of clusters) {
    const location =
      peek(object, 'spec', 'clusterSource', 'kubeConfig', 'location') ?? peek(object, 'spec', 'kubeConfig', 'location');
    const groups = configs
      .filter((each) => membersOf(each).includes(object.metadata.name))
      .map(({ metadata }) => metadata.name);
    workers.set(object, { secret: byName.get([secretNamespace, location].join('/')), groups });
  }
  return clusters;
}

/** The kubeconfig in a Secret; one at a path is a file in the controller's Pod, which is nothing to open here. */
function endpointOf(object: KubernetesObject, secret: KubernetesObject | undefined, warnings: string[]): Endpoint {
  if (kubeConfigOf(object, 'locationType') === 'Path' || !secret) return {};
  const content = secretText(secret, 'kubeconfig');
  if (content === undefined) return {};
  return kubeconfigEndpoint(content, `Secret ${secretNamespace}/${secret.metadata.name}[kubeconfig]`, warnings);
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

function translate(object: KubernetesObject, context: SourceContext): Cluster | undefined {
  const reference = text(object, 'spec', 'clusterSource', 'clusterProfileRef', 'name');
  if (reference !== undefined) {
    context.warn(`${object.metadata.name}: already backed by ClusterProfile ${reference}, left out`);
    return undefined;
  }
  const warnings: string[] = [];
  const { secret, groups } = workers.get(object) ?? { secret: undefined, groups: [] };
  return {
    ...subjectOf(object),
    conditions: conditionsOf(object),
    properties: { [`group.${domain}`]: groups.toSorted().join(',') },
    access: [reach(manager, endpointOf(object, secret, warnings), warnings)],
    warnings,
  };
}

/** The most clusters of one MultiKueueConfig. */
const configLimit = 20;

/** The part of the manager's configuration that lets Kueue follow references to ClusterProfiles. */
const managerConfig = ({ providers }: ExportContext): object => ({
  apiVersion: 'config.kueue.x-k8s.io/v1beta2',
  kind: 'Configuration',
  featureGates: { MultiKueueClusterProfile: true },
  multiKueue: {
    clusterProfile: {
      accessProviders: providers.map(({ name, exec }) => ({
        name,
        execConfig: execConfig({ ...exec, installHint: undefined, interactiveMode: undefined }),
      })),
    },
  },
});

/** With `--manager-config` a profile gives no object of its own. */
const noObject = 'configured in the manager';

/** What Kueue makes of the reference: it validates the server, and waits for what is not there yet. */
function assertUsable(profile: ClusterProfile, { providers, warn }: ExportContext): void {
  const missing = missingAccess(profile, providers);
  if (missing !== undefined) warn(`${missing}, and Kueue cannot connect before it is there`, profile);
  const wrong = wrongServer(profile, providers);
  if (wrong !== undefined)
    throw refusal(`${wrong}, and Kueue takes nothing else`, 'write it like https://203.0.113.7:6443');
}

const exporter: Exporter<KubernetesObject | typeof noObject> = {
  exampleFlags: '-n kueue-system',
  kinds: [cluster, config],
  options: [
    {
      flags: '--kueue-namespace <namespace>',
      description: 'where Kueue runs and reads profiles',
      default: secretNamespace,
    },
    { flags: '--config-name <name>', description: 'name of the MultiKueueConfig', default: 'all-profiles' },
    { flags: '--no-config', description: 'MultiKueueClusters only, without a MultiKueueConfig' },
    {
      flags: '--manager-config',
      description: "the part of Kueue's own configuration instead: feature gate and access providers",
    },
    {
      flags: '--kueue-api <version>',
      description: 'v1beta2 (Kueue 0.15 and later)',
      choices: versions,
      default: 'v1beta2',
    },
  ],
  loses: [...lostByReaders, 'additional-args', 'additional-envs'],
  checks: accessChecks,
  translate(profile, context) {
    const { options, warn } = context;
    const version = text(options, 'kueueApi') ?? '';
    if (version === 'v1beta1')
      throw refusal(
        'a MultiKueueCluster of v1beta1 cannot refer to a ClusterProfile (spec.clusterProfileRef has no effect there)',
        '--kueue-api v1beta2, with Kueue 0.15 or later',
      );
    assertUsable(profile, context);
    if (flag(options, 'managerConfig')) return noObject;
    const { name, namespace } = profile.metadata;
    const home = text(options, 'kueueNamespace');
    if (namespace !== home)
      warn(`Kueue reads profiles of its own namespace only, there has to be one in ${home}`, profile);
    return {
      apiVersion: `${cluster.group}/${version}`,
      kind: cluster.kind,
      metadata: exported(profile, name),
      spec: { clusterSource: { clusterProfileRef: { name } } },
    };
  },
  combine(parts, context) {
    const { options } = context;
    if (flag(options, 'managerConfig')) {
      if (context.providers.length === 0) throw usageError('--manager-config needs a --provider-file');
      context.providers.forEach(assertPublic);
      return [managerConfig(context)];
    }
    const clusters = parts.filter((part) => part !== noObject);
    const names = clusters.map(({ metadata }) => metadata.name);
    if (flag(options, 'config') === false) return [...clusters];
    if (names.length > configLimit)
      throw refusal(
        `a MultiKueueConfig takes ${configLimit} clusters, and these are ${names.length}`,
        'choose fewer with filters, once for each --config-name, or write none with --no-config',
      );
    const metadata = { name: text(options, 'configName'), labels: { [keys.managedByLabel]: tool } };
    const [{ apiVersion }] = clusters as [KubernetesObject];
    return [...clusters, { apiVersion, kind: config.kind, metadata, spec: { clusters: names } }];
  },
};

export default system<KubernetesObject>({
  exporter,
  source: {
    ...inventory,
    manager,
    docs: 'https://kueue.sigs.k8s.io/docs/concepts/multikueue/',
    join,
    translate,
    mapping: [
      ['metadata.name', 'metadata.name, spec.displayName'],
      ['spec.clusterSource.clusterProfileRef', '', 'a ClusterProfile already: left out'],
      ['status.conditions[Active]', 'status.conditions[Joined]'],
      [
        'status.conditions[Active]',
        'status.conditions[ControlPlaneHealthy]',
        'only True, or False for a failed connection',
      ],
      ['MultiKueueConfig spec.clusters', `status.properties[group.${domain}]`],
      [
        'Secret kubeconfig, current context',
        'status.accessProviders[kueue].cluster',
        'server, CA and TLS name; never a user',
      ],
    ],
  },
});
