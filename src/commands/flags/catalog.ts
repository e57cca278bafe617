import { Command } from 'commander';
import { usageError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { findClosest } from '../../lint/suggest.ts';
import { findSystem, listSystemsFor, listWords, type Way } from '../../systems/index.ts';
import type { GivenDefaults, Verbs } from '../command.ts';
import { isNamed, listOperands, takesValue } from './operands.ts';

const toWay = (verb: string): Way | undefined => (verb === 'import' || verb === 'export' ? verb : undefined);

/** The words that may follow a verb, other words for them included; none for a verb that has no subcommands of systems. */
const listSystemWords = (verb: string): string[] => {
  const way = toWay(verb);
  const systems = way === undefined ? [] : listSystemsFor(way).flatMap(([name]) => listWords(name));
  return way === 'import' ? [...systems, 'auto'] : systems;
};

/** A command under the names that it and its system go by in the tables. An unknown one is an error that begins with `where`. */
export function nameCommand(words: readonly string[], where: string, verbs: Verbs): readonly string[] {
  const [word = '', ...rest] = words;
  const verb = verbs.find(word);
  if (verb === undefined) {
    const near = findClosest(
      word,
      verbs.summaries().map(([name]) => name),
    );
    throw usageError(`${where}: there is no command ${JSON.stringify(word)}`, near && `did you mean ${near}?`);
  }
  const [system] = rest;
  const known = listSystemWords(verb);
  if (system === undefined || known.length === 0) return [verb, ...rest];
  if (known.includes(system)) return [verb, findSystem(system) ?? system, ...rest.slice(1)];
  throw usageError(`${where}: ${describeUnknownSystem(verb, system)}`, suggestSystem(verb, system));
}

const describeUnknownSystem = (verb: string, word: string): string => `${verb} knows no system ${JSON.stringify(word)}`;

function suggestSystem(verb: string, word: string): string | undefined {
  const near = findClosest(word, listSystemWords(verb));
  return near && `did you mean ${near}?`;
}

/** Throws for a word behind `import` or `export` that stands for no system. */
export function assertSystem(verb: Way, word: string | undefined, io: Io): void {
  if (word === undefined || word.startsWith('-') || word === 'help' || listSystemWords(verb).includes(word)) return;
  throw usageError(
    describeUnknownSystem(verb, word),
    suggestSystem(verb, word) ?? `${io.program} ${verb} --help lists them`,
  );
}

/** The definition of a command with all of its flags, to look at. */
export async function loadCommand(
  words: readonly string[],
  io: Io,
  verbs: Verbs,
  defaults?: GivenDefaults,
): Promise<Command | undefined> {
  const [verb = '', ...rest] = words;
  const loading = verbs.load(verb);
  if (!loading) return undefined;
  const command = new Command(verb);
  // The last word stands for the flag that may follow.
  const ordered = await (await loading).define(command, io, [...rest, '--'], verbs, defaults);
  const [first] = listOperands(ordered ?? rest, takesValue(command));
  return command.commands.find((each) => isNamed(each, first)) ?? command;
}

/** The commands of a verb, with all of their flags: itself, or its subcommands. */
export async function* listCommandsOf(
  verb: string,
  io: Io,
  verbs: Verbs,
  defaults?: GivenDefaults,
): AsyncIterable<{ words: readonly string[]; command: Command }> {
  const way = toWay(verb);
  if (way !== undefined) {
    const known = listSystemsFor(way).map(([system]) => system);
    for (const system of way === 'import' ? [...known, 'auto'] : known) {
      const command = await loadCommand([verb, system], io, verbs, defaults);
      if (command) yield { words: [verb, system], command };
    }
    return;
  }
  const command = await loadCommand([verb], io, verbs, defaults);
  if (!command) return;
  if (command.commands.length === 0) yield { words: [verb], command };
  for (const sub of command.commands) yield { words: [verb, sub.name()], command: sub };
}

/** Every command that takes defaults, or of those that begin with some words; the commands most used first. */
export async function* listCommands(
  words: readonly string[],
  io: Io,
  verbs: Verbs,
  defaults?: GivenDefaults,
): AsyncIterable<{ words: readonly string[]; command: Command }> {
  const [only] = words;
  const all = verbs.summaries().flatMap(([name]) => (verbs.defaultsOf(name) === 'none' ? [] : [name]));
  const names =
    only === undefined ? ['list', 'validate', ...all.filter((name) => !['list', 'validate'].includes(name))] : [only];
  for (const name of names) yield* listCommandsOf(name, io, verbs, defaults);
}
