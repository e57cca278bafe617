import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Command {
  title: string;
  argv: string[];
  env?: Record<string, string>;
  /** Done before each run, not measured. */
  before?: () => Promise<string[] | void>;
  /** Exit codes that are no failure. */
  codes?: number[];
}

export interface Run {
  wall: number;
  cpu: number;
}

export interface Figures extends Run {
  /** MiB; only where asked for. */
  rss: number;
  /** In their order, so that two commands are compared pair by pair. */
  runs: Run[];
}

const scratch = mkdtempSync(join(tmpdir(), 'bench-'));

export const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Peak memory of a process so far, from the kernel; the last answer before it ends is its peak. */
function peak(pid: number): number {
  try {
    const [, kib = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kib) / 1024;
  } catch {
    return 0;
  }
}

/** Runs a command once, its output into a file, and takes wall and CPU time (bash's `time`) or peak memory. */
async function once(
  { argv, env, before, codes = [0], title }: Command,
  memory: boolean,
): Promise<Run & { rss: number }> {
  const words = (await before?.()) ?? argv;
  const out = openSync(join(scratch, 'out'), 'w');
  const timed = ['-c', 'TIMEFORMAT="%R %U %S"; time "$@" 2>"$ERR"', 'bench', ...words];
  const [file, args]: [string, string[]] = memory ? [words[0] ?? '', words.slice(1)] : ['bash', timed];
  // Node 20 would read the whole bundle of extra CAs at every start.
  const { NODE_EXTRA_CA_CERTS: _dropped, ...rest } = process.env;
  const child = spawn(file, args, {
    stdio: ['ignore', out, 'pipe'],
    env: { ...rest, ERR: join(scratch, 'err'), ...env },
  });
  let stderr = '';
  let rss = 0;
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const poll = memory ? setInterval(() => (rss = Math.max(rss, peak(child.pid ?? 0))), 3) : undefined;
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(poll);
  closeSync(out);
  if (!codes.includes(code ?? -1)) {
    const said = memory ? stderr : readFileSync(join(scratch, 'err'), 'utf8');
    throw new Error(`${title} ended with ${code}: ${said.slice(-500)}`);
  }
  const [wall = 0, user = 0, system = 0] = stderr.trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  return { wall: wall * 1000, cpu: (user + system) * 1000, rss };
}

/** Medians of interleaved runs: A B C, A B C … so that a noisy machine is noisy for all of them. */
export async function compare(commands: Command[], rounds: number, memory = false): Promise<Figures[]> {
  const runs: Run[][] = commands.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [index, command] of commands.entries()) runs[index]?.push(await once(command, false));
  const rss: number[] = [];
  for (const command of commands) rss.push(memory ? (await once(command, true)).rss : 0);
  return runs.map((each, index) => ({
    wall: median(each.map(({ wall }) => wall)),
    cpu: median(each.map(({ cpu }) => cpu)),
    rss: rss[index] ?? 0,
    runs: each,
  }));
}
