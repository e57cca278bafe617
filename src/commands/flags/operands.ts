import type { Command } from 'commander';

/** Whether a flag has a value behind it; any may, of a command whose flags are those of its subcommands. */
export const takesValue =
  ({ options }: Command) =>
  (flag: string): boolean =>
    options.length === 0 || options.some(({ long, short, required }) => required && (long === flag || short === flag));

/** Whether a word is the name of a command, or another word for it. */
export const isNamed = (command: Command, word: string | undefined): boolean =>
  word !== undefined && (command.name() === word || command.aliases().includes(word));

/** The words that are no flags and no values of flags. */
export function listOperands(words: readonly string[], hasValue: (flag: string) => boolean): string[] {
  const operands: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') return [...operands, ...words.slice(at + 1)];
    if (!word.startsWith('-') || word === '-') operands.push(word);
    else if (!word.includes('=') && hasValue(word)) at++;
  }
  return operands;
}
