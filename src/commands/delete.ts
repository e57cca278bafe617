import { filterFlags, targetFlags } from '../stores/options.ts';
import { formatAmount } from '../util/text.ts';
import type { Define } from './command.ts';
import type { Change } from '../kubernetes/change.ts';
import { isMarked, nameOf, tool, type ClusterProfile } from '../profile/clusterprofile.ts';
import { exit, UserError } from '../errors.ts';
import type { Inventory } from '../stores/store.ts';
import type { Io } from '../io.ts';
import { makeSafeLine } from '../util/safe-text.ts';
import { executePlan } from '../plan/execute.ts';
import { addFlags, keepExitCode, keepRules, withExamples } from './flags/flags.ts';
import { assertTogether, rulesOf } from './flags/rules.ts';
import { limitDefaults, option, valuesOf, type ValuesOf } from '../options.ts';
import { writeFlags } from '../plan/flags.ts';
import { findNamed, buildQuery, selectWellFormed } from '../stores/read.ts';
import { askTo } from '../plan/prune.ts';
import { waitUntilGone } from '../plan/wait-deleted.ts';
import { openInventory } from '../stores/open.ts';

const flags = {
  allNamespaces: option.flag('-A, --all-namespaces', 'in all namespaces (with a filter)', { settable: 'never' }),
  all: option.flag('--all', 'every profile of the namespace', { settable: 'never' }),
  anyManager: option.flag('--any-manager', 'also profiles that somebody else made', { settable: 'never' }),
  ignoreNotFound: option.flag('--ignore-not-found', 'a name that does not exist is no error'),
  wait: option.flag('--wait', 'wait until they are gone, finalizers included (see --timeout)'),
  output: option.oneOf('-o, --output <format>', 'name or json', ['name', 'json']),
  yes: option.flag('-y, --yes', 'do not ask', { settable: 'never' }),
  ...limitDefaults('never', filterFlags),
  dryRun: writeFlags.dryRun,
  concurrency: writeFlags.concurrency,
  ...targetFlags,
};

type DeleteOptions = ValuesOf<typeof flags>;

/** This tool made it: it says so, or one of its field managers applied it. */
const isMadeHere = (profile: ClusterProfile): boolean =>
  isMarked(profile) ||
  (profile.metadata.managedFields ?? []).some(
    ({ manager = '', operation }) => operation === 'Apply' && (manager === tool || manager.startsWith(`${tool}/`)),
  );

async function findToDelete(
  names: readonly string[],
  options: DeleteOptions,
  inventory: Inventory,
): Promise<{ found: ClusterProfile[]; missing: string[] }> {
  if (names.length > 0) return findNamed(inventory, names, options);
  const found: ClusterProfile[] = [];
  for await (const page of selectWellFormed(inventory, buildQuery(options, inventory), options)) found.push(...page);
  return { found, missing: [] };
}

async function runDelete(names: readonly string[], options: DeleteOptions, io: Io): Promise<number> {
  assertTogether('delete', { ...options, names });
  const inventory = await openInventory(options, io);
  const { found, missing } = await findToDelete(names, options, inventory);
  if (missing.length > 0 && !options.ignoreNotFound)
    throw new UserError(`not found: ${missing.join(', ')}, nothing was deleted`, {
      code: exit.notFound,
      hint: 'clusterprofile list -A shows all there are',
    });
  const foreign = options.anyManager ? [] : found.filter((profile) => !isMadeHere(profile));
  for (const profile of foreign)
    io.err(
      `refused: ${makeSafeLine(nameOf(profile))}: cluster manager ${makeSafeLine(profile.spec?.clusterManager?.name ?? '')} made it, not this tool\n`,
    );
  if (foreign.length > 0)
    throw new UserError(`${foreign.length} of ${found.length} refused, nothing was deleted`, {
      code: exit.refused,
      hint: '--any-manager deletes them all the same; their manager may make them again',
    });
  if (found.length === 0) {
    io.err('note: nothing to delete\n');
    return exit.done;
  }
  if (names.length === 0 && !options.yes && !options.dryRun)
    await askTo(`Delete ${formatAmount(found.length, 'profile')} from ${inventory.title}`, found.map(nameOf), io);
  const changes = found.map((before): Change => ({ action: 'delete', before }));
  const code = await executePlan({ inventory, changes, options, io });
  if (options.wait && !options.dryRun && code === exit.done) await waitUntilGone(inventory, found, options, io);
  return code;
}

export const define: Define = (command, io) => {
  command.description('Delete ClusterProfiles that this tool made.').argument('[name...]', 'profiles to delete');
  withExamples(command, io, [
    ['delete prod-us prod-eu -n fleet', 'by name'],
    ['delete prod-us -n fleet --wait --timeout 5m', 'and wait for whoever has a finalizer on it'],
    ['delete --manager kubeconfig -n fleet --yes', 'everything of one cluster manager'],
  ]);
  addFlags(command, flags);
  keepRules(command, rulesOf('delete'));
  command.action(async (names: string[], given: object) =>
    keepExitCode(command, await runDelete(names, valuesOf(flags, given), io)),
  );
};
