import { listExitCodes } from './exit-codes.ts';
import { program, readVerbs, type CommandText, type FlagGroup, type VerbText } from './model.ts';
import type { Verbs } from '../command.ts';
import { readVersion } from '../version.ts';
import type { Io } from '../../io.ts';

/** A hyphen that is typed stays one, no line begins with a request, and every character is one of ASCII. */
const escapeRoff = (text: string): string =>
  text
    .replaceAll('\\', String.raw`\e`)
    .replaceAll('-', String.raw`\-`)
    .replaceAll('`', '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll(/[^\n -~]/gu, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return `\\[u${code.toString(16).toUpperCase().padStart(4, '0')}]`;
    })
    .replace(/^(?=[.'])/, String.raw`\&`);

const bold = (text: string): string => `.B ${escapeRoff(text).replaceAll('"', String.raw`\(dq`)}\n`;

const formatSection = (title: string, body: string): string => (body === '' ? '' : `.SH ${title}\n${body}`);

const formatTerms = (terms: readonly (readonly [term: string, meaning: string])[]): string =>
  terms.map(([term, meaning]) => `.TP\n${bold(term)}${escapeRoff(meaning)}\n`).join('');

const formatFlags = (groups: readonly FlagGroup[]): string =>
  groups
    .map(
      ({ title, flags }) =>
        `.SS ${escapeRoff(title)}\n${formatTerms(flags.map(({ term, meaning }) => [term, meaning]))}`,
    )
    .join('');

const formatExamples = (examples: CommandText['examples']): string =>
  examples
    .map(([words, what]) => `${escapeRoff(what)}:\n.PP\n.nf\n.RS\n${escapeRoff(`${program} ${words}`)}\n.RE\n.fi\n`)
    .join('.PP\n');

/** The name of a page: `clusterprofile-import-gke`. */
const namePage = (name: string): string => `${program}-${name.replaceAll(' ', '-')}`;

/** The head of a page. It has the version, and no date: the same program writes the same bytes. */
const formatHead = (page: string, summary: string): string =>
  [
    `.TH ${escapeRoff(page.toUpperCase())} 1 "" "${program} ${readVersion()}" "${program}"\n`,
    // No word is cut where its name would be wrong, and lines end where they end.
    '.nh\n.ad l\n',
    formatSection('NAME', `${escapeRoff(page)} \\- ${escapeRoff(summary)}\n`),
  ].join('');

const formatSeeAlso = (names: readonly string[]): string =>
  formatSection('SEE ALSO', `${names.map((name) => `.BR ${escapeRoff(name)} (1)`).join(',\n')}\n`);

const exitStatus = (): string =>
  formatSection('EXIT STATUS', formatTerms(listExitCodes().map(([code, meaning]) => [String(code), meaning])));

function formatPage(command: CommandText): string {
  const { name, summary, description, usage, operands, examples, groups } = command;
  const [verb = ''] = name.split(' ');
  return [
    formatHead(namePage(name), summary || description.split(/[.:]/, 1).join('')),
    formatSection('SYNOPSIS', bold(usage)),
    formatSection('DESCRIPTION', `${escapeRoff(description)}\n`),
    formatSection('OPERANDS', formatTerms(operands.map((operand) => [operand.name, operand.meaning]))),
    formatSection('EXAMPLES', formatExamples(examples)),
    formatSection('OPTIONS', formatFlags(groups)),
    exitStatus(),
    formatSeeAlso(verb === name ? [program] : [program, namePage(verb)]),
  ].join('');
}

/** The page of a verb that has subcommands only. */
function formatVerbPage({ verb, summary, commands }: VerbText): string {
  return [
    formatHead(namePage(verb), summary),
    formatSection('SYNOPSIS', bold(`${program} ${verb} <command> [flags]`)),
    formatSection(
      'COMMANDS',
      formatTerms(commands.map(({ name, summary: text, description }) => [name, text || description])),
    ),
    formatSeeAlso([program, ...commands.map(({ name }) => namePage(name))]),
  ].join('');
}

const formatProgramPage = (verbs: readonly VerbText[]): string =>
  [
    formatHead(program, 'one inventory for every multi-cluster system'),
    formatSection('SYNOPSIS', bold(`${program} <command> [flags]`)),
    formatSection(
      'DESCRIPTION',
      'Generates, inspects and ships ClusterProfiles (multicluster.x\\-k8s.io, KEP\\-4322) from any multi\\-cluster system.\n',
    ),
    formatSection('COMMANDS', formatTerms(verbs.map(({ verb, summary }) => [verb, summary]))),
    exitStatus(),
    formatSeeAlso([...verbs.map(({ verb }) => namePage(verb)), 'kubectl']),
  ].join('');

/** A man page for every command, by its path in a directory of MANPATH. */
export async function buildManPages(io: Io, verbs: Verbs): Promise<Map<string, string>> {
  const texts = await readVerbs(io, verbs);
  const pages: [name: string, text: string][] = [[program, formatProgramPage(texts)]];
  for (const text of texts) {
    if (text.commands.every(({ name }) => name !== text.verb)) pages.push([namePage(text.verb), formatVerbPage(text)]);
    for (const command of text.commands) pages.push([namePage(command.name), formatPage(command)]);
  }
  return new Map(pages.map(([name, text]) => [`man1/${name}.1`, text]));
}
