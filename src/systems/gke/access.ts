// How a member of a GKE fleet is reached.
import type { Listener, Warn } from '../../util/notices.ts';
import { missFact } from '../../import/kit/importer.ts';
import type { AccessProvider, UnknownFacts } from '../../profile/clusterprofile.ts';
import { buildAccessProvider, type Endpoint } from '../../profile/endpoint.ts';
import { chooseServer } from '../../profile/endpoint/server-url.ts';
import { flag, map, text } from '../../object.ts';
import { detectEndpointKind, type GkeObject, type GkeMember } from './members.ts';

/** Values of `--reach`. */
export const reaches = ['connect-gateway', 'dns', 'ip', 'private'] as const;

interface Reaching {
  reach?: (typeof reaches)[number] | undefined;
  accessProvider: readonly string[];
}

/**
 * The member's server at the Connect Gateway, which has a public certificate.
 * https://cloud.google.com/kubernetes-engine/enterprise/multicluster-management/gateway
 */
export function findGateway({ object: membership, number, location, id }: GkeMember): string | undefined {
  if (!number) return undefined;
  const collection = detectEndpointKind(membership) === 'gkeCluster' ? 'gkeMemberships' : 'memberships';
  const host = `${location === 'global' ? '' : `${location}-`}connectgateway.googleapis.com`;
  return `https://${host}/v1/projects/${number}/locations/${location}/${collection}/${id}`;
}

/** The server of a GKE cluster itself, by its DNS name or an IP address with the CA that goes with it. */
function chooseGkeServer(cluster: GkeObject, how: Reaching['reach'], warn: Warn): Endpoint {
  const endpoints = map(cluster, 'controlPlaneEndpointsConfig');
  const old = map(cluster, 'privateClusterConfig');
  if (how === 'dns') {
    const server = text(endpoints, 'dnsEndpointConfig', 'endpoint');
    if (server && flag(endpoints, 'dnsEndpointConfig', 'allowExternalTraffic')) return { server };
    warn('its DNS endpoint does not take external traffic, so it has no server with --reach dns');
    return {};
  }
  const caData = text(cluster, 'masterAuth', 'clusterCaCertificate');
  const privateIp = chooseServer(text(endpoints, 'ipEndpointsConfig', 'privateEndpoint'), text(old, 'privateEndpoint'));
  if (how === 'private') {
    if (privateIp) warn('its server is reached from its VPC network only');
    else warn('it has no private endpoint, so it has no server with --reach private');
    return { server: privateIp, caData };
  }
  const isPublic = flag(endpoints, 'ipEndpointsConfig', 'enablePublicEndpoint') ?? !flag(old, 'enablePrivateEndpoint');
  const server = chooseServer(text(endpoints, 'ipEndpointsConfig', 'publicEndpoint'), text(cluster, 'endpoint'));
  if (!isPublic) warn('it has no public endpoint, so it has no server with --reach ip');
  return isPublic ? { server, caData } : {};
}

/** What the answer about a running cluster always has: without it, it was cut. */
export function unknownOfServer(
  { cluster }: GkeMember,
  how: Reaching['reach'],
  listener: Listener,
): (UnknownFacts | undefined)[] {
  if (!cluster || text(cluster, 'status') !== 'RUNNING' || (how !== 'ip' && how !== 'private')) return [];
  const { server, caData } = chooseGkeServer(cluster, how, () => {});
  const isCut = how === 'ip' && !server && text(cluster, 'endpoint') === undefined;
  return [
    isCut ? missFact('endpoint', { access: true }, listener) : undefined,
    server && !caData ? missFact('CA', { access: ['certificate-authority-data'] }, listener) : undefined,
  ];
}

/** GKE's own inventory lets a cluster name the provider that consumers should use for it. */
const providerLabel = 'fleet-clusterinventory-access-provider-name';

/** The access providers of a member; what it lacks for them goes to `warn`. */
export function buildGkeAccess(
  member: GkeMember,
  { options, ...listener }: { options: Reaching } & Listener,
): (AccessProvider | undefined)[] {
  const { reach: how = 'connect-gateway', accessProvider } = options;
  const { cluster } = member;
  const given = [...new Set(accessProvider)];
  const names = given.length > 0 ? given : [text(cluster, 'resourceLabels', providerLabel) ?? 'google'];
  if (how !== 'connect-gateway' && !cluster)
    listener.warn(`its GKE cluster was not read, so it has no server with --reach ${how}`);
  const endpoint =
    how === 'connect-gateway'
      ? { server: findGateway(member) }
      : cluster
        ? chooseGkeServer(cluster, how, listener.warn)
        : {};
  return names.map((name) => buildAccessProvider(name, endpoint, listener));
}
