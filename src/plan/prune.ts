import { formatAmount } from '../util/text.ts';
import type { DryRun } from '../stores/options.ts';
import type { Change } from '../kubernetes/change.ts';
import type { KubernetesObject } from '../object.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { titleOf } from '../profile/clusterprofile.ts';
import { exit, UserError, usageError } from '../errors.ts';
import type { Store } from '../stores/store.ts';
import type { Io } from '../io.ts';
import { waitUntil } from '../util/limits.ts';
import { makeSafeLine } from '../util/safe-text.ts';

export interface PruneOptions {
  maxDelete?: string | undefined;
  allowEmpty?: boolean | undefined;
  yes?: boolean | undefined;
  dryRun?: DryRun;
}

const refusePrune = (message: string, hint: string): UserError =>
  new UserError(`nothing was written or deleted: ${message}`, { code: exit.refused, hint });

/** Why nothing is pruned without a look at what is there. */
export const blindPrune = [
  '--dry-run=client asks nothing, so that nobody knows what prune would delete',
  '--dry-run=server, or --diff --prune',
] as const;

/** What was read before a prune, in the words of the command. */
export interface PruneWords {
  what: string;
  partial: string;
  empty: string;
  /** How to prune after a filter all the same. */
  filterHint: string;
}

/** Refuses to prune from a read that does not show everything there is. */
export function guardPrune(
  { what, partial: incomplete, empty, filterHint }: PruneWords,
  {
    found,
    partial,
    filter,
    allowEmpty,
  }: { found: number; partial: boolean; filter: string | undefined; allowEmpty?: boolean | undefined },
): void {
  if (partial) throw refusePrune(incomplete, 'run it again when everything can be read, or without --prune');
  if (filter !== undefined) throw refusePrune(`${filter} leaves some ${what} out`, filterHint);
  if (found === 0 && !allowEmpty) throw refusePrune(empty, '--allow-empty deletes all that was written before');
}

/** `--max-delete` as a number of profiles out of `total`. */
export function parseMaxDelete(text: string, total: number): number {
  const [, amount, percent] = /^(\d+)(%?)$/.exec(text) ?? [];
  if (amount === undefined)
    throw usageError(`--max-delete takes a number or a percentage, not ${JSON.stringify(text)}`);
  const share = Math.floor((total * Number(amount)) / 100);
  // A percentage of few objects allows one deletion at least; 0 % allows none.
  return percent && Number(amount) > 0 ? Math.max(1, share) : percent ? share : Number(amount);
}

/** Milliseconds within which a signal that was sent is heard of. */
const signalDelay = 50;

/** Asks for a yes. The end of input is a no, and an interruption ends the command. */
async function ask(question: string, io: Io): Promise<boolean> {
  io.err(makeSafeLine(question));
  let answer: string | undefined;
  try {
    answer = await io.clock.pause(waitUntil(io.signal, io.line(io.signal)));
    // A Ctrl-C before it counts, and may be noticed after it when both come at once.
    await sleep(signalDelay, undefined, { signal: io.signal });
  } catch (error) {
    if (!io.signal.aborted) throw error;
    throw new UserError('interrupted, nothing was written or deleted', { code: exit.interrupted });
  }
  // Ctrl-D ends an answer without a line end, and leaves the cursor behind it.
  const isWhole = answer?.endsWith('\n') ?? false;
  if (!isWhole) io.err('\n');
  return isWhole && /^y(es)?$/i.test((answer ?? '').trim());
}

/** Shows what would be deleted and asks for a yes; without a terminal there is nobody to ask. */
export async function askTo(deed: string, names: readonly string[], io: Io): Promise<void> {
  for (const name of names) io.err(`to be deleted: ${makeSafeLine(name)}\n`);
  if (!io.terminal.in) throw usageError(`${deed}: nobody can be asked`, 'add --yes');
  if (!(await ask(`${deed}? [y/N] `, io))) throw refusePrune('you said no', '--yes answers beforehand');
}

/** Keeps the limit, and asks where nobody has said yes. */
export async function confirmDeletions(
  { names, total, title }: { names: readonly string[]; total: number; title: string },
  options: PruneOptions,
  io: Io,
): Promise<void> {
  const limit = parseMaxDelete(options.maxDelete ?? '10%', total);
  if (names.length === 0) return;
  if (names.length > limit)
    throw refusePrune(
      `${names.length} of ${total} objects would go, the limit is ${limit}`,
      `--max-delete ${names.length} allows it`,
    );
  if (!options.yes && !options.dryRun)
    await askTo(`Delete ${formatAmount(names.length, 'object')} from ${title}`, names, io);
}

/** Shows what prune would delete, checks the limit, and asks where nobody has said yes. */
export async function confirmPrune(
  changes: readonly Change<KubernetesObject>[],
  inventory: Store,
  options: PruneOptions,
  io: Io,
): Promise<void> {
  const deletions = changes.filter((change) => change.action === 'delete');
  if (deletions.length > 0 && !inventory.isWhole())
    throw refusePrune('the list of the hub was not of one moment', 'run it again');
  const total = changes.filter(({ action }) => action !== 'create').length;
  const names = deletions.map(({ before }) => titleOf(before));
  await confirmDeletions({ names, total, title: inventory.title }, options, io);
}
