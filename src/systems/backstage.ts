// https://backstage.io/docs/features/kubernetes/configuration/#catalog
import { nameOf, originAnnotation, type ClusterProfile } from '../clusterprofile.ts';
import { refusal } from '../errors.ts';
import { cloudOf } from '../kubernetes/cloud-hosts.ts';
import { connectionLosses } from '../kubernetes/exported.ts';
import { text } from '../kubernetes/fields.ts';
import { system, type Access, type Exporter, type ExportContext } from '../system.ts';

/** How a browser user's own login reaches each cloud. */
const authProviders = { gcp: 'google', azure: 'aks', aws: 'aws' } as const;

interface Entry {
  name: string;
  title: string;
  origin: string;
  access: Access;
  auth: string | undefined;
}

function translate(profile: ClusterProfile, context: ExportContext): Entry {
  const access = context.access(profile);
  const { name } = profile.metadata;
  if (name.length > 63) throw refusal(`metadata.name is longer than the 63 characters of a name in Backstage`);
  const cloud = cloudOf(access.provider);
  const auth = cloud && authProviders[cloud];
  if (!auth && text(context.options, 'format') === 'catalog')
    throw refusal(
      `access provider ${access.provider} has no auth-provider in Backstage, and a catalog entry holds no credential`,
      '--format app-config, which refers to a token in an environment variable',
    );
  return { name, title: profile.spec?.displayName ?? name, origin: nameOf(profile), access, auth };
}

const resource = ({ name, title, origin, access, auth }: Entry, owner: string | undefined): object => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Resource',
  metadata: {
    name,
    title,
    annotations: {
      [originAnnotation]: origin,
      'kubernetes.io/api-server': access.cluster.server,
      // The locator passes over entries that do not have it.
      'kubernetes.io/api-server-certificate-authority': access.cluster['certificate-authority-data'] ?? '',
      'kubernetes.io/auth-provider': auth,
      ...(access.cluster['insecure-skip-tls-verify'] && { 'kubernetes.io/skip-tls-verify': 'true' }),
    },
  },
  spec: { type: 'kubernetes-cluster', owner },
});

/** A token is referred to, never written: Backstage reads it from its own environment. */
const configured = ({ name, title, access: { cluster }, auth }: Entry): object => ({
  name,
  title,
  url: cluster.server,
  authProvider: auth ?? 'serviceAccount',
  ...(!auth && { serviceAccountToken: `\${${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_TOKEN}` }),
  ...(cluster['certificate-authority-data'] && { caData: cluster['certificate-authority-data'] }),
  ...(cluster['insecure-skip-tls-verify'] && { skipTLSVerify: true }),
});

const appConfig = (entries: readonly Entry[]): object => ({
  kubernetes: {
    serviceLocatorMethod: { type: 'multiTenant' },
    clusterLocatorMethods: [{ type: 'config', clusters: entries.map(configured) }],
  },
});

const exporter: Exporter<Entry> = {
  options: [
    {
      flags: '--format <format>',
      description: 'Resources of the catalog, or the clusters of app-config.yaml',
      choices: ['catalog', 'app-config'],
      default: 'catalog',
    },
    { flags: '--owner <owner>', description: 'owner of the Resources', default: 'unknown' },
  ],
  loses: ['labels', 'version', 'conditions', 'properties', ...connectionLosses],
  translate,
  combine: (entries, { options }) =>
    text(options, 'format') === 'app-config'
      ? [appConfig(entries)]
      : entries.map((entry) => resource(entry, text(options, 'owner'))),
};

export default system({ title: 'Backstage', exporter });
