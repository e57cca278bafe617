import { Command } from 'commander';
import type { SettableFlag } from '../../defaults/entry.ts';
import { findDefaults } from '../../defaults/find.ts';
import {
  assertTaken,
  checkEntries,
  listVariables,
  resolveSettings,
  type CommandFlags,
  type DefaultSources,
  type Setting,
} from '../../defaults/settings.ts';
import { usageError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { parseRuleWords } from '../../lint/ignore/ignore.ts';
import { withoutSecrets } from '../../redact/door.ts';
import type { GivenDefaults, Verbs } from '../command.ts';
import { listCommands, nameCommand } from '../flags/catalog.ts';
import {
  chooseSettings,
  listSettable,
  listWordsOf,
  narrowSources,
  readSources,
  toGivenDefaults,
} from '../flags/defaults.ts';

/** A value of a flag, and where it is from. */
export interface Row {
  /** The command that it is for; empty for every command that has the flag. */
  command?: string;
  flag: string;
  value: unknown;
  from: string;
}

const readAll = (io: Io, verbs: Verbs): DefaultSources =>
  readSources(findDefaults(io.env) ?? { near: [], own: undefined, hasVariables: false }, io, verbs);

const hide = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(hide) : typeof value === 'string' ? withoutSecrets(value) : value;

/** Every command that takes defaults, with its flags. */
export async function listAllFlags(io: Io, verbs: Verbs, defaults: GivenDefaults): Promise<CommandFlags> {
  const all: { words: readonly string[]; flags: SettableFlag[] }[] = [];
  for await (const { words, command } of listCommands([], io, verbs, defaults))
    all.push({ words, flags: listSettable(command) });
  return all;
}

/** Everything that files and variables set, what counts more first. All of it is checked, for every command that it is for. */
export async function viewAll(io: Io, verbs: Verbs): Promise<Row[]> {
  const sources = readAll(io, verbs);
  const all = await listAllFlags(io, verbs, toGivenDefaults(sources));
  const entries = [...listVariables(all, sources.env), ...sources.files.flat()];
  for (const { words, flags } of all)
    await checkEntries(words, flags, narrowSources(sources, words[0] ?? '', verbs), async function* listFlags(prefix) {
      for (const other of all) if (prefix.every((word, index) => word === other.words[index])) yield other.flags;
    });
  for (const entry of entries) {
    assertTaken(entry, all, sources);
    if (entry.flag === 'accept' || entry.flag === 'ignore')
      await parseRuleWords([entry.value].flat().map(String), entry.origin, io.program);
  }
  return entries.map(({ command, flag, value, origin }) => ({
    command: command.join(' '),
    flag,
    value: hide(value),
    from: origin,
  }));
}

/** A command with what was typed behind it, read and not run. */
async function parseCommand(words: readonly string[], io: Io, verbs: Verbs, defaults: GivenDefaults): Promise<Command> {
  const [verb = '', ...named] = nameCommand(words, 'config view', verbs);
  const root = new Command(io.program).exitOverride().configureOutput({ writeErr: (text) => io.err(text) });
  const command = root.command(verb);
  const loading = verbs.load(verb);
  // The last word stands for the flag that may follow.
  await (await loading)?.define(command, io, [...named, '--'], verbs, defaults);
  let parsed: Command | undefined;
  for (const each of [command, ...command.commands]) {
    for (const argument of each.registeredArguments) argument.argOptional();
    for (const flag of each.options) flag.makeOptionMandatory(false);
    if (each.commands.length === 0) each.action(() => void (parsed = each));
  }
  await root.parseAsync([verb, ...named], { from: 'user' });
  if (!parsed) throw usageError(`config view: which ${verb}?`, `${io.program} ${verb} --help lists them`);
  return parsed;
}

/** A flag that was typed, or not: of two that share a value, the other one. */
function describeTyped({ key, name, isNegation, takesText }: SettableFlag, action: Command): Row[] {
  const value: unknown = action.getOptionValue(key);
  if (action.getOptionValueSource(key) !== 'cli' || (value === false) !== isNegation) return [];
  return [{ flag: name, value: takesText ? value : true, from: 'flag' }];
}

/** What the flags of a command line would be, and where each value is from. */
export async function viewCommand(words: readonly string[], io: Io, verbs: Verbs): Promise<Row[]> {
  const sources = narrowSources(readAll(io, verbs), nameCommand(words, 'config view', verbs)[0] ?? '', verbs);
  const action = await parseCommand(words, io, verbs, toGivenDefaults(sources));
  const command = listWordsOf(action);
  const flags = listSettable(action);
  const { used, idle } = chooseSettings(action, resolveSettings(command, flags, sources));
  const rows = flags.flatMap((flag): Row[] => {
    const describe = ({ given, entry }: Setting, more = ''): Row => ({
      flag: flag.name,
      value: flag.takesText ? given : entry.value,
      from: entry.origin + more,
    });
    const isSame = (setting: Setting): boolean => setting.flag === flag;
    const own = used.find(isSame);
    const other = idle.find(isSame);
    const { default: builtIn } = flag.option;
    if (action.getOptionValueSource(flag.key) === 'cli') return describeTyped(flag, action);
    if (own) return [describe(own)];
    return [
      ...(other ? [describe(other, ', not used beside what is typed')] : []),
      ...(builtIn === undefined ? [] : [{ flag: flag.name, value: builtIn, from: 'built in' }]),
    ];
  });
  return rows.map((row) => ({ command: command.join(' '), ...row, value: hide(row.value) }));
}
