// https://fluxcd.io/flux/components/kustomize/kustomizations/#kubeconfig-remote-clusters
import {
  domain,
  nameOf,
  propertyOf,
  type ClusterProfile,
  type KubernetesObject,
  type ObjectMeta,
} from '../clusterprofile.ts';
import { refusal } from '../errors.ts';
import { allowHostOption, cloudLogin } from '../kubernetes/cloud-hosts.ts';
import {
  authorityOf,
  caFileOption,
  connectionLosses,
  exported,
  limitedName,
  profileLosses,
} from '../kubernetes/exported.ts';
import { text } from '../kubernetes/fields.ts';
import { secretKind } from '../kubernetes/secrets.ts';
import { memberKubeconfig } from '../kubernetes/remote-secret.ts';
import { system, type Exporter, type ExportContext } from '../system.ts';

interface ConfigMap extends KubernetesObject {
  data: Record<string, string>;
}

interface Secret extends KubernetesObject {
  stringData: Record<string, string>;
}

/** AWS is asked about the cluster by its ARN, whatever else is there. */
function awsData(profile: ClusterProfile): Record<string, string> {
  const arn = propertyOf(profile, `arn.${domain}`);
  if (arn) return { cluster: arn };
  throw refusal(
    `provider aws needs the ARN of the EKS cluster, and property arn.${domain} is missing`,
    'clusterprofile import eks writes it',
  );
}

/** With address and CA both, Flux asks no cloud about the cluster, and any path in the address is kept. */
function endpointData(server: string, authority: string | undefined, provider: string): Record<string, string> {
  if (authority) return { address: server, 'ca.crt': authority };
  throw refusal(
    `provider ${provider} needs address and ca.crt both, and certificate-authority-data is missing`,
    '--ca-file FILE with the public roots that its server is signed by',
  );
}

const metadataOf = (profile: ClusterProfile, { options }: ExportContext): ObjectMeta =>
  exported(profile, limitedName(`${profile.metadata.name}-kubeconfig`, nameOf(profile)), {
    namespace: text(options, 'fluxNamespace'),
  });

/** For `kubeConfig.secretRef`: Flux strips plugins from kubeconfigs, so it has a token. */
const secretOf = (profile: ClusterProfile, context: ExportContext): Secret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: metadataOf(profile, context),
  stringData: { value: memberKubeconfig(profile, context, true) },
});

/** A token of the hub's ServiceAccounts. Flux keeps host and port of the address only, so that a path would be lost. */
function genericData(server: string, authority: string | undefined): Record<string, string> {
  const { pathname } = new URL(server);
  if (pathname !== '/' && pathname !== '')
    throw refusal(
      'its server has a path, which Flux cuts off with provider generic',
      'export kubeconfig, or leave it out with --skip-refused',
    );
  return { address: server, ...(authority && { 'ca.crt': authority }) };
}

/** For `kubeConfig.configMapRef`: Flux logs in itself. */
function configMapOf(profile: ClusterProfile, context: ExportContext): ConfigMap {
  const access = context.access(profile);
  const { provider: name, cluster } = access;
  const provider = cloudLogin(access, context.options) ?? text(context.options, 'fluxProvider');
  if (!provider)
    throw refusal(
      `access provider ${name} has no counterpart in Flux, which logs in to aws, azure and gcp itself`,
      "--credentials embed writes a kubeconfig Secret with a token; --flux-provider generic, where the cluster trusts the hub's OIDC issuer; or --skip-refused",
    );
  const authority = authorityOf(cluster, context.options);
  const data =
    provider === 'aws'
      ? awsData(profile)
      : provider === 'generic'
        ? genericData(cluster.server, authority)
        : endpointData(cluster.server, authority, provider);
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadataOf(profile, context), data: { provider, ...data } };
}

const exporter: Exporter<ConfigMap | Secret> = {
  kinds: [{ group: '', versions: ['v1'], kind: 'ConfigMap', plural: 'configmaps' }, secretKind()],
  namespaceOption: 'fluxNamespace',
  options: [
    { flags: '--flux-namespace <namespace>', description: 'where the Kustomizations are', default: 'flux-system' },
    {
      flags: '--flux-provider <provider>',
      description: "generic: clusters of no cloud trust the hub's OIDC issuer, and its ServiceAccounts log in there",
      choices: ['generic'],
    },
    {
      flags: '--credentials <how>',
      description: 'embed: kubeconfig Secrets with tokens (default: ConfigMaps, Flux logs in itself)',
      choices: ['embed'],
    },
    caFileOption,
    allowHostOption,
  ],
  loses: [...profileLosses, ...connectionLosses],
  losesEmbedding: profileLosses,
  translate: (profile, context) =>
    text(context.options, 'credentials') === 'embed' ? secretOf(profile, context) : configMapOf(profile, context),
};

export default system({ title: 'Flux', exporter });
