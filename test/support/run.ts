import { main } from '../../src/cli.ts';

export interface RunOptions {
  env?: Record<string, string | undefined>;
  stdin?: string;
  /** Which streams are terminals; none unless said. */
  terminal?: Partial<{ in: boolean; out: boolean; err: boolean }>;
  program?: string;
  signal?: AbortSignal;
}

export interface Ran {
  out: string;
  err: string;
  code: number;
}

/** Runs a command line in this process, with its own streams and environment. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const ran = { out: '', err: '' };
  const code = await main(argv, {
    out: (text) => {
      ran.out += text;
    },
    err: (text) => {
      ran.err += text;
    },
    stdin: () => (options.stdin === undefined ? [] : [Buffer.from(options.stdin)]),
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...options.env },
    program: options.program ?? 'clusterprofile',
    terminal: { in: false, out: false, err: false, ...options.terminal },
    columns: 100,
    signal: options.signal ?? new AbortController().signal,
    handSignals: () => () => {},
  });
  return { ...ran, code };
}
