import type { ExportOptions } from './flags.ts';
import type { Access, ExportContext, ExporterFlags } from './kit/exporter.ts';
import type { ValuesOf } from '../options.ts';
import type { Warn } from '../util/notices.ts';
import {
  hasBlanks,
  listIgnored,
  matchProvider,
  buildPlugin,
  findUsedProvider,
  listOlderNames,
  withAliases,
  type ExecPlugin,
  type Match,
  type ProviderConfig,
} from '../access/provider.ts';
import {
  accessProvidersOf,
  keys,
  nameOf,
  type AccessProvider,
  type ClusterProfile,
  type Extension,
} from '../profile/clusterprofile.ts';
import { tellCluster } from '../access/login-arguments.ts';
import { refusal, type UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import { knownExtensions } from './kit/drops.ts';
import { buildAccessProvider } from '../profile/endpoint.ts';
import { holdsCredential } from '../redact/credential-patterns.ts';
import { withholdExtensions } from '../profile/withhold.ts';
import { quoteForShell } from '../util/shell.ts';
import { isAbsolute } from '../profile/endpoint/server-url.ts';

/** Where exported profiles get their facts from, and how they talk to the user. */
export interface ExportInput {
  profiles: readonly ClusterProfile[];
  /** Those of every export. */
  options: Pick<ExportOptions, 'allowInsecure' | 'providerAlias' | 'instance'>;
  /** Those of the exporter. */
  own: ValuesOf<ExporterFlags>;
  /** Absent without `--provider-file`. */
  providers: readonly ProviderConfig[] | undefined;
  /** This program as a plugin; only export has it. */
  self?: ExportContext['self'] | undefined;
  /** The kubeconfig of the hub, for plugins that ask it. */
  hub?: string | undefined;
  /** What `--credentials embed` reads before any translation. */
  tokens?: ReadonlyMap<ClusterProfile, string | UserError>;
  warn: Warn<ClusterProfile>;
  note(message: string): void;
}

const listProviderNames = (profile: ClusterProfile): string =>
  accessProvidersOf(profile)
    .map(({ name }) => name)
    .join(', ');

/** The provider that counts; refuses a profile without any. */
function chooseProvider(profile: ClusterProfile, providers: readonly ProviderConfig[]): AccessProvider {
  const provider = findUsedProvider(profile, providers);
  if (!provider)
    throw refusal(
      'status.accessProviders is missing, so nothing says how it is reached',
      'import it again from a system that knows its endpoint',
    );
  if (!provider.name)
    throw refusal('an entry of status.accessProviders has no name', 'correct it, or import the cluster again');
  return provider;
}

const findRepeated = (extensions: readonly Extension[]): string | undefined =>
  extensions.find(({ name }, index) => extensions.findIndex((each) => each.name === name) < index)?.name;

/** Checks an endpoint and leaves out what consumers have no use for: foreign extensions, credentials in URLs. */
function checkEndpoint(
  { name, cluster }: AccessProvider,
  { options: { allowInsecure }, own: { keepExtensions } }: Pick<ExportInput, 'options' | 'own'>,
  warn: Warn,
): Omit<Access, 'known'> {
  const field = `status.accessProviders[${name}].cluster`;
  const twice = findRepeated(cluster?.extensions ?? []);
  // pkg/access fails on it, and kubectl on the whole file that it would be in.
  if (twice !== undefined) throw refusal(`${field} has the extension ${JSON.stringify(twice)} twice`);
  // An import may guess what is meant. What is exported has to be what the profile says.
  const noUrl = (): UserError =>
    refusal(`${field}.server is not an absolute URL`, 'write it like https://203.0.113.7:6443');
  if (!isAbsolute(cluster?.server ?? '')) throw noUrl();
  const heard = new Set<string>();
  const hear = (message: string): void => void heard.add(message);
  const extensions = withholdExtensions(
    (cluster?.extensions ?? []).filter(
      (each) => each.name === keys.execExtension || (keepExtensions && !knownExtensions.has(each.name)),
    ),
    hear,
  );
  // A path of some machine. It has no place in a ClusterProfile, and files hold it all the same.
  if (cluster && 'certificate-authority' in cluster && !cluster['certificate-authority-data'])
    hear('its CA is in a file (certificate-authority), left out: there is no other');
  const found = buildAccessProvider(
    name,
    {
      server: cluster?.server,
      caData: cluster?.['certificate-authority-data'],
      insecure: cluster?.['insecure-skip-tls-verify'],
      tlsServerName: cluster?.['tls-server-name'],
      proxyUrl: cluster?.['proxy-url'],
      disableCompression: cluster?.['disable-compression'],
      extensions,
    },
    { warn: hear, partial: hear },
  )?.cluster;
  const flag = '--allow-insecure, where that is what you want';
  if (!found) throw noUrl();
  if (!found.server.startsWith('https://') && !allowInsecure)
    throw refusal(`${field}.server is not https: a credential would be sent in the clear`, flag);
  if (found['insecure-skip-tls-verify'] && !allowInsecure)
    throw refusal(`${field} has insecure-skip-tls-verify: a credential would go to whoever answers`, flag);
  // A refused profile has thrown by now: its refusal is said, and not its warnings besides.
  for (const message of heard) warn(message);
  return { provider: name, cluster: found };
}

/** What is wrong without a provider file, and what helps. */
export const noProviderFile = {
  message: 'no provider file says which command logs in',
  hint: 'clusterprofile export provider-file writes one from the same profiles; then --provider-file FILE',
};

/** The plugin of the provider file, or why there is none. */
function matchPlugin(profile: ClusterProfile, providers: readonly ProviderConfig[] | undefined): Match {
  chooseProvider(profile, []);
  if (!providers) throw refusal(noProviderFile.message, noProviderFile.hint);
  const match = matchProvider(profile, providers);
  if (match) return match;
  throw refusal(
    `the provider file has none of its access providers (${listProviderNames(profile)})`,
    'add one to the provider file, or --provider-alias NAME=KNOWN where it has another name there',
  );
}

const extensionsForPlugins: ReadonlySet<string> = new Set([keys.argsExtension, keys.envsExtension]);

/** Refuses a profile whose arguments and variables for its plugin hold a credential: they would be written down as they are. */
function assertNoCredential({ provider: { name, cluster } }: Match): void {
  const found = cluster?.extensions?.find(
    (each) => extensionsForPlugins.has(each.name) && holdsCredential(each.extension),
  );
  if (found)
    throw refusal(
      `extension ${found.name} of status.accessProviders[${name}] looks like it holds a credential`,
      'take it out of the profile: the plugin of the provider file logs in',
    );
}

/** What the operator should know of the plugin of a profile. */
const listPluginFlaws = (match: Match, { command }: ExecPlugin): string[] => [
  ...listIgnored(match).map((ignored) => `its ${ignored} are ignored, as the policy for ${match.config.name} says`),
  ...listOlderNames(match).map(
    (older) => `its ${older} are ignored: they have an older name of the extension, which is not read`,
  ),
  ...(hasBlanks(command)
    ? [`the command of its plugin (${command.split(' ')[0]} …) has blanks, and is run as the name of one file`]
    : []),
];

const explainWithheld = ({ host, cloud }: { host: string; cloud: string }): string =>
  `its plugin is not told its cluster: ${host} is no host of ${cloud}, and would be sent a token of it (--allow-host ${quoteForShell(host)}, where you know that it is)`;

/** What exporters get: names, access and plugins of profiles, by the rules that all consumers share. */
export function createExportContext(input: ExportInput): ExportContext {
  const { profiles, own, self, tokens, warn, note } = input;
  const { providerAlias: aliases, instance } = input.options;
  const providers = input.providers && withAliases(input.providers, aliases);
  const taken = new Map<string, number>();
  for (const { metadata } of profiles) taken.set(metadata.name, (taken.get(metadata.name) ?? 0) + 1);
  const known = new WeakMap<ClusterProfile, Access>();
  // Exporters may ask more than once, and to check a CA takes longer than the rest of a profile.
  const access = (profile: ClusterProfile): Access => {
    const there = known.get(profile);
    if (there) return there;
    const found = checkEndpoint(chooseProvider(profile, providers ?? []), input, (message) => warn(message, profile));
    const whole = { ...found, known: aliases.get(found.provider) ?? found.provider };
    known.set(profile, whole);
    return whole;
  };
  return {
    options: own,
    allowInsecure: input.options.allowInsecure ?? false,
    aliases,
    instance,
    providers: providers ?? [],
    hub: input.hub,
    warn,
    note,
    uniqueName: ({ metadata: { name, namespace } }) =>
      namespace && (taken.get(name) ?? 0) > 1 ? `${namespace}.${name}` : name,
    access,
    exec(profile) {
      const match = matchPlugin(profile, providers);
      assertNoCredential(match);
      const plugin = buildPlugin(match);
      for (const message of listPluginFlaws(match, plugin)) warn(message, profile);
      const found = access(profile);
      const { plugin: told, withheldFrom } = tellCluster(plugin, found.cluster, own.allowHost);
      if (withheldFrom) warn(explainWithheld(withheldFrom), profile);
      return { ...found, plugin: told };
    },
    self(profile) {
      if (!self) throw new Error('this program is a plugin in exports only');
      return self(profile);
    },
    token(profile) {
      const token = tokens?.get(profile);
      if (typeof token === 'string') return token;
      throw token ?? new Error(`no token was read for ${nameOf(profile)}`);
    },
  };
}

/** What exporters get, with all that has to be read before they translate: nothing but that, so translations stay pure. */
export async function prepareContext(input: ExportInput, options: ExportOptions, io: Io): Promise<ExportContext> {
  const self =
    input.own.exec === 'self'
      ? (await import('./exec-self.ts')).createSelfPlugin({ ...options, ...input.own }, io.env)
      : undefined;
  const hub = 'exec' in input.own ? (await import('./exec-self.ts')).findHubFile(options, io.env) : undefined;
  if (input.own.credentials !== 'embed') return createExportContext({ ...input, self, hub });
  const { readTokens } = await import('./tokens.ts');
  const tokens = await readTokens(input.profiles, createExportContext(input), options, io);
  return createExportContext({ ...input, self, tokens });
}
