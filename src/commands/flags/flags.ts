import type { DryRun } from '../../stores/options.ts';
import type { Option } from '../../options.ts';
import type { Command } from 'commander';
import { usageError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import type { SystemSummary } from '../../systems/index.ts';

export const collect = (value: string, previous: string[] | undefined): string[] => [...(previous ?? []), value];

/** Adds a flag that a system's own file declares, for `import` or `export`. */
export function addOption(command: Command, { flags, description, repeatable, default: value, choices }: Option): void {
  const option = command.createOption(flags, description);
  if (choices) option.choices(choices);
  if (repeatable) option.argParser(collect);
  if (value !== undefined) option.default(value);
  command.addOption(option);
}

interface ConnectionFlag {
  flags: string;
  description: string;
  repeatable?: boolean;
}

/** How a cluster is reached. With the prefix `source-` the same flags name the cluster that is imported from. */
const connection: ConnectionFlag[] = [
  { flags: '--kubeconfig <file>', description: 'kubeconfig file to use' },
  { flags: '--context <name>', description: 'kubeconfig context to use' },
  { flags: '--cluster <name>', description: 'kubeconfig cluster to use' },
  { flags: '--user <name>', description: 'kubeconfig user to use' },
  { flags: '--server <url>', description: 'address of the API server' },
  { flags: '--token-file <file>', description: 'file with a bearer token' },
  { flags: '--as <user>', description: 'user to impersonate' },
  { flags: '--as-group <group>', description: 'group to impersonate, repeatable', repeatable: true },
  { flags: '--as-uid <uid>', description: 'UID to impersonate' },
  { flags: '--as-user-extra <key=value>', description: 'user extra to impersonate, repeatable', repeatable: true },
  { flags: '--certificate-authority <file>', description: 'CA certificate of the API server' },
  { flags: '--client-certificate <file>', description: 'client certificate' },
  { flags: '--client-key <file>', description: 'key of the client certificate' },
  { flags: '--tls-server-name <name>', description: 'name to check the server certificate against' },
  { flags: '--insecure-skip-tls-verify', description: 'do not check the server certificate' },
  { flags: '--proxy-url <url>', description: 'proxy to the API server (default: HTTPS_PROXY, NO_PROXY)' },
  { flags: '--request-timeout <duration>', description: 'limit for one request (default: 30s)' },
  { flags: '--exec-policy <policy>', description: 'credential plugins: allow, known or deny (default: allow)' },
];

const hubGroup = 'Hub connection (as in kubectl):';

function add(command: Command, { flags, description, repeatable }: ConnectionFlag): void {
  if (repeatable) command.option(flags, description, collect);
  else command.option(flags, description);
}

/** The flags that say where the inventory is: a directory, else the hub of a kubeconfig. */
export function targetOptions(command: Command): void {
  command
    .option('--inventory <dir>', 'a directory of YAML files instead of a hub')
    .option('-n, --namespace <namespace>', 'namespace of the inventory')
    .option('--timeout <duration>', 'limit for the whole command (default: 120s)')
    .option('-v, --verbose', 'say more, with stack traces')
    .option('-q, --quiet', 'no notes and warnings, errors only')
    .optionsGroup(hubGroup);
  for (const each of connection) {
    // `-s` is kubectl's short form of --server.
    add(command, each.flags.startsWith('--server') ? { ...each, flags: `-s, ${each.flags}` } : each);
  }
}

/** The same connection flags for the cluster that objects are imported from. */
export function sourceOptions(command: Command): void {
  command.optionsGroup('Source connection (where the objects are read):');
  for (const each of connection) add(command, { ...each, flags: `--source-${each.flags.slice(2)}` });
  command.option('--source-namespace <namespace>', 'namespace to read source objects from');
}

/** The connection flags for the cluster that a consumer runs on. */
export function consumerOptions(command: Command): void {
  command.optionsGroup("Target connection (the consumer's cluster; default: that of the hub flags):");
  for (const each of connection) add(command, { ...each, flags: `--target-${each.flags.slice(2)}` });
}

/** The value of `--dry-run`, where kubectl has a word for none too. */
export function dryRunMode(given: string): DryRun {
  if (given === 'none') return undefined;
  if (given === 'client' || given === 'server') return given;
  throw usageError(`--dry-run takes client, server or none, not ${JSON.stringify(given)}`);
}

/** Flags of every command that writes. */
export function writeOptions(command: Command): void {
  command
    .optionsGroup('Writing:')
    .option('--dry-run <mode>', 'client: send nothing; server: let the hub check everything, keep nothing', dryRunMode)
    .option('--force-conflicts', 'take fields over from other field managers (never from another cluster manager)')
    .option('--skip-refused', 'do the rest when some profiles are refused (exit 4)')
    .option('--concurrency <n>', 'writes in flight (default: 8)')
    .option('--create-namespace', 'create namespaces that do not exist');
}

/** Declares the subcommand of a system under its name and other words, without its flags. */
export const addSystem = (parent: Command, [name, { title, aliases = [] }]: [string, SystemSummary]): Command =>
  parent
    .command(name)
    .aliases([...aliases])
    .summary(title)
    .description(title);

/** Runs an action and keeps its exit code where the main program looks for it. */
export const exitCode = (command: Command, code: number): void => {
  (command as Command & { exitCode?: number }).exitCode = code;
};

/** Examples first: what most people open help for. */
export const withExamples = (command: Command, io: Io, lines: readonly [words: string, what: string][]): void => {
  const width = Math.max(...lines.map(([words]) => words.length));
  const body = lines.map(([words, what]) => `  ${io.program} ${words.padEnd(width)}  # ${what}`).join('\n');
  command.addHelpText('before', `Examples:\n${body}\n`);
};
