import { setTimeout as sleep } from 'node:timers/promises';
import { Command, CommanderError } from 'commander';
import { findVerb, refuseKubectlVerb, verbs, verbTable, type Verb } from './commands/index.ts';
import type { RunDefaults } from './commands/flags/defaults.ts';
import type { DeclaredCommand } from './commands/flags/flags.ts';
import { findDefaults } from './defaults/find.ts';
import { describeSystemError, exit, isUserError, messageOf, UserError } from './errors.ts';
import { guardErr } from './redact/door.ts';
import { forgetSecrets, rememberGiven } from './redact/known-secrets.ts';
import { createProcessIo, type Io } from './io.ts';
import { layOutExamples, type Examples } from './util/examples.ts';
import { makeSafeLine } from './util/safe-text.ts';
import { guardTerminal } from './util/terminal-door.ts';
import { startInputLimit } from './io/input-limit.ts';
import { isClosedPipe } from './io/standard-output.ts';

const rootExamples: Examples = [
  ['import kubeconfig', 'the clusters of your kubeconfig, as ClusterProfiles'],
  ['import gke --project shop --diff', 'what would change on the hub of your current context'],
  ['import azure --subscription S --apply', 'create and update them there'],
  ['list --clusterset prod-fleet', 'what the hub knows'],
  ['validate -f fleet/', 'check files before anybody applies them'],
];

/** The program with all of its verbs, or with the one that was typed: to declare the others is time spent for nothing. */
function buildProgram(io: Io, only: string | undefined): Command {
  const program = new Command(io.program)
    .description('One inventory for every multi-cluster system: generate, inspect and ship ClusterProfiles.')
    .addHelpText('before', () => layOutExamples(rootExamples, io.program, io.columns))
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      getOutHelpWidth: () => io.columns,
      getErrHelpWidth: () => io.columns,
      // commander would make the stream objects to find out, and help has no colours.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      outputError: (text, write) => write(text.replace(/^\(Did you mean (.*)\?\)$/m, 'hint: did you mean $1?')),
    })
    .configureHelp({ showGlobalOptions: false })
    .helpCommand('help [command...]', 'show help for a command')
    .addHelpText('afterAll', ({ command }) =>
      command.options.some(({ hidden }) => hidden)
        ? `\nUse "${io.program} options" for the flags of the connection (as in kubectl).`
        : '',
    )
    .exitOverride();
  // A subcommand inherits the settings above when it is made.
  for (const [name, { summary, aliases = [], hidden }] of Object.entries(verbTable)) {
    if (only !== undefined && only !== name) continue;
    program
      .command(name, { hidden: hidden ?? false })
      .summary(summary)
      .description(summary)
      .aliases([...aliases]);
  }
  return program;
}

/** `-o=json` as two words, and `-A=false` as none: kubectl's flags are typed like that too, and commander would keep the `=`. */
function splitShortFlags(words: readonly string[]): string[] {
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  const split = words.slice(0, end).flatMap((word) => {
    const [, flag = '', value = ''] = /^(-[A-Za-z])=(.*)$/s.exec(word) ?? [];
    if (flag === '') return [word];
    if (!['-A', '-R', '-q', '-v', '-w', '-y'].includes(flag)) return [flag, value];
    return value === 'true' ? [flag] : value === 'false' ? [] : [word];
  });
  return [...split, ...words.slice(end)];
}

/** `help import gke` means `import gke --help`, and `--version` is the first thing that many people type. */
const normaliseArgs = (argv: readonly string[]): string[] => {
  if (argv[0] === '--version') return ['version', ...argv.slice(1)];
  return argv[0] === 'help' && argv.length > 1 ? [...argv.slice(1), '--help'] : [...argv];
};

/** Waits until the reader of standard output has what was printed; no longer than the `--timeout` that was given. */
async function handOver(timeout: unknown, io: Io): Promise<void> {
  if (!io.drained()) return;
  const { waitForReader } = await import('./util/limits.ts');
  const { parseDuration } = await import('./util/duration.ts');
  await waitForReader({ timeout: typeof timeout === 'string' ? parseDuration(timeout, '--timeout') : undefined }, io);
}

const asksForHelp = (words: readonly string[]): boolean => {
  const end = words.indexOf('--');
  return words.slice(0, end < 0 ? words.length : end).some((word) => word === '-h' || word === '--help');
};

/** The defaults of files and variables that a verb takes; `undefined` where there are none. */
async function readDefaultsFor({ defaults }: Verb, io: Io): Promise<RunDefaults | undefined> {
  const found = defaults === 'none' ? undefined : findDefaults(io.env);
  if (found === undefined) return undefined;
  const { readDefaults } = await import('./commands/flags/defaults.ts');
  return readDefaults(defaults === 'personal' ? { ...found, near: [] } : found, io, verbs);
}

