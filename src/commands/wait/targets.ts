import { exit, UserError } from '../../errors.ts';
import { byName, nameOf, type ClusterProfile } from '../../profile/clusterprofile.ts';
import type { ProfileEvent } from '../../stores/store.ts';
import type { Goal } from './goals.ts';

/** A profile that is waited for, as it was last seen. */
interface Target {
  profile: ClusterProfile;
  /** How many of the goals it has met. */
  met: number;
}

/** What is waited for. */
interface Wanted {
  names: readonly string[];
  /** In the order in which they have to be met. */
  goals: readonly Goal[];
  /** Without names: which of the profiles that are there. */
  choose(profiles: readonly ClusterProfile[]): readonly ClusterProfile[];
  /** Hears of each goal that a profile meets. */
  onMet(profile: ClusterProfile): void;
}

/** A profile that has not come so far, and why. */
interface Pending {
  name: string;
  goal: Goal;
  reason: string;
}

/** The profiles that are waited for, from event to event. */
export interface Targets {
  /** Throws where what is waited for cannot come any more. */
  take(events: readonly ProfileEvent[]): void;
  isDone(): boolean;
  listPending(): Pending[];
}

const describeGone = (profile: ClusterProfile): UserError =>
  new UserError(`${nameOf(profile)} was deleted while it was waited for`, { code: exit.notFound });

/** Takes a profile as far as it has come. */
function advance(target: Target, isGone: boolean, { goals, onMet }: Wanted): void {
  for (let goal = goals[target.met]; goal !== undefined; goal = goals[target.met]) {
    if (!(isGone ? goal.kind === 'delete' : goal.isMet(target.profile))) return;
    onMet(target.profile);
    target.met++;
  }
}

/** The profiles that are waited for, of those that are there; `undefined` while some have to come. */
function chooseTargets(
  there: Iterable<ClusterProfile>,
  { names, goals, choose }: Wanted,
): readonly ClusterProfile[] | undefined {
  const all = [...there].toSorted(byName);
  const isNamed = names.length > 0;
  const chosen = isNamed ? all.filter(({ metadata }) => names.includes(metadata.name)) : choose(all);
  const missing = listMissing(chosen, names);
  if (isNamed ? missing.length === 0 : chosen.length > 0) return chosen;
  if (goals.some(({ kind }) => kind === 'create')) return undefined;
  if (goals.some(({ kind }) => kind === 'delete')) return chosen;
  throw new UserError(isNamed ? `not found: ${missing.join(', ')}` : 'no matching resources found', {
    code: exit.notFound,
  });
}

function listMissing(there: Iterable<ClusterProfile>, names: readonly string[]): string[] {
  const found = new Set([...there].map(({ metadata }) => metadata.name));
  return names.filter((name) => !found.has(name));
}

/** Follows profiles until each of them has met all goals, one after the other. */
export function createTargets(wanted: Wanted): Targets {
  const { names, goals } = wanted;
  const there = new Map<string, ClusterProfile>();
  let targets: Map<string, Target> | undefined;
  const update = ({ type, object }: ProfileEvent): void => {
    const isGone = type === 'DELETED';
    if (isGone) there.delete(nameOf(object));
    else there.set(nameOf(object), object);
    const target = targets?.get(nameOf(object));
    if (!target || target.met === goals.length) return;
    target.profile = object;
    advance(target, isGone, wanted);
    if (isGone && target.met < goals.length) throw describeGone(object);
  };
  return {
    take(events) {
      for (const event of events) update(event);
      const chosen = targets ? undefined : chooseTargets(there.values(), wanted);
      if (!chosen) return;
      targets = new Map(chosen.map((profile) => [nameOf(profile), { profile, met: 0 }]));
      for (const target of targets.values()) advance(target, false, wanted);
    },
    isDone: () => targets !== undefined && [...targets.values()].every(({ met }) => met === goals.length),
    listPending() {
      if (targets)
        return [...targets.values()].flatMap(({ profile, met }) => {
          const goal = goals[met];
          return goal ? [{ name: nameOf(profile), goal, reason: goal.explain(profile) }] : [];
        });
      const missing = names.length > 0 ? listMissing(there.values(), names) : ['what is selected'];
      return goals.slice(0, 1).flatMap((goal) => missing.map((name) => ({ name, goal, reason: 'it is not there' })));
    },
  };
}
