// https://github.com/kubernetes-sigs/cluster-inventory-api/tree/main/pkg/access and the plugins' own documentation
import type { ProviderConfig } from './provider.ts';

/** The command that usually stands behind an access provider's name. Names are by agreement: nobody keeps a registry. */
export interface Preset extends ProviderConfig {
  /** What only a profile can tell the plugin, so that the entry alone logs in nowhere. */
  needs?: string;
}

const speaks = (version: 'v1' | 'v1beta1'): string => `client.authentication.k8s.io/${version}`;

type Plugin = [command: string, ...args: string[]];

const preset = (
  version: 'v1' | 'v1beta1',
  [command, ...args]: Plugin,
  provideClusterInfo: boolean,
): Omit<Preset, 'name'> => ({
  exec: { apiVersion: speaks(version), command, args, env: [], provideClusterInfo },
  args: 'Ignore',
  envs: 'Ignore',
});

const google = preset('v1beta1', ['gke-gcloud-auth-plugin'], true);
/** The id is that of the AKS server application, the same in every tenant. */
const azure = preset(
  'v1beta1',
  ['kubelogin', 'get-token', '--login', 'workloadidentity', '--server-id', '6dae42f8-4368-4678-94ff-3960e28e3630'],
  false,
);

const presets: Readonly<Record<string, Omit<Preset, 'name'>>> = {
  google,
  'gke-fleet': google,
  'gke-gcloud-auth-plugin': google,
  kubelogin: azure,
  'aks-workload-identity': azure,
  // Reads region and clusterId of the exec extension, which `import eks` writes.
  eks: preset('v1', ['eks-aws-auth-plugin'], true),
  aws: { ...preset('v1beta1', ['aws', 'eks', 'get-token'], false), needs: '--cluster-name' },
  'aws-iam-authenticator': { ...preset('v1beta1', ['aws-iam-authenticator', 'token'], false), needs: '--cluster-id' },
  // They come with cluster-inventory-api, in images of their own, and refuse to run without the cluster.
  secretreader: preset('v1', ['/bin/secretreader-plugin'], true),
  'kubeconfig-secretreader': preset('v1', ['/bin/kubeconfig-secretreader-plugin'], true),
};

/** The entry for a provider that many know; `undefined` for one that only its operator knows. */
export const presetFor = (name: string): Preset | undefined =>
  Object.hasOwn(presets, name) ? { name, ...(presets[name] as Omit<Preset, 'name'>) } : undefined;

/** An entry for any other plugin: told the cluster, since that is the only way it can learn which one is meant. */
export const entryFor = (name: string, command: string): Preset => ({ name, ...preset('v1', [command], true) });
