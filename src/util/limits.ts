import { durationText } from './duration.ts';
import { exit, UserError } from '../errors.ts';
import type { Io } from '../io.ts';

/** How long a command may take. */
export interface LimitOptions {
  /** Milliseconds; 0 for no limit. */
  timeout?: number | undefined;
}

const defaultTimeout = 120_000;

/** Ends when `--timeout` is over; never with 0. */
export const startTimeLimit = ({ timeout = defaultTimeout }: LimitOptions, { clock }: Io): AbortSignal =>
  timeout === 0 ? new AbortController().signal : clock.limit(timeout);

/** Ends with SIGINT or SIGTERM, and when `--timeout` is over. */
export const startDeadline = (options: LimitOptions, io: Io): AbortSignal =>
  AbortSignal.any([io.signal, startTimeLimit(options, io)]);

/**
 * Work that has no signal of its own, ended by one: a credential chain may hang on a server that never answers, and the
 * opening of a pipe on somebody who never writes.
 */
export async function waitUntil<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  // After a race is lost nobody awaits it, and an unhandled rejection would end the process.
  work.catch(() => undefined);
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const ended = new Promise<never>((_resolve, reject) => {
    stop = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, ended]);
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
  }
}

/** The error for a signal that ended something: an interruption, or the command's own limit. */
export function describeEnd({ timeout = defaultTimeout }: LimitOptions, io: Io): UserError {
  if (io.signal.aborted) return new UserError('interrupted', { code: exit.interrupted });
  return new UserError(`not done within ${durationText(timeout)}`, {
    code: exit.timeout,
    hint: 'give it more time with --timeout',
  });
}

/**
 * Waits until the reader of standard output has taken what was printed: a pager may be read for an hour, so that only a
 * `--timeout` that was given limits it.
 */
export async function waitForReader({ timeout }: LimitOptions, io: Io): Promise<void> {
  const taken = io.drained();
  if (!taken) return;
  const ended = timeout === undefined ? io.signal : startDeadline({ timeout }, io);
  await waitUntil(ended, timeout === undefined ? io.clock.pause(taken) : taken).catch((error: unknown) => {
    throw ended.aborted ? describeEnd({ timeout }, io) : error;
  });
}
