import type { Command } from 'commander';
import type { Define, Verbs } from '../command.ts';
import { loadCommand } from '../flags/catalog.ts';
import { isNamed, listOperands, takesValue } from '../flags/operands.ts';
import { keepExitCode, type DeclaredFlag } from '../flags/flags.ts';
import { findDirective, nothing, offerWords, type Answer, type Candidate } from './complete/answer.ts';
import { listDefaultWords } from './complete/defaults.ts';
import { listProfileNames, type Typed } from './complete/inventory.ts';
import { findPaths, listRuleIds, offerValues } from './complete/values.ts';
import { unquoteTyped } from './complete/words.ts';
import { exit } from '../../errors.ts';
import { listSystemsFor } from '../../systems/index.ts';
import { waitUntil } from '../../util/limits.ts';
import { makeSafeLine } from '../../util/safe-text.ts';

/**
 * A person is to have an answer, or none, within 0.3 s of the key. Node.js takes up to a third of that to start, in
 * milliseconds.
 */
const completionPatience = 200;

/** What may stand on the command line that is typed, as commander has it. */
interface Definition {
  command: Command;
  /** The words that are no flags, behind the verb and its subcommand. */
  operands: readonly string[];
}

/** The command that is typed, and its words that are no flags. */
async function loadDefinition({ words, io }: Typed, verbs: Verbs): Promise<Definition | undefined> {
  const command = await loadCommand(words, io, verbs);
  if (!command) return undefined;
  const operands = listOperands(words.slice(1), takesValue(command));
  const own = command.parent ? operands.findIndex((word) => isNamed(command, word)) : -1;
  return { command, operands: own < 0 ? operands : operands.toSpliced(own, 1) };
}

/** Flags that may still be given. */
function listFlags({ options }: Command, words: readonly string[]): Candidate[] {
  const isSpent = ({ long, declared }: DeclaredFlag): boolean =>
    !declared?.repeatable && words.some((word) => word === long || word.startsWith(`${long}=`));
  const flags = options.filter((option) => !isSpent(option));
  return [
    ...flags.flatMap(({ long, description }) => (long ? [[long, description] as const] : [])),
    ['--help', 'display help for command'],
  ];
}

/** What `explain` explains. */
async function listSubjects(): Promise<Candidate[]> {
  const { listFields } = await import('../explain/field.ts');
  const { checkKnowledge } = await import('../../doctor/knowledge.ts');
  return [
    ...listSystemsFor('import').map(([system, { title }]) => [system, title] as const),
    ['rules', 'all rules'],
    ...(await listRuleIds()),
    ...Object.entries(checkKnowledge).map(([id, { title }]) => [id, title] as const),
    ...listFields().map((each) => [each] as const),
  ];
}

const takesNames = new Set(['list', 'get', 'describe', 'wait', 'delete', 'access']);

/** What may stand where no flag does. */
async function offerOperands({ command, operands }: Definition, typed: Typed): Promise<Answer> {
  const [verb = ''] = typed.words;
  if (command.commands.length > 0 && operands.length === 0)
    return { candidates: command.commands.map((sub) => [sub.name(), sub.summary() || sub.description()]) };
  const { registeredArguments: declared } = command;
  const last = declared.at(-1);
  const argument = declared[operands.length] ?? (last?.variadic ? last : undefined);
  if (!argument) return nothing;
  if (argument.argChoices) return offerWords(argument.argChoices);
  // What `access` runs is a command of its own.
  if (verb === 'access' && operands.length > 0)
    return typed.words.includes('--') ? { candidates: [], paths: 'files' } : nothing;
  if (takesNames.has(verb))
    return { candidates: (await listProfileNames(typed)).filter(([name]) => !operands.includes(name)) };
  if (verb === 'explain') return { candidates: await listSubjects() };
  if (verb === 'validate') return offerWords(['hub']);
  const paths = findPaths(argument.name());
  return { candidates: [], ...(paths && { paths }) };
}

/** `clusterprofile <TAB>`; an alias where somebody has begun to type it. */
const offerVerbs = (word: string, verbs: Verbs): Answer => ({
  candidates: [...verbs.summaries(word !== ''), ['help', 'show help for a command']],
});

/** What may stand in the place of the word, and the part of it in front of a flag's value. */
async function findAnswer(typed: Typed, word: string, verbs: Verbs): Promise<{ answer: Answer; value: string }> {
  const { words } = typed;
  if (words[0] === 'help') return findAnswer({ ...typed, words: words.slice(1) }, word, verbs);
  if (words.length === 0) return { answer: offerVerbs(word, verbs), value: word };
  const definition = await loadDefinition(typed, verbs);
  if (!definition) return { answer: nothing, value: word };
  const listDefaults = (): Promise<readonly string[]> =>
    listDefaultWords(words, definition.command, typed.io, verbs).catch(() => []);
  const aware = { ...typed, listDefaults };
  const { options } = definition.command;
  const find = (flag: string | undefined): DeclaredFlag | undefined =>
    options.find(({ long, short, required }) => required && flag !== undefined && (long === flag || short === flag));
  const isBehindEnd = words.includes('--');
  const [, flag, joined = ''] = (!isBehindEnd && /^(--?[\w-]+)=(.*)$/s.exec(word)) || [];
  const option = isBehindEnd ? undefined : find(flag ?? words.at(-1));
  const value = flag === undefined ? word : joined;
  if (option) return { answer: await offerValues(option, aware, value), value };
  if (flag !== undefined) return { answer: nothing, value };
  if (word.startsWith('-') && !isBehindEnd)
    return { answer: { candidates: listFlags(definition.command, words) }, value };
  return { answer: await offerOperands(definition, aware), value };
}

/** What has a control character cannot be typed, and would be two candidates, or steer the terminal. */
const isTypeable = (value: string): boolean => makeSafeLine(value) === value;

const formatCandidate = ([value, what]: Candidate): string =>
  what ? `${value}\t${makeSafeLine(what.split('\n')[0] ?? '')}\n` : `${value}\n`;

/** Completes a command line in the words of cobra, as kubectl asks its plugins to: candidates, then a directive. */
export const define: Define = (command, io, _words, verbs) => {
  command.option('--raw').argument('[word...]');
  command.action(async (given: string[], { raw }: { raw?: boolean }) => {
    const plain = raw ? given.map(unquoteTyped) : given;
    const word = plain.at(-1) ?? '';
    const typed: Typed = { words: plain.slice(0, -1), io, patience: completionPatience };
    const limit = io.clock.limit(completionPatience);
    // A kubeconfig that cannot be read, or a hub that does not answer, gets no completion, and no error on the command line.
    const { answer, value } = await waitUntil(limit, findAnswer(typed, word, verbs)).catch(() => ({
      answer: nothing,
      value: word,
    }));
    const fitting = answer.candidates.filter(([each]) => each.startsWith(value) && isTypeable(each));
    io.out(`${fitting.map(formatCandidate).join('')}:${findDirective(answer, fitting)}\n`);
    // Nothing that is still on its way is waited for.
    keepExitCode(command, limit.aborted ? exit.timeout : exit.done);
  });
};
