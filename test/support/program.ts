import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { existsSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './paths.ts';

/** What `run` runs: the sources in this process, the npm build with this Node.js, or the standalone binary. */
export type Program = 'source' | 'bundle' | 'binary';

const programs: readonly Program[] = ['source', 'bundle', 'binary'];

function chosenProgram(): Program {
  const chosen = process.env['CLUSTERPROFILE_PROGRAM'] || 'bundle';
  const program = programs.find((each) => each === chosen);
  if (!program) throw new Error(`CLUSTERPROFILE_PROGRAM is ${programs.join(', ')}, not ${JSON.stringify(chosen)}`);
  return program;
}

/** The program of this run, by CLUSTERPROFILE_PROGRAM; the bundle unless it says another. */
export const program: Program = chosenProgram();

/** A script of the npm build, under either of its names. */
const bundle = join(root, 'bin', 'clusterprofile.js');

/** The standalone binary that is named for this machine. */
function binary(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const names = ['', '-musl', '.exe'].map((end) => `clusterprofile-${platform}-${process.arch}${end}`);
  const found = names.map((name) => join(root, 'dist-binary', name)).find((file) => existsSync(file));
  if (!found) throw new Error('there is no binary for this machine: npm run build:binary makes one');
  return found;
}

let linked: string | undefined;

/** The program under kubectl's name for a plugin: a link, as an installation makes one. */
function pluginLink(target: string): string {
  linked ??= mkdtempSync(join(tmpdir(), 'kubectl-plugin-'));
  const link = join(linked, 'kubectl-clusterprofile');
  if (!existsSync(link)) symlinkSync(target, link);
  return link;
}

/** Starts the built program, for tests that need the process itself. */
export const startProgram = (argv: readonly string[], options: SpawnOptions = {}): ChildProcess => {
  const [file, ...words] = programWords();
  return spawn(file, [...words, ...argv], options);
};

/** The built program as the beginning of a line for a shell. */
export const programInShell = (asPlugin = false): string =>
  programWords(asPlugin)
    .map((word) => `'${word}'`)
    .join(' ');

/** The words that start the built program, as `clusterprofile` or as kubectl's plugin. */
export function programWords(asPlugin = false): [file: string, ...words: string[]] {
  const file = program === 'binary' ? binary() : bundle;
  const named = asPlugin ? pluginLink(file) : file;
  return program === 'binary' ? [named] : [process.env['CLUSTERPROFILE_NODE'] || process.execPath, named];
}

/** A program at work, and what it has printed so far. */
export interface Working {
  out(): string;
  err(): string;
  /** Waits until what it has printed fits. */
  shows(isEnough: RegExp | ((out: string) => boolean), patience?: number): Promise<void>;
  /** Interrupts it, and returns its exit code and how long it took to end. */
  interrupt(signal?: NodeJS.Signals): Promise<{ code: number; ms: number }>;
  ended: Promise<number>;
}

/** Listens to a program that was started with pipes. */
export function listenTo(child: ChildProcess): Working {
  let [out, err] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = new Promise<number>((resolve) =>
    child.on('close', (code, signal) => resolve(code ?? (signal ? -1 : 0))),
  );
  return {
    out: () => out,
    err: () => err,
    ended,
    async shows(isEnough, patience = 15_000) {
      const fits = typeof isEnough === 'function' ? isEnough : (text: string) => isEnough.test(text);
      for (const deadline = Date.now() + patience; !fits(out); await sleep(10))
        if (Date.now() > deadline || child.exitCode !== null)
          throw new Error(`it never printed ${String(isEnough)}:\n${out.slice(-4000)}\n${err}`);
    },
    async interrupt(signal = 'SIGINT') {
      const before = performance.now();
      child.kill(signal);
      const code = await ended;
      return { code, ms: performance.now() - before };
    },
  };
}
