import type { TargetOptions } from '../stores/options.ts';
import type { ValuesOf } from '../options.ts';
import type { writeFlags } from './flags.ts';
import { subjectOfChange, type Change } from '../kubernetes/change.ts';
import type { KubernetesObject } from '../object.ts';
import { titleOf, tool, type ClusterProfile } from '../profile/clusterprofile.ts';
import { codeOfPart, exit, UserError } from '../errors.ts';
import type { Inventory, Store } from '../stores/store.ts';
import type { Io } from '../io.ts';
import { findMissingNamespace } from '../kubernetes/apply.ts';
import { keepNames, type KeepOptions } from './names.ts';
import { planProfiles, type PlanOptions } from './plan.ts';
import { groupBy } from '../util/collections.ts';
import { assertShape } from '../profile/shape/well-formed.ts';
import { pool } from '../util/pool.ts';
import { maskChange } from '../output/mask.ts';
import { makeSafeLine } from '../util/safe-text.ts';
import { nameSubjects } from '../util/notices.ts';
import { few } from '../util/text.ts';
import { startDeadline, describeEnd } from '../util/limits.ts';
import { startProgress } from '../output/progress.ts';
import { sayRemarks, sayWaiting } from './remarks.ts';
import { combineExitCodes, countResults, printResults, type Done } from './results.ts';
import { parseConcurrency } from '../stores/open.ts';

/** Options of every command that writes. */
export type WriteOptions = TargetOptions &
  Partial<ValuesOf<typeof writeFlags>> & {
    output?: string | undefined;
    color?: false | string | undefined;
    full?: boolean | undefined;
    fieldManager?: string | undefined;
  };

/** Every profile of the namespaces that the desired ones are in, other managers' too: a taken name must be seen. */
export async function readCurrent(
  inventory: Inventory,
  namespaces: Iterable<string>,
  manager: string | undefined,
): Promise<{ own: ClusterProfile[]; all: ClusterProfile[] }> {
  const all: ClusterProfile[] = [];
  for (const namespace of new Set(namespaces))
    for await (const page of inventory.list({ namespace })) all.push(...page);
  for (const profile of all) assertShape(profile);
  return { all, own: manager === undefined ? all : all.filter(({ spec }) => spec?.clusterManager?.name === manager) };
}

/** Profiles with the namespace they will have: the inventory's own where they have none. */
const placeProfiles = (profiles: readonly ClusterProfile[], inventory: Inventory): ClusterProfile[] =>
  profiles.map((profile) =>
    profile.metadata.namespace || !inventory.namespace
      ? profile
      : { ...profile, metadata: { ...profile.metadata, namespace: inventory.namespace } },
  );

/** The plan for desired profiles on an inventory: one list a namespace, and no write. */
export async function makePlan(
  inventory: Inventory,
  desired: readonly ClusterProfile[],
  options: Omit<PlanOptions, 'compare' | 'retire'> & {
    manager?: string | undefined;
    namespaces?: readonly string[];
    /** Which profiles of the source this run could have seen: prune leaves the others alone. */
    inScope?: (profile: ClusterProfile) => boolean;
    /** Hears of profiles that are written otherwise than they were given. */
    note?: (message: string, profile: ClusterProfile) => void;
    /** Ask nothing of the inventory: everything desired is new. */
    offline?: boolean;
  } & KeepOptions,
): Promise<Change[]> {
  for (const profile of desired) assertShape(profile);
  const placed = placeProfiles(desired, inventory);
  if (options.offline)
    return planProfiles([], placed, { compare: (live) => ({ before: live, owned: true, conflicts: [] }) });
  const namespaces = [...placed.map(({ metadata }) => metadata.namespace ?? ''), ...(options.namespaces ?? [])];
  inventory.expect?.(placed);
  const { all, own } = await readCurrent(inventory, namespaces, options.manager);
  const mine = new Set(own);
  const named = keepNames(placed, own, options);
  const wanted = named.map((profile) => {
    const { profile: adopted, note } = inventory.adopt?.(profile) ?? { profile };
    if (note !== undefined) options.note?.(note, profile);
    return adopted;
  });
  const { unknownOf } = options;
  const unknown = new Map(wanted.map((profile, index) => [profile, unknownOf?.(desired[index] as ClusterProfile)]));
  return planProfiles(all, wanted, {
    ...options,
    unknownOf: (profile) => unknown.get(profile) ?? [],
    compare: (live, after) => inventory.compare(live, after, options),
    retire: (live) => (mine.has(live) && (options.inScope?.(live) ?? true) ? inventory.retire(live) : 'keep'),
  });
}

