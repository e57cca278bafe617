import type { Define } from './command.ts';
import { exit, UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import { option, valuesOf, type ValuesOf } from '../options.ts';
import { formatObjectName } from '../plan/results.ts';
import { compileFilters } from '../profile/filters.ts';
import { selectProfilesBy } from '../profile/selectors.ts';
import type { ClusterProfile } from '../profile/clusterprofile.ts';
import { lookEverywhere } from '../stores/current-namespace.ts';
import { addClusterSets } from '../stores/cluster-sets.ts';
import { filterFlags, recursiveFlag, targetFlags } from '../stores/options.ts';
import { buildQuery, openToRead } from '../stores/read.ts';
import type { Inventory, ProfileEvent } from '../stores/store.ts';
import { parseSignedDuration, durationText } from '../util/duration.ts';
import { describeEnd, startTimeLimit } from '../util/limits.ts';
import { sayOnce } from '../util/notices.ts';
import { makeSafeLine } from '../util/safe-text.ts';
import { addFlags, keepExitCode, keepRules, withExamples } from './flags/flags.ts';
import { assertTogether, rulesOf } from './flags/rules.ts';
import { parseGoal, type Goal } from './wait/goals.ts';
import { createTargets, type Targets } from './wait/targets.ts';

const flags = {
  for: option.texts(
    '--for <condition>',
    "condition=TYPE[=STATUS], create, delete or jsonpath='{…}'[=VALUE]; repeatable, one after the other",
  ),
  all: option.flag('--all', 'every profile of the namespace'),
  allNamespaces: option.flag('-A, --all-namespaces', 'in all namespaces'),
  filename: option.texts(
    '-f, --filename <file>',
    'files, a directory or - instead of an inventory: they are checked once',
  ),
  recursive: recursiveFlag,
  ...filterFlags,
  ...targetFlags,
  timeout: option.parsed(
    '--timeout <duration>',
    'how long to wait (default: 30s); 0 checks once, a negative one waits a week',
    parseSignedDuration,
  ),
};

type WaitOptions = ValuesOf<typeof flags>;

const defaultWait = 30_000;
const week = 7 * 24 * 3_600_000;

/** kubectl waits for the creation first, wherever it stands. */
const orderGoals = (goals: readonly Goal[]): Goal[] => [
  ...goals.filter(({ kind }) => kind === 'create'),
  ...goals.filter(({ kind }) => kind !== 'create'),
];

/** What there is, once. */
async function* listOnce(inventory: Inventory, options: WaitOptions, name?: string): AsyncIterable<ProfileEvent[]> {
  const events: ProfileEvent[] = [];
  for await (const page of inventory.list(buildQuery(options, inventory, name)))
    events.push(...page.map((object): ProfileEvent => ({ type: 'ADDED', object })));
  yield events;
}

/** What becomes of the profiles of the namespace: who waits for some that are selected waits for them whatever they become. */
function openEvents(
  inventory: Inventory,
  names: readonly string[],
  options: WaitOptions,
  isOnce: boolean,
): AsyncIterable<ProfileEvent[]> {
  const name = names.length === 1 ? names[0] : undefined;
  if (isOnce || inventory.watch === undefined) return listOnce(inventory, options, name);
  const { labelSelector: _label, fieldSelector: _field, ...query } = buildQuery(options, inventory, name);
  return inventory.watch(query);
}

/** Which profiles are selected, of those that are there. */
async function compileChoice(
  options: WaitOptions,
  sets: ReadonlyMap<string, string>,
): Promise<(profiles: readonly ClusterProfile[]) => ClusterProfile[]> {
  const matches = await compileFilters(options);
  const query = { labelSelector: options.selector, fieldSelector: options.fieldSelector };
  selectProfilesBy([], query);
  return (profiles) => selectProfilesBy(profiles, query).filter((profile) => matches(profile, sets));
}

const shownAtMost = 20;

/** Says what each profile was last seen as that has not come so far; the error for them. */
function describeLate(targets: Targets, waited: string, io: Io): UserError {
  const pending = targets.listPending();
  for (const { name, goal, reason } of pending.slice(0, shownAtMost))
    io.err(`not yet: ${makeSafeLine(`${name}: ${goal.title}: ${reason}`)}\n`);
  if (pending.length > shownAtMost) io.err(`not yet: ${pending.length - shownAtMost} more\n`);
  const goals = [...new Set(pending.map(({ goal }) => goal.title))];
  return new UserError(`${waited} ${goals.join(', ')}: not met by ${pending.length}`, { code: exit.timeout });
}

async function runWait(names: readonly string[], given: WaitOptions, io: Io): Promise<number> {
  assertTogether('wait', { ...given, names });
  const goals = orderGoals(given.for.map(parseGoal));
  const time = given.timeout === undefined ? defaultWait : given.timeout < 0 ? week : given.timeout;
  // A look that is not to wait takes the time that a list takes.
  const isOnce = time === 0 || given.filename.length > 0;
  const limited = { ...given, timeout: isOnce ? undefined : time };
  const sets = new Map<string, string>();
  const asked = new Set<string>();
  const targets = createTargets({
    names,
    goals,
    choose: await compileChoice(given, sets),
    onMet: (profile) => io.out(`${formatObjectName(profile)} condition met\n`),
  });
  const { inventory: kept } = await openToRead(limited, io);
  const { options, inventory } = lookEverywhere(limited, kept, sayOnce(io, given));
  let isRead = false;
  try {
    for await (const events of openEvents(inventory, names, options, isOnce)) {
      if (given.clusterset !== undefined)
        await addClusterSets(
          inventory,
          events.map(({ object }) => object),
          sets,
          asked,
        );
      targets.take(events);
      isRead = true;
      if (targets.isDone()) return exit.done;
    }
  } catch (error) {
    if (!isRead || io.signal.aborted || !startTimeLimit(options, io).aborted) throw error;
  }
  if (io.signal.aborted) throw describeEnd(options, io);
  throw describeLate(targets, isOnce ? 'checked once for' : `waited ${durationText(time)} for`, io);
}

export const define: Define = (command, io) => {
  command
    .description(
      'Wait until ClusterProfiles are as they should be, with the meanings of kubectl wait. ' +
        'Exit 8: it took too long, 9: there is none.',
    )
    .argument('[name...]', 'profiles to wait for');
  withExamples(command, io, [
    ['wait prod-us --for condition=ControlPlaneHealthy', 'until a cluster is healthy'],
    ['wait --clusterset prod-fleet --for condition=Joined --timeout 5m', 'until all members have joined'],
    ['wait prod-us --for create --for condition=Joined', 'also for a profile that is not there yet'],
    ['wait prod-old --for delete', 'until it is gone'],
    ["wait --all --for jsonpath='{.status.version.kubernetes}'=v1.34.2", 'until every cluster has that version'],
  ]);
  addFlags(command, flags);
  keepRules(command, rulesOf('wait'));
  command.action(async (names: string[], given: object) =>
    keepExitCode(command, await runWait(names, valuesOf(flags, given), io)),
  );
};
