import { describeRemarks, subjectOfChange, type Change } from '../kubernetes/change.ts';
import { isBeingDeleted, type KubernetesObject } from '../object.ts';
import { titleOf } from '../profile/clusterprofile.ts';
import type { Io } from '../io.ts';
import { groupBy } from '../util/collections.ts';
import { collectNotices, sayOnce } from '../util/notices.ts';
import { makeSafeLine } from '../util/safe-text.ts';
import { listSome } from '../util/text.ts';
import type { Done } from './results.ts';

type Talk = Parameters<typeof collectNotices>[1];

/** The names of the live objects that a plan writes to, or finds as they should be, and that will go all the same. */
const listLeaving = (changes: readonly Change<KubernetesObject>[]): string[] =>
  changes.flatMap((change) =>
    'live' in change && change.live && isBeingDeleted(change.live) ? [change.live.metadata.name] : [],
  );

/** Says what stays as it is and why, what of it is less safe than before, and in kubectl's words what is being deleted meanwhile. */
export function sayRemarks(changes: readonly Change<KubernetesObject>[], options: Talk, io: Io): void {
  const notices = collectNotices(io, options, titleOf);
  for (const change of changes) {
    const { kept = [], weakened = [] } = describeRemarks(change);
    for (const sentence of [...kept, ...weakened]) notices.warn(sentence, subjectOfChange(change));
  }
  const leaving = listLeaving(changes);
  const [words, verb] = leaving.length === 1 ? ['resource', 'is'] : ['resources', 'are'];
  if (leaving.length > 0)
    notices.warn(`Detected changes to ${words} ${listSome(leaving)} which ${verb} currently being deleted`);
  notices.flush();
}

/** Says which of the deleted objects are there until somebody takes their finalizers off, and which these are. */
export function sayWaiting(done: readonly Done[], options: Talk, io: Io): void {
  const waiting = done.flatMap(({ change, result }) =>
    result === 'terminating' && change.action === 'delete' ? [change.before] : [],
  );
  const say = sayOnce(io, options);
  for (const [finalizers, objects] of groupBy(waiting, ({ metadata }) => (metadata.finalizers ?? []).join(', ')))
    say(makeSafeLine(`note: ${listSome(objects.map(titleOf))}: terminating, waiting for finalizers ${finalizers}`));
}
