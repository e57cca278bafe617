import type { Command } from 'commander';
import { collect } from './flags.ts';

/** Flags that choose profiles, for every command that reads some. */
export function filterOptions(command: Command): void {
  command
    .optionsGroup('Filters:')
    .option('--clusterset <name>', 'members of a ClusterSet')
    .option('--manager <name>', 'of one cluster manager')
    .option('--property <name[=value]>', 'with a property; repeatable', collect)
    .option('--health <status>', 'by ControlPlaneHealthy: True, False or Unknown')
    .option('--version <range>', "by Kubernetes version, for example '>=1.31'")
    .option('-l, --selector <selector>', 'label selector')
    .option('--field-selector <selector>', 'field selector (metadata.name, metadata.namespace)');
}

/** The same and `--placement`, for commands that only read. */
export function readFilterOptions(command: Command): void {
  filterOptions(command);
  command.option(
    '--placement <name>',
    'chosen by a PlacementDecision (KEP-5313): its name, decision-key or base name; also NAMESPACE/NAME',
  );
}
