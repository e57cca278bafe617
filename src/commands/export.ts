import type { Command } from 'commander';
import type { Define } from '../cli.ts';
import { nameOf, type ClusterProfile, type KubernetesObject } from '../clusterprofile.ts';
import { exit, isUserError, UserError, usageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { isObject } from '../kubernetes/objects.ts';
import { byText } from '../names.ts';
import { safeLine } from '../renderers/safe.ts';
import type { Exporter, ExportContext, System } from '../system.ts';
import { lossesOf, preparedContext } from './export-context.ts';
import { addOption, collect, exitCode, targetOptions, withExamples } from './flags.ts';
import { queryOf, readFilterOptions, selected, source, type ListOptions } from './list.ts';
import { endedError } from './target.ts';

interface ExportOptions extends ListOptions {
  providerFile?: string;
  outputDir?: string;
  skipRefused?: boolean;
  allowInsecure?: boolean;
  credentials?: string;
  exec?: string;
}

interface Made {
  profile: ClusterProfile;
  part: unknown;
}

/** Nobody has checked what files hold: what exporters count on is checked here, once. */
export function assertShape(profile: ClusterProfile): void {
  const { metadata, status = {} } = profile as Partial<ClusterProfile>;
  const lists = isObject(status)
    ? ['accessProviders', 'credentialProviders', 'conditions', 'properties'].map((list) => status[list] ?? [])
    : [status];
  if (metadata?.name && lists.every((list) => Array.isArray(list) && list.every(isObject))) return;
  throw new UserError(`${metadata?.name ? nameOf(profile) : 'a ClusterProfile without a name'} is not well-formed`, {
    hint: 'clusterprofile validate says what is wrong with it',
  });
}

/** The profiles that the filters let through: in the order of a placement, else by name, as consumers know no namespaces. */
async function profilesOf(options: ExportOptions, io: Io): Promise<{ profiles: ClusterProfile[]; partial: boolean }> {
  const { inventory, partial } = await source(options, io);
  const profiles: ClusterProfile[] = [];
  try {
    for await (const page of selected(inventory, queryOf(options, inventory), options, new Map()))
      profiles.push(...page);
  } catch (error) {
    throw io.signal.aborted ? endedError(options, io) : error;
  }
  for (const profile of profiles) assertShape(profile);
  if (options.placement === undefined)
    profiles.sort((a, b) => byText(a.metadata.name, b.metadata.name) || byText(nameOf(a), nameOf(b)));
  return { profiles, partial: partial || !inventory.isWhole() };
}

/** What each profile gives, and the profiles that the consumer cannot take. */
function translated(
  exporter: Exporter,
  profiles: readonly ClusterProfile[],
  context: ExportContext,
): { made: Made[]; refused: { profile: ClusterProfile; error: UserError }[] } {
  const made: Made[] = [];
  const refused: { profile: ClusterProfile; error: UserError }[] = [];
  for (const profile of profiles)
    try {
      const parts = exporter.translate(profile, context);
      for (const part of Array.isArray(parts) ? parts : [parts]) made.push({ profile, part });
    } catch (error) {
      if (!isUserError(error) || error.code !== exit.refused) throw error;
      refused.push({ profile, error });
    }
  return { made, refused };
}

/** What makes two parts the same thing for a consumer. */
function identity(part: unknown): string | undefined {
  if (!isObject(part)) return undefined;
  const { kind, metadata } = part as Partial<KubernetesObject>;
  if (metadata) return [kind, metadata.namespace, metadata.name].filter(Boolean).join(' ');
  return typeof part['name'] === 'string' ? part['name'] : undefined;
}

function assertDistinct(made: readonly Made[]): void {
  const seen = new Map<string, ClusterProfile>();
  for (const { profile, part } of made) {
    const id = identity(part);
    const other = id === undefined ? undefined : seen.get(id);
    if (other)
      throw new UserError(`${nameOf(other)} and ${nameOf(profile)} would both be ${id}`, {
        hint: 'export the namespaces one by one (-n), or rename one of them',
      });
    if (id !== undefined) seen.set(id, profile);
  }
}

const lossesIn = ({ loses, losesEmbedding = loses }: Exporter, { credentials }: ExportOptions): Exporter['loses'] =>
  credentials === 'embed' ? losesEmbedding : loses;

/** Documents as text: a stream of YAML, or one JSON object. */
async function textOf(documents: readonly object[], output: string): Promise<string> {
  if (output === 'json') {
    const [only] = documents;
    const whole = documents.length === 1 ? only : { apiVersion: 'v1', kind: 'List', items: documents };
    return `${JSON.stringify(whole, null, 2)}\n`;
  }
  const { toYamlStream } = await import('../kubernetes/yaml-out.ts');
  return toYamlStream([...documents]);
}

/** One file a document. Private where it names who may log in where: Secrets and kubeconfigs. */
async function writeFiles(
  documents: readonly object[],
  { outputDir = '', output = 'yaml', credentials }: ExportOptions,
): Promise<void> {
  const { makePrivate, pathInside, writeFileAtomic } = await import('../kubernetes/files.ts');
  for (const document of documents as Partial<KubernetesObject>[]) {
    const { kind = 'config', metadata } = document;
    const name = `${[kind.toLowerCase(), metadata?.name].filter(Boolean).join('-')}.${output}`;
    const file = pathInside(outputDir, ...(metadata?.namespace ? [metadata.namespace] : []), name);
    const secret = kind === 'Secret' || kind === 'Config' || credentials === 'embed';
    const mode = secret ? 0o600 : 0o644;
    if (secret) makePrivate(file);
    writeFileAtomic(file, await textOf([document], output), mode);
  }
}

/** Says each thing once. */
function talk(io: Io, { quiet }: ExportOptions): (text: string, always?: boolean) => void {
  const said = new Set<string>();
  return (text, always = false) => {
    if (said.has(text) || (quiet && !always)) return;
    said.add(text);
    io.err(`${text}\n`);
  };
}

function sayRefused(
  consumer: string,
  refused: ReturnType<typeof translated>['refused'],
  say: ReturnType<typeof talk>,
): void {
  for (const { profile, error } of refused)
    say(`error: ${consumer}: ${safeLine(`${nameOf(profile)}: ${error.message}`)}`, true);
  for (const { error } of refused) if (error.hint) say(`hint: ${error.hint}`, true);
}

/** Exports profiles for one consumer. Returns the exit code. */
async function exportTo(consumer: string, exporter: Exporter, options: ExportOptions, io: Io): Promise<number> {
  const { output = 'yaml' } = options;
  if (output !== 'yaml' && output !== 'json')
    throw usageError(`unknown output format ${JSON.stringify(output)}`, 'formats: yaml json');
  const say = talk(io, options);
  const file = options.providerFile;
  const providers =
    file === undefined ? undefined : (await import('../access/provider-file.ts')).readProviderFile(file);
  const { profiles, partial } = await profilesOf(options, io);
  const warn = (message: string): void => say(`warning: ${safeLine(message)}`);
  const context = await preparedContext({ profiles, options: { ...options }, providers, warn }, options, io);
  const { made, refused } = translated(exporter, profiles, context);
  sayRefused(consumer, refused, say);
  if (refused.length > 0 && !options.skipRefused) return exit.refused;
  const code = refused.length > 0 || partial ? exit.partial : exit.done;
  if (made.length === 0) {
    say('note: no ClusterProfile to export');
    return code;
  }
  assertDistinct(made);
  const parts = made.map(({ part }) => part);
  const documents = exporter.combine ? exporter.combine(parts, context) : (parts as object[]);
  const carried = [...new Set(made.map(({ profile }) => profile))];
  for (const loss of lossesOf(lossesIn(exporter, options), carried, context.providers))
    say(`note: ${consumer} does not carry ${safeLine(loss)}`);
  const done = await exporter.save?.(documents, context);
  if (done !== undefined) say(done);
  else if (options.outputDir === undefined) io.out(await textOf(documents, output));
  else await writeFiles(documents, options);
  return code;
}

function commonOptions(command: Command): void {
  command
    .optionsGroup('Options:')
    .option(
      '-f, --filename <file>',
      'files, a directory or - with ClusterProfiles instead of an inventory; repeatable',
      collect,
    )
    .option('-R, --recursive', 'read subdirectories of -f too')
    .option('-A, --all-namespaces', 'the profiles of all namespaces')
    .option('--provider-file <file>', 'JSON that names the command for each access provider (KEP-4322)')
    .option('-o, --output <format>', 'yaml or json', 'yaml')
    .option('--output-dir <dir>', 'write one file a document into a directory')
    .option('--skip-refused', 'do the rest when some profiles are refused (exit 4)')
    .option('--allow-insecure', 'take profiles that skip TLS verification or have no https server');
}

type Consumer = System & { exporter: Exporter };
const isConsumer = (system: System | undefined): system is Consumer => system?.exporter !== undefined;

function defineConsumer(parent: Command, io: Io, name: string, { title, exporter }: Consumer): void {
  const command = parent.command(name).summary(title).description(`Write ClusterProfiles as ${title} reads them.`);
  withExamples(command, io, [
    [`export ${name} -A --provider-file providers.json`, 'from the hub'],
    [`export ${name} -f fleet/ --clusterset prod-fleet`, 'members of one ClusterSet, from files'],
    [`export ${name} --inventory fleet/ --output-dir out/`, 'one file a document'],
  ]);
  if (exporter.options?.length) command.optionsGroup(`${title}:`);
  for (const option of exporter.options ?? []) addOption(command, option);
  commonOptions(command);
  readFilterOptions(command);
  targetOptions(command);
  command.action(async (options: ExportOptions) => exitCode(command, await exportTo(name, exporter, options, io)));
}

export const define: Define = async (command, io, words) => {
  command.description('Write what other tools read, from the ClusterProfiles of a hub, a directory or files.');
  command.usage('<consumer> [flags]');
  const { loadSystem, loadSystems, systemNames } = await import('../registry.ts');
  const known = systemNames();
  const name = words.find((word) => known.includes(word));
  const system = name === undefined ? undefined : await loadSystem(name);
  if (name !== undefined && isConsumer(system)) {
    defineConsumer(command, io, name, system);
    return;
  }
  withExamples(command, io, [
    ['export kubeconfig -A --provider-file providers.json', 'one kubeconfig for every cluster'],
    ['export argocd -f fleet/ --argocd-builtin', 'cluster Secrets of Argo CD, without a credential'],
    ['export kueue -n kueue-system', 'MultiKueue clusters that refer to their profiles'],
  ]);
  for (const [each, found] of await loadSystems())
    if (isConsumer(found)) command.command(each).summary(found.title).description(found.title);
  // With a word that is no consumer, commander says so and suggests one that is.
  if (words.every((word) => word.startsWith('-')))
    command.action(() => {
      throw usageError('which consumer?', `${io.program} export --help lists them`);
    });
};
