import { isOffline } from '../stores/options.ts';
import type { Importer } from './kit/importer.ts';
import type { ClusterProfile, UnknownFacts } from '../profile/clusterprofile.ts';
import type { Inventory } from '../stores/store.ts';
import type { Io } from '../io.ts';
import { showDiff } from '../plan/diff.ts';
import { executePlan, makePlan } from '../plan/execute.ts';
import type { ImportOptions } from './flags.ts';
import type { Batch } from './read.ts';
import { compileProfileNames, findFactFilter } from './select.ts';
import { confirmPrune, guardPrune, type PruneWords } from '../plan/prune.ts';
import { openInventory } from '../stores/open.ts';

/** A flag that kept part of the source out of sight. */
const findSourceFilter = ({ options = {} }: Importer, { own }: ImportOptions): string | undefined =>
  Object.entries(options).find(([key, { filters }]) => filters && own[key])?.[1].flags;

/** Which of the source's profiles this read could have shown: those of its scope, of the names that were asked for. */
function matchScope(
  { scope }: Importer,
  profiles: readonly ClusterProfile[],
  options: ImportOptions,
): (profile: ClusterProfile) => boolean {
  const isAskedFor = compileProfileNames(options);
  if (!scope) return isAskedFor;
  const seen = new Set(profiles.map((profile) => scope(profile)));
  return (profile) => seen.has(scope(profile)) && isAskedFor(profile);
}

const sourceWords: PruneWords = {
  what: 'of the source',
  partial: 'part of the source could not be read',
  empty: 'the source has no cluster at all',
  filterHint: 'run it without that flag, or without --prune',
};

const accessKeys = [
  'certificate-authority-data',
  'tls-server-name',
  'proxy-url',
  'disable-compression',
  'extensions',
] as const;

/** After a read in part, nobody knows whether what is not told of a cluster is absent: what the inventory has stays. */
const untold: readonly UnknownFacts[] = [
  { part: 'part of the source', failed: false, access: accessKeys },
  {
    part: 'part of the source',
    failed: false,
    version: true,
    labels: true,
    annotations: [/./],
    conditions: [/./],
    properties: [/./],
    access: true,
  },
];

/** Diffs or applies what was read of a source, with the guards of prune. Returns the exit code. */
export async function reconcileBatch(batch: Batch, options: ImportOptions, io: Io): Promise<number> {
  const { name, source, manager, profiles, unknown, partial } = batch;
  const target = options.outputDir === undefined ? options : { ...options, inventory: options.outputDir };
  const inventory: Inventory = await openInventory(target, io, {
    fieldManager: `clusterprofile/${name}`,
    head: options.schemaComment,
  });
  // What was read is written all the same; what was not read may have the clusters that seem to be gone.
  const prune = options.prune && !partial;
  if (options.prune && partial) io.err('not pruned: part of the source could not be read\n');
  if (prune)
    guardPrune(sourceWords, {
      found: profiles.length,
      partial,
      filter: findSourceFilter(source, options) ?? findFactFilter(options),
      allowEmpty: options.allowEmpty,
    });
  const namespaces = prune ? [options.namespace ?? source.namespace ?? inventory.namespace] : [];
  const changes = await makePlan(inventory, profiles, {
    manager,
    prune,
    forceConflicts: options.forceConflicts,
    namespaces,
    inScope: matchScope(source, profiles, options),
    offline: isOffline(target),
    refuseStrangers: true,
    partial,
    hashed: options.onCollision === 'hash',
    unknownOf: (profile) => [...(unknown.get(profile) ?? []), ...(partial ? untold : [])],
  });
  if (options.diff)
    return showDiff({
      inventory,
      changes,
      options: { ...options, output: options.output === 'yaml' ? '' : (options.output ?? '') },
      io,
    });
  if (prune) await confirmPrune(changes, inventory, options, io);
  const more = batch.ledger.map(({ state, what, reason }) => ({ name: what, action: state, reason }));
  return executePlan({ inventory, changes, options, io, more });
}
