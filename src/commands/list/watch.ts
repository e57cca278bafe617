import { exit, usageError, type UserError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import type { EventRenderer } from '../../output/format.ts';
import type { SortProfiles } from '../../output/table/sort.ts';
import { byName, type ClusterProfile } from '../../profile/clusterprofile.ts';
import type { Query } from '../../profile/selectors.ts';
import type { ReadProfilesOptions } from '../../stores/options.ts';
import type { Inventory, ProfileEvent } from '../../stores/store.ts';
import { watchSelected } from '../../stores/watch/select.ts';
import { describeEnd, startTimeLimit, waitForReader } from '../../util/limits.ts';

/** A watch that is printed. */
interface PrintedWatch {
  inventory: Inventory;
  names: readonly string[];
  query: Query;
  options: ReadProfilesOptions & { watchOnly: boolean; ignoreNotFound: boolean };
  clusterSets: Map<string, string> | undefined;
  print: EventRenderer;
  /** The order of what there is at the beginning; by name where there is none. */
  sort: SortProfiles | undefined;
  /** A profile as it is shown. */
  prepare(profile: ClusterProfile): ClusterProfile;
  describeMissing(missing: readonly string[]): Promise<UserError>;
  io: Io;
}

/** Throws for names that there are none of, as kubectl does before it watches. */
async function assertThere(
  first: readonly ProfileEvent[],
  { names, options, describeMissing }: PrintedWatch,
): Promise<void> {
  const there = new Set(first.map(({ object }) => object.metadata.name));
  const missing = names.filter((name) => !there.has(name));
  if (missing.length > 0 && !options.ignoreNotFound) throw await describeMissing(missing);
}

/** What there is, in its order. */
function sortEvents(first: readonly ProfileEvent[], { sort }: PrintedWatch): ProfileEvent[] {
  const profiles = first.map(({ object }) => object).toSorted(byName);
  return (sort ? sort(profiles) : profiles).map((object) => ({ type: 'ADDED', object }));
}

async function printEvents(watch: PrintedWatch): Promise<number> {
  const { inventory, names, query, options, clusterSets, print, prepare, io } = watch;
  if (inventory.watch === undefined) throw usageError(`${inventory.title} cannot be watched`);
  const show = async (events: readonly ProfileEvent[]): Promise<void> => {
    io.out(await print.print(events.map(({ type, object }) => ({ type, object: prepare(object) }))));
    await waitForReader({}, io);
  };
  let isFirst = true;
  const watched = { inventory: { ...inventory, watch: inventory.watch }, query, options, names, clusterSets };
  for await (const events of watchSelected(watched)) {
    if (isFirst) {
      await assertThere(events, watch);
      // As kubectl: nobody waits for a name that need not be there.
      if (names.length > 0 && events.length === 0) return exit.done;
      if (!options.watchOnly) await show(sortEvents(events, watch));
    } else await show(events);
    isFirst = false;
  }
  throw describeEnd(options, io);
}

/** Prints what there is and what becomes of it until it is interrupted, which is how a watch ends. */
export async function watchProfiles(watch: PrintedWatch): Promise<number> {
  const { io } = watch;
  try {
    return await printEvents(watch);
  } catch (error) {
    if (!io.signal.aborted) throw startTimeLimit(watch.options, io).aborted ? describeEnd(watch.options, io) : error;
    // A terminal shows the Ctrl-C where the cursor was.
    if (io.terminal.err) io.err('\n');
    return exit.interrupted;
  }
}
