// https://fluxcd.io/flux/components/kustomize/kustomizations/#kubeconfig-remote-clusters
import { domain, nameOf, propertyOf, type ClusterProfile, type KubernetesObject } from '../clusterprofile.ts';
import { refusal } from '../errors.ts';
import { cloudOf } from '../kubernetes/cloud-hosts.ts';
import { authorityOf, caFileOption, exported, limitedName } from '../kubernetes/exported.ts';
import { text } from '../kubernetes/fields.ts';
import { system, type Exporter, type ExportContext } from '../system.ts';

interface ConfigMap extends KubernetesObject {
  data: Record<string, string>;
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

function translate(profile: ClusterProfile, context: ExportContext): ConfigMap {
  const { provider: name, cluster } = context.access(profile);
  const provider = cloudOf(name) ?? text(context.options, 'fluxProvider');
  if (!provider)
    throw refusal(
      `access provider ${name} has no counterpart in Flux, which logs in to aws, azure and gcp itself`,
      "--flux-provider generic, where the cluster trusts the hub's OIDC issuer; else export kubeconfig, or --skip-refused",
    );
  const authority = authorityOf(cluster, context.options);
  const data =
    provider === 'aws'
      ? awsData(profile)
      : provider === 'generic'
        ? genericData(cluster.server, authority)
        : endpointData(cluster.server, authority, provider);
  const metadata = exported(profile, limitedName(`${profile.metadata.name}-kubeconfig`, nameOf(profile)), {
    namespace: text(context.options, 'fluxNamespace'),
  });
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { provider, ...data } };
}

const exporter: Exporter<ConfigMap> = {
  options: [
    { flags: '--flux-namespace <namespace>', description: 'where the Kustomizations are', default: 'flux-system' },
    {
      flags: '--flux-provider <provider>',
      description: "generic: clusters of no cloud trust the hub's OIDC issuer, and its ServiceAccounts log in there",
      choices: ['generic'],
    },
    caFileOption,
  ],
  loses: [
    'labels',
    'displayName',
    'version',
    'conditions',
    'properties',
    'proxy-url',
    'tls-server-name',
    'disable-compression',
    'exec extension',
    'additional-args',
    'additional-envs',
  ],
  translate,
};

export default system({ title: 'Flux', exporter });
