// https://github.com/kubernetes-sigs/cluster-inventory-api/tree/main/pkg/access and the plugins' own documentation
import type { ProviderConfig } from './provider.ts';
import { readOwn } from '../object.ts';

/** The command that usually stands behind an access provider's name. Names are by agreement: nobody keeps a registry. */
export interface Preset extends ProviderConfig {
  /** What only a profile can tell the plugin, so that the entry alone logs in nowhere. */
  needs?: string;
  /** The argument that only the operator can tell it, the same for all clusters. */
  needsArg?: string;
}

const formatExecVersion = (version: 'v1' | 'v1beta1'): string => `client.authentication.k8s.io/${version}`;

type PresetCommand = [command: string, ...args: string[]];

const buildPreset = (
  version: 'v1' | 'v1beta1',
  [command, ...args]: PresetCommand,
  provideClusterInfo: boolean,
): Omit<Preset, 'name'> => ({
  exec: { apiVersion: formatExecVersion(version), command, args, env: [], provideClusterInfo },
  args: 'Ignore',
  envs: 'Ignore',
});

const googlePreset = buildPreset('v1beta1', ['gke-gcloud-auth-plugin'], true);
/** The id is that of the AKS server application, the same in every tenant. */
const azurePreset = buildPreset(
  'v1beta1',
  ['kubelogin', 'get-token', '--login', 'workloadidentity', '--server-id', '6dae42f8-4368-4678-94ff-3960e28e3630'],
  false,
);

const presets: Readonly<Record<string, Omit<Preset, 'name'>>> = {
  google: googlePreset,
  'gke-fleet': googlePreset,
  'gke-gcloud-auth-plugin': googlePreset,
  kubelogin: azurePreset,
  'aks-workload-identity': azurePreset,
  // Reads region and clusterId of the exec extension, which `import eks` writes.
  eks: buildPreset('v1', ['eks-aws-auth-plugin'], true),
  aws: { ...buildPreset('v1beta1', ['aws', 'eks', 'get-token'], false), needs: '--cluster-name' },
  'aws-iam-authenticator': {
    ...buildPreset('v1beta1', ['aws-iam-authenticator', 'token'], false),
    needs: '--cluster-id',
  },
  // It reads the Secret CLUSTER-NAME in its own namespace.
  'open-cluster-management': { ...buildPreset('v1', ['cp-creds'], true), needsArg: '--managed-serviceaccount' },
  // It is told its Secret by variables; the exec extension says the same, and does not always reach it.
  'argocd-agent': { ...buildPreset('v1beta1', ['argocd-agent-creds'], true), envs: 'Replace' },
  // They come with cluster-inventory-api, in images of their own, and refuse to run without the cluster.
  secretreader: buildPreset('v1', ['/bin/secretreader-plugin'], true),
  'kubeconfig-secretreader': buildPreset('v1', ['/bin/kubeconfig-secretreader-plugin'], true),
};

/** The entry for a provider that many know; `undefined` for one that only its operator knows. */
export function findPreset(name: string): Preset | undefined {
  const preset = readOwn(presets, name);
  return preset && { name, ...preset };
}

/** Plugins that are called otherwise than the access provider that they are for. */
const providersByCommand: Readonly<Record<string, string>> = {
  'argocd-agent-creds': 'argocd-agent',
  'cp-creds': 'open-cluster-management',
  'eks-aws-auth-plugin': 'eks',
  'kubeconfig-secretreader-plugin': 'kubeconfig-secretreader',
  'secretreader-plugin': 'secretreader',
};

/** The access provider that a plugin is known to be for, by the name of its program; `undefined` for one of another name or of nobody. */
export const findProviderOfPlugin = (program: string): string | undefined => readOwn(providersByCommand, program);

/** An entry for any other plugin: told the cluster, since that is the only way it can learn which one is meant. */
export const buildEntry = (name: string, command: string): Preset => ({ name, ...buildPreset('v1', [command], true) });
