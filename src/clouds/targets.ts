import type { CloudContext } from './context.ts';
import { exit, isUserError, UserError } from '../errors.ts';
import { pool } from '../util/pool.ts';

/** A part of a source that could not be read: a project, a subscription, a fleet. */
export interface TargetFailure {
  target: string;
  error: UserError;
}

interface Settled<Result> {
  done: Result[];
  failures: TargetFailure[];
}

const inFlight = 4;

/** Reads several targets, keeping what works and what failed, both in the order of the targets. */
export async function readTargets<Target, Result>(
  targets: readonly Target[],
  nameOf: (target: Target) => string,
  read: (target: Target) => Promise<Result>,
  { signal }: CloudContext,
): Promise<Settled<Result>> {
  const settled: Settled<Result> = { done: [], failures: [] };
  const outcomes = await pool(targets, inFlight, async (target): Promise<{ result: Result } | TargetFailure> => {
    try {
      return { result: await read(target) };
    } catch (error) {
      if (signal.aborted || !isUserError(error)) throw error;
      return { target: nameOf(target), error };
    }
  });
  for (const outcome of outcomes) {
    if (outcome === undefined) continue;
    if ('result' in outcome) settled.done.push(outcome.result);
    else settled.failures.push(outcome);
  }
  return settled;
}

/** Failures beside something that works are a partial result; nothing but failures is an error. */
export function reportFailures(failures: readonly TargetFailure[], works: boolean, context: CloudContext): void {
  const [first] = failures;
  if (!first) return;
  const message = ({ target, error }: TargetFailure): string => `${target}: ${error.message}`;
  if (!works && failures.length === 1)
    throw new UserError(message(first), { code: first.error.code, hint: first.error.hint, cause: first.error.cause });
  for (const failure of failures) context.partial(message(failure), failure.error.hint);
  if (!works) throw new UserError('nothing could be read', { code: first.error.code });
}

/**
 * Reads details of what is known already. What a failed one would tell is unknown; `remedy` is said where a right is
 * missing, which another run will not have either.
 */
export async function readDetails<Target, Result>(
  targets: readonly Target[],
  nameOf: (target: Target) => string,
  read: (target: Target) => Promise<Result>,
  remedy: string | undefined,
  context: CloudContext,
): Promise<Settled<Result>> {
  for (const target of targets) context.ask(nameOf(target));
  const settled = await readTargets(targets, nameOf, read, context);
  for (const { target, error } of settled.failures) reportDetail(target, error, remedy, context);
  return settled;
}

/** One detail that could not be read. */
export function reportDetail(
  target: string,
  error: UserError,
  remedy: string | undefined,
  context: CloudContext,
): void {
  const hints = [error.hint, error.code === exit.auth || error.code === exit.notFound ? remedy : undefined];
  const hint = hints.filter(Boolean).join('; or ') || undefined;
  context.miss(target, { message: `${target}: ${error.message}`, hint });
}
