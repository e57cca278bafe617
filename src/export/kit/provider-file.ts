// https://github.com/kubernetes/enhancements/tree/master/keps/sig-multicluster/4322-cluster-inventory
import { byText } from '../../util/text.ts';
import type { ExportContext, Exporter } from './exporter.ts';
import { hasBlanks, execConfig, type ArgsPolicy, type ProviderConfig } from '../../access/provider.ts';
import { accessProvidersOf, type ClusterProfile } from '../../profile/clusterprofile.ts';
import { refusal } from '../../errors.ts';
import { splitArgumentWords, detectCredentialWord } from '../../redact/plugin-words.ts';
import { buildEntry, findPreset, type Preset } from '../../access/provider-presets.ts';
import { assertOwnIdentities } from './shared-identity.ts';
import { providerFileFlags } from './plugin-flags.ts';
import { findMissingAccess, findWrongServer } from './reader-checks.ts';
import { quoteForShell } from '../../util/shell.ts';

/** What one profile asks of the file. */
export interface Wanted {
  profile: ClusterProfile;
  /** Its access providers that the file can have an entry for. */
  providers: string[];
}

type Context = ExportContext<typeof providerFileFlags>;

/** The entry of a provider: the base file's, else the preset, else what `--plugin` alone says. */
function findEntry(name: string, { providers, options, aliases }: Context): Preset | undefined {
  const command = options.plugin.get(name)?.command;
  const preset = findPreset(aliases.get(name) ?? name);
  return (
    providers.find((each) => each.name === name) ??
    (preset && { ...preset, name }) ??
    (command === undefined ? undefined : buildEntry(name, command))
  );
}

/** What a profile needs of the file. Refuses one that could not be reached with any entry there is. */
export function collectWanted(profile: ClusterProfile, context: Context): Wanted {
  const names = accessProvidersOf(profile).flatMap(({ name }) =>
    typeof name === 'string' && name !== '' ? [name] : [],
  );
  const [first] = names;
  if (first === undefined)
    throw refusal(
      'status.accessProviders is missing, so there is nothing to give credentials for',
      'import it again from a system that knows its endpoint',
    );
  const known = names.filter((name) => findEntry(name, context));
  if (known.length === 0)
    throw refusal(
      `nothing says which command gives credentials for its access provider ${names.join(' or ')}`,
      `--plugin ${quoteForShell(first)}=COMMAND, or an entry for it in a --provider-file`,
    );
  const problem = findMissingAccess(profile, context.providers) ?? findWrongServer(profile, context.providers);
  if (problem !== undefined) context.warn(`${problem}, and its readers may not connect`, profile);
  for (const name of names)
    if (!known.includes(name)) context.warn(`no entry for its other access provider ${name}`, profile);
  return { profile, providers: known };
}

/** The file says nothing of one cluster and holds no credential, whatever the base file has. */
export function assertPublic({ name, exec: { command, args, env } }: ProviderConfig): void {
  const given = [...command.split(/\s+/), ...args];
  const words = [...splitArgumentWords(given), ...env.map((each) => ({ name: each.name, text: each.value }))];
  if (words.some((word) => detectCredentialWord(word) !== undefined))
    throw refusal(
      `entry ${name} of the provider file has a credential in its args or env`,
      'clusterprofile validate --provider-file says where; plugins read credentials from files or their own identity',
    );
}

const takeBaseName = (command: string): string => command.slice(command.lastIndexOf('/') + 1);

/** Where the binary is for the consumer: an absolute `--plugin` as it is, everything else in `--plugin-dir`, if given. */
function resolveCommand({ name, exec }: ProviderConfig, { plugin, pluginDir }: Context['options']): string {
  const given = plugin.get(name)?.command;
  const folder = pluginDir?.replace(/\/$/, '');
  if (folder === undefined || given?.startsWith('/')) return given ?? exec.command;
  return `${folder}/${takeBaseName(given ?? exec.command)}`;
}

/** The arguments of a `--plugin` that has some take the place of the entry's. */
function listOwnArgs({ name, exec }: ProviderConfig, { plugin }: Context['options']): readonly string[] {
  const given = plugin.get(name)?.args ?? [];
  return given.length > 0 ? given : exec.args;
}

