import type { Command } from 'commander';
import type { Io } from '../../io.ts';
import { connectionFlags, type ConnectOptions } from '../../kubernetes/flags.ts';
import { inGroup, option, valuesOf, type OptionTable } from '../../options.ts';
import { targetFlags } from '../../stores/options.ts';
import type { SystemSummary } from '../../systems/index.ts';

const collect = (value: string, previous: string[] | undefined): string[] => [...(previous ?? []), value];

/** Declares a table of flags. */
export function addFlags(command: Command, table: OptionTable): void {
  for (const { flags, description, group, choices, repeatable, default: value, required, negated } of Object.values(
    table,
  )) {
    if (group !== undefined) command.optionsGroup(group);
    const each = command.createOption(flags, description);
    if (choices) each.choices(choices);
    if (repeatable) each.argParser(collect);
    if (value !== undefined) each.default(value);
    if (required) each.makeOptionMandatory();
    command.addOption(each);
    if (negated !== undefined) command.option(`--no-${each.name()}`, negated);
  }
}

/** The flags of a connection to another cluster: `--source-context` for `--context`. */
const prefixed = (prefix: 'source' | 'target'): OptionTable =>
  Object.fromEntries(
    Object.entries(connectionFlags).map(([key, { flags, ...rest }]) => [
      `${prefix} ${key}`,
      { ...rest, flags: flags.replace(/^(?:-\w, )?--/, `--${prefix}-`) },
    ]),
  );

/** How the cluster is reached that objects are imported from. */
export const sourceFlags = (): OptionTable => ({
  ...inGroup('Source connection (where the objects are read):', prefixed('source')),
  'source namespace': option.text('--source-namespace <namespace>', 'namespace to read source objects from'),
});

/** How the cluster is reached that a consumer runs on. */
export const consumerFlags = (): OptionTable =>
  inGroup("Target connection (the consumer's cluster; default: that of the hub flags):", prefixed('target'));

/** The values of such flags under the names of the plain ones; `undefined` where none of them is given. */
export function connectionOf(given: object, prefix: 'source' | 'target'): ConnectOptions | undefined {
  const own = Object.entries(given).filter(([key]) => key.startsWith(prefix) && key !== prefix);
  if (own.length === 0) return undefined;
  const plain = own.map(([key, value]) => [
    key.charAt(prefix.length).toLowerCase() + key.slice(prefix.length + 1),
    value as unknown,
  ]);
  return valuesOf({ ...connectionFlags, namespace: targetFlags.namespace }, Object.fromEntries(plain) as object);
}

/**
 * The words with the first that is known, and is no value of a flag (`-n fleet`), before all others: flags may stand
 * before a subcommand. What a flag that is in none of the tables takes is not known, so that a word behind it counts where
 * there is no other.
 */
export function moveSystemFirst(
  words: readonly string[],
  isKnown: (word: string) => boolean,
  tables: readonly OptionTable[],
): readonly string[] {
  const switches = new Set(
    tables
      .flatMap((table) => Object.values(table))
      .filter(({ flags }) => !flags.includes('<'))
      .flatMap(({ flags }) => flags.match(/--?[\w-]+/g) ?? []),
  );
  const isValue = (index: number): boolean => {
    const before = words[index - 1] ?? '';
    return before.startsWith('-') && !before.includes('=') && !switches.has(before);
  };
  const sure = words.findIndex((word, index) => isKnown(word) && !isValue(index));
  const at = sure === -1 ? words.findIndex(isKnown) : sure;
  return at === -1 ? words : [...words.slice(at, at + 1), ...words.slice(0, at), ...words.slice(at + 1)];
}

/** Declares the subcommand of a system under its name and other words, without its flags. */
export const addSystem = (parent: Command, [name, { title, aliases = [] }]: [string, SystemSummary]): Command =>
  parent
    .command(name)
    .aliases([...aliases])
    .summary(title)
    .description(title);

/** Runs an action and keeps its exit code where the main program looks for it. */
export const keepExitCode = (command: Command, code: number): void => {
  (command as Command & { exitCode?: number }).exitCode = code;
};

/** Examples first: what most people open help for. */
export const withExamples = (command: Command, io: Io, lines: readonly [words: string, what: string][]): void => {
  const width = Math.max(...lines.map(([words]) => words.length));
  const body = lines.map(([words, what]) => `  ${io.program} ${words.padEnd(width)}  # ${what}`).join('\n');
  command.addHelpText('before', `Examples:\n${body}\n`);
};
