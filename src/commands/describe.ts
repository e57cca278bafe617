import type { Define } from './command.ts';
import { targetFlags, type TargetOptions } from '../stores/options.ts';
import { valuesOf } from '../options.ts';
import { exit } from '../errors.ts';
import type { Io } from '../io.ts';
import { addFlags, keepExitCode, withExamples } from './flags/flags.ts';
import { openInventory } from '../stores/open.ts';
import { describeMissing, findNamed } from '../stores/read.ts';

async function runDescribe(names: readonly string[], options: TargetOptions, io: Io): Promise<number> {
  const { describeProfile } = await import('../output/describe.ts');
  const inventory = await openInventory(options, io);
  const clusterSets = new Map<string, string>();
  const { found, missing } = await findNamed(inventory, names, options, clusterSets);
  const texts = await Promise.all(found.map((profile) => describeProfile(profile, { clusterSets, now: Date.now() })));
  io.out(texts.join('\n'));
  if (missing.length === 0) return exit.done;
  throw await describeMissing(missing, 'describe', { inventory, options }, io);
}

export const define: Define = (command, io) => {
  command
    .description(
      'Show everything about ClusterProfiles: conditions, properties, access providers, who owns which fields.',
    )
    .argument('<name...>', 'profiles to show');
  withExamples(command, io, [['describe prod-us -n fleet', 'one profile']]);
  addFlags(command, targetFlags);
  command.action(async (names: string[], given: object) =>
    keepExitCode(command, await runDescribe(names, valuesOf(targetFlags, given), io)),
  );
};
