import type { Access } from '../../export/kit/exporter.ts';
import {
  accessProvidersOf,
  keys,
  propertyOf,
  type ClusterProfile,
  type Extension,
} from '../../profile/clusterprofile.ts';
import { refusal } from '../../errors.ts';
import { findCloudLogin, readExtensionText } from '../../export/kit/cloud-hosts.ts';

/** `spec.workloadIdentity` of a SveltosCluster: what Sveltos itself logs in with, by cloud. */
export function buildWorkloadIdentity(
  profile: ClusterProfile,
  access: Access,
  options: { allowHost: readonly string[]; roleArn: string | undefined },
): { provider: string; endpoint: string; [cloud: string]: unknown } {
  const { provider, cluster } = access;
  const { server } = cluster;
  const extensions = accessProvidersOf(profile).find((each) => each.name === provider)?.cluster?.extensions ?? [];
  switch (findCloudLogin(access, options)) {
    case 'gcp':
      return { provider: 'GCP', endpoint: server, gcp: parseGateway(server) };
    case 'azure':
      return { provider: 'Azure', endpoint: server, azure: readAzureIds(extensions) };
    case 'aws': {
      const region =
        readExtensionText(extensions, keys.execExtension, 'region') ?? propertyOf(profile, keys.regionProperty);
      const clusterName = readExtensionText(extensions, keys.execExtension, 'clusterId');
      if (!clusterName)
        throw refusal(
          `provider AWS needs the cluster's name, and extension ${keys.execExtension} has no clusterId`,
          'clusterprofile import eks writes it',
        );
      return { provider: 'AWS', endpoint: server, aws: { clusterName, region, roleARN: options.roleArn } };
    }
    default:
      throw refusal(
        `access provider ${provider} has no workload identity in Sveltos`,
        '--credentials exec-kubeconfig, where its plugin is in every image of Sveltos; or a controller that makes short-lived kubeconfigs (projectsveltos/clusterinventory-controller)',
      );
  }
}

/** Of a Connect Gateway: the membership stands for the cluster, whose own name the URL does not hold. */
function parseGateway(server: string): object {
  const [, projectID, location, clusterName] =
    /\/projects\/([^/]+)\/locations\/([^/]+)\/(?:gkeMemberships|memberships)\/([^/]+)$/.exec(server) ?? [];
  if (projectID) return { projectID, location, clusterName };
  throw refusal(
    'provider GCP needs project, location and cluster, which its server does not hold',
    'clusterprofile import gke with the Connect Gateway endpoint',
  );
}

function readAzureIds(extensions: readonly Extension[]): object {
  const env = (name: string): string | undefined => readExtensionText(extensions, keys.envsExtension, name);
  const tenantID = env('AZURE_TENANT_ID') ?? env('TENANT_ID');
  const clientID = env('AZURE_CLIENT_ID') ?? env('CLIENT_ID');
  if (tenantID && clientID) return { tenantID, clientID };
  throw refusal(
    `provider Azure needs AZURE_TENANT_ID and AZURE_CLIENT_ID in extension ${keys.envsExtension}`,
    'export kubeconfig',
  );
}
