import { usageError } from '../errors.ts';
import { connectionFlags } from '../kubernetes/flags.ts';
import { parseSize } from '../io/input-limit.ts';
import { inGroup, makeCommon, option, type ValuesOf } from '../options.ts';

export const maxInputFlag = option.parsed(
  '--max-input <size>',
  'limit for a file and for all that is read (default: 64Mi for a file, 256Mi for all)',
  parseSize,
);

const inventoryFlags = {
  inventory: option.text('--inventory <dir>', 'a directory of YAML files instead of a hub'),
  namespace: option.text('-n, --namespace <namespace>', 'namespace of the inventory'),
  maxInput: maxInputFlag,
};

const runFlags = {
  timeout: option.duration('--timeout <duration>', 'limit for the whole command (default: 120s)'),
  verbose: option.flag('-v, --verbose', 'say more, with stack traces'),
  quiet: option.flag('-q, --quiet', 'no notes and warnings, errors only', { settable: 'personal' }),
};

/** How the hub of a kubeconfig is reached, and no other inventory. */
export const hubFlags = { ...inGroup('Options:', runFlags), ...makeCommon(connectionFlags) };

/** Where the inventory is: a directory, else the hub of a kubeconfig. */
export const targetFlags = { ...inGroup('Options:', inventoryFlags), ...hubFlags };

/** Warnings that are expected, of validate and of the commands that say the same. */
export const acceptFlag = option.texts(
  '--accept <rules>',
  'expect the warnings of these rules, and count them: CP085, or CP085=prod-* by name; repeatable',
);

/** How many writes, or plugins, are at work at a time. */
export const concurrencyFlag = option.number('--concurrency <n>', 'writes in flight (default: 16)');

/** Options of every command that talks to a hub or a directory; kubectl's names and meanings. */
export type TargetOptions = Partial<ValuesOf<typeof targetFlags & { concurrency: typeof concurrencyFlag }>>;

/** Which profiles are chosen, of those that are read. */
export const filterFlags = inGroup('Filters:', {
  clusterset: option.text('--clusterset <name>', 'members of a ClusterSet'),
  manager: option.text('--manager <name>', 'of one cluster manager'),
  property: option.texts('--property <name[=value]>', 'with a property; repeatable'),
  health: option.text('--health <status>', 'by ControlPlaneHealthy: True, False or Unknown', {
    values: ['True', 'False', 'Unknown'],
  }),
  version: option.text('--version <range>', "by Kubernetes version, for example '>=1.31'"),
  selector: option.text('-l, --selector <selector>', 'label selector'),
  fieldSelector: option.text('--field-selector <selector>', 'field selector (metadata.name, metadata.namespace)'),
});

/** The same, for commands that only read. */
export const readFilterFlags = {
  ...filterFlags,
  placement: option.text(
    '--placement <name>',
    'chosen by a PlacementDecision (KEP-5313): its name, decision-key, placement-key or base name; also NAMESPACE/NAME',
  ),
};

/** What says which profiles a command reads, and where they are kept. */
export type ReadProfilesOptions = TargetOptions &
  Partial<ValuesOf<typeof readFilterFlags>> & {
    filename?: readonly string[] | undefined;
    recursive?: boolean | undefined;
    allNamespaces?: boolean | undefined;
    output?: string | undefined;
  };

export const recursiveFlag = option.flag('-R, --recursive', 'read subdirectories of -f too');

/** The value of `--dry-run`. */
export type DryRun = 'client' | 'server' | undefined;

/** What completion offers for `--dry-run`. */
export const dryRunModes: readonly string[] = ['client', 'server'];

/** kubectl has a word for none too. */
export function parseDryRun(given: string): DryRun {
  if (given === 'none') return undefined;
  if (given === 'client' || given === 'server') return given;
  throw usageError(`--dry-run takes client, server or none, not ${JSON.stringify(given)}`);
}

/** A client dry run on a hub sends nothing, not even a list; a directory is read, which costs nothing. */
export const isOffline = ({ dryRun, inventory }: TargetOptions & { dryRun?: DryRun }): boolean =>
  dryRun === 'client' && inventory === undefined;
