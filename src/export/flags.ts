import { providerAliasOption } from '../access/provider-alias.ts';
import { usageError } from '../errors.ts';
import type { ConnectOptions } from '../kubernetes/flags.ts';
import { inGroup, option, type ValuesOf } from '../options.ts';
import {
  acceptFlag,
  concurrencyFlag,
  dryRunModes,
  parseDryRun,
  recursiveFlag,
  type ReadProfilesOptions,
} from '../stores/options.ts';
import { fullFlag } from '../plan/flags.ts';
import type { ExporterFlags } from './kit/exporter.ts';

function parseInstance(given: string): string {
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(given)) return given;
  throw usageError(`--instance takes a name of lower case letters, digits and -, not ${JSON.stringify(given)}`);
}

/** Flags of every export: what to read, and what to print. */
export const exportFlags = inGroup('Options:', {
  filename: option.texts(
    '-f, --filename <file>',
    'files, a directory or - with ClusterProfiles instead of an inventory; repeatable',
  ),
  recursive: recursiveFlag,
  allNamespaces: option.flag('-A, --all-namespaces', 'the profiles of all namespaces'),
  providerFile: option.text(
    '--provider-file <file>',
    'JSON that names the command for each access provider (KEP-4322)',
    { settable: 'personal' },
  ),
  providerAlias: providerAliasOption,
  output: option.text('-o, --output <format>', 'yaml or json', { default: 'yaml', values: ['yaml', 'json'] }),
  outputDir: option.text('--output-dir <dir>', 'write one file a document into a directory', { settable: 'never' }),
  onlyHealthy: option.flag(
    '--only-healthy',
    'only profiles with ControlPlaneHealthy True, without those that have left (Joined False)',
  ),
  accept: acceptFlag,
  skipRefused: option.flag('--skip-refused', 'do the rest when some profiles are refused (exit 4)'),
  allowInsecure: option.flag('--allow-insecure', 'take profiles that skip TLS verification or have no https server', {
    settable: 'personal',
  }),
});

/** What to do where the consumer reads: on its cluster, in the files of a directory, in a kubeconfig. */
export const deliveryFlags = inGroup('What to do where the consumer reads (default: print):', {
  diff: option.flag('--diff', 'show what would change there (exit 1 if anything), values of Secrets covered'),
  showSecrets: option.flag('--show-secrets', 'with --diff: do not cover the values of Secrets', { settable: 'never' }),
  full: fullFlag,
  prune: option.flag('--prune', 'delete what stands for profiles that are gone', { settable: 'never' }),
  maxDelete: option.text('--max-delete <n|n%>', 'most objects that prune may delete (default: 10%, at least 1)', {
    settable: 'personal',
  }),
  allowEmpty: option.flag('--allow-empty', 'let prune delete everything when there is no profile', {
    settable: 'never',
  }),
  yes: option.flag('-y, --yes', 'do not ask before prune deletes', { settable: 'never' }),
  instance: option.parsed(
    '--instance <name>',
    'tells inventories or selections apart that feed one consumer',
    parseInstance,
  ),
  forceConflicts: option.flag(
    '--force-conflicts',
    'take over what another field manager or profile has (never of somebody else)',
    { settable: 'never' },
  ),
  apply: option.flag(
    '--apply',
    'create and update on its cluster what this tool made before; nothing of anybody else',
    { settable: 'never' },
  ),
  dryRun: option.parsed(
    '--dry-run <mode>',
    'with --apply: client: send nothing; server: check everything, keep nothing',
    parseDryRun,
    { settable: 'personal', values: dryRunModes },
  ),
  createNamespace: option.flag('--create-namespace', 'create namespaces that do not exist', { settable: 'personal' }),
  concurrency: concurrencyFlag,
});

/** Options of an export. */
export type ExportOptions = ReadProfilesOptions &
  Omit<Partial<ValuesOf<typeof exportFlags & typeof deliveryFlags>>, 'providerAlias'> &
  Pick<ValuesOf<typeof exportFlags>, 'providerAlias'> & {
    /** Where `accept` is from, if it was not typed. */
    acceptedFrom?: string | undefined;
    /** How the consumer's cluster is reached, where flags say it. */
    target?: ConnectOptions | undefined;
    /** Those of the exporter. */
    own: ValuesOf<ExporterFlags>;
  };
