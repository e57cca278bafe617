import type { Command } from 'commander';
import type { Define } from '../cli.ts';
import { nameOf, type ClusterProfile, type KubernetesObject } from '../clusterprofile.ts';
import { exit, isUserError, UserError, usageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { safeLine } from '../renderers/safe.ts';
import type { Exporter, ExportContext } from '../system.ts';
import { exportContext, lossesOf } from './export-context.ts';
import { assertDistinct, assertShape, byExport, isConsumer, type Consumer, type Made } from './export-parts.ts';
import { addOption, collect, exitCode, targetOptions, withExamples } from './flags.ts';
import { filterOptions, queryOf, selected, source, type ListOptions } from './list.ts';
import { endedError } from './target.ts';

interface ExportOptions extends ListOptions {
  providerFile?: string;
  outputDir?: string;
  skipRefused?: boolean;
  allowInsecure?: boolean;
}

/** The profiles that the filters let through, in the order of every export. */
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
  profiles.sort(byExport);
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
  { outputDir = '', output = 'yaml' }: ExportOptions,
  jsonFile: string | undefined,
): Promise<void> {
  const { pathInside, writeFileAtomic } = await import('../kubernetes/files.ts');
  for (const document of documents as Partial<KubernetesObject>[]) {
    const { kind = 'config', metadata } = document;
    const name = jsonFile ?? `${[kind.toLowerCase(), metadata?.name].filter(Boolean).join('-')}.${output}`;
    const file = pathInside(outputDir, ...(metadata?.namespace ? [metadata.namespace] : []), name);
    const mode = kind === 'Secret' || kind === 'Config' ? 0o600 : 0o644;
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
  const formats = exporter.jsonFile === undefined ? ['yaml', 'json'] : ['json'];
  const { output = 'yaml' } = options;
  if (!formats.includes(output))
    throw usageError(
      formats.length > 1
        ? `unknown output format ${JSON.stringify(output)}`
        : `${consumer} reads JSON only, not ${JSON.stringify(output)}`,
      `formats: ${formats.join(' ')}`,
    );
  const say = talk(io, options);
  const file = options.providerFile;
  const providers =
    file === undefined ? undefined : (await import('../access/provider-file.ts')).readProviderFile(file);
  const { profiles, partial } = await profilesOf(options, io);
  const warn = (message: string): void => say(`warning: ${safeLine(message)}`);
  const note = (message: string): void => say(`note: ${safeLine(message)}`);
  const context = exportContext({ profiles, options: { ...options }, providers, warn, note });
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
  for (const loss of lossesOf(exporter.loses, carried, context.providers))
    say(`note: ${consumer} does not carry ${safeLine(loss)}`);
  const done = await exporter.save?.(documents, context);
  if (done !== undefined) say(done);
  else if (options.outputDir === undefined) io.out(await textOf(documents, output));
  else await writeFiles(documents, options, exporter.jsonFile);
  return code;
}

function commonOptions(command: Command, { jsonFile }: Exporter): void {
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
    .option(
      '-o, --output <format>',
      jsonFile ? 'json, which is all it reads' : 'yaml or json',
      jsonFile ? 'json' : 'yaml',
    )
    .option('--output-dir <dir>', 'write one file a document into a directory')
    .option('--skip-refused', 'do the rest when some profiles are refused (exit 4)')
    .option('--allow-insecure', 'take profiles that skip TLS verification or have no https server');
}

function defineConsumer(
  parent: Command,
  io: Io,
  name: string,
  { title, exporter, aliases }: Consumer & { aliases: string[] },
): void {
  const command = parent.command(name).summary(title).description(`Write ClusterProfiles as ${title} reads them.`);
  command.aliases(aliases);
  withExamples(command, io, [
    [`export ${name} -A --provider-file providers.json`, 'from the hub'],
    [`export ${name} -f fleet/ --clusterset prod-fleet`, 'members of one ClusterSet, from files'],
    [`export ${name} --inventory fleet/ --output-dir out/`, 'one file a document'],
  ]);
  if (exporter.options?.length) command.optionsGroup(`${title}:`);
  for (const option of exporter.options ?? []) addOption(command, option);
  commonOptions(command, exporter);
  filterOptions(command);
  targetOptions(command);
  command.action(async (options: ExportOptions) => exitCode(command, await exportTo(name, exporter, options, io)));
}

export const define: Define = async (command, io, words) => {
  command.description('Write what other tools read, from the ClusterProfiles of a hub, a directory or files.');
  command.usage('<consumer> [flags]');
  const { aliasesOf, loadSystem, loadSystems, systemNamed } = await import('../registry.ts');
  const name = words.map(systemNamed).find((each) => each !== undefined);
  const system = name === undefined ? undefined : await loadSystem(name);
  if (name !== undefined && isConsumer(system)) {
    defineConsumer(command, io, name, { ...system, aliases: aliasesOf(name) });
    return;
  }
  withExamples(command, io, [
    ['export kubeconfig -A --provider-file providers.json', 'one kubeconfig for every cluster'],
    ['export argocd -f fleet/ --argocd-builtin', 'cluster Secrets of Argo CD, without a credential'],
    ['export kueue -n kueue-system', 'MultiKueue clusters that refer to their profiles'],
  ]);
  for (const [each, found] of await loadSystems())
    if (isConsumer(found)) command.command(each).aliases(aliasesOf(each)).summary(found.title).description(found.title);
  // With a word that is no consumer, commander says so and suggests one that is.
  if (words.every((word) => word.startsWith('-')))
    command.action(() => {
      throw usageError('which consumer?', `${io.program} export --help lists them`);
    });
};