const formatConflicts = async (change: Change<KubernetesObject>): Promise<string> => {
  if (change.action !== 'refused' || !change.conflicts?.length) return '';
  const { renderConflicts } = await import('../output/changes.ts');
  return renderConflicts(change.conflicts);
};

type Refusal = Extract<Change<KubernetesObject>, { action: 'refused' }>;

/** What would do: for a name that another manager has another one, for fields that others own who wrote them, or force. */
function suggestWay(refused: readonly Refusal[], { fieldManager }: WriteOptions): string {
  if (fieldManager === undefined && refused.every(({ isTaken }) => isTaken))
    return 'another --namespace or a --prefix keeps both, ';
  const conflicts = refused.map(({ conflicts: fields = [] }) => fields);
  if (conflicts.some(({ length }) => length === 0)) return '';
  const [owner = '', ...more] = new Set(conflicts.flat().map((each) => each.owner));
  const isOwn = fieldManager !== undefined && more.length === 0 && owner.startsWith(`${tool}/`);
  const same = isOwn ? `--field-manager ${owner} writes as who wrote them, ` : '';
  return `${same}--force-conflicts takes the fields over, `;
}

/** Says what is refused and why; the error for it, unless the rest is to be done without. */
export async function refuseChanges(
  changes: readonly Change<KubernetesObject>[],
  io: Io,
  options: WriteOptions,
  outcome = 'refused, nothing was written',
): Promise<UserError | undefined> {
  const refused = changes.filter((change) => change.action === 'refused');
  const said: [message: string, change: (typeof refused)[number]][] = [];
  // Never what a Secret holds: a conflict names its fields, and the diff may show more where it is asked to.
  for (const change of refused)
    said.push([`${makeSafeLine(change.reason)}\n${await formatConflicts(maskChange(change))}`, change]);
  const nameSafely = ({ after }: (typeof refused)[number]): string => makeSafeLine(titleOf(after));
  for (const text of nameSubjects(said, nameSafely, options.verbose ? Infinity : few)) io.err(`refused: ${text}`);
  if (refused.length === 0 || options.skipRefused) return undefined;
  return new UserError(`${refused.length} of ${changes.length} ${outcome}`, {
    code: exit.refused,
    hint: `${suggestWay(refused, options)}--skip-refused does the rest`,
  });
}

async function ensureNamespaces(changes: readonly Change<KubernetesObject>[], inventory: Store): Promise<void> {
  const created = changes
    .filter(({ action }) => action === 'create')
    .map((change) => subjectOfChange(change).metadata.namespace ?? '');
  for (const namespace of new Set(created)) if (namespace) await inventory.ensureNamespace?.(namespace);
}

export interface PlanExecution {
  inventory: Store;
  changes: readonly Change<KubernetesObject>[];
  options: WriteOptions;
  io: Io;
  /** What `-o json` tells besides the results, as objects. */
  more?: readonly object[] | undefined;
}

const isDeletion = ({ change }: Done): boolean => change.action === 'delete';

export const isLast = ({ action }: Change<KubernetesObject>): boolean => action === 'delete' || action === 'release';

/** Changes that one write carries out are one piece of work, so that all of them are done or none is begun. */
const groupWrites = (changes: readonly Change<KubernetesObject>[], inventory: Store): Change<KubernetesObject>[][] => [
  ...groupBy(changes, (change) => inventory.groupOf?.(change) ?? change).values(),
];

