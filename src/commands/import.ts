import type { Define } from './command.ts';
import type { Importer } from '../import/kit/importer.ts';
import type { Command } from 'commander';
import { usageError } from '../errors.ts';
import { isObject } from '../object.ts';
import { valuesOf, type ValuesOf } from '../options.ts';
import type { Io } from '../io.ts';
import { loadImporter, loadImporters, findSystem, listSystemsFor, type NamedSystem } from '../systems/index.ts';
import {
  addFlags,
  addSystem,
  connectionOf,
  findOrigin,
  keepExitCode,
  keepRules,
  moveSystemFirst,
  sourceFlags,
  sourceFlagsFor,
  withExamples,
} from './flags/flags.ts';
import { assertSystem } from './flags/catalog.ts';
import { assertTogether, rulesOf } from './flags/rules.ts';
import { importFlags, type ImportOptions } from '../import/flags.ts';
import { writeFlags } from '../plan/flags.ts';
import { isOffline, targetFlags } from '../stores/options.ts';
import { importFrom } from '../import/run.ts';

const flags = { ...importFlags, ...writeFlags, ...targetFlags };

/** What a command line says, but for the flags of the system. */
function readOptions(
  command: Command,
  given: object,
): ValuesOf<typeof flags> & Pick<ImportOptions, 'source' | 'acceptedFrom'> {
  const options = valuesOf(flags, given);
  assertTogether('import', { ...options, blind: isOffline(options) });
  return { ...options, source: connectionOf(given, 'source'), acceptedFrom: findOrigin(command, 'accept') };
}

const buildExamples = (name: string, { kinds }: Importer): readonly [string, string][] => [
  [`import ${name}`, 'print ClusterProfiles as YAML'],
  [`import ${name} --diff`, 'show what would change on the hub (exit 1 if anything)'],
  [`import ${name} --apply --prune`, 'make the hub the same, removing what is gone'],
  kinds
    ? [`import ${name} -f dump.yaml -o name`, 'from kubectl get … -o yaml instead of a live read']
    : [`import ${name} -f recorded.json -o name`, 'from recorded API responses instead of a live read'],
];

/** The flags of a system, and what its help says besides. */
function addSystemFlags(command: Command, io: Io, { name, title, source }: Importable): void {
  withExamples(command, io, buildExamples(name, source));
  if (source.options) command.optionsGroup(`${title}:`);
  addFlags(command, source.options ?? {});
  command.optionsGroup('Options:');
  addFlags(command, flags);
  addFlags(command, sourceFlagsFor(source));
}

type Importable = NamedSystem & { source: Importer };

/** Many systems take Secrets beside their own kinds, which says little. */
const isMain = ({ kinds = [] }: Importer, object: unknown): boolean =>
  !isObject(object) || object['kind'] !== 'Secret' || kinds[0]?.kind === 'Secret';

/** The systems that read some of these objects. */
async function findReaders(objects: readonly unknown[]): Promise<string[]> {
  const systems = [...(await loadImporters())];
  return systems.flatMap(([name, { source }]) =>
    !source.notInAuto && objects.some((object) => isMain(source, object) && source.accepts(object)) ? [name] : [],
  );
}

/** Declares `import <system>` with the flags of that system. */
function defineSystemCommand(
  parent: Command,
  io: Io,
  system: Importable,
  words: readonly string[],
  hasDefaults: boolean,
): void {
  const { name, title, source } = system;
  const command = addSystem(parent, [name, system]).description(`Read the clusters of ${title} as ClusterProfiles.`);
  if (source.files) command.argument('[file...]', 'the same as -f');
  keepRules(command, rulesOf('import'));
  // To declare half a hundred flags takes longer than to read a small source, so only where one may be given.
  if (hasDefaults || words.some((word) => word.startsWith('-'))) addSystemFlags(command, io, system);
  command.action(async (...args: unknown[]) => {
    const [files, given] = source.files ? [args[0] as string[], args[1] as object] : [[], args[0] as object];
    const own = valuesOf(source.options ?? {}, given);
    const options = readOptions(command, given);
    const filename = [...options.filename, ...files];
    keepExitCode(command, await importFrom(name, source, { options: { ...options, filename, own }, io, findReaders }));
  });
}

/** Declares `import auto`: the systems decide for themselves what is theirs. */
function defineAuto(parent: Command, io: Io): void {
  const command = parent
    .command('auto')
    .summary('every system there is in the input')
    .description('Read the clusters of every system whose objects are in the input, or on a cluster.');
  withExamples(command, io, [
    ['import auto -f dump.yaml', 'whatever is in a file'],
    ['import auto --source-context hub-a', 'whatever a cluster serves'],
  ]);
  addFlags(command, { ...flags, ...sourceFlags() });
  keepRules(command, rulesOf('import'));
  command.action(async (given: object) => {
    const { importAuto } = await import('../import/auto.ts');
    keepExitCode(command, await importAuto(await loadImporters(), readOptions(command, given), io));
  });
}

const isSystemOrAuto = (word: string): boolean => word === 'auto' || findSystem(word) !== undefined;

export const define: Define = async (command, io, words, _verbs, defaults) => {
  command
    .description('Read clusters from a multi-cluster system; print, diff or apply their ClusterProfiles.')
    .usage('<system> [flags]');
  const ordered = moveSystemFirst(words, isSystemOrAuto, [flags, sourceFlags()]);
  const system = await loadImporter(ordered[0] ?? '');
  if (system) {
    defineSystemCommand(command, io, system, words, defaults !== undefined);
    return ordered;
  }
  assertSystem('import', ordered[0], io);
  withExamples(command, io, [
    ['import kubeconfig', 'the clusters of your kubeconfig'],
    ['import gke --project shop', 'a GKE fleet'],
    ['import azure --subscription S --apply', 'Azure Kubernetes Fleet Manager, onto the hub'],
  ]);
  defineAuto(command, io);
  for (const entry of listSystemsFor('import')) addSystem(command, entry);
  if (words.every((word) => word.startsWith('-')))
    command.action(() => {
      throw usageError('which system?', `${io.program} import --help lists them`);
    });
  return ordered;
};
