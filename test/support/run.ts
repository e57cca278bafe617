import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClock } from '../../src/io/clock.ts';
import { root } from './paths.ts';
import { program, programWords } from './program.ts';

export interface RunOptions {
  env?: Record<string, string | undefined>;
  /** Standard input; empty when absent. */
  stdin?: string | Buffer;
  /** Standard output is a terminal. */
  terminal?: boolean;
  /** Run as kubectl runs its plugin. */
  asPlugin?: boolean;
  /** Its working directory, for the built program. */
  cwd?: string;
  /** As a user who may not read everything, for the built program: root may. */
  isUnprivileged?: boolean;
}

export interface Ran {
  out: string;
  err: string;
  code: number;
}

/** A folder that was made for this file of tests and has nothing in it. */
const empty = mkdtempSync(join(tmpdir(), 'clusterprofile-empty-'));

/** A path at which there is nothing. */
export const nowhere = join(empty, 'nowhere');

/** The environment of every run: nothing of this machine but where programs are. */
export const environment = (more: RunOptions['env'] = {}): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: nowhere,
  COLUMNS: '100',
  ...more,
});

let runsInside = 0;
let ownEnvironment = process.env;

/** SDKs read the environment of their process. Runs at once have one of the same content. */
async function inEnvironment<T>(env: NodeJS.ProcessEnv, work: () => Promise<T>): Promise<T> {
  if (runsInside++ === 0) ownEnvironment = process.env;
  process.env = env;
  try {
    return await work();
  } finally {
    if (--runsInside === 0) process.env = ownEnvironment;
  }
}

/** A program in this process: `main` of the sources or of the bundle. */
async function runInside(
  { runMain: main }: typeof import('../../src/main.ts'),
  argv: readonly string[],
  { env, stdin, terminal, asPlugin }: RunOptions,
): Promise<Ran> {
  const ran = { out: '', err: '' };
  const io = {
    out: (text: string) => {
      ran.out += text;
    },
    err: (text: string) => {
      ran.err += text;
    },
    async *stdin() {
      if (stdin !== undefined) yield typeof stdin === 'string' ? Buffer.from(stdin) : stdin;
    },
    screen: () => ({ input: process.stdin, output: process.stderr }),
    line: () => Promise.resolve(undefined),
    env: environment(env),
    argv,
    program: asPlugin ? 'kubectl clusterprofile' : 'clusterprofile',
    terminal: { in: false, out: terminal ?? false, err: false },
    columns: Number(environment(env)['COLUMNS']),
    signal: new AbortController().signal,
    drained: () => undefined,
    clock: createClock(),
    handSignals: () => () => {},
  };
  const code = await inEnvironment(io.env, () => main(argv, io));
  return { ...ran, code };
}

/** The built program as a process with pipes: the bundle where `run` takes the sources. */
export function runBuilt(
  argv: readonly string[],
  { env, stdin, asPlugin, cwd, isUnprivileged }: RunOptions = {},
): Promise<Ran> {
  const [file, ...words] = programWords(asPlugin);
  const user = isUnprivileged && process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const stdio: ['pipe', 'pipe', 'pipe'] = ['pipe', 'pipe', 'pipe'];
  const child = spawn(file, [...words, ...argv], { cwd, env: environment(env), stdio, ...user });
  const ran = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (ran.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (ran.err += text));
  child.stdin.on('error', () => {}); // It may end without reading it.
  child.stdin.end(stdin ?? '');
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === null) reject(new Error(`it was ended by ${signal}: ${ran.err}`));
      else resolve({ ...ran, code });
    });
  });
}

/** The built program with a real terminal for its standard output; the other two are no terminals. */
async function runOnTerminal(argv: readonly string[], { env, asPlugin }: RunOptions): Promise<Ran> {
  const { spawn: spawnPty } = await import('@lydell/node-pty');
  const errors = join(mkdtempSync(join(tmpdir(), 'clusterprofile-')), 'stderr');
  const script = 'exec "$@" </dev/null 2>"$ERRORS"';
  const child = spawnPty('/bin/sh', ['-c', script, 'sh', ...programWords(asPlugin), ...argv], {
    cols: 100,
    cwd: process.cwd(),
    env: { ...environment(env), ERRORS: errors },
  });
  let out = '';
  child.onData((text) => (out += text));
  const code = await new Promise<number>((resolve) => child.onExit(({ exitCode }) => resolve(exitCode)));
  return { out: out.replaceAll('\r\n', '\n'), err: readFileSync(errors, 'utf8'), code };
}

/** What is said besides where the hubs of a run serve another version than tests are written for. */
const ofVersions = /^note: .*: written as v1alpha\d, the hub does not serve v1alpha\d\n/gm;

/** Runs a command line of the program of this run (CLUSTERPROFILE_PROGRAM), and returns what it printed and its exit code. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  if (program === 'source') return runInside(await import('../../src/main.ts'), argv, options);
  const ran = await (options.terminal ? runOnTerminal(argv, options) : runBuilt(argv, options));
  return process.env['CLUSTERPROFILE_HUB_VERSIONS'] ? { ...ran, err: ran.err.replaceAll(ofVersions, '') } : ran;
}

const loadBundle = (): typeof import('../../src/main.ts') =>
  createRequire(import.meta.url)('../../dist/main.cjs') as typeof import('../../src/main.ts');

/**
 * The same without a process for each: the bundle, loaded into this one. For sweeps over thousands of command lines that
 * need nothing of a process.
 */
export const runQuickly = (argv: readonly string[], options: RunOptions = {}): Promise<Ran> =>
  program === 'bundle' ? runInside(loadBundle(), argv, options) : run(argv, options);

/**
 * A copy of the bundle that is loaded into this process: with a module state of its own, so that a run of it can be at once with
 * runs of others.
 */
export function copyProgram(): typeof run {
  if (program !== 'bundle') return run;
  const folder = join(mkdtempSync(join(tmpdir(), 'clusterprofile-copy-')), 'dist');
  cpSync(join(root, 'dist'), folder, { recursive: true });
  const copy = createRequire(import.meta.url)(join(folder, 'main.cjs')) as typeof import('../../src/main.ts');
  return (argv, options) => runInside(copy, argv, options ?? {});
}
