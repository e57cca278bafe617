import { usageError, type UserError } from '../errors.ts';
import { findClosest } from '../lint/suggest.ts';
import { readOwn } from '../object.ts';
import type { Option } from '../options.ts';
import type { DefaultEntry, Given, SettableFlag } from './entry.ts';
import { variablePrefix } from './find.ts';
import { assertNoCredential, toGiven } from './value.ts';

/** A default that a command takes. */
export interface Setting {
  flag: SettableFlag;
  /** What commander would have made of it on the command line; `undefined` where it says that the flag is not given. */
  given: Given;
  entry: DefaultEntry;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Where defaults come from. */
export interface DefaultSources {
  /** The entries of each file, the nearest file first. */
  files: readonly (readonly DefaultEntry[])[];
  env: Environment;
  /** The path of the person's own file, for hints. */
  ownPath: string | undefined;
}

/** Names that installers, tests and this program have other uses for. */
export const otherVariables: ReadonlySet<string> = new Set(
  ['VERSION', 'DEBUG', 'ACCESS', 'PROGRAM', 'NODE', 'NO_DEFAULTS'].map((name) => variablePrefix + name),
);

/** The variable for a flag, of the command of these words or of every one. */
export const toVariable = (...words: readonly string[]): string =>
  variablePrefix + words.join('_').replaceAll('-', '_').toUpperCase();

/** The variables that are set for a flag: that of the command, then that of every command. */
const findVariables = (command: readonly string[], flag: string, env: Environment): DefaultEntry[] =>
  [command, []].flatMap((words) => {
    const origin = toVariable(...words, flag);
    const value = otherVariables.has(origin) ? undefined : readOwn(env, origin);
    return value ? [{ command: words, flag, value, origin }] : [];
  });

/** Whether defaults for `words` are for a command too: `import` is for `import gke`. */
const isFor = ({ command: words }: DefaultEntry, command: readonly string[]): boolean =>
  words.every((word, index) => word === command[index]);

/** The entry of a flag that counts, of those of the files; in each, what is for the command itself comes first. */
function findEntry(files: DefaultSources['files'], command: readonly string[], flag: string): DefaultEntry | undefined {
  for (const entries of files) {
    const fitting = entries.filter((entry) => entry.flag === flag && isFor(entry, command));
    const [best] = fitting.toSorted((a, b) => b.command.length - a.command.length);
    if (best) return best;
  }
  return undefined;
}

/** Throws where a flag takes no default from there. */
function assertSettable({ flag, origin, file }: DefaultEntry, { settable }: Option, { ownPath }: DefaultSources): void {
  if (settable === 'never') throw usageError(`${origin}: --${flag} has to be typed, a default for it is not taken`);
  if (settable === 'personal' && file?.isNear)
    throw usageError(
      `${origin}: --${flag} is not taken from a file of the working directory, which may be anybody's`,
      `export ${toVariable(flag)}=…${ownPath === undefined ? '' : `, or write it into ${ownPath}`}`,
    );
}

/** Whether a flag may have a default, in some place. */
const mayBeSet = ({ option }: SettableFlag): boolean => option.settable !== 'never';

/** What commander would have made of a default; a usage error where the flag does not take it, or not from there. */
function settle(entry: DefaultEntry, flag: SettableFlag, sources: DefaultSources): Setting {
  assertSettable(entry, flag.option, sources);
  if (!entry.file) assertNoCredential(entry);
  return { flag, given: toGiven(entry, flag, sources.env), entry };
}

/**
 * The defaults for the flags of a command, those of the nearest place. A value that a flag does not take, or not from
 * there, is a usage error.
 */
export function resolveSettings(
  command: readonly string[],
  flags: readonly SettableFlag[],
  sources: DefaultSources,
): Setting[] {
  return flags.flatMap((flag): Setting[] => {
    const entry = findVariables(command, flag.name, sources.env)[0] ?? findEntry(sources.files, command, flag.name);
    // What is for every command leaves out those that it has to be typed for.
    if (!entry || (entry.file && entry.command.length === 0 && !mayBeSet(flag))) return [];
    return [settle(entry, flag, sources)];
  });
}

function describeUnknown({ flag, origin, command }: DefaultEntry, flags: readonly SettableFlag[]): UserError {
  const near = findClosest(
    flag,
    flags.map(({ name }) => name),
  );
  const whose = command.length === 0 ? 'no command has' : `${command.join(' ')} has no`;
  return usageError(
    `${origin}: ${whose} ${command.length === 0 ? 'a ' : ''}flag --${flag}`,
    near && `did you mean ${near}?`,
  );
}

/** The flags of commands that begin with these words, one command after the other. */
export type ListFlags = (words: readonly string[]) => AsyncIterable<readonly SettableFlag[]>;

/** Looks for a command that an entry can be for, among those that its words name. */
async function checkElsewhere(entry: DefaultEntry, listFlags: ListFlags, sources: DefaultSources): Promise<void> {
  const all: SettableFlag[] = [];
  for await (const flags of listFlags(entry.command)) {
    all.push(...flags);
    if (flags.some((flag) => flag.name === entry.flag && mayBeSet(flag))) break;
  }
  const named = all.filter(({ name }) => name === entry.flag);
  const found = named.find(mayBeSet) ?? named[0];
  if (!found) throw describeUnknown(entry, all);
  assertSettable(entry, found.option, sources);
}

/**
 * Throws for an entry of the files that is for a command, and for no flag of it, nor of another one that it could be for
 * too. Where it is for another command only, that one's own run says so.
 */
export async function checkEntries(
  command: readonly string[],
  flags: readonly SettableFlag[],
  sources: DefaultSources,
  listFlags: ListFlags,
): Promise<void> {
  for (const entry of sources.files.flat()) {
    if (!isFor(entry, command)) continue;
    const flag = flags.find(({ name }) => name === entry.flag);
    if (flag && (mayBeSet(flag) || entry.command.length > 0)) assertSettable(entry, flag.option, sources);
    else if (entry.command.length === command.length) throw describeUnknown(entry, flags);
    else await checkElsewhere(entry, listFlags, sources);
  }
}

/** The commands there are, with their flags. */
export type CommandFlags = readonly { words: readonly string[]; flags: readonly SettableFlag[] }[];

/** The variables that set a flag of any command, each once. */
export function listVariables(commands: CommandFlags, env: Environment): DefaultEntry[] {
  const found = new Map<string, DefaultEntry>();
  for (const { words, flags } of commands)
    for (const { name } of flags) for (const entry of findVariables(words, name, env)) found.set(entry.origin, entry);
  return [...found.values()];
}

/** Throws for an entry that none of the commands takes that it is for. */
export function assertTaken(entry: DefaultEntry, commands: CommandFlags, sources: DefaultSources): void {
  let problem: unknown;
  for (const { words, flags } of commands)
    for (const flag of isFor(entry, words) ? flags.filter(({ name }) => name === entry.flag) : [])
      try {
        settle(entry, flag, sources);
        return;
      } catch (error) {
        problem ??= error;
      }
  if (problem !== undefined) throw problem;
}
