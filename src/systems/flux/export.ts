// https://fluxcd.io/flux/components/kustomize/kustomizations/#kubeconfig-remote-clusters
import { option } from '../../options.ts';
import type { Access, Exporter, ExportContext } from '../../export/kit/exporter.ts';
import { domain, nameOf, propertyOf, type ClusterProfile } from '../../profile/clusterprofile.ts';
import { refusal, usageError } from '../../errors.ts';
import { allowHostOption, assertCloudHost, findCloudLogin, findCloud } from '../../export/kit/cloud-hosts.ts';
import {
  readAuthority,
  caFileOption,
  connectionDrops,
  embeddedDrops,
  buildMetadata,
  limitName,
  profileDrops,
} from '../../export/kit/exported.ts';
import { type KubernetesObject, type ObjectMeta } from '../../object.ts';
import { defineSecretKind } from '../../import/kit/secrets.ts';
import { buildMemberKubeconfig } from '../../export/kit/remote-secret.ts';

/** Where `import gke`, as GKE's own sync, says which cluster a membership stands for. */
const gkeNameAnnotation = 'fleet.gke.io/clusterName';

const flags = {
  fluxNamespace: option.text('--flux-namespace <namespace>', 'where the Kustomizations are', {
    default: 'flux-system',
  }),
  fluxProvider: option.choice(
    '--flux-provider <provider>',
    "generic: clusters of no cloud trust the hub's OIDC issuer, and its ServiceAccounts log in there",
    ['generic'],
    { settable: 'personal' },
  ),
  audience: option.texts(
    '--audience <audience>',
    'with --flux-provider generic: whom the tokens are for, as the cluster expects them; repeatable',
    { settable: 'personal' },
  ),
  serviceAccount: option.text(
    '--service-account <name>',
    "the ServiceAccount whose identity Flux takes, in the namespace of its objects (default: the controller's)",
    { settable: 'personal' },
  ),
  credentials: option.choice(
    '--credentials <how>',
    'embed: kubeconfig Secrets with tokens (default: ConfigMaps, Flux logs in itself)',
    ['embed'],
    { settable: 'personal' },
  ),
  clusterResourceFrom: option.text(
    '--cluster-resource-from <source>',
    `where the resource id of a GKE cluster is, for Flux to ask GKE: property:NAME or annotation:KEY (default: annotation:${gkeNameAnnotation}, where there is no CA)`,
  ),
  caFile: caFileOption,
  allowHost: allowHostOption,
};
type Context = ExportContext<typeof flags>;

interface FluxConfigMap extends KubernetesObject {
  data: Record<string, string>;
}

interface Secret extends KubernetesObject {
  stringData: Record<string, string>;
}

/** The token is made for the name in the ARN. With address and CA beside it, EKS is not asked for them (eks:DescribeCluster). */
function buildAwsData(profile: ClusterProfile, server: string, authority: string | undefined): Record<string, string> {
  const arn = propertyOf(profile, `arn.${domain}`);
  if (arn) return { cluster: arn, ...(authority && { address: server, 'ca.crt': authority }) };
  throw refusal(
    `provider aws needs the ARN of the EKS cluster, and property arn.${domain} is missing`,
    'clusterprofile import eks writes it',
  );
}

const resourceId = /^projects\/[a-z0-9.:-]+\/locations\/[a-z0-9-]+\/clusters\/[a-z0-9-]+$/;

/** The resource id of a GKE cluster, where the operator says it is, else where an import writes it. */
function findGkeCluster(profile: ClusterProfile, { options }: Context): string | undefined {
  const source = options.clusterResourceFrom ?? `annotation:${gkeNameAnnotation}`;
  const [, kind, key = ''] = /^(property|annotation):(.+)$/.exec(source) ?? [];
  // No label can: a resource id has slashes.
  if (!kind)
    throw usageError(`--cluster-resource-from takes property:NAME or annotation:KEY, not ${JSON.stringify(source)}`);
  const id = kind === 'property' ? propertyOf(profile, key) : profile.metadata.annotations?.[key];
  if (!id || resourceId.test(id)) return id || undefined;
  throw refusal(
    `${kind} ${key} is no resource id of a GKE cluster (projects/P/locations/L/clusters/C)`,
    '--ca-file FILE, for the server of the profile',
  );
}

/** With address and CA both, Flux asks no cloud about the cluster, and any path in the address is kept. */
function buildEndpointData(server: string, authority: string | undefined, provider: string): Record<string, string> {
  if (authority) return { address: server, 'ca.crt': authority };
  throw refusal(
    `provider ${provider} needs address and ca.crt both, and certificate-authority-data is missing`,
    provider === 'gcp'
      ? '--ca-file FILE with the public roots that its server is signed by, or --cluster-resource-from property:NAME'
      : '--ca-file FILE with the public roots that its server is signed by',
  );
}

