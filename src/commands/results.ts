import type { KubernetesObject } from '../clusterprofile.ts';
import { exit, isUserError, messageOf, type ExitCode } from '../errors.ts';
import type { Change, Result } from '../inventory.ts';
import type { Io } from '../io.ts';
import { subject } from '../plan.ts';
import { safeLine } from '../renderers/safe.ts';

/** What became of one change. */
export interface Done {
  change: Change<KubernetesObject>;
  result?: Result;
  error?: unknown;
}

/** An object as kubectl names it: `clusterprofile.multicluster.x-k8s.io/prod-us`, `secret/cluster-prod-us`. */
export function object({ apiVersion, kind, metadata }: KubernetesObject): string {
  const [group, version] = apiVersion.split('/');
  return `${kind.toLowerCase()}${version === undefined ? '' : `.${group}`}/${metadata.name}`;
}

/** How many of each outcome; what did not happen at all is left out, but for the four that always count. */
export function countsOf(done: readonly Done[], notDone: number, refused: number): Record<string, number> {
  const count = (result: Result): number => done.filter((each) => each.result === result).length;
  const failed = done.filter(({ error }) => error !== undefined).length;
  return {
    created: count('created'),
    configured: count('configured'),
    unchanged: count('unchanged'),
    deleted: count('deleted'),
    ...(count('released') && { released: count('released') }),
    ...(failed && { failed }),
    ...(refused && { refused }),
    ...(notDone && { 'not done': notDone }),
  };
}

/** One exit code for many outcomes: partial as soon as something was done, else what all failures have in common. */
export function codeFor(done: readonly Done[], refused: number): number {
  const errors = done.filter(({ error }) => error !== undefined).map(({ error }) => error);
  if (errors.length === 0) return refused > 0 ? exit.partial : exit.done;
  if (errors.length < done.length) return exit.partial;
  const codes = errors.map((error): ExitCode => (isUserError(error) ? error.code : exit.bug));
  if (new Set(codes).size === 1) return codes[0] ?? exit.bug;
  return (
    ([exit.refused, exit.auth, exit.unreachable, exit.input] as const)
      .toReversed()
      .find((code) => codes.includes(code)) ?? exit.partial
  );
}

/** One line an object on stdout (or JSON, or names), and what failed on stderr. */
export function printResults(done: readonly Done[], options: { output?: string }, io: Io, suffix: string): void {
  const lines = done.map(({ change, result, error }) => ({ name: subject(change), result, error }));
  if (options.output === 'json') {
    const items = lines.map(({ name, result, error }) => ({
      name: name.metadata.name,
      namespace: name.metadata.namespace,
      action: error === undefined ? result : 'failed',
      ...(error !== undefined && {
        error: { code: isUserError(error) ? error.code : exit.bug, message: messageOf(error) },
      }),
    }));
    io.out(`${JSON.stringify(items, undefined, 2)}\n`);
  } else
    io.out(
      lines
        .filter(({ error }) => error === undefined)
        .map(({ name, result }) =>
          options.output === 'name' ? `${object(name)}\n` : `${object(name)} ${result}${suffix}\n`,
        )
        .join(''),
    );
  for (const { error } of lines) if (error !== undefined) reportFailure(error, io);
}

function reportFailure(error: unknown, io: Io): void {
  io.err(`error: ${safeLine(messageOf(error))}\n`);
  if (isUserError(error) && error.hint) io.err(`hint: ${error.hint}\n`);
}
