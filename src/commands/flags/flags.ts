import type { Command, Option as CommanderOption } from 'commander';
import type { Importer } from '../../import/kit/importer.ts';
import type { Io } from '../../io.ts';
import type { GivenDefaults } from '../command.ts';
import { connectionFlags, type ConnectOptions } from '../../kubernetes/flags.ts';
import { inGroup, nameFlag, option, parseChoice, valuesOf, type Option, type OptionTable } from '../../options.ts';
import { targetFlags } from '../../stores/options.ts';
import { layOutExamples, type Examples } from '../../util/examples.ts';
import type { SystemSummary } from '../../systems/index.ts';
import type { FlagRule } from './rules.ts';

const collect = (value: string, previous: string[] | undefined): string[] => [...(previous ?? []), value];

/** What a command says of itself beside what commander knows. */
export interface DeclaredCommand extends Command {
  exitCode?: number;
  /** The flags that go together, or do not. */
  rules?: readonly FlagRule[];
  /** Command lines that its help begins with, and what they do. */
  examples?: Examples;
}

/** A flag with the line of the table that it is declared by. */
export type DeclaredFlag = CommanderOption & { declared?: Option };

/** Declares a table of flags. */
export function addFlags(command: Command, table: OptionTable): void {
  for (const declared of Object.values(table)) {
    const { flags, description, group, choices, repeatable, default: value, required, negated } = declared;
    if (group !== undefined) command.optionsGroup(group);
    const each = Object.assign(command.createOption(flags, description), { declared });
    if (declared.isCommon) each.hideHelp();
    if (choices && !declared.isUnlisted) each.choices(choices);
    if (choices) each.argParser((given) => parseChoice(given, choices, nameFlag(flags)));
    if (repeatable) each.argParser(collect);
    if (value !== undefined) each.default(value);
    if (required) each.makeOptionMandatory();
    command.addOption(each);
    if (negated !== undefined)
      command.addOption(Object.assign(command.createOption(`--no-${each.name()}`, negated), { declared }));
  }
}

/** Those of the flags of another connection that say which cluster it is to, which is what most people need. */
const shown = new Set(['kubeconfig', 'context']);

/** The flags of a connection to another cluster: `--source-context` for `--context`. */
const prefixed = (prefix: 'source' | 'target'): OptionTable =>
  Object.fromEntries(
    Object.entries(connectionFlags).map(([key, { flags, ...rest }]) => [
      `${prefix} ${key}`,
      { ...rest, flags: flags.replace(/^(?:-\w, )?--/, `--${prefix}-`), isCommon: !shown.has(key) },
    ]),
  );

/** How the cluster is reached that objects are imported from. */
export const sourceFlags = (): OptionTable =>
  inGroup('Source connection (where the objects are read):', {
    ...prefixed('source'),
    'source namespace': option.text('--source-namespace <namespace>', 'namespace to read source objects from'),
  });

/**
 * Those that a system has a use for: files of a kubeconfig are read whole, and no cluster is asked. What has no namespace, and
 * what others name with its namespace, is in none that a flag could give.
 */
export function sourceFlagsFor({
  files,
  kinds,
  otherKinds = [],
}: Pick<Importer, 'files' | 'kinds' | 'otherKinds'>): OptionTable {
  const { 'source kubeconfig': kubeconfig, 'source namespace': namespace, ...others } = sourceFlags();
  if (kubeconfig === undefined || namespace === undefined || (!kinds && !files)) return {};
  const isPlaced = [...(kinds ?? []), ...otherKinds].some(
    ({ clusterScoped, isNamespaceNamed }) => !clusterScoped && !isNamespaceNamed,
  );
  return {
    'source kubeconfig': kubeconfig,
    ...(kinds && others),
    ...(kinds && isPlaced && { 'source namespace': namespace }),
  };
}

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
  const listNames = (hasValue: boolean): Set<string> =>
    new Set(
      tables
        .flatMap((table) => Object.values(table))
        .filter(({ flags }) => flags.includes('<') === hasValue)
        .flatMap(({ flags }) => flags.match(/--?[\w-]+/g) ?? []),
    );
  const [switches, valued] = [listNames(false), listNames(true)];
  const isAnyValue = (before: string): boolean =>
    before.startsWith('-') && !before.includes('=') && !switches.has(before);
  const find = (isValue: (before: string) => boolean): number =>
    words.findIndex((word, index) => isKnown(word) && !isValue(words[index - 1] ?? ''));
  const sure = find(isAnyValue);
  const at = sure === -1 ? find((before) => valued.has(before)) : sure;
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
export const keepExitCode = (command: DeclaredCommand, code: number): void => {
  command.exitCode = code;
};

/** Declares the flags of the consumers that `--for` names, typed or by default, for a command that judges for them. */
export async function addConsumerFlags(
  command: Command,
  words: readonly string[],
  name: readonly string[],
  defaults: GivenDefaults | undefined,
): Promise<void> {
  const byDefault = defaults?.textsOf(name, command, 'for') ?? [];
  const all = [...words, ...byDefault.map((each) => `--for=${each}`)];
  if (!all.some((word) => word === '--for' || word.startsWith('--for='))) return;
  command.optionsGroup('Consumers:');
  addFlags(command, await (await import('./validate.ts')).flagsFor(all));
}

/** Where the value of a flag is written, if it is a default of a file or a variable. */
export const findOrigin = (command: Command, key: string): string | undefined => {
  const source = command.getOptionValueSource(key);
  return source === 'cli' || source === 'default' ? undefined : source;
};

/** Keeps the rules of a command, by which a default gives way to what was typed. */
export const keepRules = (command: DeclaredCommand, rules: readonly FlagRule[]): void => {
  command.rules = rules;
};

/** Examples first: what most people open help for. */
export const withExamples = (command: DeclaredCommand, io: Io, examples: Examples): void => {
  command.examples = examples;
  command.addHelpText('before', () => layOutExamples(examples, io.program, io.columns));
};
