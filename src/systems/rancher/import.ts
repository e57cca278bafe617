// https://github.com/rancher/rancher/blob/main/pkg/apis/management.cattle.io/v3/cluster_types.go
import { option } from '../../options.ts';
import { domain, keys, type Cluster, type ReportedCondition } from '../../profile/clusterprofile.ts';
import { usageError } from '../../errors.ts';
import { carryCondition, buildDeleting, buildNotReported } from '../../import/kit/conditions.ts';
import { buildAccessProvider, type Endpoint } from '../../profile/endpoint.ts';
import { normaliseServerUrl } from '../../profile/endpoint/server-url.ts';
import type { Warn } from '../../util/notices.ts';
import { peekAt, readSubject, filterUserLabels } from '../../import/kit/facts.ts';
import { flag, isKind, text, type KubernetesObject, readOwn } from '../../object.ts';
import { fromKinds } from '../../import/kit/kinds.ts';
import { defineImporter, type Item, type ImportContext } from '../../import/kit/importer.ts';

/** Without a closing slash. */
function parseHub(given: string): string {
  const url = normaliseServerUrl(given);
  if (!url) throw usageError('--via-hub takes the URL of Rancher');
  return url;
}

const flags = {
  viaHub: option.parsed(
    '--via-hub <url>',
    'reach every cluster through the proxy of the Rancher at this URL',
    parseHub,
    { settable: 'personal' },
  ),
  forceEndpoint: option.flag(
    '--force-endpoint',
    'use status.apiEndpoint of agent-connected clusters: an address inside of each cluster',
  ),
  nameFrom: option.choice('--name-from <field>', 'what a profile is named after: the object, or the display name', [
    'object',
    'display-name',
  ]),
  includeHub: option.flag('--include-hub', 'the cluster that Rancher runs in too (local)'),
};
type Context = ImportContext<typeof flags>;

const manager = 'rancher';

const management = { group: 'management.cattle.io', versions: ['v3'], kind: 'Cluster', plural: 'clusters' };

const provisioning = { group: 'provisioning.cattle.io', versions: ['v1'], kind: 'Cluster', plural: 'clusters' };

const inventory = fromKinds([management, provisioning]);

/** Without `provider.cattle.io` too, a name without a prefix: it is a property. */
function readRancherLabels(object: unknown): Record<string, string> {
  const { 'provider.cattle.io': _, ...labels } = filterUserLabels(object as KubernetesObject, /(^|\.)cattle\.io$/);
  return labels;
}

/** A cluster with its provisioning object, which has the name that people gave. */
interface Provisioned extends Item<KubernetesObject> {
  provisioned: KubernetesObject | undefined;
}

/** One object a cluster: the management object, else a provisioning object that has none in the input. */
function join(objects: unknown[]): Provisioned[] {
  const clusters = objects.filter((object): object is KubernetesObject => isKind(object, management));
  const byName = new Map(clusters.map((object) => [peekAt(object, 'metadata', 'name'), object]));
  const provisioned = new Map<KubernetesObject, KubernetesObject>();
  const alone = objects.filter((object): object is KubernetesObject => {
    if (!isKind(object, provisioning)) return false;
    const cluster = byName.get(peekAt(object, 'status', 'clusterName') ?? '');
    if (cluster) provisioned.set(cluster, object);
    return !cluster;
  });
  return [
    ...clusters.map((object) => ({ object, provisioned: provisioned.get(object) })),
    ...alone.map((object) => ({ object, provisioned: object })),
  ];
}

const isLocalCluster = (object: KubernetesObject): boolean =>
  flag(object, 'spec', 'internal') === true ||
  object.metadata.name === 'local' ||
  text(object, 'status', 'clusterName') === 'local';

const rancherClouds: Record<string, string> = { eks: 'aws', aks: 'azure', gke: 'gcp', alibaba: 'alibaba' };

function readRancherLocation(object: KubernetesObject): Record<string, string | undefined> {
  const zone = text(object, 'spec', 'gkeConfig', 'zone') || undefined;
  const region =
    text(object, 'spec', 'eksConfig', 'region') ||
    text(object, 'spec', 'aksConfig', 'resourceLocation') ||
    text(object, 'spec', 'gkeConfig', 'region');
  return { [keys.regionProperty]: region || zone?.replace(/-[a-z]$/, ''), [keys.zoneProperty]: zone };
}

/**
 * What an agent reports as `apiEndpoint` is the service address inside of its cluster, which Rancher dials through its
 * tunnel: an address for nobody else.
 */
