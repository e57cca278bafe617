import { fstatSync, read } from 'node:fs';
import { codeOf, exit, UserError } from './errors.ts';
import { createClock, type Clock } from './io/clock.ts';
import { createStandardOutput, writeAll } from './io/standard-output.ts';

/** Everything a command may touch of the process it runs in. Tests hand in their own. */
export interface Io {
  /** Data: only what the user asked for, in the format asked for. In painted text colours are of this program. */
  out(text: string, isPainted?: boolean): void;
  /** Until the reader of it has taken it all; absent where there is nothing to wait for. */
  drained(): Promise<void> | undefined;
  /** Talk: notes, warnings, progress, errors. */
  err(text: string): void;
  /** Standard input, in chunks, until it ends. Throws when the signal aborts, at once and however silent the other end is. */
  stdin(signal: AbortSignal): AsyncIterable<Buffer>;
  /** The next line of it, with its line end unless the input ended without; `undefined` at its end. */
  line(signal: AbortSignal): Promise<string | undefined>;
  /** The terminal itself, for a library that draws on it; what that is given has passed the doors before. */
  screen(): { input: NodeJS.ReadStream; output: NodeJS.WriteStream };
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
  clock: Clock;
  /** Gives the signals that would end this process to a handler, until the function that comes back is called. */
  handSignals(handler: (signal: NodeJS.Signals) => void): () => void;
}

/** Nothing can be said about a standard error that cannot be written to. */
function writeErr(text: string): void {
  try {
    writeAll(2, text);
  } catch {
    // The exit code says the same, so a closed stderr loses nothing.
  }
}

/** What is left of standard input behind the line that a prompt has read. */
let unreadInput: Buffer | undefined;
/** Standard input was read to its end: nobody can answer any more. */
let hasEnded = false;

/** Bun reads ahead of a terminal, and would take lines that are for the next program; one read of it is one line. */
async function* readTerminal(): AsyncIterable<Buffer> {
  const chunk = Buffer.allocUnsafe(1 << 12);
  for (;;) {
    const length = await new Promise<number>((resolve, reject) =>
      read(0, chunk, 0, chunk.length, null, (error, bytes) => (error ? reject(error) : resolve(bytes))),
    );
    if (length === 0) return;
    yield Buffer.from(chunk.subarray(0, length));
  }
}

/** The stream object takes milliseconds, so it is made when something is read. It stays open for the next reader. */
async function* readStream(signal: AbortSignal): AsyncIterable<Buffer> {
  const { stdin } = process;
  const stop = (): void => void stdin.destroy(signal.reason as Error);
  signal.addEventListener('abort', stop);
  // A stdin that is a file has no ref and unref: it does not keep the process alive.
  const held = stdin as { ref?: () => void; unref?: () => void };
  held.ref?.();
  try {
    for await (const chunk of stdin.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } finally {
    signal.removeEventListener('abort', stop);
    stdin.pause();
    held.unref?.();
  }
}

function assertReadable(): void {
  let isDirectory: boolean;
  try {
    isDirectory = fstatSync(0).isDirectory();
  } catch (error) {
    // Closed: there is nothing to read. Bun cannot even look at a directory.
    if (codeOf(error) === 'EBADF') return;
    isDirectory = codeOf(error) === 'EISDIR';
    if (!isDirectory) throw error;
  }
  if (isDirectory) throw new UserError('cannot read standard input: is a directory', { code: exit.input });
}

async function* readInput(signal: AbortSignal): AsyncIterable<Buffer> {
  signal.throwIfAborted();
  assertReadable();
  const left = unreadInput;
  unreadInput = undefined;
  if (left) yield left;
  const isBunAtTerminal = process.versions['bun'] !== undefined && terminal.in;
  yield* isBunAtTerminal ? readTerminal() : readStream(signal);
  signal.throwIfAborted();
  hasEnded = true;
}

/** The next line of standard input with its end; without one where the input ends before it, `undefined` behind that. */
async function readLine(signal: AbortSignal): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  const lines = readInput(signal);
  for await (const chunk of lines) {
    const end = chunk.indexOf(0x0a) + 1;
    chunks.push(end > 0 ? chunk.subarray(0, end) : chunk);
    if (end > 0 && end < chunk.length) unreadInput = chunk.subarray(end);
    // A terminal hands over what has no line end when its reader types Ctrl-D.
    if (end > 0 || terminal.in) break;
  }
  return chunks.length === 0 ? undefined : Buffer.concat(chunks).toString('utf8');
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
    return !hasEnded && isTerminal(0);
  },
  get out() {
    return isTerminal(1);
  },
  get err() {
    return isTerminal(2);
  },
};

const endingSignals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

function forwardSignals(handler: (signal: NodeJS.Signals) => void): () => void {
  const before = endingSignals.map((signal) => [signal, process.listeners(signal)] as const);
  for (const signal of endingSignals) process.removeAllListeners(signal).on(signal, handler);
  return () => {
    for (const [signal, listeners] of before) {
      process.off(signal, handler);
      for (const listener of listeners) process.on(signal, listener);
    }
  };
}

/** The name it was started by: a script's path under Node.js, the name of the process for a standalone binary. */
const readProgramName = (): string =>
  [process.argv[1], process.argv0].some((name) => /kubectl-clusterprofile(\.js|\.exe)?$/.test(name ?? ''))
    ? 'kubectl clusterprofile'
    : 'clusterprofile';

/** The Io of the real process. */
export function createProcessIo(listen: () => AbortSignal): Io {
  const { env } = process;
  const output = createStandardOutput();
  return {
    out: output.write,
    drained: output.drained,
    err: writeErr,
    stdin: readInput,
    line: readLine,
    screen: () => ({ input: process.stdin, output: process.stderr }),
    env,
    argv: process.argv.slice(2),
    program: readProgramName(),
    terminal,
    get columns() {
      // A stream object costs milliseconds, so one is made only for a terminal.
      return Number(env['COLUMNS']) || (terminal.out && process.stdout.columns) || 80;
    },
    get signal() {
      return listen();
    },
    clock: createClock(),
    handSignals: forwardSignals,
  };
}
