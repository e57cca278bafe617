import { listExitCodes } from './exit-codes.ts';
import {
  escapeText,
  formatCode,
  formatCommand,
  formatExamples,
  formatGroups,
  formatTable,
  joinParts,
} from './markdown.ts';
import { readVerbs, type CommandText, type FlagGroup, type VerbText } from './model.ts';
import { listCommonGroups, readSystems, type Direction, type SystemText } from './systems.ts';
import type { Verbs } from '../command.ts';
import { checkKnowledge } from '../../doctor/knowledge.ts';
import type { Io } from '../../io.ts';
import { loadAllRules } from '../../lint/catalogue.ts';
import { ruleKnowledge } from '../../lint/knowledge/index.ts';
import { readOwn } from '../../object.ts';

/** Pages by their path in the folder of the reference. */
type Pages = Map<string, string>;

const flagsPage = '../flags.md';

const quoteWords = (words: readonly string[]): string => words.map(formatCode).join(', ');

const formatWhole = (command: CommandText, level: string): string =>
  formatCommand(command, formatGroups(command.groups, flagsPage, level));

function formatVerb({ verb, aliases, summary, commands }: VerbText): string {
  const [only] = commands;
  const isPlain = commands.length === 1 && only?.name === verb;
  return joinParts(
    `# ${verb}`,
    aliases.length > 0 ? `Also ${quoteWords(aliases)}.` : '',
    isPlain ? formatWhole(only, '##') : escapeText(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`),
    ...(isPlain ? [] : commands.flatMap((command) => [`## ${command.name}`, formatWhole(command, '###')])),
  );
}

const directionOf = (system: SystemText, verb: string): Direction | undefined =>
  verb === 'import' ? system.importing : system.exporting;

/** `import` and `export`: what the commands of all systems have in common, and where those of each are. */
function formatSystemVerb({ verb, summary, commands }: VerbText, systems: readonly SystemText[]): string {
  const own = systems.flatMap((system) => directionOf(system, verb)?.own ?? []);
  const rest = commands.filter(({ name }) => !systems.some((system) => `${verb} ${system.name}` === name));
  const rows = systems.flatMap((system) => {
    const direction = directionOf(system, verb);
    return direction ? [[formatCode(direction.command.name), `[${system.title}](../systems/${system.name}.md)`]] : [];
  });
  return joinParts(
    `# ${verb}`,
    escapeText(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`),
    formatTable(
      ['command', 'its own flags, and what becomes of which field'],
      [...rows, ...rest.map(({ name, summary: text }) => [formatCode(name), escapeText(text)])],
    ),
    `## Flags of every ${verb}`,
    formatGroups(listCommonGroups(commands, own), flagsPage),
    ...rest.flatMap(({ name, description, examples }) => [
      `## ${name}`,
      escapeText(description),
      formatExamples(examples),
    ]),
  );
}

function formatDirection(direction: Direction | undefined, verb: 'import' | 'export', mapping = ''): string {
  if (!direction) return '';
  const { command, own, kinds } = direction;
  const groups = formatGroups(own, flagsPage);
  const kindsText = `${verb === 'import' ? 'Reads' : 'Writes'} ${kinds.map(escapeText).join(', ')}.`;
  return joinParts(
    `## ${verb === 'import' ? 'Import' : 'Export'}`,
    formatCommand(
      command,
      joinParts(
        kinds.length > 0 ? kindsText : '',
        groups,
        `And the [flags of every ${verb}](../commands/${verb}.md#flags-of-every-${verb}).`,
      ),
    ),
    mapping,
  );
}

function formatSystem({ name, title, aliases, docs, manager, importing, exporting, mapping }: SystemText): string {
  const table = formatTable(
    ['source', 'ClusterProfile', 'note'],
    mapping.map(([from, to, note = '']) => [escapeText(from), formatCode(to), escapeText(note)]),
  );
  const fields = mapping.length === 0 ? '' : joinParts('### Which field comes from where', table);
  return joinParts(
    `# ${title}`,
    aliases.length > 0 ? `${formatCode(name)}, also ${quoteWords(aliases)}.` : '',
    manager === undefined
      ? ''
      : `\`spec.clusterManager.name\` is \`${manager}\`, unless \`--cluster-manager\` says another.`,
    docs === undefined ? '' : `The mapping follows <${docs}>.`,
    formatDirection(importing, 'import', fields),
    formatDirection(exporting, 'export'),
  );
}

/** The flags by which kubectl and this program find a cluster. */
function formatConnectionFlags(verbs: readonly VerbText[]): string {
  const flags = verbs
    .flatMap(({ commands }) => commands.flatMap(({ groups }) => groups.flatMap((group) => group.flags)))
    .filter(({ connection }) => connection === 'hub');
  const once = [
    ...new Map(flags.map(({ term, meaning, declared }) => [term, { term, meaning, declared }] as const)).values(),
  ];
  const group: FlagGroup = { title: 'Flags of a connection', flags: once };
  return joinParts(
    formatGroups([group], '', '#'),
    'They mean what they mean to kubectl, in the same order of precedence: flags, then the context of the kubeconfig, then the ' +
      'service account of a Pod. With `--source-` in front they are about the cluster that is imported from, with `--target-` ' +
      "about a consumer's cluster.",
  );
}

async function formatRules(): Promise<string> {
  const rules = await loadAllRules();
  return joinParts(
    '# Rules of validate',
    '`clusterprofile explain CP085` has an example of what a rule finds and of what it does not. A finding is left out by ' +
      '`--ignore CP085`, by the annotation `clusterprofile.dev/ignore: CP085`, or by the comment `# clusterprofile:ignore CP085`.',
    formatTable(
      ['rule', 'severity', 'what should be'],
      rules.map(({ id, severity, title }) => [`[${id}](#${id.toLowerCase()})`, severity, escapeText(title)]),
    ),
    ...rules.flatMap(({ id, title }) => {
      const known = readOwn(ruleKnowledge, id);
      return [
        `## ${id}`,
        `**${escapeText(title)}.**${known ? ` ${escapeText(known.why)}` : ''}`,
        known ? `Source: ${escapeText(known.source)}` : '',
      ];
    }),
  );
}

const formatChecks = (): string =>
  joinParts(
    '# Checks of doctor',
    ...Object.entries(checkKnowledge).flatMap(([id, { title, why, mend }]) => [
      `## ${id}`,
      `**${escapeText(title)}.** ${escapeText(why)}`,
      `Mended by: ${escapeText(mend)}`,
    ]),
  );

const formatExitCodes = (): string =>
  joinParts(
    '# Exit codes',
    "The same for every command; `access NAME -- CMD` gives the command's own.",
    formatTable(
      ['code', 'meaning'],
      listExitCodes().map(([code, meaning]) => [String(code), escapeText(meaning)]),
    ),
  );

function formatIndex(verbs: readonly VerbText[], systems: readonly SystemText[]): string {
  const other = [
    ['[Flags of a connection](flags.md)', "kubectl's, of every command that talks to a cluster"],
    ['[Rules](rules.md)', 'what `validate` finds, and why'],
    ['[Checks](checks.md)', 'what `doctor` looks at'],
    ['[Exit codes](exit-codes.md)', 'the same for every command'],
  ];
  return joinParts(
    '# Reference',
    'Written by `clusterprofile docs`, from the tables that the program itself works by.',
    formatTable(
      ['command', 'what it does'],
      verbs.map(({ verb, summary }) => [`[${verb}](commands/${verb}.md)`, escapeText(summary)]),
    ),
    formatTable(
      ['system', 'import', 'export'],
      systems.map(({ name, title, importing, exporting }) => [
        `[${title}](systems/${name}.md)`,
        importing ? formatCode(importing.command.name) : '',
        exporting ? formatCode(exporting.command.name) : '',
      ]),
    ),
    formatTable(['page', 'what is on it'], other),
  );
}

const isOfSystems = ({ verb }: VerbText): boolean => verb === 'import' || verb === 'export';

/** Every page of the reference, by its path. */
export async function buildPages(io: Io, verbs: Verbs): Promise<Pages> {
  const texts = await readVerbs(io, verbs);
  const systems = await readSystems(texts);
  return new Map([
    ['README.md', formatIndex(texts, systems)],
    ['flags.md', formatConnectionFlags(texts)],
    ['rules.md', await formatRules()],
    ['checks.md', formatChecks()],
    ['exit-codes.md', formatExitCodes()],
    ...texts.map((text): [string, string] => [
      `commands/${text.verb}.md`,
      isOfSystems(text) ? formatSystemVerb(text, systems) : formatVerb(text),
    ]),
    ...systems.map((system): [string, string] => [`systems/${system.name}.md`, formatSystem(system)]),
  ]);
}