async function runProgram(argv: readonly string[], io: Io): Promise<number> {
  const words = argv[0] === '__complete' ? [...argv] : splitShortFlags(normaliseArgs(argv));
  const verb = findVerb(words[0]);
  if (verb === undefined) refuseKubectlVerb(words[0] ?? '');
  const program = buildProgram(io, verb);
  if (words.length === 0) {
    program.outputHelp({ error: true });
    io.err('\n');
    return exit.usage;
  }
  let code: number = exit.done;
  let timeout: unknown;
  let defaults: RunDefaults | undefined;
  if (verb) {
    const command = program.commands.find((candidate) => candidate.name() === verb) as Command;
    const { define } = await (verbTable[verb] as Verb).load();
    defaults = asksForHelp(words) ? undefined : await readDefaultsFor(verbTable[verb] as Verb, io);
    const ordered = await define(command, io, words.slice(1), verbs, defaults);
    if (ordered) words.splice(1, words.length, ...ordered);
    defaults?.waiveRequired(command);
    program.hook('preAction', async (_program, action) => {
      await defaults?.applyTo(action);
      startInputLimit(action.opts<{ maxInput?: string }>().maxInput);
    });
    program.hook('postAction', (_program, action) => {
      code = (action as DeclaredCommand).exitCode ?? exit.done;
      ({ timeout } = action.opts());
    });
  }
  await program.parseAsync(words, { from: 'user' }).catch((error: unknown) => {
    if (isUserError(error) && error.code === exit.usage) defaults?.explain(error.message);
    throw error;
  });
  await handOver(timeout, io);
  return code;
}

/** A hint whose commands begin with the name that the program was started by. */
const nameProgram = (hint: string, program: string): string =>
  hint.replaceAll(/(?<![\w./-]|kubectl )clusterprofile (?=[a-z]+\b)/g, (all: string) =>
    all.replace('clusterprofile', program),
  );

function reportError(error: UserError, io: Io): number {
  // A terminal shows the Ctrl-C where the cursor was.
  if (error.code === exit.interrupted && io.terminal.err) io.err('\n');
  io.err(`error: ${error.message}\n`);
  if (error.hint) io.err(`hint: ${makeSafeLine(nameProgram(error.hint, io.program))}\n`);
  if (io.env['CLUSTERPROFILE_DEBUG'] && error.cause !== undefined) io.err(`cause: ${messageOf(error.cause)}\n`);
  return error.code;
}

const isVerbose = (argv: readonly string[]): boolean =>
  argv.some((word) => word === '-v' || word.startsWith('--verbose'));

/** Everything leaves through two doors: for credentials, and for what steers a terminal. */
const guard = (io: Io): Io => guardErr(guardTerminal(io));

/** Says what a command line ended with, and returns its exit code. */
function reportFailure(error: unknown, argv: readonly string[], io: Io): number {
  if (isClosedPipe(error)) return exit.done;
  // commander has printed its own message already; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exit.done : exit.usage;
  if (isUserError(error)) return reportError(error, io);
  // What hubs and clouds answer is walked in many places; what files hold is checked before.
  if (error instanceof RangeError && error.message.includes('call stack'))
    return reportError(new UserError('something that was read is nested too deeply (limit of the call stack)'), io);
  const ofSystem = describeSystemError(error);
  if (ofSystem) return reportError(ofSystem, io);
  io.err(`error: ${makeSafeLine(messageOf(error))} (this is a bug in clusterprofile)\n`);
  if (error instanceof Error && isVerbose(argv)) io.err(`${error.stack}\n`);
  else io.err('hint: run it again with -v for a stack trace, and report both\n');
  return exit.bug;
}

/** What has ended before its time leaves reads behind that may never end. */
const cutShort: ReadonlySet<number> = new Set([exit.timeout, exit.interrupted, exit.terminated]);

/** How long a reader has to take what was printed by a command that was ended before its time. */
const lastPatience = 250;

/** Lets the reader of standard output have what was printed before a failure. */
async function handOverRest(code: number, io: Io): Promise<void> {
  const taken = handOver(undefined, io).catch(() => undefined);
  await (cutShort.has(code) ? Promise.race([taken, io.drained() && sleep(lastPatience)]) : taken);
}

/**
 * Runs one command line and returns its exit code. Never throws: what a user can act on is one `error:` line, a closed
 * pipe is a quiet end, and anything else is a bug (70).
 */
export async function runMain(argv: readonly string[], given: Io): Promise<number> {
  forgetSecrets();
  rememberGiven({ env: given.env, argv });
  const io = guard(given);
  try {
    return await runProgram(argv, io);
  } catch (error) {
    const code = reportFailure(error, argv, io);
    await handOverRest(code, io);
    return code;
  }
}

/** The last net: what nobody has caught ends the process with one line, and what the runtime warns of is one. */
function catchTheRest(io: Io): void {
  const end = (error: unknown): void => process.exit(reportFailure(error, io.argv, io));
  process.on('uncaughtException', end).on('unhandledRejection', end);
  process.removeAllListeners('warning').on('warning', ({ message }) => {
    io.err(`warning: ${makeSafeLine(message)}\n`);
  });
}

/** Runs the command line of this process. SIGINT and SIGTERM end it in an orderly way, a second one at once. */
export async function startProcess(): Promise<void> {
  const controller = new AbortController();
  let received = 0;
  let isListening = false;
  const stop = (code: number) => (): void => {
    if (received) process.exit(code);
    received = code;
    controller.abort();
  };
  // Until something asks for the signal there is nothing to put in order, and a signal ends the process at once: while files
  // are read and checked no listener would be heard.
  const listen = (): AbortSignal => {
    if (!isListening) process.on('SIGINT', stop(exit.interrupted)).on('SIGTERM', stop(exit.terminated));
    isListening = true;
    return controller.signal;
  };
  const io = guard(createProcessIo(listen));
  catchTheRest(io);
  const code = await runMain(io.argv, io);
  // A signal that comes while the last files are written is heard when they are.
  if (received && (code === exit.done || code === exit.negative))
    io.err('error: interrupted, when everything was done\n');
  if (received || cutShort.has(code)) process.exit(received || code);
  // Otherwise whatever is still on its way gets there, and only a connection that never ends is not waited for.
  process.exitCode = code;
  setTimeout(() => process.exit(), 2000).unref();
}
