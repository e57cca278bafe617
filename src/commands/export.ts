import type { Define } from './command.ts';
import type { Command } from 'commander';
import { providerAliasOption } from '../access/provider-alias.ts';
import { usageError } from '../errors.ts';
import { valuesOf } from '../options.ts';
import type { Io } from '../io.ts';
import { loadExporter, systemNamed, systemsFor } from '../systems/index.ts';
import type { Consumer } from '../export/parts.ts';
import { exportTo, type ExportOptions } from '../export/run.ts';
import { checkFlags } from './flags/export-check.ts';
import { commonOptions, deliveryOptions } from './flags/export.ts';
import { addOption, addSystem, exitCode, targetOptions, withExamples } from './flags/flags.ts';
import { readFilterOptions } from './flags/read.ts';

function defineConsumer(parent: Command, io: Io, consumer: Consumer): void {
  const { name, title, exporter } = consumer;
  const command = addSystem(parent, [name, consumer]).description(`Write ClusterProfiles for ${title}.`);
  const flags = exporter.exampleFlags ?? '--provider-file providers.json';
  withExamples(command, io, [
    [`export ${name} ${flags.startsWith('-n') ? '' : '-A '}${flags}`.trim(), 'from the hub'],
    [`export ${name} -f fleet/ --clusterset prod-fleet ${flags}`.trim(), 'members of one ClusterSet, from files'],
    exporter.save
      ? [`export ${name} -A ${flags} --merge ~/.kube/config`, 'beside the entries of others']
      : [`export ${name} --inventory fleet/ ${flags} --output-dir out/`.replace('  ', ' '), 'one file a document'],
  ]);
  if (exporter.options) command.optionsGroup(`${title}:`);
  for (const option of Object.values(exporter.options ?? {})) addOption(command, option);
  commonOptions(command, exporter);
  deliveryOptions(command, exporter);
  readFilterOptions(command);
  targetOptions(command);
  command.action(async (given: ExportOptions) => {
    const own = valuesOf(exporter.options ?? {}, given);
    const options = { ...given, own, providerAlias: providerAliasOption.parse(given.providerAlias) };
    checkFlags(name, exporter, options);
    exitCode(command, await exportTo(name, exporter, options, io));
  });
}

export const define: Define = async (command, io, words) => {
  command.description('Write what other tools read, from the ClusterProfiles of a hub, a directory or files.');
  command.usage('<consumer> [flags]');
  const system = await loadExporter(words.find(systemNamed) ?? '');
  if (system) {
    defineConsumer(command, io, system);
    return;
  }
  withExamples(command, io, [
    ['export kubeconfig -A --provider-file providers.json', 'one kubeconfig for every cluster'],
    ['export argocd -f fleet/ --argocd-builtin', 'cluster Secrets of Argo CD, without a credential'],
    ['export kueue -n kueue-system', 'MultiKueue clusters that refer to their profiles'],
  ]);
  for (const entry of systemsFor('export')) addSystem(command, entry);
  // With a word that is no consumer, commander says so and suggests one that is.
  if (words.every((word) => word.startsWith('-')))
    command.action(() => {
      throw usageError('which consumer?', `${io.program} export --help lists them`);
    });
};
