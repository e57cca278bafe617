import type { Define } from './command.ts';
import type { Command } from 'commander';
import { usageError } from '../errors.ts';
import { valuesOf, type OptionTable } from '../options.ts';
import type { Io } from '../io.ts';
import { loadExporter, findSystem, listSystemsFor } from '../systems/index.ts';
import type { Consumer } from '../export/translate.ts';
import { deliveryFlags, exportFlags } from '../export/flags.ts';
import type { Exporter } from '../export/kit/exporter.ts';
import { exportTo } from '../export/run.ts';
import { readFilterFlags, targetFlags } from '../stores/options.ts';
import {
  addFlags,
  addSystem,
  connectionOf,
  findOrigin,
  consumerFlags,
  keepExitCode,
  keepRules,
  moveSystemFirst,
  withExamples,
} from './flags/flags.ts';
import { assertSystem } from './flags/catalog.ts';
import { assertTogether, exportRules } from './flags/rules.ts';

const flags = { ...exportFlags, ...deliveryFlags, ...readFilterFlags, ...targetFlags };

/** Those that a consumer has a use for, in words for it. */
function flagsFor({ kinds, jsonFile, mergesInto }: Exporter): OptionTable {
  if (jsonFile !== undefined)
    return {
      ...exportFlags,
      output: { ...exportFlags.output, description: 'json, which is all it reads', default: 'json' },
    };
  const { diff, showSecrets, prune, maxDelete, allowEmpty, yes, instance, forceConflicts, ...onCluster } =
    deliveryFlags;
  const where = mergesInto ? '--merge' : kinds ? '--apply, --diff or --output-dir' : '--output-dir';
  const pruning = {
    prune: { ...prune, description: `with ${where}: ${prune.description}` },
    maxDelete,
    allowEmpty,
    yes,
    instance,
  };
  if (mergesInto) return { ...exportFlags, ...pruning };
  const always = { ...exportFlags, diff, showSecrets, ...pruning, forceConflicts };
  return kinds ? { ...always, ...onCluster, ...consumerFlags() } : always;
}

function defineConsumer(parent: Command, io: Io, consumer: Consumer): void {
  const { name, title, exporter } = consumer;
  const command = addSystem(parent, [name, consumer]).description(`Write ClusterProfiles for ${title}.`);
  const example = exporter.exampleFlags ?? '--provider-file providers.json';
  withExamples(command, io, [
    [`export ${name} ${example.startsWith('-n') ? '' : '-A '}${example}`.trim(), 'from the hub'],
    [`export ${name} -f fleet/ --clusterset prod-fleet ${example}`.trim(), 'members of one ClusterSet, from files'],
    exporter.mergesInto
      ? [`export ${name} -A ${example} --merge ~/.kube/config`, 'beside the entries of others']
      : [`export ${name} --inventory fleet/ ${example} --output-dir out/`.replace('  ', ' '), 'one file a document'],
  ]);
  if (exporter.options) command.optionsGroup(`${title}:`);
  addFlags(command, { ...exporter.options, ...flagsFor(exporter), ...readFilterFlags, ...targetFlags });
  keepRules(command, exportRules(name, exporter));
  command.action(async (given: object) => {
    const own = valuesOf(exporter.options ?? {}, given);
    const options = {
      ...valuesOf(flags, given),
      target: connectionOf(given, 'target'),
      acceptedFrom: findOrigin(command, 'accept'),
      own,
    };
    const target = Object.keys(given).find((key) => /^target[A-Z]/.test(key));
    const blind = options.dryRun === 'client';
    assertTogether(exportRules(name, exporter, target), { ...options, ...own, blind });
    keepExitCode(command, await exportTo(name, exporter, options, io));
  });
}

const isSystem = (word: string): boolean => findSystem(word) !== undefined;

export const define: Define = async (command, io, words) => {
  command.description('Write what other tools read, from the ClusterProfiles of a hub, a directory or files.');
  command.usage('<consumer> [flags]');
  const ordered = moveSystemFirst(words, isSystem, [flags, consumerFlags()]);
  const system = await loadExporter(ordered[0] ?? '');
  if (system) {
    defineConsumer(command, io, system);
    return ordered;
  }
  assertSystem('export', ordered[0], io);
  withExamples(command, io, [
    ['export kubeconfig -A --provider-file providers.json', 'one kubeconfig for every cluster'],
    ['export argocd -f fleet/ --argocd-builtin', 'cluster Secrets of Argo CD, without a credential'],
    ['export kueue -n kueue-system', 'MultiKueue clusters that refer to their profiles'],
  ]);
  for (const entry of listSystemsFor('export')) addSystem(command, entry);
  if (words.every((word) => word.startsWith('-')))
    command.action(() => {
      throw usageError('which consumer?', `${io.program} export --help lists them`);
    });
  return ordered;
};
