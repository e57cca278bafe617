import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

interface HelperOptions {
  env: NodeJS.ProcessEnv;
  /** Ends it, and everything that it has started. */
  signal: AbortSignal;
  /** It may ask the person at the terminal. */
  interactive: boolean;
  /** Bytes of its standard output; one that prints more is ended. */
  outputLimit: number;
  onStderr(text: string): void;
}

/** How a helper program ended, and what it printed. */
interface HelperResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  hasFlooded: boolean;
}

/** How much of standard error is kept: its end. */
const keptStderr = 65_536;

/** What a program printed before it ended is read within this time, whoever else has its output open. */
const drainTime = 250;

/** Its time may pass while this process does something else, so that what waits in the pipe is read behind it. */
async function drain(): Promise<void> {
  await sleep(drainTime);
  await nextTurn();
}

/** How long a program may take to end when it is asked to. */
const endTime = 500;

/**
 * Sends a signal to the group of a helper. One that may ask a person stays in the group of the terminal, which it could
 * not read otherwise, so that only it is ended.
 */
function signalHelper(child: ChildProcess, signal: NodeJS.Signals, hasGroup: boolean): void {
  try {
    if (hasGroup && child.pid !== undefined) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    child.kill(signal); // Its group is gone, or the system has none.
  }
}

/** Ends a helper: by a request first, and by force where it does not listen. */
async function endHelper(child: ChildProcess, hasGroup: boolean): Promise<void> {
  signalHelper(child, 'SIGTERM', hasGroup);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (child.exitCode === null && child.signalCode === null) await Promise.race([ended, sleep(endTime)]);
  // Also when it has ended itself: what it has started may not have.
  signalHelper(child, 'SIGKILL', hasGroup);
}

/**
 * Runs a program, without a shell, that prints something for us. It is done when it has ended, and not when all that
 * it has started has. Throws what kept it from being started.
 */
export async function runHelper(
  command: string,
  args: readonly string[],
  { env, signal, interactive, outputLimit, onStderr }: HelperOptions,
): Promise<HelperResult> {
  signal.throwIfAborted();
  const child = spawn(command, [...args], {
    env,
    stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'pipe'],
    detached: !interactive,
    shell: false,
  });
  const result: HelperResult = { code: null, signal: null, stdout: '', stderr: '', hasFlooded: false };
  const stop = new AbortController();
  const stopped = once(stop.signal, 'abort');
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (result.stdout.length + text.length <= outputLimit) result.stdout += text;
    else {
      result.hasFlooded = true;
      child.stdout.destroy();
      stop.abort();
    }
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    result.stderr = (result.stderr + text).slice(-keptStderr);
    onStderr(text);
  });
  let isClosed = false;
  const closed = new Promise<void>((resolve, reject) =>
    child.on('error', reject).on('close', () => {
      isClosed = true;
      resolve();
    }),
  );
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const end = (): void => stop.abort();
  signal.addEventListener('abort', end);
  try {
    await Promise.race([closed, exited.then(drain), stopped]);
    // Whoever still has its output open is no service of its own: a service closes what it was handed.
    if (!isClosed) await endHelper(child, !interactive);
    return { ...result, code: child.exitCode, signal: child.signalCode };
  } finally {
    signal.removeEventListener('abort', end);
    child.stdout.destroy();
    child.stderr.destroy();
    child.unref();
  }
}
