import { Command, CommanderError } from 'commander';
import { exit, isUserError, messageOf, type UserError } from './errors.ts';
import { safe } from './renderers/safe.ts';
import { isClosedPipe, type Io } from './io.ts';

/** Declares a command's arguments, options and action; `words` are the words typed after the verb. */
export type Define = (command: Command, io: Io, words: readonly string[]) => void | Promise<void>;

interface Verb {
  summary: string;
  aliases?: readonly string[];
  /** Not for people, so not in the help. */
  hidden?: boolean;
  load: () => Promise<{ define: Define }>;
}

/** One verb a file, in the order of the help. Each is a chunk of its own, loaded when it is typed. */
const verbs: Record<string, Verb> = {
  import: {
    summary: 'read clusters from a system; print, diff or apply their ClusterProfiles',
    load: () => import('./commands/import.ts'),
  },
  list: { summary: 'list ClusterProfiles', aliases: ['get'], load: () => import('./commands/list.ts') },
  describe: {
    summary: 'show everything about a ClusterProfile: conditions, properties, access, field owners',
    load: () => import('./commands/describe.ts'),
  },
  diff: { summary: 'show what apply would change', load: () => import('./commands/diff.ts') },
  apply: { summary: 'create and update ClusterProfiles from files', load: () => import('./commands/apply.ts') },
  delete: { summary: 'delete ClusterProfiles of one cluster manager', load: () => import('./commands/delete.ts') },
  validate: { summary: 'check ClusterProfiles in files or on a hub', load: () => import('./commands/validate.ts') },
  export: {
    summary: 'write what other tools read: kubeconfig, Argo CD, Kueue …',
    load: () => import('./commands/export.ts'),
  },
  access: {
    summary: "run a command with access to a profile's cluster",
    load: () => import('./commands/access.ts'),
  },
  explain: { summary: 'show which field comes from which of a system', load: () => import('./commands/explain.ts') },
  crd: { summary: 'print or install the ClusterProfile CRD', load: () => import('./commands/crd.ts') },
  completion: { summary: 'print a shell completion script', load: () => import('./commands/completion.ts') },
  version: { summary: 'print the version', load: () => import('./commands/version.ts') },
  __complete: { summary: 'complete a command line', hidden: true, load: () => import('./commands/complete.ts') },
};

/** The verbs a person may type, with their summaries, for completion. */
export const verbSummaries = (): [name: string, summary: string][] =>
  Object.entries(verbs).flatMap(([name, { summary, hidden }]) => (hidden ? [] : [[name, summary] as [string, string]]));

const examples = (program: string): string => `Examples:
  ${program} import kubeconfig                       print the clusters of your kubeconfig as ClusterProfiles
  ${program} import gke --project shop --diff        what would change on the hub of your current context
  ${program} import azure --subscription S --apply   create and update them there
  ${program} list --clusterset prod-fleet            what the hub knows
  ${program} validate -f fleet/                      check files before anybody applies them
`;

const verbOf = (word: string | undefined): string | undefined =>
  Object.entries(verbs).find(([name, { aliases }]) => name === word || aliases?.includes(word ?? ''))?.[0];

/** Loads the definition of a verb, by its name or an alias. */
export const loadVerb = (word: string): Verb['load'] | undefined => verbs[verbOf(word) ?? '']?.load;

/** The program with all of its verbs, or with the one that was typed: to declare the others is time spent for nothing. */
function rootProgram(io: Io, only: string | undefined): Command {
  const program = new Command(io.program)
    .description('One inventory for every multi-cluster system: generate, inspect and ship ClusterProfiles.')
    .addHelpText('before', examples(io.program))
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      getOutHelpWidth: () => io.columns,
      getErrHelpWidth: () => io.columns,
      // commander would make the stream objects to find out, and help has no colours.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .configureHelp({ showGlobalOptions: false })
    .helpCommand('help [command...]', 'show help for a command')
    .exitOverride();
  // A subcommand inherits the settings above when it is made.
  for (const [name, { summary, aliases = [], hidden }] of Object.entries(verbs)) {
    if (only !== undefined && only !== name) continue;
    program
      .command(name, { hidden: hidden ?? false })
      .summary(summary)
      .description(summary)
      .aliases([...aliases]);
  }
  return program;
}

/** `help import gke` means `import gke --help`, and `--version` is the first thing that many people type. */
const normalised = (argv: readonly string[]): string[] => {
  if (argv[0] === '--version') return ['version', ...argv.slice(1)];
  return argv[0] === 'help' && argv.length > 1 ? [...argv.slice(1), '--help'] : [...argv];
};

async function run(argv: readonly string[], io: Io): Promise<number> {
  const words = normalised(argv);
  const verb = verbOf(words[0]);
  const program = rootProgram(io, verb);
  if (words.length === 0) {
    program.outputHelp({ error: true });
    io.err('\n');
    return exit.usage;
  }
  let code: number = exit.done;
  if (verb) {
    const command = program.commands.find((candidate) => candidate.name() === verb) as Command;
    const { define } = await (verbs[verb] as Verb).load();
    await define(command, io, words.slice(1));
    program.hook('postAction', (_program, action) => {
      code = (action as Command & { exitCode?: number }).exitCode ?? exit.done;
    });
  }
  await program.parseAsync(words, { from: 'user' });
  return code;
}

function report(error: UserError, io: Io): number {
  io.err(`error: ${safe(error.message)}\n`);
  if (error.hint) io.err(`hint: ${error.hint}\n`);
  if (io.env['CLUSTERPROFILE_DEBUG'] && error.cause !== undefined) io.err(`cause: ${messageOf(error.cause)}\n`);
  return error.code;
}

const verbose = (argv: readonly string[]): boolean =>
  argv.some((word) => word === '-v' || word.startsWith('--verbose'));

/**
 * Runs one command line and returns its exit code. Never throws: what a user can act on is one `error:` line, a closed
 * pipe is a quiet end, and anything else is a bug (70).
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await run(argv, io);
  } catch (error) {
    if (isClosedPipe(error)) return exit.done;
    // commander has printed its own message already; help and version are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.done : exit.usage;
    if (isUserError(error)) return report(error, io);
    io.err(`error: ${messageOf(error)} (this is a bug in clusterprofile)\n`);
    if (error instanceof Error && verbose(argv)) io.err(`${error.stack}\n`);
    else io.err('hint: run it again with -v for a stack trace, and report both\n');
    return exit.bug;
  }
}