/** Deletions wait until everything else has worked: a failed apply must not be followed by a prune. */
async function writeChanges({
  inventory,
  changes,
  options,
  io,
}: PlanExecution): Promise<{ done: Done[]; notDone: number; held: number }> {
  const { dryRun } = options;
  const bar = startProgress(io, 'writing', changes.length);
  // Every other write into it would fail the same way.
  const missing = new Map<string, unknown>();
  const one = async (change: Change<KubernetesObject>): Promise<Done> => {
    bar.step();
    const namespace = subjectOfChange(change).metadata.namespace ?? '';
    if (missing.has(namespace)) return { change, error: missing.get(namespace) };
    try {
      return { change, result: await inventory.apply(change, { dryRun, forceConflicts: options.forceConflicts }) };
    } catch (error) {
      if (findMissingNamespace(error) === namespace) missing.set(namespace, error);
      return { change, error };
    }
  };
  const signal = startDeadline(options, io);
  const doAll = async (all: readonly Change<KubernetesObject>[]): Promise<Done[]> => {
    const groups = groupWrites(all, inventory);
    const done = await pool(groups, parseConcurrency(options), (group) => Promise.all(group.map(one)), signal);
    const byChange = new Map(done.flatMap((group) => group ?? []).map((each) => [each.change, each]));
    return all.flatMap((change) => byChange.get(change) ?? []);
  };
  const writes = changes.filter((change) => !isLast(change) && change.action !== 'refused');
  const deletions = changes.filter(isLast);
  const written = await doAll(writes);
  const clean = written.length === writes.length && written.every(({ error }) => error === undefined);
  const deleted = clean ? await doAll(deletions) : [];
  bar.end();
  const done = [...written, ...deleted];
  return {
    done,
    notDone: writes.length - written.length + (clean ? deletions.length - deleted.length : 0),
    held: clean ? 0 : deletions.length,
  };
}

/** Whether what the plan was compared with may be more than what could be read. */
export const hasUnread = ({ inventory }: PlanExecution): boolean => inventory.hasUnread?.() ?? false;

/**
 * Carries a plan out and prints one line an object, in the order of the plan. Returns the exit code. Refused changes
 * stop everything before the first write, unless `--skip-refused`.
 */
export async function executePlan(run: PlanExecution): Promise<number> {
  try {
    return codeOfPart(await executeChanges(run), hasUnread(run));
  } finally {
    run.inventory.close?.();
  }
}

async function executeChanges(run: PlanExecution): Promise<number> {
  const { changes, options, io, inventory } = run;
  sayRemarks(changes, options, io);
  const refusal = await refuseChanges(changes, io, options);
  if (refusal) throw refusal;
  const refused = changes.filter(({ action }) => action === 'refused').length;
  if (options.createNamespace && !options.dryRun) await ensureNamespaces(changes, inventory);
  const isWriting = !options.dryRun && changes.some(({ action }) => action !== 'unchanged' && action !== 'refused');
  if (isWriting) await inventory.lock?.(options, io);
  const { done, notDone, held } = await writeChanges(run);
  // kubectl's own words.
  const mode = options.dryRun;
  const suffix = mode === undefined ? '' : mode === 'client' ? ' (dry run)' : ' (server dry run)';
  const ordered = [...done.filter((each) => !isDeletion(each)), ...done.filter(isDeletion)];
  printResults(ordered, options, io, { suffix, more: run.more });
  sayWaiting(done, options, io);
  if (held > 0)
    io.err(
      `not pruned: ${held} ${held === 1 ? 'object stays' : 'objects stay'}, since not everything could be applied\n`,
    );
  if (!options.quiet) {
    const { renderSummary } = await import('../output/summary.ts');
    io.err(await renderSummary(countResults(done, notDone, refused), suffix, io.terminal.err));
  }
  if (notDone > 0) {
    const rest = changes.filter(
      (change) => !done.some((each) => each.change === change) && change.action !== 'refused',
    );
    io.err(
      `not done: ${rest
        .slice(0, 20)
        .map((change) => makeSafeLine(titleOf(subjectOfChange(change))))
        .join(', ')}${rest.length > 20 ? ' …' : ''}; a second run does the rest\n`,
    );
    throw describeEnd(options, io);
  }
  return combineExitCodes(done, refused);
}
