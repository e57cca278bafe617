import { checkKnowledge, findCheck } from '../doctor/knowledge.ts';
import { formatCheck } from './explain/check.ts';
import type { Define } from './command.ts';
import { exit, usageError } from '../errors.ts';
import { option, valuesOf, type ValuesOf } from '../options.ts';
import type { Io } from '../io.ts';
import { loadImporter, loadImporters, loadSystem, listSystems, listWords, type Way } from '../systems/index.ts';
import { formatColumns, roomOf } from '../output/text.ts';
import { loadAllRules } from '../lint/catalogue.ts';
import { findClosest } from '../lint/suggest.ts';
import { addFlags, keepExitCode, withExamples } from './flags/flags.ts';
import { findField, formatField, listFields } from './explain/field.ts';
import { formatMapping } from './explain/mapping.ts';
import { findRule, formatRule, formatRules } from './explain/rule.ts';

const flags = {
  output: option.text('-o, --output <format>', 'text or json; markdown for the list of systems', {
    default: 'text',
    values: ['text', 'json', 'markdown'],
  }),
};

const otherSubjects = `
Rules of validate too: explain rules, explain CP085
Fields of the API too: explain clusterprofile, explain status.conditions
`;

/** Every system, what can be done with it, and its cluster manager name; as a table, or as README has it. */
async function printOverview({ output }: ValuesOf<typeof flags>, io: Io): Promise<number> {
  if (output === 'markdown') {
    io.out(buildSystemsTable());
    return exit.done;
  }
  const importers = await loadImporters();
  const rows = listSystems().map(([name, entry]) => ({
    name,
    ...entry,
    manager: importers.get(name)?.source.manager,
  }));
  if (output === 'json')
    io.out(
      `${JSON.stringify(
        rows.map(({ name, aliases = [], title, ways, manager }) => ({
          system: name,
          aliases,
          title,
          import: ways.includes('import'),
          export: ways.includes('export'),
          manager,
        })),
        undefined,
        2,
      )}\n`,
    );
  else if (output === 'text')
    io.out(
      (await formatColumns([
        ['SYSTEM', 'TITLE', 'IMPORT', 'EXPORT', 'MANAGER'],
        ...rows.map(({ name, title, ways, manager }) => [
          name,
          title,
          ways.includes('import') ? 'yes' : 'no',
          ways.includes('export') ? 'yes' : 'no',
          manager ?? '<none>',
        ]),
      ])) + otherSubjects,
    );
  else throw usageError(`-o takes text, json or markdown, not ${JSON.stringify(output)}`);
  return exit.done;
}

/** The table of systems in README. */
const buildSystemsTable = (): string => {
  const rows = listSystems().map(([name, { title, ways }]) => {
    const words = (way: Way): string =>
      ways.includes(way)
        ? listWords(name)
            .map((word) => `\`${way} ${word}\``)
            .join(', ')
        : '';
    return `| ${title} | ${words('import')} | ${words('export')} |`;
  });
  return ['| system | fan-in | fan-out |', '| --- | --- | --- |', ...rows, ''].join('\n');
};

/** The system, rule or field that a mistyped word most likely means. */
async function suggestName(name: string): Promise<string | undefined> {
  const systems = listSystems().flatMap(([system]) => listWords(system));
  const rules = (await loadAllRules()).map(({ id }) => id);
  const near = findClosest(name, [...systems, ...rules, ...Object.keys(checkKnowledge), ...listFields()]);
  return near && `did you mean ${near}?`;
}

/** A rule, a field or a system: no name is that of two of them. */
async function runExplain(name: string, options: ValuesOf<typeof flags>, io: Io): Promise<number> {
  const { output } = options;
  if (output !== 'text' && output !== 'json') throw usageError(`-o takes text or json, not ${JSON.stringify(output)}`);
  const rule = await findRule(name);
  const check = findCheck(name);
  const field = findField(name);
  if (name === 'rules') io.out(await formatRules(output));
  else if (check) io.out(formatCheck(name, check, output, roomOf(io)));
  else if (rule) io.out(await formatRule(rule, output, roomOf(io)));
  else if (field) io.out(formatField(field, output, roomOf(io)));
  else return explainSystem(name, options, io);
  return exit.done;
}

async function explainSystem(name: string, { output }: ValuesOf<typeof flags>, io: Io): Promise<number> {
  const system = await loadSystem(name);
  const source = (await loadImporter(name))?.source;
  if (!system || !source)
    throw usageError(
      `no system to import from, rule or field ${JSON.stringify(name)}`,
      (await suggestName(name)) ?? `${io.program} explain lists the systems, ${io.program} explain rules the rules`,
    );
  const { mapping = [] } = (await system.mapping?.()) ?? {};
  const rows = mapping.map(([from, to, note = '']) => ({ from, to, note }));
  const kinds = (source.kinds ?? []).map(
    ({ group, versions, kind }) => `${kind} (${group || 'core'}/${versions.join(', ')})`,
  );
  if (output === 'json') {
    io.out(
      `${JSON.stringify({ system: name, title: system.title, manager: source.manager, kinds, docs: system.docs, mapping: rows }, undefined, 2)}\n`,
    );
    return exit.done;
  }
  io.out(`${system.title}: spec.clusterManager.name is ${source.manager}\n`);
  if (kinds.length > 0) io.out(`reads ${kinds.join(', ')}\n`);
  if (system.docs) io.out(`see ${system.docs}\n`);
  io.out(`\n${await formatMapping(rows, roomOf(io))}`);
  return exit.done;
}

export const define: Define = (command, io) => {
  command
    .description('Explain the mapping of a system, a rule of validate, or a field of the API.')
    .argument(
      '[name]',
      'a system, a rule (CP085), a field (status.conditions), or the word rules; without one, all systems',
    );
  withExamples(command, io, [
    ['explain', 'all systems there are'],
    ['explain ocm', 'the mapping of Open Cluster Management'],
    ['explain CP085', 'what a finding of validate means'],
    ['explain status.conditions', 'a field of the API'],
  ]);
  addFlags(command, flags);
  command.action(async (name: string | undefined, given: object) => {
    const options = valuesOf(flags, given);
    keepExitCode(command, name === undefined ? await printOverview(options, io) : await runExplain(name, options, io));
  });
};
