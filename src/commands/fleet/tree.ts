import type { Define } from '../command.ts';
import { addFlags, keepExitCode, keepRules, withExamples } from '../flags/flags.ts';
import { rulesOf } from '../flags/rules.ts';
import { lookAtAll, viewFlags } from '../flags/view.ts';
import { option, valuesOf, type ValuesOf } from '../../options.ts';
import type { Io } from '../../io.ts';
import { roomOf } from '../../output/text.ts';
import { readCluster, type FleetCluster } from '../../report/fleet.ts';
import { formatTree } from '../../report/tree.ts';

const flags = {
  full: option.flag('--full', 'every cluster, however many there are'),
  ...viewFlags,
};

async function runTree(options: ValuesOf<typeof flags>, io: Io): Promise<number> {
  const clusterSets = new Map<string, string>();
  const clusters: FleetCluster[] = [];
  const { code } = await lookAtAll(
    options,
    io,
    (profile) => clusters.push(readCluster(profile, clusterSets)),
    clusterSets,
  );
  io.out(formatTree(clusters, { whole: options.full ?? false, room: roomOf(io) }));
  return code;
}

export const define: Define = (command, io) => {
  command.description('Draw a fleet as a tree: ClusterSet, cluster manager, cluster.');
  withExamples(command, io, [
    ['tree -A', 'all that the hub knows, on a screen'],
    ['tree -f fleet/ -R --full', 'every cluster of a GitOps repository'],
  ]);
  addFlags(command, flags);
  keepRules(command, rulesOf('list'));
  command.action(async (given: object) => keepExitCode(command, await runTree(valuesOf(flags, given), io)));
};
