import type { Command } from 'commander';
import type { Define, GivenDefaults, Verbs } from '../command.ts';
import { listSystemsFor } from '../../systems/index.ts';
import { exit } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { option, valuesOf, type ValuesOf } from '../../options.ts';
import { addFlags, keepExitCode, withExamples } from '../flags/flags.ts';
import { listAllFlags, viewAll, viewCommand, type Row } from './view.ts';

const viewFlags = {
  output: option.oneOf('-o, --output <format>', 'table, yaml or json', ['table', 'yaml', 'json'], { default: 'table' }),
};

async function formatRows(rows: readonly Row[], output: string): Promise<string> {
  if (output === 'json') return `${JSON.stringify(rows, undefined, 2)}\n`;
  if (output === 'yaml') return (await import('../../documents/yaml-out.ts')).toYaml(rows);
  const { formatColumns } = await import('../../output/text.ts');
  const columns = rows.map(({ command, flag, value, from }) => [
    command || '<any>',
    flag,
    [value].flat().join(','),
    from,
  ]);
  return formatColumns([['COMMAND', 'FLAG', 'VALUE', 'FROM'], ...columns]);
}

async function runView(
  words: readonly string[],
  { output }: ValuesOf<typeof viewFlags>,
  io: Io,
  verbs: Verbs,
): Promise<number> {
  const rows = words.length === 0 ? await viewAll(io, verbs) : await viewCommand(words, io, verbs);
  if (rows.length === 0 && output === 'table') io.err('No defaults found.\n');
  else io.out(await formatRows(rows, output));
  return exit.done;
}

function defineView(parent: Command, io: Io, verbs: Verbs): void {
  const command = parent
    .command('view')
    .description(
      'Show the flags of a command as they would be, and where each value is from. ' +
        'Without a command, all that files and variables set; everything in them is checked.',
    )
    .argument('[command...]', 'a command, with flags behind it or without')
    .usage('[flags] [command...]')
    .passThroughOptions();
  withExamples(command, io, [
    ['config view', 'everything that is set'],
    ['config view import gke', 'what counts for a command'],
    ['config view -o json list -n fleet', 'the same beside a flag that is typed'],
  ]);
  addFlags(command, viewFlags);
  command.action(async (words: string[], given: object) =>
    keepExitCode(command, await runView(words, valuesOf(viewFlags, given), io, verbs)),
  );
}

/** `validate` takes the flags of the consumers that it is for, so that each of them may be in a file. */
const ofAllConsumers: GivenDefaults = {
  textsOf: () => listSystemsFor('export').map(([name]) => name),
};

async function printSchema(io: Io, verbs: Verbs): Promise<number> {
  const { buildDefaultsSchema } = await import('../../defaults/schema.ts');
  io.out(`${JSON.stringify(buildDefaultsSchema(await listAllFlags(io, verbs, ofAllConsumers)), undefined, 2)}\n`);
  return exit.done;
}

function defineSchema(parent: Command, io: Io, verbs: Verbs): void {
  const command = parent
    .command('schema')
    .description('Print the JSON Schema of a file with defaults, for editors and checks.');
  withExamples(command, io, [
    ['config schema > defaults.schema.json', 'for an editor: # yaml-language-server: $schema=…'],
  ]);
  command.action(async () => keepExitCode(command, await printSchema(io, verbs)));
}

export const define: Define = (command, io, _words, verbs) => {
  command.description(
    'Defaults for flags: of clusterprofile.yaml in the directory or in a directory above it up to the root of the repository, ' +
      'of your own file (~/.config/clusterprofile/config.yaml), and of variables (CLUSTERPROFILE_NAMESPACE). A flag that is typed wins.',
  );
  // Else flags behind the words of another command would be those of this one.
  for (const each of [command, command.parent]) each?.enablePositionalOptions();
  defineView(command, io, verbs);
  defineSchema(command, io, verbs);
};
