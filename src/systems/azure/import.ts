// FleetMember: https://learn.microsoft.com/rest/api/fleet/fleet-members/list-by-fleet
// ManagedCluster: https://learn.microsoft.com/rest/api/aks/managed-clusters/list
import type { Warn } from '../../util/notices.ts';
import { option } from '../../options.ts';
import type { AccessProvider, Cluster, Extension, ReportedCondition } from '../../profile/clusterprofile.ts';
import { clusterSetOf, domain, keys } from '../../profile/clusterprofile.ts';
import {
  detectClusterKind,
  joinAzureMembers,
  clustersPart,
  parseResourceId,
  isAzureResponse,
  readArmProperties,
  type ArmObject,
  type AzureMember,
} from './members.ts';
import { usageError } from '../../errors.ts';
import { buildCondition } from '../../import/kit/conditions.ts';
import { respell } from '../../import/kit/facts.ts';
import { buildAccessProvider } from '../../profile/endpoint.ts';
import { chooseServer, joinHostPort } from '../../profile/endpoint/server-url.ts';
import { addLeadingV } from '../../profile/kubernetes-version.ts';
import { flag, map, text, textMap } from '../../object.ts';
import {
  defineImporter,
  missFact,
  type ListContext,
  type ImportContext,
  unknownOf,
} from '../../import/kit/importer.ts';

const flags = {
  subscription: option.texts(
    '--subscription <id>',
    'subscription of the fleets, repeatable (default: AZURE_SUBSCRIPTION_ID)',
  ),
  resourceGroup: option.text('--resource-group <name>', 'fleets of one resource group only'),
  fleet: option.texts('--fleet <name>', 'fleet, repeatable (default: all)'),
  enrich: option.flag(
    '--no-enrich',
    'do not read AKS and Arc clusters (version, health, server, region, tags): what the inventory has of that stays',
  ),
  accessProvider: option.texts(
    '--access-provider <name>',
    'name of the access provider, repeatable (default: kubelogin)',
  ),
  readyOnly: option.flag('--ready-only', 'leave out members that are not (or no longer) joined', { filters: true }),
  skipMissing: option.flag('--skip-missing', 'leave out members whose cluster is gone', { filters: true }),
  endpoint: option.text(
    '--endpoint <url>',
    `Azure Resource Manager of another cloud (default: https://management.azure.com)`,
    { settable: 'personal' },
  ),
};
type Context = ImportContext<typeof flags>;

/** `East US` and `eastus` are one region. */
const normaliseRegion = (location: string | undefined): string | undefined =>
  location && respell(location, (words) => words.toLowerCase().replaceAll(' ', ''));

const readAzureCreation = (resource: ArmObject | undefined): string | undefined =>
  text(resource, 'systemData', 'createdAt');

/** `FleetMember.properties.provisioningState`. */
function readAzureJoined({ object: member }: AzureMember): ReportedCondition {
  const properties = readArmProperties(member);
  const state = text(properties, 'provisioningState') ?? 'Unknown';
  const time = readAzureCreation(member);
  if (state === 'Succeeded' || state === 'Updating') return buildCondition('Joined', 'True', 'Joined', { time });
  if (state === 'Joining' || state === 'Leaving') return buildCondition('Joined', 'False', state, { time });
  const failed = state === 'Failed' || state === 'Canceled';
  const code = text(properties, 'status', 'lastOperationError', 'code');
  // A success is reported as an error with the code None.
  const message = code === 'None' ? undefined : text(properties, 'status', 'lastOperationError', 'message');
  return buildCondition('Joined', failed ? 'False' : 'Unknown', state, { time, message });
}

/** Of AKS, its power and provisioning state; of an Arc cluster only that its agent is silent. */
function readAzureHealth({ object: member, clusterId, cluster, gone }: AzureMember): ReportedCondition | undefined {
  const type = 'ControlPlaneHealthy';
  const time = readAzureCreation(cluster) ?? readAzureCreation(member);
  if (gone)
    return buildCondition(type, 'False', 'ClusterMissing', { time, message: 'the cluster of this member is gone' });
  if (!cluster) return undefined;
  const properties = readArmProperties(cluster);
  if (detectClusterKind(clusterId) === 'arc') {
    const connectivity = text(properties, 'connectivityStatus');
    const silent = connectivity === 'Offline' || connectivity === 'Expired';
    return silent ? buildCondition(type, 'Unknown', `Agent${connectivity}`, { time }) : undefined;
  }
  if (text(properties, 'powerState', 'code') === 'Stopped')
    return buildCondition(type, 'False', 'ClusterStopped', { time });
  const state = text(properties, 'provisioningState');
  if (state === undefined) return undefined;
  // One reason for both, or each update would be two changes of the profile.
  if (state === 'Succeeded' || state === 'Updating') return buildCondition(type, 'True', 'Running', { time });
  return buildCondition(type, state === 'Failed' ? 'False' : 'Unknown', state, { time });
}

