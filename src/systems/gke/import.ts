// Membership: https://cloud.google.com/kubernetes-engine/fleet-management/docs/reference/rest/v1/projects.locations.memberships
// Cluster: https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters
import { option } from '../../options.ts';
import { type Cluster, type ReportedCondition, type UnknownFacts } from '../../profile/clusterprofile.ts';
import { clusterSetOf, domain, keys } from '../../profile/clusterprofile.ts';
import { buildGkeAccess, findGateway, reaches, unknownOfServer } from './access.ts';
import {
  detectEndpointKind,
  joinGkeMembers,
  memberFlags,
  isGkeResponse,
  partNames,
  type GkeObject,
  type GkeMember,
} from './members.ts';
import { usageError } from '../../errors.ts';
import { buildCondition, toUtcSeconds } from '../../import/kit/conditions.ts';
import { toSmallLetters } from '../../import/kit/facts.ts';
import { flag, readEach, text, textMap, readOwn } from '../../object.ts';
import { addLeadingV } from '../../profile/kubernetes-version.ts';
import { makeObjectName } from '../../profile/names.ts';
import { defineImporter, type ListContext, type ImportContext, unknownOf } from '../../import/kit/importer.ts';

const flags = {
  project: memberFlags.project,
  location: option.text('--location <location>', 'memberships of one location only (default: all)'),
  enrich: option.flag(
    '--no-enrich',
    'do not read GKE clusters (labels, health, release channel): what the inventory has of that stays',
  ),
  reach: option.choice(
    '--reach <how>',
    'the server in the profiles: connect-gateway (default), dns, ip or private',
    reaches,
  ),
  accessProvider: option.texts(
    '--access-provider <name>',
    'name of the access provider, repeatable (default: google, or what the cluster label says)',
  ),
  projectNumber: memberFlags.projectNumber,
  readyOnly: option.flag('--ready-only', 'leave out members that are not (or no longer) joined', { filters: true }),
  skipMissing: option.flag('--skip-missing', 'leave out members whose cluster is gone', { filters: true }),
  endpoint: option.text(
    '--endpoint <url>',
    'another endpoint for all APIs; CLOUDSDK_API_ENDPOINT_OVERRIDES_GKEHUB … for one of them',
    { settable: 'personal' },
  ),
};
type Context = ImportContext<typeof flags>;

/** How long an agent may be silent before nobody knows how its cluster is. */
const staleAfter = 10 * 60_000;

function readGkeProvider({ object: membership, link }: GkeMember): string {
  const collection = link?.collection.toLowerCase() ?? '';
  const nodes = text(membership, 'endpoint', 'kubernetesMetadata', 'nodeProviderId') ?? '';
  const attached = readOwn({ aws: 'attached-eks', azure: 'attached-aks' }, nodes) ?? 'attached';
  const clouds = { attachedclusters: attached, awsclusters: 'aws', azureclusters: 'azure' };
  const multiCloud = readOwn(clouds, collection);
  const onPrem = /vmware/.test(collection) ? 'anthos-vmware' : /bare/.test(collection) ? 'anthos-baremetal' : 'anthos';
  const providers: Record<string, string | undefined> = {
    gkeCluster: 'gke',
    onPremCluster: onPrem,
    multiCloudCluster: multiCloud,
    edgeCluster: 'edge',
    applianceCluster: 'appliance',
  };
  return readOwn(providers, detectEndpointKind(membership)) ?? 'unknown';
}

const toGkeReason = (code: string): string =>
  toSmallLetters(code).replace(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase());

/** `Membership.state.code`. */
function readGkeJoined(membership: GkeObject): ReportedCondition {
  const state = text(membership, 'state', 'code') ?? 'CODE_UNSPECIFIED';
  const time = text(membership, 'createTime');
  if (['READY', 'UPDATING', 'SERVICE_UPDATING'].includes(state))
    return buildCondition('Joined', 'True', 'Joined', { time });
  const leaving = ['CREATING', 'DELETING'].includes(state);
  return buildCondition('Joined', leaving ? 'False' : 'Unknown', toGkeReason(state), { time });
}

const gkeHealth: Record<string, string> = {
  RUNNING: 'True',
  RECONCILING: 'True',
  DEGRADED: 'False',
  ERROR: 'False',
  STOPPING: 'False',
};

const isClusterGone = (membership: GkeObject): boolean =>
  flag(membership, 'endpoint', detectEndpointKind(membership), 'clusterMissing') ?? false;

