import type { Command } from 'commander';
import type { DefaultEntry, SettableFlag } from '../../defaults/entry.ts';
import { locateOwnFile, type DefaultsPlaces } from '../../defaults/find.ts';
import { readDefaultsFiles } from '../../defaults/read.ts';
import { checkEntries, resolveSettings, type DefaultSources, type Setting } from '../../defaults/settings.ts';
import { usageError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { makeSafeLine } from '../../util/safe-text.ts';
import type { GivenDefaults, Verbs } from '../command.ts';
import { listCommands, nameCommand } from './catalog.ts';
import type { DeclaredCommand, DeclaredFlag } from './flags.ts';
import { findIdle, type RankedDefault } from './rules.ts';

/** The words of a command, without the name of the program. */
export function listWordsOf(command: Command): string[] {
  const words: string[] = [];
  for (let at = command; at.parent; at = at.parent) words.unshift(at.name());
  return words;
}

/** The flags of a command that defaults can be for. */
export const listSettable = (command: Command): SettableFlag[] =>
  (command.options as readonly DeclaredFlag[]).flatMap((flag): SettableFlag[] => {
    const { long, negate, required, declared } = flag;
    if (!long || declared === undefined) return [];
    const name = long.slice('--'.length);
    return [{ name, key: flag.attributeName(), takesText: required, isNegation: negate, option: declared }];
  });

/** The command that a file names, as it is in the tables. One that takes no defaults from there is a usage error. */
function nameSettable(
  words: readonly string[],
  { origin, isNear }: { origin: string; isNear: boolean },
  verbs: Verbs,
): readonly string[] {
  const command = nameCommand(words, origin, verbs);
  const takes = verbs.defaultsOf(command[0] ?? '');
  if (takes === 'none') throw usageError(`${origin}: ${command[0]} takes no defaults`);
  if (takes === 'personal' && isNear)
    throw usageError(`${origin}: ${command[0]} takes no defaults from a file of the working directory`);
  return command;
}

/** The entries of all files, under the commands' own names. */
export function readSources(places: DefaultsPlaces, io: Io, verbs: Verbs): DefaultSources {
  const files = readDefaultsFiles(places);
  const named = files.map(({ entries, commands, isNear }) => {
    const names = new Map(commands.map(({ words, origin }) => [words, nameSettable(words, { origin, isNear }, verbs)]));
    return entries.map((entry): DefaultEntry => ({ ...entry, command: names.get(entry.command) ?? entry.command }));
  });
  return { files: named, env: io.env, ownPath: locateOwnFile(io.env) };
}

/** The sources that count for a verb. */
export function narrowSources(sources: DefaultSources, verb: string, verbs: Verbs): DefaultSources {
  const takes = verbs.defaultsOf(verb);
  if (takes === 'none') throw usageError(`${verb} takes no defaults`);
  if (takes === 'all') return sources;
  return { ...sources, files: sources.files.filter((entries) => !entries.some(({ file }) => file?.isNear)) };
}

/** A setting as the rules look at it: variables are nearer than files, and those of a directory than one's own. */
export const toRanked = ({ flag, given, entry: { file } }: Setting): RankedDefault => ({
  key: flag.key,
  value: given,
  rank: file === undefined ? 0 : file.isNear ? 1 : 2,
});

/** The settings that have a place beside what was typed, and those that have none. */
export function chooseSettings(
  action: DeclaredCommand,
  settings: readonly Setting[],
): { used: Setting[]; idle: Setting[] } {
  const given = action.opts<Record<string, unknown>>();
  const isTyped = (key: string): boolean => action.getOptionValueSource(key) === 'cli';
  const typed = Object.fromEntries(Object.entries(given).filter(([key]) => isTyped(key)));
  const [operand] = action.processedArgs as unknown[];
  const isCompared = settings.some(({ flag, given: value }) => flag.key === 'against' && value === 'hub');
  // The keys of rules that are no flags, as far as a default can depend on them.
  const others = {
    ...(Array.isArray(operand) ? { names: operand } : { what: operand }),
    compared: typed['against'] === 'hub' || (typed['against'] === undefined && isCompared),
  };
  const open = settings.filter(({ flag }) => !isTyped(flag.key));
  const idle = findIdle(open.map(toRanked), action.rules ?? [], { ...typed, ...others });
  return {
    used: open.filter(({ flag }) => !idle.has(flag.key)),
    idle: open.filter(({ flag }) => idle.has(flag.key)),
  };
}

/** What was set, and where. */
const describeSetting = ({ flag, given, entry }: Setting): string =>
  `--${flag.name}${flag.takesText ? ` ${[given].flat().join(',')}` : ''} (${entry.origin})`;

/** Whether a message speaks of a flag, by its name or by what it was given. */
const isNamedIn =
  (message: string) =>
  ({ flag, given }: Setting): boolean =>
    message.includes(flag.name) ||
    message.split(' ').includes(/^-\w/.exec(flag.option.flags)?.[0] ?? '') ||
    [given].flat().some((each) => typeof each === 'string' && message.includes(each));

/** Gives an action its defaults, and returns them. */
async function applyTo(
  action: DeclaredCommand,
  sources: DefaultSources,
  io: Io,
  verbs: Verbs,
): Promise<readonly Setting[]> {
  const command = listWordsOf(action);
  const flags = listSettable(action);
  await checkEntries(command, flags, sources, async function* listFlags(words) {
    for await (const { command: other } of listCommands(words, io, verbs, toGivenDefaults(sources)))
      yield listSettable(other);
  });
  const { used } = chooseSettings(action, resolveSettings(command, flags, sources));
  const set = used.filter(({ given }) => given !== undefined);
  for (const { flag, given, entry } of set) action.setOptionValueWithSource(flag.key, given, entry.origin);
  return set;
}

/** Lets what is required and has a default be left out. */
function waiveRequired(command: Command, sources: DefaultSources): void {
  for (const each of [command, ...command.commands]) {
    const required = each.options.filter(({ mandatory }) => mandatory);
    if (required.length === 0) continue;
    const set = new Set(resolveSettings(listWordsOf(each), listSettable(each), sources).map(({ flag }) => flag.key));
    for (const flag of required) if (set.has(flag.attributeName())) flag.makeOptionMandatory(false);
  }
}

/** What definitions may ask of sources. */
export const toGivenDefaults = (sources: DefaultSources): GivenDefaults => ({
  textsOf(words, command, name) {
    const flags = listSettable(command).filter((flag) => flag.name === name);
    return resolveSettings(words, flags, sources).flatMap(({ given }) => [given].flat().map(String));
  },
});

/** Defaults of files and variables for a run. */
export interface RunDefaults extends GivenDefaults {
  waiveRequired(command: Command): void;
  /** Gives the flags of a command that were not typed their defaults. */
  applyTo(action: DeclaredCommand): Promise<void>;
  /** Says which defaults of those that were given an error speaks of, unless `--verbose` has said them all. */
  explain(message: string): void;
}

/** Reads the defaults of a run. What is wrong in a file, or for the command, is a usage error. */
export function readDefaults(places: DefaultsPlaces, io: Io, verbs: Verbs): RunDefaults {
  const sources = readSources(places, io, verbs);
  let used: readonly Setting[] = [];
  const say = (settings: readonly Setting[]): void => {
    if (settings.length > 0) io.err(`note: defaults: ${makeSafeLine(settings.map(describeSetting).join(', '))}\n`);
  };
  return {
    ...toGivenDefaults(sources),
    waiveRequired: (command) => waiveRequired(command, sources),
    async applyTo(action) {
      used = await applyTo(action, sources, io, verbs);
      if (!action.opts<{ verbose?: boolean }>().verbose) return;
      say(used);
      used = [];
    },
    explain: (message) => say(used.filter(isNamedIn(message))),
  };
}
