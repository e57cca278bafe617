import { listFormatWords, outputHelp } from '../output/formats.ts';
import type { ConnectOptions } from '../kubernetes/flags.ts';
import { inGroup, option, type OptionTable, type ValuesOf } from '../options.ts';
import { colorFlag, fullFlag, type writeFlags } from '../plan/flags.ts';
import { isManagerName } from '../profile/clusterprofile.ts';
import { isLabelValue } from '../profile/names.ts';
import { acceptFlag, recursiveFlag, type targetFlags } from '../stores/options.ts';
import { parseTime } from '../util/duration.ts';
import { usageError } from '../errors.ts';
import { selectionFlags } from './select.ts';

function parseManager(given: string): string {
  if (isManagerName(given)) return given;
  throw usageError(`--cluster-manager must be a label value of 1 to 63 characters, not ${JSON.stringify(given)}`);
}

function parseClusterSet(given: string): string {
  if (given !== '' && isLabelValue(given)) return given;
  throw usageError(`--clusterset must be a label value, not ${JSON.stringify(given)}`);
}

/** The line from which yaml-language-server takes the schema of a file. */
function parseSchemaComment(given: string): string {
  if (/^\S+$/.test(given)) return `# yaml-language-server: $schema=${given}\n`;
  throw usageError(`--schema-comment takes a URL or a path without blanks, not ${JSON.stringify(given)}`);
}

/** Flags of every import. */
export const importFlags = {
  filename: option.texts(
    '-f, --filename <file>',
    "file, directory or - with the source's own objects, instead of a live read; repeatable",
  ),
  recursive: recursiveFlag,
  output: option.text('-o, --output <format>', outputHelp, { default: 'yaml', values: listFormatWords() }),
  clusterManager: option.parsed(
    '--cluster-manager <name>',
    'owner id of the profiles (spec.clusterManager.name)',
    parseManager,
  ),
  clusterset: option.parsed('--clusterset <name>', 'ClusterSet that the clusters are members of', parseClusterSet),
  prefix: option.text(
    '--prefix <text>',
    'goes before the name of every profile, so that two systems get on in a namespace',
  ),
  onCollision: option.oneOf(
    '--on-collision <how>',
    'two clusters with one name: error, or hash (a hash behind both names; one that has a name in the inventory keeps it)',
    ['error', 'hash'],
    { default: 'error' },
  ),
  asOf: option.parsed('--as-of <time>', 'RFC 3339 time that stands in for the clock', parseTime),
  probe: option.flag(
    '--probe',
    'ask the servers of clusters whose health the source does not tell for /readyz, anonymously or with the login of a kubeconfig: ControlPlaneHealthy says what they answered',
    { settable: 'personal' },
  ),
  schemaComment: option.parsed(
    '--schema-comment <url>',
    'with YAML that is printed, and in new files: a first line that tells editors the schema (see schema)',
    parseSchemaComment,
  ),
  failOnEmpty: option.flag('--fail-on-empty', 'exit 9 when there is no cluster'),
  strict: option.flag('--strict', 'warnings count as a partial result (exit 4)'),
  accept: acceptFlag,
  ...selectionFlags,
  ...inGroup('What to do with the profiles (default: print them):', {
    diff: option.flag('--diff', 'show what would change in the inventory (exit 1 if anything)'),
    apply: option.flag('--apply', 'create and update them in the inventory', { settable: 'never' }),
    outputDir: option.text('--output-dir <dir>', 'write one file a profile into a directory', { settable: 'never' }),
    prune: option.flag('--prune', 'with --apply or --diff: delete profiles of clusters that are gone', {
      settable: 'never',
    }),
    maxDelete: option.text('--max-delete <n|n%>', 'most profiles that prune may delete (default: 10%, at least 1)', {
      settable: 'personal',
    }),
    allowEmpty: option.flag('--allow-empty', 'let prune delete everything when there is no cluster', {
      settable: 'never',
    }),
    yes: option.flag('-y, --yes', 'do not ask before prune deletes', { settable: 'never' }),
    full: fullFlag,
    color: colorFlag,
  }),
};

/** Options of an import. */
export type ImportOptions = Partial<ValuesOf<typeof importFlags & typeof writeFlags & typeof targetFlags>> & {
  /** How the cluster is reached that is imported from. */
  source?: ConnectOptions | undefined;
  /** Where `accept` is from, if it was not typed. */
  acceptedFrom?: string | undefined;
  /** Those of the system. */
  own: ValuesOf<OptionTable>;
};