/** `Cluster.status`; a cluster that is gone; an agent that is silent. Nothing where nobody says. */
function readGkeHealth({ object: membership, cluster }: GkeMember, { asOf }: Context): ReportedCondition | undefined {
  const type = 'ControlPlaneHealthy';
  const time = text(cluster, 'createTime') ?? text(membership, 'createTime');
  if (isClusterGone(membership))
    return buildCondition(type, 'False', 'ClusterMissing', { time, message: 'the cluster of this membership is gone' });
  const status = text(cluster, 'status');
  if (status) {
    // One reason for every healthy state, or each upgrade in between would be a change of the profile.
    if (readOwn(gkeHealth, status) === 'True') return buildCondition(type, 'True', 'Running', { time });
    const messages = readEach(cluster, ['conditions'], (each) => text(each, 'message'));
    const message = messages.filter(Boolean).join(' ');
    return buildCondition(type, readOwn(gkeHealth, status) ?? 'Unknown', toGkeReason(status), { time, message });
  }
  const seen = toUtcSeconds(text(membership, 'lastConnectionTime'));
  if (!seen || !asOf || Date.parse(asOf) - Date.parse(seen) < staleAfter) return undefined;
  return buildCondition(type, 'Unknown', 'ConnectAgentStale', {
    time: seen,
    message: `its agent was last seen at ${seen}`,
  });
}

const zonePattern = /^([a-z]+-[a-z]+\d+)-[a-z]$/;

function readGkeProperties(member: GkeMember): Record<string, string | undefined> {
  const { object: membership, cluster, link, id, location, repeated } = member;
  // Where GKE runs a cluster is where it is; for the others it only says which region keeps their record.
  const own = detectEndpointKind(membership) === 'gkeCluster' ? link?.location : undefined;
  const region = zonePattern.exec(own ?? '')?.[1];
  const place = link?.location ?? location;
  return {
    // KEP-2149 wants it unique in the ClusterSet.
    [keys.clusterIdProperty]: repeated ? `${id}-${location}` : id,
    [keys.locationProperty]: place === 'global' ? undefined : place,
    [keys.regionProperty]: region ?? own,
    [keys.zoneProperty]: region && own,
    [`provider.${domain}`]: readGkeProvider(member),
    [`project.${domain}`]: link?.project,
    [`tier.${domain}`]: text(membership, 'clusterTier'),
    [`release-channel.${domain}`]: text(cluster, 'releaseChannel', 'channel'),
  };
}

const reportedVersion = (membership: GkeObject): string | undefined =>
  text(membership, 'endpoint', 'kubernetesMetadata', 'kubernetesApiServerVersion');

function readGkeVersion({ object: membership, cluster }: GkeMember): string | undefined {
  return reportedVersion(membership) ?? addLeadingV(text(cluster, 'currentMasterVersion'));
}

type TellUnknown = (part: string, facts: Omit<UnknownFacts, 'part' | 'failed'>) => UnknownFacts | undefined;

/** What a GKE cluster would tell. One that is not among those that were read, and is not known to be gone, may be there. */
function unknownOfCluster(
  { object: membership, clusterProject = '' }: GkeMember,
  { options: { reach = 'connect-gateway', accessProvider } }: Context,
  unknown: TellUnknown,
): UnknownFacts | undefined {
  const isGone = isClusterGone(membership);
  const part = partNames.clusters(clusterProject);
  const facts = {
    version: reportedVersion(membership) === undefined,
    labels: true,
    properties: [`release-channel.${domain}`],
    ...(!isGone && { conditions: ['ControlPlaneHealthy'] }),
    // Its label may name the access provider.
    ...((reach !== 'connect-gateway' || accessProvider.length === 0) && { access: true as const }),
  };
  return unknown(part, facts) ?? (isGone ? undefined : { part, failed: false, ...facts });
}