/** GKE is asked for address and CA where the operator wants that, or the profile has no CA. */
function buildGcpData(profile: ClusterProfile, access: Access, context: Context): Record<string, string> {
  const { options, note } = context;
  const authority = readAuthority(access.cluster, options.caFile);
  const asked = options.clusterResourceFrom !== undefined || !authority;
  const cluster = asked ? findGkeCluster(profile, context) : undefined;
  if (cluster !== undefined) {
    note(
      'Flux asks GKE for the addresses of clusters that it knows by resource id: the servers of their profiles are not used',
    );
    return { cluster };
  }
  assertCloudHost('gcp', access.cluster, options);
  return buildEndpointData(access.cluster.server, authority, 'gcp');
}

const buildFluxMetadata = (profile: ClusterProfile, { options }: Context): ObjectMeta =>
  buildMetadata(profile, limitName(`${profile.metadata.name}-kubeconfig`, nameOf(profile)), {
    namespace: options.fluxNamespace,
  });

/** What Flux copies of no kubeconfig: it reaches the server directly, and checks it unless its --insecure-kubeconfig-tls is set. */
const kubeconfigDrops = [...embeddedDrops, 'proxy-url', 'insecure-skip-tls-verify'] as const;

/** For `kubeConfig.secretRef`: Flux strips plugins from kubeconfigs, so it has a token. */
const buildFluxSecret = (profile: ClusterProfile, context: Context): Secret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: buildFluxMetadata(profile, context),
  stringData: { value: buildMemberKubeconfig(profile, context, true) },
});

/** A token of the hub's ServiceAccounts. Flux keeps host and port of the address only, so that a path would be lost. */
function buildGenericData(server: string, authority: string | undefined): Record<string, string> {
  const { pathname, search } = new URL(server);
  if ((pathname !== '/' && pathname !== '') || search !== '')
    throw refusal('its server has a path or a query, which Flux cuts off with provider generic', 'export kubeconfig');
  return { address: server, ...(authority && { 'ca.crt': authority }) };
}

function chooseFluxData(
  provider: string,
  profile: ClusterProfile,
  access: Access,
  context: Context,
): Record<string, string> {
  const { cluster } = access;
  if (provider === 'gcp') return buildGcpData(profile, access, context);
  findCloudLogin(access, context.options);
  const authority = readAuthority(cluster, context.options.caFile);
  if (provider === 'aws') return buildAwsData(profile, cluster.server, authority);
  return provider === 'generic'
    ? buildGenericData(cluster.server, authority)
    : buildEndpointData(cluster.server, authority, provider);
}

/** For `kubeConfig.configMapRef`: Flux logs in itself. */
function buildFluxConfigMap(profile: ClusterProfile, context: Context): FluxConfigMap {
  const access = context.access(profile);
  const { provider: name, known } = access;
  const provider = findCloud(known) ?? context.options.fluxProvider;
  if (!provider)
    throw refusal(
      `access provider ${name} has no counterpart in Flux, which logs in to aws, azure and gcp itself`,
      "--credentials embed writes a kubeconfig Secret with a token; --flux-provider generic, where the cluster trusts the hub's OIDC issuer",
    );
  const { audience, serviceAccount } = context.options;
  if (audience.length > 0 && provider !== 'generic')
    context.warn(`--audience is of no use with provider ${provider}, which knows its own`, profile);
  if (audience.length === 0 && provider === 'generic')
    context.warn(
      'provider generic needs an audience for its tokens: --audience AUDIENCE, as the cluster expects it',
      profile,
    );
  const data = {
    ...chooseFluxData(provider, profile, access, context),
    ...(audience.length > 0 && provider === 'generic' && { audiences: audience.join('\n') }),
    ...(serviceAccount && { serviceAccountName: serviceAccount }),
  };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: buildFluxMetadata(profile, context),
    data: { provider, ...data },
  };
}

const exporter: Exporter<FluxConfigMap | Secret, typeof flags> = {
  exampleFlags: '',
  kinds: [{ group: '', versions: ['v1'], kind: 'ConfigMap', plural: 'configmaps' }, defineSecretKind()],
  namespace: ({ fluxNamespace }) => fluxNamespace,
  options: flags,
  drops: ({ credentials }) =>
    credentials === 'embed' ? kubeconfigDrops : [...profileDrops, ...connectionDrops, 'insecure-skip-tls-verify'],
  translate: (profile, context) =>
    context.options.credentials === 'embed' ? buildFluxSecret(profile, context) : buildFluxConfigMap(profile, context),
};

export default exporter;