/** System labels are `fleet.azure.com/…`; a location may come with a space, which no label may hold. */
function readAzureLabels({ object: member }: AzureMember): Record<string, string> {
  const labels = { ...textMap(readArmProperties(member), 'labels') };
  const location = normaliseRegion(labels['fleet.azure.com/location']);
  if (location) labels['fleet.azure.com/location'] = location;
  return labels;
}

function readAzureFacts(subject: AzureMember): Record<string, string | undefined> {
  const { name, object: member, clusterId, cluster } = subject;
  const { subscription, resourceGroup, name: clusterName } = parseResourceId(clusterId);
  const kind = detectClusterKind(clusterId);
  const location = normaliseRegion(text(cluster, 'location')) ?? readAzureLabels(subject)['fleet.azure.com/location'];
  const properties = readArmProperties(cluster);
  const tags = Object.entries(textMap(cluster, 'tags')).map(([key, tag]) => [`tags.${domain}/${key}`, tag]);
  return {
    ...(Object.fromEntries(tags) as Record<string, string>),
    [keys.clusterIdProperty]: name,
    [keys.locationProperty]: location,
    // Where Azure keeps the record of an Arc cluster is not where that cluster is.
    [keys.regionProperty]: kind === 'arc' ? undefined : location,
    'fleet.azure.com/subscription-id': subscription,
    'fleet.azure.com/resource-group': resourceGroup,
    'fleet.azure.com/cluster-name': clusterName,
    'fleet.azure.com/member-name': name,
    [`provider.${domain}`]: kind,
    [`update-group.${domain}`]: text(readArmProperties(member), 'group'),
    [`distribution.${domain}`]: text(properties, 'distribution'),
    [`oidc-issuer.${domain}`]:
      text(properties, 'oidcIssuerProfile', 'issuerURL') ?? text(properties, 'oidcIssuerProfile', 'issuerUrl'),
    [`tenant-id.${domain}`]: readTenant(properties),
  };
}

/** REST writes tenantID, the az command line tenantId. */
const readTenant = (properties: ArmObject): string | undefined =>
  text(properties, 'aadProfile', 'tenantID') ?? text(properties, 'aadProfile', 'tenantId');

function chooseAzureServer(properties: ArmObject, warn: Warn): string | undefined {
  const isPrivate = flag(properties, 'apiServerAccessProfile', 'enablePrivateCluster') ?? false;
  const privateName = text(properties, 'privateFQDN') ?? text(properties, 'privateFqdn');
  const names = [isPrivate ? privateName : undefined, text(properties, 'fqdn'), privateName];
  const host = chooseServer(...names);
  if (host && host === privateName) warn('its server is reached from its virtual network only');
  return host && joinHostPort(host, 443);
}

/**
 * What kubelogin needs to know of one cluster. Only variables: the CRD keeps no list of arguments, and the server id is
 * the same for every AKS cluster (https://azure.github.io/kubelogin/cli/get-token.html).
 */
function buildAzureExtensions(properties: ArmObject): Extension[] {
  const tenant = readTenant(properties);
  return tenant ? [{ name: keys.envsExtension, extension: { AZURE_TENANT_ID: tenant } }] : [];
}

function buildAzureAccess({ clusterId, cluster }: AzureMember, context: Context): (AccessProvider | undefined)[] {
  // The agent of an Arc cluster calls Azure; there is no server to call.
  if (detectClusterKind(clusterId) !== 'aks' || !cluster) return [];
  const properties = readArmProperties(cluster);
  const given = [...new Set(context.options.accessProvider)];
  const server = chooseAzureServer(properties, context.warn);
  const extensions = buildAzureExtensions(properties);
  const names = given.length > 0 ? given : ['kubelogin'];
  return names.map((name) => buildAccessProvider(name, { server, extensions }, context));
}

