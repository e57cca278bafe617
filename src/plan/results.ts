import { groupBy } from '../util/collections.ts';
import { few, listSome } from '../util/text.ts';
import { describeRemarks, subjectOfChange, type Change, type Result } from '../kubernetes/change.ts';
import type { KubernetesObject } from '../object.ts';
import { titleOf } from '../profile/clusterprofile.ts';
import { exit, isUserError, messageOf, type ExitCode } from '../errors.ts';
import type { Io } from '../io.ts';
import { findMissingNamespace } from '../kubernetes/apply.ts';
import { addHint, makeSafeLine } from '../util/safe-text.ts';
import { repeatCommand } from './repeat-command.ts';

/** What became of one change. */
export interface Done {
  change: Change<KubernetesObject>;
  result?: Result;
  error?: unknown;
}

/** An object as kubectl names it: `clusterprofile.multicluster.x-k8s.io/prod-us`, `secret/cluster-prod-us`. */
export function formatObjectName({ apiVersion, kind, metadata }: KubernetesObject): string {
  const [group, version] = apiVersion.split('/');
  return `${kind.toLowerCase()}${version === undefined ? '' : `.${group}`}/${metadata.name}`;
}

/** How many of each outcome; what did not happen at all is left out, but for the four that always count. */
export function countResults(done: readonly Done[], notDone: number, refused: number): Record<string, number> {
  const count = (result: Result): number => done.filter((each) => each.result === result).length;
  const failed = done.filter(({ error }) => error !== undefined).length;
  return {
    created: count('created'),
    configured: count('configured'),
    unchanged: count('unchanged'),
    deleted: count('deleted'),
    ...(count('terminating') && { terminating: count('terminating') }),
    ...(count('released') && { released: count('released') }),
    ...(failed && { failed }),
    ...(refused && { refused }),
    ...(notDone && { 'not done': notDone }),
  };
}

/** One exit code for many outcomes: partial as soon as something was done, else what all failures have in common. */
export function combineExitCodes(done: readonly Done[], refused: number): number {
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
export function printResults(
  done: readonly Done[],
  options: { output?: string | undefined; verbose?: boolean | undefined },
  io: Io,
  { suffix, more = [] }: { suffix: string; more?: readonly object[] | undefined },
): void {
  const lines = done.map(({ change, result, error }) => ({ change, name: subjectOfChange(change), result, error }));
  if (options.output === 'json') {
    const items = lines.map(({ change, name, result, error }) => ({
      name: name.metadata.name,
      namespace: name.metadata.namespace,
      action: error === undefined ? result : 'failed',
      ...describeRemarks(change),
      ...(error !== undefined && {
        error: { code: isUserError(error) ? error.code : exit.bug, message: messageOf(error) },
      }),
    }));
    io.out(`${JSON.stringify([...items, ...more], undefined, 2)}\n`);
  } else
    io.out(
      lines
        .filter(({ error }) => error === undefined)
        .map(({ name, result }) =>
          options.output === 'name' ? `${formatObjectName(name)}\n` : `${formatObjectName(name)} ${result}${suffix}\n`,
        )
        .join(''),
    );
  const failures = done.filter(({ error }) => error !== undefined);
  for (const same of groupBy(failures, reasonOf).values()) reportFailures(same, options, io);
}

/** What is the same where changes failed the same way: the message but for the object's own name. */
function reasonOf({ change, error }: Done): string {
  const namespace = findMissingNamespace(error);
  return namespace === undefined
    ? messageOf(error).replace(titleOf(subjectOfChange(change)), '')
    : `namespace ${namespace}`;
}

/**
 * A message about one object, for many. What has its name within something else, such as a path, is said behind all names;
 * what has no name in it is about all of them.
 */
function nameAll(message: string, name: string, names: string): string {
  const words = message.split(' ');
  const at = words.findIndex((word) => word.replace(/:$/, '') === name);
  if (at === -1) return `${names}: ${message}`;
  return words.map((word, index) => (index === at ? word.replace(name, () => names) : word)).join(' ');
}

/** One line for what failed the same way, and its hint; with `--verbose` it has every name. */
function reportFailures(failures: readonly Done[], { verbose }: { verbose?: boolean | undefined }, io: Io): void {
  const [first] = failures as [Done];
  const all = failures.map(({ change }) => titleOf(subjectOfChange(change)));
  const names = listSome(all, verbose ? Infinity : few);
  const namespace = findMissingNamespace(first.error);
  const hint = isUserError(first.error) ? first.error.hint : undefined;
  if (namespace !== undefined) {
    io.err(`error: namespace ${makeSafeLine(namespace)} does not exist, not written: ${makeSafeLine(names)}\n`);
    io.err(`hint: ${repeatCommand(io, '--create-namespace') ?? 'add --create-namespace'}\n`);
    return;
  }
  const message = messageOf(first.error);
  const isSaid = failures.length === 1 || (!verbose && !message.includes(all[0] ?? ''));
  const about = isSaid ? message : nameAll(message, all[0] ?? '', names);
  io.err(`${addHint(`error: ${makeSafeLine(about)}`, hint)}\n`);
}
