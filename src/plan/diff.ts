import { codeOfPart, exit } from '../errors.ts';
import type { Io } from '../io.ts';
import type { foldLongValues } from '../output/fold.ts';
import { describeRemarks, subjectOfChange, type Change } from '../kubernetes/change.ts';
import type { KubernetesObject } from '../object.ts';
import { titleOf } from '../profile/clusterprofile.ts';
import { makeSafeLine } from '../util/safe-text.ts';
import { hasUnread, isLast, refuseChanges, type PlanExecution, type WriteOptions } from './execute.ts';
import { sayRemarks } from './remarks.ts';
import { formatObjectName } from './results.ts';

/** A change as a person reads it. */
function foldChange(change: Change<KubernetesObject>, fold: typeof foldLongValues): Change<KubernetesObject> {
  const folded = { ...change };
  if ('before' in folded) folded.before = fold(folded.before);
  if ('after' in folded) folded.after = fold(folded.after);
  return folded;
}

/** A diff with its colours, and without certificates and other long values unless all of them are wanted. */
async function formatDiff(
  changes: readonly Change<KubernetesObject>[],
  options: WriteOptions,
  io: Io,
): Promise<string> {
  const { renderDiff } = await import('../output/changes.ts');
  const { paintFor } = await import('../output/paint.ts');
  const { foldLongValues: fold } = await import('../output/fold.ts');
  const shown = options.full ? changes : changes.map((change) => foldChange(change, fold));
  return renderDiff(shown, await paintFor(io, options));
}

const actionWords = [
  ['create', 'to create'],
  ['update', 'to change'],
  ['delete', 'to delete'],
  ['release', 'to release'],
] as const;

/** `4 to create, 1 to change`; nothing where nothing changes. */
function formatCounts(visible: readonly Change<KubernetesObject>[]): string {
  const counts = actionWords.map(([action, words]) => [visible.filter((each) => each.action === action).length, words]);
  const parts = counts.filter(([count]) => count !== 0).map(([count, words]) => `${count} ${words}`);
  return parts.length === 0 ? '' : `${parts.join(', ')}\n`;
}

/** Prints what a plan would change; 1 when it would change something, 0 when not. Nothing is written. */
export async function showDiff(run: PlanExecution): Promise<number> {
  const { changes, options, io } = run;
  const { listFieldChanges } = await import('../output/changes.ts');
  const real = changes.filter(({ action }) => action !== 'unchanged');
  if (options.output === 'json') {
    const rows = changes.map((change) => ({
      object: titleOf(subjectOfChange(change)),
      action: change.action,
      changes:
        change.action === 'update' || change.action === 'refused' ? listFieldChanges(change.before, change.after) : [],
      ...describeRemarks(change),
      ...(change.action === 'refused' && { reason: change.reason, conflicts: change.conflicts ?? [] }),
    }));
    io.out(`${JSON.stringify(rows, undefined, 2)}\n`);
  } else if (options.output === 'name')
    io.out(real.map((change) => `${formatObjectName(subjectOfChange(change))}\n`).join(''));
  else io.out(await formatDiff(changes, options, io), true);
  sayRemarks(changes, options, io);
  const released = changes.filter((change) => change.action === 'release');
  for (const { before } of released)
    io.err(`to be released: ${makeSafeLine(titleOf(before))}: another export has written it too\n`);
  const refusal = await refuseChanges(changes, io, options, 'would be refused');
  if (refusal) throw refusal;
  const visible = changes.filter(
    (change) =>
      change.action === 'create' ||
      isLast(change) ||
      (change.action === 'update' && listFieldChanges(change.before, change.after).length > 0),
  );
  // Talk: what stands on standard output stays a diff.
  if (!options.quiet && options.output !== 'json' && options.output !== 'name') io.err(formatCounts(visible));
  return codeOfPart(visible.length > 0 ? exit.negative : exit.done, hasUnread(run));
}
