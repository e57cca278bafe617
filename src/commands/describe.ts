import type { Define } from './command.ts';
import type { TargetOptions } from '../stores/options.ts';
import { clusterSetOf, type ClusterProfile } from '../profile/clusterprofile.ts';
import { exit, UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import { clusterSetsIn } from '../stores/cluster-sets.ts';
import { exitCode, targetOptions, withExamples } from './flags/flags.ts';
import { openInventory } from '../stores/open.ts';

async function run(names: readonly string[], options: TargetOptions, io: Io): Promise<number> {
  const { describe } = await import('../output/describe.ts');
  const inventory = await openInventory(options, io);
  const namespace = options.namespace ?? (inventory.namespace || undefined);
  const found: ClusterProfile[] = [];
  const missing: string[] = [];
  for (const name of names) {
    const before = found.length;
    for await (const page of inventory.list({ namespace, name })) found.push(...page);
    if (found.length === before) missing.push(name);
  }
  const unlabelled = found
    .filter((profile) => clusterSetOf(profile) === undefined)
    .map(({ metadata }) => metadata.namespace ?? '');
  const sets =
    unlabelled.length > 0 ? await clusterSetsIn(inventory, [...new Set(unlabelled)]) : new Map<string, string>();
  const texts = await Promise.all(found.map((profile) => describe(profile, { clusterSets: sets, now: Date.now() })));
  io.out(texts.join('\n'));
  if (missing.length === 0) return exit.done;
  throw new UserError(`not found: ${missing.join(', ')}${namespace ? ` (in the ${namespace} namespace)` : ''}`, {
    code: exit.notFound,
    hint: `${io.program} list -A shows all there are`,
  });
}

export const define: Define = (command, io) => {
  command
    .description(
      'Show everything about ClusterProfiles: conditions, properties, access providers, who owns which fields.',
    )
    .argument('<name...>', 'profiles to show');
  withExamples(command, io, [['describe prod-us -n fleet', 'one profile']]);
  targetOptions(command);
  command.action(async (names: string[], options: TargetOptions) => exitCode(command, await run(names, options, io)));
};
