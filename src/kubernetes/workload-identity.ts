import { accessProvidersOf, keys, propertyOf, type ClusterProfile } from '../clusterprofile.ts';
import { refusal } from '../errors.ts';
import type { Access, Options } from '../system.ts';
import { cloudLogin } from './cloud-hosts.ts';
import { text } from './fields.ts';

/** `spec.workloadIdentity` of a SveltosCluster: what Sveltos itself logs in with, by cloud. */
export function workloadIdentity(
  profile: ClusterProfile,
  access: Access,
  options: Options,
): { provider: string; endpoint: string; [cloud: string]: unknown } {
  const { provider, cluster } = access;
  const { server } = cluster;
  const extension = (name: string): unknown =>
    accessProvidersOf(profile)
      .find((each) => each.name === provider)
      ?.cluster?.extensions?.find((each) => each.name === name)?.extension;
  switch (cloudLogin(access, options)) {
    case 'gcp':
      return { provider: 'GCP', endpoint: server, gcp: gatewayParts(server) };
    case 'azure':
      return { provider: 'Azure', endpoint: server, azure: azureIds(extension(keys.envsExtension)) };
    case 'aws': {
      const config = extension(keys.execExtension);
      const region = text(config, 'region') ?? propertyOf(profile, keys.regionProperty);
      const clusterName = text(config, 'clusterId');
      if (!clusterName)
        throw refusal(
          `provider AWS needs the cluster's name, and extension ${keys.execExtension} has no clusterId`,
          'clusterprofile import eks writes it',
        );
      return { provider: 'AWS', endpoint: server, aws: { clusterName, region, roleARN: text(options, 'roleArn') } };
    }
    default:
      throw refusal(
        `access provider ${provider} has no workload identity in Sveltos`,
        'a controller that makes short-lived kubeconfigs (projectsveltos/clusterinventory-controller), or --skip-refused',
      );
  }
}

/** Of a Connect Gateway: the membership stands for the cluster, whose own name the URL does not hold. */
function gatewayParts(server: string): object {
  const [, projectID, location, clusterName] =
    /\/projects\/([^/]+)\/locations\/([^/]+)\/(?:gkeMemberships|memberships)\/([^/]+)$/.exec(server) ?? [];
  if (projectID) return { projectID, location, clusterName };
  throw refusal(
    'provider GCP needs project, location and cluster, which its server does not hold',
    'clusterprofile import gke with the Connect Gateway endpoint',
  );
}

function azureIds(envs: unknown): object {
  const tenantID = text(envs, 'AZURE_TENANT_ID') ?? text(envs, 'TENANT_ID');
  const clientID = text(envs, 'AZURE_CLIENT_ID') ?? text(envs, 'CLIENT_ID');
  if (tenantID && clientID) return { tenantID, clientID };
  throw refusal(
    `provider Azure needs AZURE_TENANT_ID and AZURE_CLIENT_ID in extension ${keys.envsExtension}`,
    'export kubeconfig, or leave it out with --skip-refused',
  );
}
