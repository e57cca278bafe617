import type { Exporter } from '../../export/kit/exporter.ts';
import type { Command } from 'commander';
import { providerAliasOption } from '../../access/provider-alias.ts';
import { addOption, collect, consumerOptions, dryRunMode } from './flags.ts';

/** What to read, and what to print. */
export function commonOptions(command: Command, { jsonFile }: Exporter): void {
  command
    .optionsGroup('Options:')
    .option(
      '-f, --filename <file>',
      'files, a directory or - with ClusterProfiles instead of an inventory; repeatable',
      collect,
    )
    .option('-R, --recursive', 'read subdirectories of -f too')
    .option('-A, --all-namespaces', 'the profiles of all namespaces')
    .option('--provider-file <file>', 'JSON that names the command for each access provider (KEP-4322)');
  addOption(command, providerAliasOption);
  command
    .option(
      '-o, --output <format>',
      jsonFile ? 'json, which is all it reads' : 'yaml or json',
      jsonFile ? 'json' : 'yaml',
    )
    .option('--output-dir <dir>', 'write one file a document into a directory')
    .option(
      '--only-healthy',
      'only profiles with ControlPlaneHealthy True, without those that have left (Joined False)',
    )
    .option('--skip-refused', 'do the rest when some profiles are refused (exit 4)')
    .option('--allow-insecure', 'take profiles that skip TLS verification or have no https server');
}

/** What is deleted, and who says so. */
const pruneOptions = (command: Command, where: string): Command =>
  command
    .option('--prune', `with ${where}: delete what stands for profiles that are gone`)
    .option('--max-delete <n|n%>', 'most objects that prune may delete (default: 10%, at least 1)')
    .option('--allow-empty', 'let prune delete everything when there is no profile')
    .option('-y, --yes', 'do not ask before prune deletes')
    .option('--instance <name>', 'tells inventories or selections apart that feed one consumer');

/** What to do where the consumer reads: on its cluster, in the files of a directory, in a kubeconfig. */
export function deliveryOptions(command: Command, { kinds, jsonFile, save }: Exporter): void {
  if (jsonFile !== undefined) return;
  command.optionsGroup('What to do where the consumer reads (default: print):');
  if (save) {
    pruneOptions(command, '--merge');
    return;
  }
  command
    .option('--diff', 'show what would change there (exit 1 if anything), values of Secrets covered')
    .option('--show-secrets', 'with --diff: do not cover the values of Secrets');
  pruneOptions(command, kinds ? '--apply, --diff or --output-dir' : '--output-dir');
  command.option('--force-conflicts', 'take over what another field manager or profile has (never of somebody else)');
  if (!kinds) return;
  command
    .option('--apply', 'create and update on its cluster what this tool made before; nothing of anybody else')
    .option(
      '--dry-run <mode>',
      'with --apply: client: send nothing; server: check everything, keep nothing',
      dryRunMode,
    )
    .option('--create-namespace', 'create namespaces that do not exist')
    .option('--concurrency <n>', 'writes in flight (default: 8)');
  consumerOptions(command);
}
