import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { existsSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
