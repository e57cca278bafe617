import { durationText, createTimeout } from './duration.ts';
import { exit, UserError } from '../errors.ts';
import type { Io } from '../io.ts';

/** How long a command may take. */
export interface LimitOptions {
  /** Milliseconds; 0 for no limit. */
  timeout?: number | undefined;
}

const defaultTimeout = 120_000;

/** Ends when `--timeout` is over; never with 0. */
export function startTimeLimit({ timeout = defaultTimeout }: LimitOptions): AbortSignal {
  return timeout === 0 ? new AbortController().signal : createTimeout(timeout);
}

/** Ends with SIGINT or SIGTERM, and when `--timeout` is over. */
export const startDeadline = (options: LimitOptions, io: Io): AbortSignal =>
  AbortSignal.any([io.signal, startTimeLimit(options)]);

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
