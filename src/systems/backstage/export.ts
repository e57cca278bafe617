// https://backstage.io/docs/features/kubernetes/configuration/#catalog
import type { Access, Exporter, ExportContext } from '../../export/kit/exporter.ts';
import { option } from '../../options.ts';
import { nameOf, originAnnotation, type ClusterProfile } from '../../profile/clusterprofile.ts';
import { refusal, UserError, usageError } from '../../errors.ts';
import { allowHostOption, assertCloudHost, findCloud } from '../../export/kit/cloud-hosts.ts';
import type { Cloud } from '../../profile/endpoint/cloud-hosts.ts';
import { connectionDrops } from '../../export/kit/exported.ts';
import { quoteForShell } from '../../util/shell.ts';
import { readOwn } from '../../object.ts';

/** How a browser user's own login reaches each cloud. */
const authProviders = { gcp: 'google', azure: 'aks', aws: 'aws' } as const;

/** Logins that Backstage has itself; `oidc` also wants to know whose token it is. */
const known = ['google', 'googleServiceAccount', 'aks', 'aws', 'azure', 'oidc', 'serviceAccount'];

/** The cloud whose token a login sends to the server. */
const cloudOfLogin: Readonly<Record<string, Cloud>> = {
  google: 'gcp',
  googleServiceAccount: 'gcp',
  aks: 'azure',
  azure: 'azure',
  aws: 'aws',
};

/** What `--auth-provider` says: logins by access provider, and under `''` for all that have no login of their own. */
const parseLogins = (given: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    given.map((each): [string, string] => {
      const [, name = '', login = ''] = /^(?:([^=]+)=)?([^=]+)$/.exec(each) ?? [];
      if (known.includes(login)) return [name, login];
      throw usageError(
        `--auth-provider takes ${known.join(', ')}, or PROVIDER= and one of them, not ${JSON.stringify(each)}`,
      );
    }),
  );

const flags = {
  format: option.choice(
    '--format <format>',
    'Resources of the catalog, or the clusters of app-config.yaml',
    ['catalog', 'app-config'],
    { default: 'catalog' },
  ),
  authProvider: option.parsedTexts(
    '--auth-provider <login>',
    'how Backstage logs in where an access provider has no counterpart, or PROVIDER=LOGIN for one; repeatable',
    parseLogins,
    { settable: 'personal' },
  ),
  oidcTokenProvider: option.text(
    '--oidc-token-provider <name>',
    'the provider of the token, for --auth-provider oidc',
    { settable: 'personal' },
  ),
  allowHost: allowHostOption,
  owner: option.text('--owner <owner>', 'owner of the Resources', { default: 'unknown' }),
};
type Context = ExportContext<typeof flags>;

/** The login for a profile; `undefined` where there is none without a token in Backstage's own configuration. */
function chooseBackstageLogin(access: Access, { options }: Context): string | undefined {
  const { authProvider } = options;
  const own = findCloud(access.known);
  const login = authProvider.get(access.provider) ?? (own && authProviders[own]) ?? authProvider.get('');
  const cloud = login === undefined ? undefined : readOwn(cloudOfLogin, login);
  if (cloud) assertCloudHost(cloud, access.cluster, options);
  if (login === 'oidc' && !options.oidcTokenProvider)
    throw refusal(
      'auth-provider oidc needs to know whose token it is',
      '--oidc-token-provider NAME, as in auth.providers',
    );
  return login === 'serviceAccount' ? undefined : login;
}

interface BackstageEntry {
  oidc: string | undefined;
  name: string;
  title: string;
  origin: string;
  access: Access;
  auth: string | undefined;
}

function translate(profile: ClusterProfile, context: Context): BackstageEntry {
  const access = context.access(profile);
  const { name } = profile.metadata;
  if (name.length > 63) throw refusal(`metadata.name is longer than the 63 characters of a name in Backstage`);
  const auth = chooseBackstageLogin(access, context);
  if (!auth && context.options.format === 'catalog')
    throw refusal(
      `access provider ${access.provider} has no auth-provider in Backstage, and a catalog entry holds no credential`,
      `--format app-config, which refers to a token in an environment variable, or --auth-provider ${quoteForShell(access.provider)}=oidc`,
    );
  const oidc = auth === 'oidc' ? context.options.oidcTokenProvider : undefined;
  return { name, title: profile.spec?.displayName ?? name, origin: nameOf(profile), access, auth, oidc };
}

const buildResource = (
  { name, title, origin, access, auth, oidc }: BackstageEntry,
  owner: string | undefined,
): object => ({
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
      ...(oidc && { 'kubernetes.io/oidc-token-provider': oidc }),
      ...(access.cluster['insecure-skip-tls-verify'] && { 'kubernetes.io/skip-tls-verify': 'true' }),
    },
  },
  spec: { type: 'kubernetes-cluster', owner },
});

/** The variable that holds an entry's token; `undefined` where a login of Backstage's own needs none. */
const nameVariable = ({ name, auth }: BackstageEntry): string | undefined =>
  auth === undefined ? `${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_TOKEN` : undefined;

/** Two names may give one variable, and one of the two clusters would get the token of the other. */
function assertOwnVariables(entries: readonly BackstageEntry[]): void {
  const seen = new Map<string, BackstageEntry>();
  for (const entry of entries) {
    const variable = nameVariable(entry);
    if (variable === undefined) continue;
    const other = seen.get(variable);
    if (other)
      throw new UserError(`${other.origin} and ${entry.origin} would both get the token in ${variable}`, {
        hint: 'rename one of them, or export them one by one (-n, -l)',
      });
    seen.set(variable, entry);
  }
}

/** A token is referred to, never written: Backstage reads it from its own environment. */
function configureCluster(entry: BackstageEntry): object {
  const { name, title, auth, oidc } = entry;
  const { cluster } = entry.access;
  const variable = nameVariable(entry);
  return {
    name,
    title,
    url: cluster.server,
    authProvider: auth ?? 'serviceAccount',
    ...(oidc && { oidcTokenProvider: oidc }),
    ...(variable !== undefined && { serviceAccountToken: `\${${variable}}` }),
    ...(cluster['certificate-authority-data'] && { caData: cluster['certificate-authority-data'] }),
    ...(cluster['insecure-skip-tls-verify'] && { skipTLSVerify: true }),
  };
}

function buildAppConfig(entries: readonly BackstageEntry[]): object {
  assertOwnVariables(entries);
  return {
    kubernetes: {
      serviceLocatorMethod: { type: 'multiTenant' },
      clusterLocatorMethods: [{ type: 'config', clusters: entries.map(configureCluster) }],
    },
  };
}

const exporter: Exporter<BackstageEntry, typeof flags> = {
  exampleFlags: '',
  fileName: 'app-config',
  options: flags,
  drops: () => ['labels', 'annotations', 'version', 'conditions', 'properties', ...connectionDrops],
  translate,
  combine: (entries, { options }) =>
    options.format === 'app-config'
      ? [buildAppConfig(entries)]
      : entries.map((entry) => buildResource(entry, options.owner)),
};

export default exporter;