function configureEntry(entry: Preset, context: Context): ProviderConfig {
  const { options, warn } = context;
  const { name, exec } = entry;
  const policy: ArgsPolicy = options.appendArgs.includes(name) ? 'Append' : entry.args;
  if (entry.needs && policy === 'Ignore')
    warn(
      `${name}: its plugin needs ${entry.needs}, which only a profile's additional-args can say; they are ignored without --append-args ${quoteForShell(name)}`,
    );
  const command = resolveCommand(entry, options);
  const args = [...listOwnArgs(entry, options), ...(options.pluginArg.get(name) ?? [])];
  if (hasBlanks(command))
    warn(`${name}: its command (${command.split(' ')[0]} …) has blanks, and is run as the name of one file`);
  const { needsArg } = entry;
  if (needsArg !== undefined && !args.some((arg) => arg === needsArg || arg.startsWith(`${needsArg}=`)))
    warn(`${name}: its plugin needs ${needsArg}: --plugin-arg ${quoteForShell(name)}=${needsArg}=NAME`);
  return {
    name,
    exec: { ...exec, command, args },
    args: policy,
    envs: options.envs.get(name) ?? entry.envs,
  };
}

/** A flag for a provider that nobody has is a typing error, or one of a wider list of clusters. */
function sayUnused(entries: readonly ProviderConfig[], { options, warn }: Context): void {
  const there = new Set(entries.map(({ name }) => name));
  const flags = [
    ['--plugin', options.plugin.keys()],
    ['--plugin-arg', options.pluginArg.keys()],
    ['--append-args', options.appendArgs],
    ['--envs', options.envs.keys()],
  ] as const;
  for (const [flag, names] of flags)
    for (const name of names)
      if (!there.has(name)) warn(`${flag} ${name}: no exported profile has an access provider of that name`);
}

/** How the reader of a provider file uses it. */
interface ReaderHabits {
  /** It copies the configuration for each profile, so that no profile changes what the next one gets. */
  copies?: boolean;
}

/**
 * The file: entries of the base in their order, which decides where a profile has several providers; then what else is
 * used, the most used first.
 */
export function buildProviderFile(
  wanted: readonly Wanted[],
  context: Context,
  { copies = false }: ReaderHabits = {},
): { providers: object[] } {
  const uses = new Map<string, number>();
  for (const name of wanted.flatMap(({ providers }) => providers)) uses.set(name, (uses.get(name) ?? 0) + 1);
  const base = new Set(context.providers.map(({ name }) => name));
  const added = [...uses]
    .filter(([name]) => !base.has(name))
    .toSorted(([a, used], [b, usedToo]) => usedToo - used || byText(a, b))
    .flatMap(([name]) => findEntry(name, context) ?? []);
  const found = [...context.providers, ...added];
  sayUnused(found, context);
  const entries = found.map((entry) => configureEntry(entry, context));
  entries.forEach(assertPublic);
  if (!copies)
    assertOwnIdentities(
      wanted.map(({ profile }) => profile),
      entries,
    );
  return {
    providers: entries.map(({ name, exec, args, envs }) => ({
      name,
      execConfig: execConfig(exec),
      ...(args !== 'Ignore' && { profileSourcedCLIArgsPolicy: args }),
      ...(envs !== 'Ignore' && { profileSourcedEnvVarsPolicy: envs }),
    })),
  };
}

/** The exporter of a consumer that reads ClusterProfiles itself, and nothing else than this file. */
export const createProviderFileExporter = ({
  copies,
  hint,
  ...more
}: Pick<Exporter, 'drops' | 'checks' | 'cautions'> &
  ReaderHabits & { hint?(wanted: readonly Wanted[]): string }): Exporter<Wanted, typeof providerFileFlags> => ({
  options: providerFileFlags,
  jsonFile: 'clusterprofile-provider-file.json',
  exampleFlags: '',
  ...more,
  translate: collectWanted,
  combine(wanted, context) {
    if (hint) context.note(hint(wanted));
    return [buildProviderFile(wanted, context, { copies: copies ?? false })];
  },
});
