import { setTimeout as sleep } from 'node:timers/promises';
import { exit, isUserError, UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import { nameOf, type ClusterProfile } from '../profile/clusterprofile.ts';
import type { Inventory } from '../stores/store.ts';
import { describeEnd, startDeadline, type LimitOptions } from '../util/limits.ts';
import { listSome } from '../util/text.ts';

/** Milliseconds between two looks. */
const pause = 500;

/** Those that are still there. One of the same name with another uid was made since. */
async function findRemaining(inventory: Inventory, profiles: readonly ClusterProfile[]): Promise<ClusterProfile[]> {
  const uids = new Set(profiles.map(({ metadata }) => metadata.uid));
  const remaining: ClusterProfile[] = [];
  for (const namespace of new Set(profiles.map(({ metadata }) => metadata.namespace)))
    for await (const page of inventory.list({ namespace }))
      remaining.push(...page.filter(({ metadata }) => metadata.uid !== undefined && uids.has(metadata.uid)));
  return remaining;
}

function describeWaiting(remaining: readonly ClusterProfile[]): UserError {
  const finalizers = new Set(remaining.flatMap(({ metadata }) => metadata.finalizers ?? []));
  return new UserError(
    `still there, waiting for finalizers ${[...finalizers].join(', ')}: ${listSome(remaining.map(nameOf))}`,
    { code: exit.timeout, hint: 'whoever set a finalizer takes it off; give it more time with --timeout' },
  );
}

/** Waits until deleted profiles are gone, as `kubectl delete` does. Throws when the time of the command is over. */
export async function waitUntilGone(
  inventory: Inventory,
  profiles: readonly ClusterProfile[],
  options: LimitOptions,
  io: Io,
): Promise<void> {
  const signal = startDeadline(options, io);
  let remaining = profiles;
  for (;;) {
    try {
      remaining = await findRemaining(inventory, remaining);
      if (remaining.length === 0) return;
      await sleep(pause, undefined, { signal });
    } catch (error) {
      if (io.signal.aborted) throw describeEnd(options, io);
      if (signal.aborted || (isUserError(error) && error.code === exit.timeout)) throw describeWaiting(remaining);
      throw error;
    }
  }
}
