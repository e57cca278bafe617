import type { CommandText, FlagGroup, FlagText } from './model.ts';
import { program } from './model.ts';

/** Text of a help or a message as Markdown: what would be a tag or emphasis is a character, code stays code. */
export const escapeText = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(/[\\*_<>[\]]/g, String.raw`\$&`)))
    .join('')
    .replaceAll(/(?<=\w)\\_(?=\w)/g, '_');

const formatCell = (text: string): string => text.replaceAll('|', String.raw`\|`).replaceAll(/\s*\n\s*/g, ' ');

/** A table of Markdown; cells are Markdown already. */
export const formatTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(formatCell).join(' | ')} |\n`).join('');

export const formatCode = (text: string): string => (text === '' ? '' : `\`${text}\``);

/** Parts of a page, with a blank line between them. */
export const joinParts = (...parts: readonly string[]): string =>
  `${parts
    .filter((part) => part !== '')
    .map((part) => part.trimEnd())
    .join('\n\n')}\n`;

const formatFlags = (flags: readonly FlagText[]): string =>
  formatTable(
    ['flag', 'meaning'],
    flags.map(({ term, meaning }) => [formatCode(term), escapeText(meaning)]),
  );

/** What is said of flags of a connection, which are those of kubectl and stand on a page of their own. */
const connectionTexts: Readonly<Record<'hub' | 'source' | 'target', string>> = {
  hub: 'and the [flags of a connection](FLAGS), which are those of kubectl.',
  source: 'and the same with `--source-` in front, for the cluster that is read (`--source-context` …).',
  target: "and the same with `--target-` in front, for the consumer's cluster (`--target-context` …).",
};

/** The flags of a command by their headings; `pathToFlags` leads to the page of those of a connection. */
export function formatGroups(groups: readonly FlagGroup[], pathToFlags: string, level = '###'): string {
  const parts = groups.flatMap(({ title, flags }) => {
    const own = flags.filter(({ connection }) => connection === undefined);
    return own.length === 0 ? [] : [`${level} ${escapeText(title)}`, formatFlags(own)];
  });
  const connections = new Set(groups.flatMap(({ flags }) => flags.map(({ connection }) => connection)));
  const more = (['hub', 'source', 'target'] as const)
    .filter((each) => connections.has(each))
    .map((each) => connectionTexts[each].replace('FLAGS', pathToFlags));
  if (more.length === 0) return joinParts(...parts);
  const sentence = more.join(' ');
  return joinParts(...parts, `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`);
}

/** Command lines with what they do, aligned. */
export function formatExamples(examples: CommandText['examples']): string {
  if (examples.length === 0) return '';
  const width = Math.max(...examples.map(([words]) => words.length));
  const lines = examples.map(([words, what]) => `${program} ${words.padEnd(width)}  # ${what}\n`);
  return `\`\`\`sh\n${lines.join('')}\`\`\`\n`;
}

const formatUsage = (usage: string): string => `\`\`\`\n${usage}\n\`\`\`\n`;

/** A command, without the heading above it. */
export const formatCommand = (command: CommandText, groups: string): string =>
  joinParts(
    escapeText(command.description),
    formatUsage(command.usage),
    formatExamples(command.examples),
    command.operands.length === 0
      ? ''
      : formatTable(
          ['operand', 'meaning'],
          command.operands.map(({ name, meaning }) => [formatCode(name), escapeText(meaning)]),
        ),
    groups,
  );
