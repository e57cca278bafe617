import { option } from '../../options.ts';
import type { Access, ExportContext } from '../../export/kit/exporter.ts';
import { listAdditions, type ExecPlugin } from '../../access/provider.ts';
import type { Cloud } from '../../profile/endpoint/cloud-hosts.ts';
import { accessProvidersOf, keys, type ClusterAccess, type ClusterProfile } from '../../profile/clusterprofile.ts';
import { allowHostOption, assertCloudHost, findCloudLogin, readEksName } from '../../export/kit/cloud-hosts.ts';

/** The only login that is in Argo CD's image. */
export const argocdAuth = 'argocd-k8s-auth';

/** The built-in login of Argo CD for a cloud. */
const buildArgocdLogin = (cloud: Cloud, cluster: ClusterAccess): ExecPlugin => ({
  apiVersion: 'client.authentication.k8s.io/v1beta1',
  command: argocdAuth,
  args: cloud === 'aws' ? [cloud, '--cluster-name', readEksName(cluster)] : [cloud],
  env: [],
});

/** The flags that say how Argo CD logs in. */
export const loginFlags = {
  argocdBuiltin: option.flag('--argocd-builtin', "Argo CD's own logins for GKE, AKS and EKS; no provider file needed"),
  allowHost: allowHostOption,
};

type LoginContext = ExportContext<typeof loginFlags>;

type Login = Access & { plugin: ExecPlugin };

/** `config` of a cluster Secret, in the order in which Argo CD itself writes it. */
export function formatArgocdConfig({ cluster, plugin }: Login): string {
  const { command, args, env, apiVersion: version, installHint } = plugin;
  const info = cluster.extensions?.find(({ name }) => name === keys.execExtension)?.extension;
  return JSON.stringify({
    tlsClientConfig: {
      insecure: cluster['insecure-skip-tls-verify'] ?? false,
      serverName: cluster['tls-server-name'],
      caData: cluster['certificate-authority-data'],
    },
    execProviderConfig: {
      command,
      args: args.length > 0 ? args : undefined,
      env: env.length > 0 ? Object.fromEntries(env.map(({ name, value }) => [name, value])) : undefined,
      apiVersion: version,
      installHint,
      ...(plugin.provideClusterInfo && { provideClusterInfo: true, config: info }),
    },
    disableCompression: cluster['disable-compression'],
    proxyUrl: cluster['proxy-url'],
  });
}

/** Whose tokens the built-in login may give, however it is called: flags go before the cloud, and others may call it. */
function detectClouds({ command, args }: ExecPlugin): ('gcp' | 'azure' | 'aws')[] {
  const line = [command, ...args].join(' ');
  if (!line.toLowerCase().includes(argocdAuth)) return [];
  const words = line.split(/[\s"';&|()]+/);
  return (['gcp', 'azure', 'aws'] as const).filter((cloud) => words.includes(cloud));
}

/** The login of a profile: built in where that is asked for and there is one, else what the provider file names. */
export function chooseArgocdLogin(profile: ClusterProfile, context: LoginContext): Login {
  const { options } = context;
  const access = context.access(profile);
  const builtin = options.argocdBuiltin ? findCloudLogin(access, options) : undefined;
  const login = builtin ? { ...access, plugin: buildArgocdLogin(builtin, access.cluster) } : context.exec(profile);
  if (builtin) {
    const provider = accessProvidersOf(profile).find(({ name }) => name === access.provider);
    for (const ignored of provider ? listAdditions(provider) : [])
      context.warn(`its ${ignored} are ignored by --argocd-builtin`, profile);
  }
  // The host of a login that is built in is checked already, and its cluster may be called gcp.
  else for (const cloud of detectClouds(login.plugin)) assertCloudHost(cloud, login.cluster, options);
  return login;
}