function readRancherEndpoint(object: KubernetesObject, id: string | undefined, { options, warn }: Context): Endpoint {
  const hub = options.viaHub;
  if (hub) return id ? { server: `${hub}/k8s/clusters/${id}` } : {};
  const own = { server: text(object, 'status', 'apiEndpoint'), caData: text(object, 'status', 'caCert') };
  if (readOwn(rancherClouds, text(object, 'status', 'driver')?.toLowerCase() ?? '')) return own;
  const at = ['spec', 'localClusterAuthEndpoint'];
  const authorized = text(object, ...at, 'fqdn');
  if (flag(object, ...at, 'enabled') && authorized)
    return { server: authorized, caPem: text(object, ...at, 'caCerts') };
  if (options.forceEndpoint) return own;
  warn('it is behind the tunnel of Rancher, so it gets no access provider (--via-hub URL gives it the proxy)');
  return {};
}

/** Drivers of clusters that are in no cloud as far as Rancher knows: `ClusterDriver…` of its API. */
const plainDrivers = new Set(['imported', 'k3os', 'k3s', 'local', 'rancherd', 'rancherkubernetesengine', 'rke2']);

/** Says which driver nothing is known of: a hosted one may be of any cloud. */
function reportDriver(object: KubernetesObject, warn: Warn): void {
  const driver = text(object, 'status', 'driver');
  const known = driver?.toLowerCase() ?? '';
  if (driver && !plainDrivers.has(known) && readOwn(rancherClouds, known) === undefined)
    warn(`its driver ${JSON.stringify(driver)} is not known, so nothing says which cloud it is of`);
}

/** Of a management object; one that is just being provisioned has few of these facts. */
const readRancherProperties = (object: KubernetesObject): Record<string, string | undefined> => {
  const distribution = text(object, 'status', 'provider') || text(object, 'metadata', 'labels', 'provider.cattle.io');
  const driver = text(object, 'status', 'driver')?.toLowerCase();
  return {
    [`arch.${domain}`]: text(object, 'status', 'info', 'arch'),
    [`distribution.${domain}`]: distribution,
    [`group.${domain}`]: text(object, 'spec', 'fleetWorkspaceName') ?? text(object, 'status', 'fleetWorkspaceName'),
    [`provider.${domain}`]: readOwn(rancherClouds, distribution ?? '') ?? readOwn(rancherClouds, driver ?? ''),
    ...readRancherLocation(object),
  };
};

const readRancherHealth = (object: KubernetesObject): ReportedCondition =>
  carryCondition(object, 'Ready', 'ControlPlaneHealthy') ?? buildNotReported(object, 'ControlPlaneHealthy');

/** A provisioning object says that the agent is connected; a management object has a condition of its own. */
const readRancherJoined = (object: KubernetesObject): ReportedCondition =>
  buildDeleting(object) ??
  carryCondition(object, 'Provisioned', 'Joined') ??
  (isKind(object, provisioning) ? carryCondition(object, 'Connected', 'Joined') : undefined) ??
  buildNotReported(object, 'Joined');

function translate({ object, provisioned: named }: Provisioned, context: Context): Cluster | undefined {
  const { name, identity } = readSubject(object);
  if (isLocalCluster(object) && !context.options.includeHub)
    return context.leaveOut('Cluster', 'of Rancher itself', '--include-hub');
  reportDriver(object, context.warn);
  const isManagement = isKind(object, management);
  const id = isManagement ? name : text(object, 'status', 'clusterName') || undefined;
  const running =
    text(object, 'status', 'version', 'gitVersion') ?? text(object, 'status', 'info', 'kubernetesVersion');
  const wanted = text(named, 'spec', 'kubernetesVersion');
  const displayName = text(object, 'spec', 'displayName');
  const own = text(named, 'metadata', 'name') ?? name;
  return {
    name: context.options.nameFrom === 'display-name' && displayName ? displayName : own,
    displayName: displayName ?? own,
    // The same with and without its other object.
    identity: id ? `${management.group}/${management.kind}/${id}` : identity,
    namespace: text(named, 'metadata', 'namespace'),
    memberId: id,
    labels: { ...readRancherLabels(named), ...readRancherLabels(object) },
    version: running ?? wanted,
    conditions: [readRancherHealth(object), readRancherJoined(object)],
    properties: {
      ...readRancherProperties(object),
      [keys.versionSourceProperty]: running || !wanted ? undefined : 'desired',
    },
    access: [buildAccessProvider(manager, readRancherEndpoint(object, id, context), context)],
  };
}

export default defineImporter<Provisioned, typeof flags>({
  ...inventory,
  manager,
  options: flags,
  join,
  translate,
});