function readAzureVersion({ cluster }: AzureMember): string | undefined {
  const properties = readArmProperties(cluster);
  // kubernetesVersion of AKS is what was asked for; an Arc cluster has no other.
  const version =
    text(properties, 'currentKubernetesVersion') ??
    (properties['connectivityStatus'] === undefined ? undefined : text(properties, 'kubernetesVersion'));
  return addLeadingV(version);
}

/** What the answer about a cluster that is there always has: without it, it was cut. */
function unknownOfAks(properties: ArmObject, context: Context): Cluster['unknown'] {
  if (text(properties, 'provisioningState') !== 'Succeeded') return [];
  const names = ['fqdn', 'privateFQDN', 'privateFqdn'].map((name) => text(properties, name));
  return [
    names.some(Boolean) ? undefined : missFact('fqdn', { access: true }, context),
    text(properties, 'currentKubernetesVersion')
      ? undefined
      : missFact('currentKubernetesVersion', { version: true }, context),
  ];
}

/** What its cluster would tell of a member, where it was not read. */
function unknownOfMember({ clusterId, cluster, gone, incomplete }: AzureMember, context: Context): Cluster['unknown'] {
  const kind = detectClusterKind(clusterId);
  if (kind === 'aks' && cluster) return unknownOfAks(readArmProperties(cluster), context);
  if (!kind || cluster || gone) return [];
  const part = clustersPart(kind, clusterId);
  const facts = {
    version: true,
    conditions: ['ControlPlaneHealthy'],
    properties: [
      new RegExp(`^tags\\.${domain}/`),
      keys.locationProperty,
      ...(kind === 'aks' ? [keys.regionProperty] : []),
      ...['distribution', 'oidc-issuer', 'tenant-id'].map((name) => `${name}.${domain}`),
    ],
    ...(kind === 'aks' && { access: true as const }),
  };
  return [incomplete ? { part, failed: true, ...facts } : unknownOf(part, facts, context)];
}

function translate(member: AzureMember, context: Context): Cluster | undefined {
  map(member.object, 'cluster');
  const joined = readAzureJoined(member);
  if (context.options.readyOnly && joined.status !== 'True')
    return context.leaveOut('member', 'that have not joined', '--ready-only');
  if (context.options.skipMissing && member.gone)
    return context.leaveOut('member', 'whose cluster is gone', '--skip-missing');
  return {
    name: member.name,
    // ARM writes ids in changing case, and names are made of it where they collide.
    identity: member.id.toLowerCase(),
    namespace: member.fleet,
    clusterSet: member.fleet,
    labels: readAzureLabels(member),
    version: readAzureVersion(member),
    properties: readAzureFacts(member),
    conditions: [joined, readAzureHealth(member)],
    access: buildAzureAccess(member, context),
    unknown: unknownOfMember(member, context),
  };
}

function join(responses: unknown[], context: Context): AzureMember[] {
  const members = joinAzureMembers(responses, context);
  if (members.some(({ clusterId, cluster }) => cluster && detectClusterKind(clusterId) === 'aks'))
    context.warn('Azure does not tell the CA of AKS API servers here, so consumers need it from elsewhere');
  return members;
}

async function* list(context: ListContext<typeof flags>): AsyncIterable<unknown> {
  const { options, env } = context;
  const subscriptions = [...new Set(options.subscription)];
  const usual = env['AZURE_SUBSCRIPTION_ID'];
  if (subscriptions.length === 0 && usual) subscriptions.push(usual);
  if (subscriptions.length === 0)
    throw usageError(
      'which subscription? --subscription names it',
      'az account show --query id --output tsv shows yours',
    );
  const { readAzureFleets } = await import('./read.ts');
  const { resourceGroup, fleet: fleets, enrich, endpoint } = options;
  yield* readAzureFleets({ subscriptions, resourceGroup, fleets, enrich, endpoint }, context);
}

export default defineImporter<AzureMember, typeof flags>({
  manager: 'azure-fleet',
  scope: (profile) => clusterSetOf(profile),
  options: flags,
  reads: ['az fleet member list', 'az aks list'],
  accepts: isAzureResponse,
  list,
  join,
  translate,
});
