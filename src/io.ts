import { fstatSync, writeSync } from 'node:fs';
import { codeOf, exit, messageOf, UserError } from './errors.ts';

/** Everything a command may touch of the process it runs in. Tests hand in their own. */
export interface Io {
  /** Data: only what the user asked for, in the format asked for. */
  out(text: string): void;
  /** Talk: notes, warnings, progress, errors. */
  err(text: string): void;
  /** Standard input, in chunks, until it ends. Throws when the signal aborts, at once and however silent the other end is. */
  stdin(signal: AbortSignal): AsyncIterable<Buffer>;
  env: Readonly<Record<string, string | undefined>>;
  /** What was typed behind the program's name. */
  argv: readonly string[];
  /** The name the program was called by, for help: `clusterprofile` or `kubectl clusterprofile`. */
  program: string;
  /** Which of the streams are terminals. */
  terminal: { in: boolean; out: boolean; err: boolean };
  columns: number;
  /** Aborted by SIGINT or SIGTERM. */
  signal: AbortSignal;
  /** Gives the signals that would end this process to a handler, until the function that comes back is called. */
  handSignals(handler: (signal: NodeJS.Signals) => void): () => void;
}

/** The reader of our output went away (`| head`): nobody is left to tell, so it ends quietly. */
export const isClosedPipe = (error: unknown): boolean => codeOf(error) === 'EPIPE';

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Writes all of it, also to a pipe that somebody else made non-blocking. */
function writeAll(fd: number, text: string): void {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(fd, bytes));
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, 5);
    }
  }
}

function writeOut(text: string): void {
  try {
    writeAll(1, text);
  } catch (error) {
    if (isClosedPipe(error)) throw error;
    throw new UserError(`cannot write the output: ${messageOf(error)}`, { code: exit.input, cause: error });
  }
}

/** Nothing can be said about a standard error that cannot be written to. */
function writeErr(text: string): void {
  try {
    writeAll(2, text);
  } catch {
    // The exit code still tells.
  }
}

/**
 * Made when something is read from it: the stream object takes milliseconds. It stays open behind a reader that has
 * enough, such as a prompt, so that the next one reads on.
 */
async function* readInput(signal: AbortSignal): AsyncIterable<Buffer> {
  signal.throwIfAborted();
  const { stdin } = process;
  const stop = (): void => void stdin.destroy(signal.reason as Error);
  signal.addEventListener('abort', stop);
  try {
    for await (const chunk of stdin.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } finally {
    signal.removeEventListener('abort', stop);
    stdin.pause();
    // Nobody waits for it any more; a file has no such thing to say.
    (stdin as { unref?: () => void }).unref?.();
  }
  signal.throwIfAborted();
}

/** Which streams are terminals, found out when somebody asks, and for pipes and files without `node:tty`, which takes milliseconds to load. */
function isTerminal(fd: number): boolean {
  try {
    return fstatSync(fd).isCharacterDevice() && process.getBuiltinModule('node:tty').isatty(fd);
  } catch {
    return false; // Closed.
  }
}

const terminal = {
  get in() {
    return isTerminal(0);
  },
  get out() {
    return isTerminal(1);
  },
  get err() {
    return isTerminal(2);
  },
};

const ending: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

function handSignals(handler: (signal: NodeJS.Signals) => void): () => void {
  const before = ending.map((signal) => [signal, process.listeners(signal)] as const);
  for (const signal of ending) process.removeAllListeners(signal).on(signal, handler);
  return () => {
    for (const [signal, listeners] of before) {
      process.off(signal, handler);
      for (const listener of listeners) process.on(signal, listener);
    }
  };
}

/** The name it was started by: a script's path under Node.js, the name of the process for a standalone binary. */
const programName = (): string =>
  [process.argv[1], process.argv0].some((name) => /kubectl-clusterprofile(\.js|\.exe)?$/.test(name ?? ''))
    ? 'kubectl clusterprofile'
    : 'clusterprofile';

/** The Io of the real process. */
export function processIo(signal: AbortSignal): Io {
  const { env } = process;
  return {
    out: writeOut,
    err: writeErr,
    stdin: readInput,
    env,
    argv: process.argv.slice(2),
    program: programName(),
    terminal,
    get columns() {
      // A stream object costs milliseconds, so one is made only for a terminal.
      return Number(env['COLUMNS']) || (terminal.out && process.stdout.columns) || 80;
    },
    signal,
    handSignals,
  };
}
