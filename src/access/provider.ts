import { existsSync } from 'node:fs';
import { byText } from '../util/text.ts';
import {
  accessProvidersOf,
  keys,
  type AccessProvider,
  type ClusterAccess,
  type ClusterProfile,
} from '../profile/clusterprofile.ts';
import { findExtension, readExtraArgs, readHarmlessEnvs } from './additions.ts';

/**
 * The operator's side of KEP-4322: which command gives credentials for the access providers that profiles name. The
 * rules of pkg/access in cluster-inventory-api, without its leak of one profile's arguments into the next.
 */
export interface ExecPlugin {
  apiVersion: string;
  command: string;
  args: readonly string[];
  env: readonly { name: string; value: string }[];
  installHint?: string | undefined;
  provideClusterInfo?: boolean | undefined;
  /** `Never` when absent, as in pkg/access. */
  interactiveMode?: InteractiveMode | undefined;
}

/** The versions of the exec protocol (KEP-541) that plugins speak. */
export const execVersions: ReadonlySet<string> = new Set([
  'client.authentication.k8s.io/v1',
  'client.authentication.k8s.io/v1beta1',
]);

/** Whether a command is none that could be run: blanks divide nothing without a shell. A file of that name may be there all the same. */
export const hasBlanks = (command: string): boolean => /\s/.test(command) && !existsSync(command);

/** Whether a plugin may ask somebody who sits in front of it (KEP-541). */
export const interactiveModes = ['Never', 'IfAvailable', 'Always'] as const;
type InteractiveMode = (typeof interactiveModes)[number];

/** What a profile may add to the command line and the environment of a plugin. */
export const argsPolicies = ['Ignore', 'Append'] as const;
export const envsPolicies = ['Ignore', 'AppendIfNotExists', 'Replace'] as const;
export type ArgsPolicy = (typeof argsPolicies)[number];
export type EnvsPolicy = (typeof envsPolicies)[number];

/** One entry of a provider file. */
export interface ProviderConfig {
  name: string;
  exec: ExecPlugin;
  args: ArgsPolicy;
  envs: EnvsPolicy;
}

/** Other names of access providers, and what the operator calls them: nobody keeps a registry of names. */
export type Aliases = ReadonlyMap<string, string>;

/** The entries, each under its aliases too: right behind itself, since their order decides. */
export const withAliases = (configs: readonly ProviderConfig[], aliases: Aliases): ProviderConfig[] => {
  const own = new Set(configs.map(({ name }) => name));
  const others = [...aliases].filter(([alias]) => !own.has(alias));
  return configs.flatMap((config) => [
    config,
    ...others.flatMap(([alias, name]) => (name === config.name ? [{ ...config, name: alias }] : [])),
  ]);
};

export interface Match {
  config: ProviderConfig;
  provider: AccessProvider;
}

/** The first entry of the file that the profile has a provider for: the order of the file decides, not the profile's. */
export function matchProvider(profile: ClusterProfile, configs: readonly ProviderConfig[]): Match | undefined {
  const providers = accessProvidersOf(profile);
  for (const config of configs) {
    const provider = providers.find(({ name }) => name === config.name);
    if (provider) return { config, provider };
  }
  return undefined;
}

/** The provider a consumer takes: the first of its file, else the profile's first, which stands in for a file to come. */
export const findUsedProvider = (
  profile: ClusterProfile,
  configs: readonly ProviderConfig[] = [],
): AccessProvider | undefined => matchProvider(profile, configs)?.provider ?? accessProvidersOf(profile)[0];

/** Where a profile has an access provider, as keys and indices; its whole list where it has none of that name. */
export function locateProvider({ status }: ClusterProfile, wanted: string | undefined): (string | number)[] {
  for (const list of ['accessProviders', 'credentialProviders'] as const) {
    const index = status?.[list]?.findIndex(({ name }) => name === wanted) ?? -1;
    if (index >= 0) return ['status', list, index];
  }
  return ['status', 'accessProviders'];
}

/** The plugin for one profile: a copy of the file's entry, with what its policies let a profile add. */
export function buildPlugin({ config: { exec, args, envs }, provider }: Match): ExecPlugin {
  const env = new Map(exec.env.map(({ name, value }) => [name, value]));
  if (envs !== 'Ignore')
    for (const [name, value] of readHarmlessEnvs(provider))
      if (envs === 'Replace' || !env.has(name)) env.set(name, value);
  return {
    ...exec,
    args: args === 'Append' ? [...exec.args, ...readExtraArgs(provider)] : [...exec.args],
    env: [...env].toSorted(([a], [b]) => byText(a, b)).map(([name, value]) => ({ name, value })),
  };
}

/** What a profile would add to its plugin's command line and environment. */
export const listAdditions = (provider: AccessProvider): string[] => [
  ...(findExtension(provider, keys.argsExtension) === undefined ? [] : ['additional-args']),
  ...(findExtension(provider, keys.envsExtension) === undefined ? [] : ['additional-envs']),
];

/** The part of it that the file's policies leave out. */
export const listIgnored = ({ config: { args, envs }, provider }: Match): string[] =>
  listAdditions(provider).filter((each) => (each === 'additional-args' ? args : envs) === 'Ignore');

/** What the policies would take, if it did not stand under a name that nobody reads. */
export const listOlderNames = ({ config: { args, envs }, provider }: Match): string[] => [
  ...(args !== 'Ignore' && findExtension(provider, keys.olderArgsExtension) !== undefined ? ['additional-args'] : []),
  ...(envs !== 'Ignore' && findExtension(provider, keys.olderEnvsExtension) !== undefined ? ['additional-envs'] : []),
];

/** `spec.cluster` of KUBERNETES_EXEC_INFO (KEP-541), for a plugin that asks for it: the cluster, and its reserved extension as `config`. */
export function execCluster({ extensions, ...cluster }: ClusterAccess): Record<string, unknown> {
  const config = extensions?.find(({ name }) => name === keys.execExtension)?.extension;
  return { ...cluster, ...(config && { config }) };
}

/** As a kubeconfig has it. `interactiveMode` is required by v1; nobody is asked unless the provider file says so. */
export const execConfig = ({
  apiVersion,
  command,
  args,
  env,
  installHint,
  provideClusterInfo,
  interactiveMode = 'Never',
}: ExecPlugin): object => ({
  apiVersion,
  command,
  ...(args.length > 0 && { args: [...args] }),
  ...(env.length > 0 && { env: env.map((each) => ({ ...each })) }),
  ...(installHint && { installHint }),
  interactiveMode,
  ...(provideClusterInfo !== undefined && { provideClusterInfo }),
});
