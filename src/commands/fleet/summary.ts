import type { Define } from '../command.ts';
import { addFlags, keepExitCode, keepRules, withExamples } from '../flags/flags.ts';
import { rulesOf } from '../flags/rules.ts';
import { lookAtAll, viewFlags } from '../flags/view.ts';
import { option, valuesOf, type ValuesOf } from '../../options.ts';
import type { Io } from '../../io.ts';
import { FleetTally } from '../../report/fleet.ts';
import { formatSummary } from '../../report/summary.ts';
import { roomOf } from '../../output/text.ts';

const flags = {
  output: option.oneOf('-o, --output <format>', 'json instead of a screen of text', ['json']),
  ...viewFlags,
};

async function runSummary(options: ValuesOf<typeof flags>, io: Io): Promise<number> {
  const clusterSets = new Map<string, string>();
  const tally = new FleetTally({ now: Date.now(), clusterSets });
  const { code } = await lookAtAll(options, io, (profile) => tally.add(profile), clusterSets);
  const fleet = tally.end();
  io.out(options.output === 'json' ? `${JSON.stringify(fleet, null, 2)}\n` : await formatSummary(fleet, roomOf(io)));
  return code;
}

export const define: Define = (command, io) => {
  command.description(
    'Sum a fleet up on one screen: how many clusters by manager, ClusterSet, region and version, and what to look at.',
  );
  withExamples(command, io, [
    ['summary -A', 'all that the hub knows'],
    ['summary --clusterset prod-fleet', 'the members of a ClusterSet'],
    ['summary -f fleet/ -R', 'the files of a GitOps repository'],
    ['summary --from karmada:hub-a -o json', 'a system read live, for a program'],
  ]);
  addFlags(command, flags);
  keepRules(command, rulesOf('list'));
  command.action(async (given: object) => keepExitCode(command, await runSummary(valuesOf(flags, given), io)));
};