/** What the project number and the GKE cluster would tell of a member, where they were not read. */
function unknownOfMember(member: GkeMember, context: Context): Cluster['unknown'] {
  const { object: membership, cluster, number, fleet, clusterProject, incomplete, unreachable } = member;
  const { reach = 'connect-gateway' } = context.options;
  const throughGateway = reach === 'connect-gateway';
  const unknown: TellUnknown = (part, facts) =>
    incomplete ? { part, failed: true, ...facts } : unknownOf(part, facts, context);
  const isOfGke = detectEndpointKind(membership) === 'gkeCluster' && clusterProject !== undefined;
  return [
    number
      ? undefined
      : unknown(partNames.number(fleet), {
          annotations: ['gateway.gke.io/endpoint'],
          ...(throughGateway && { access: true }),
        }),
    // Where only the number is known, nobody says which project it is of.
    /^\d+$/.test(fleet)
      ? unknown(partNames.number(fleet), { properties: [keys.clusterSetProperty, `project.${domain}`] })
      : undefined,
    isOfGke && !cluster ? unknownOfCluster(member, context, unknown) : undefined,
    ...unknownOfServer(member, reach, context),
    unreachable
      ? { part: `memberships in ${unreachable}`, failed: true, properties: [keys.clusterIdProperty] }
      : undefined,
  ];
}

/** Names, labels and annotations are those of GKE's own ClusterProfile sync. */
function translate(member: GkeMember, context: Context): Cluster | undefined {
  const { object: membership, cluster, link, id, location, fleet } = member;
  const joined = readGkeJoined(membership);
  if (context.options.readyOnly && joined.status !== 'True')
    return context.leaveOut('membership', 'that have not joined', '--ready-only');
  if (context.options.skipMissing && isClusterGone(membership))
    return context.leaveOut('membership', 'whose cluster is gone', '--skip-missing');
  const labels = textMap(cluster, 'resourceLabels');
  return {
    name: `${id}-${location}`,
    displayName: `${id}(${location})`,
    identity: `//gkehub.googleapis.com/projects/${fleet}/locations/${location}/memberships/${id}`,
    namespace: member.several ? makeObjectName(fleet).replaceAll('.', '-') : undefined,
    memberId: text(membership, 'uniqueId'),
    labels: Object.keys(labels).length > 0 ? labels : textMap(membership, 'labels'),
    annotations: {
      'fleet.gke.io/membershipName': text(membership, 'name'),
      'fleet.gke.io/clusterName':
        detectEndpointKind(membership) === 'gkeCluster' && link
          ? `projects/${link.project}/locations/${link.location}/clusters/${link.name}`
          : undefined,
      'gateway.gke.io/endpoint': findGateway(member),
    },
    version: readGkeVersion(member),
    clusterSet: fleet,
    properties: readGkeProperties(member),
    conditions: [joined, readGkeHealth(member, context)],
    access: buildGkeAccess(member, context),
    unknown: unknownOfMember(member, context),
  };
}

function join(responses: unknown[], context: Context): GkeMember[] {
  const members = joinGkeMembers(responses, context);
  const unnumbered = new Set(members.filter(({ number }) => !number).map(({ fleet }) => fleet));
  const { reach = 'connect-gateway' } = context.options;
  if (reach === 'connect-gateway')
    for (const fleet of unnumbered)
      context.warn(`fleet ${fleet}: without its project number there is no Connect Gateway server (--project-number)`);
  return members;
}

async function* list(context: ListContext<typeof flags>): AsyncIterable<unknown> {
  const { options, common, env } = context;
  const projects = [...new Set(options.project)];
  const usual = env['GOOGLE_CLOUD_PROJECT'] || env['CLOUDSDK_CORE_PROJECT'];
  if (projects.length === 0 && usual) projects.push(usual);
  if (projects.length === 0)
    throw usageError('which fleet? --project names its host project', 'gcloud config get-value project shows yours');
  const { enrich, reach = 'connect-gateway', location, projectNumber: numbers, endpoint } = options;
  if (!enrich && reach !== 'connect-gateway') throw usageError('--reach needs what --no-enrich leaves out');
  if (location !== undefined && common.prune) throw usageError('--prune takes the whole fleet: without --location');
  if (numbers.has('') && projects.length > 1)
    throw usageError('with several projects --project-number takes <project>=<number>');
  const known = new Set(numbers.has('') ? projects : numbers.keys());
  const { readGkeFleets } = await import('./read.ts');
  yield* readGkeFleets({ projects, location: location ?? '-', enrich, known, endpoint }, context);
}

export default defineImporter<GkeMember, typeof flags>({
  manager: 'gke-fleet',
  scope: (profile) => clusterSetOf(profile),
  // Where GKE's own sync writes to.
  namespace: 'fleet-cluster-inventory',
  options: flags,
  reads: ['gcloud container fleet memberships list --format=json'],
  accepts: isGkeResponse,
  list,
  join,
  translate,
});
