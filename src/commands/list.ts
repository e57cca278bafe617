import type { Define } from './command.ts';
import { sayOnce } from '../util/notices.ts';
import type { TargetOptions } from '../stores/options.ts';
import type { Query } from '../profile/selectors.ts';
import type { Command } from 'commander';
import { clusterSetOf, type ClusterProfile } from '../profile/clusterprofile.ts';
import { exit, UserError, usageError } from '../errors.ts';
import { matcher, type Filters } from '../profile/filters.ts';
import type { Inventory, ReadInventory } from '../stores/store.ts';
import type { Io } from '../io.ts';
import { readText } from '../documents/objects.ts';
import { renderer, type Renderer } from '../output/index.ts';
import { endedError } from '../util/limits.ts';
import { clusterSetsIn } from '../stores/cluster-sets.ts';
import { collect, exitCode, targetOptions, withExamples } from './flags/flags.ts';
import { orCurrentNamespace } from '../stores/current-namespace.ts';
import type { FromOptions } from '../import/live.ts';
import { openInventory } from '../stores/open.ts';

export interface ListOptions extends TargetOptions, Filters, FromOptions {
  placement?: string;
  allNamespaces?: boolean;
  selector?: string;
  fieldSelector?: string;
  output?: string;
  headers?: boolean;
  showLabels?: boolean;
  showManagedFields?: boolean;
  ignoreNotFound?: boolean;
  filename?: string[];
  recursive?: boolean;
}

/** The first of the filters that is given, as it is typed. */
export const givenFilter = (options: ListOptions): string | undefined =>
  (
    [
      ['clusterset', '--clusterset'],
      ['manager', '--manager'],
      ['property', '--property'],
      ['health', '--health'],
      ['version', '--version'],
      ['selector', '--selector'],
      ['fieldSelector', '--field-selector'],
      ['placement', '--placement'],
    ] as const
  ).find(([name]) => options[name] !== undefined)?.[1];

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

/** Formats that show or need the ClusterSet labels of namespaces. */
const showsClusterSet = ({ output = 'table', clusterset }: ListOptions): boolean =>
  clusterset !== undefined || ['table', 'wide', 'csv'].includes(output);

export function queryOf(options: ListOptions, inventory: Inventory, name?: string): Query {
  // A directory has no current namespace, so it shows all of them. A placement says itself where its profiles are.
  const namespace = options.namespace ?? (inventory.namespace || undefined);
  return {
    namespace: options.allNamespaces || options.placement !== undefined ? undefined : namespace,
    name,
    labelSelector: options.selector,
    fieldSelector: options.fieldSelector,
  };
}

function withoutManagedFields(profile: ClusterProfile): ClusterProfile {
  const { managedFields: _dropped, ...metadata } = profile.metadata;
  return { ...profile, metadata };
}

/** As for kubectl, only the formats that print whole objects leave managedFields out. */
const shown = (
  profiles: readonly ClusterProfile[],
  { showManagedFields, output = '' }: ListOptions,
): readonly ClusterProfile[] =>
  showManagedFields || !['json', 'yaml', 'ndjson'].includes(output) ? profiles : profiles.map(withoutManagedFields);

/** ClusterSet labels of the namespaces that some profile needs, read once each. */
async function addClusterSets(
  inventory: Inventory,
  page: readonly ClusterProfile[],
  known: Map<string, string>,
  asked: Set<string>,
): Promise<void> {
  const needed = new Set(
    page.filter((profile) => clusterSetOf(profile) === undefined).map(({ metadata }) => metadata.namespace ?? ''),
  );
  const fresh = [...needed].filter((namespace) => namespace !== '' && !asked.has(namespace));
  if (fresh.length === 0) return;
  for (const namespace of fresh) asked.add(namespace);
  for (const [namespace, set] of await clusterSetsIn(inventory, fresh)) known.set(namespace, set);
}

/** Pages of the profiles that all filters let through, with the ClusterSets known so far. */
export async function* selected(
  inventory: Inventory,
  query: Query,
  options: ListOptions,
  clusterSets: Map<string, string>,
): AsyncIterable<ClusterProfile[]> {
  const matches = await matcher(options);
  const asked = new Set<string>();
  for await (const page of inventory.list(query)) {
    if (showsClusterSet(options)) await addClusterSets(inventory, page, clusterSets, asked);
    yield page.filter((profile) => matches(profile, clusterSets));
  }
}

async function named(
  inventory: Inventory,
  names: readonly string[],
  options: ListOptions,
  clusterSets: Map<string, string>,
): Promise<{ found: ClusterProfile[]; missing: string[] }> {
  if (options.selector ?? options.fieldSelector) throw usageError('names and selectors exclude each other');
  const found: ClusterProfile[] = [];
  const missing: string[] = [];
  for (const name of names) {
    const before = found.length;
    for await (const page of selected(inventory, queryOf(options, inventory, name), options, clusterSets))
      found.push(...page);
    if (found.length === before) missing.push(name);
  }
  return { found, missing };
}

const place = (options: ListOptions, inventory: Inventory): string => {
  const { namespace } = queryOf(options, inventory);
  return namespace === undefined ? inventory.title : `${namespace} namespace`;
};

/** What the two ways to list have in common. */
interface Listing {
  inventory: Inventory;
  options: ListOptions;
  print: Renderer;
  io: Io;
  sets: Map<string, string>;
}

async function listNamed(names: readonly string[], { inventory, options, print, io, sets }: Listing): Promise<number> {
  const { found, missing } = await named(inventory, names, options, sets);
  io.out(print.page(shown(found, options)));
  io.out(await print.end());
  if (missing.length === 0 || options.ignoreNotFound) return exit.done;
  throw new UserError(`not found: ${missing.join(', ')} (in the ${place(options, inventory)})`, {
    code: exit.notFound,
    hint: `${io.program} list -A shows all there are`,
  });
}

/** The flags that profiles have to fit, for a list that has none. */
function filtered(options: ListOptions): string {
  const flag = givenFilter(options);
  return flag === undefined ? '' : ` that fit ${flag}`;
}

async function listAll({ inventory, options, print, io, sets }: Listing): Promise<number> {
  let count = 0;
  for await (const page of selected(inventory, queryOf(options, inventory), options, sets)) {
    count += page.length;
    io.out(print.page(shown(page, options)));
  }
  io.out(await print.end());
  if (count === 0 && !options.quiet)
    io.err(`No ClusterProfiles found in ${place(options, inventory)}${filtered(options)}.\n`);
  return exit.done;
}

/** `list` and `get`: profiles of a hub, a directory or files. Returns the exit code. */
async function run(names: readonly string[], given: ListOptions, io: Io): Promise<number> {
  const clusterSets = new Map<string, string>();
  if (names.length > 0 && given.allNamespaces) throw usageError('a profile cannot be named with --all-namespaces');
  if (given.clusterset === '') throw usageError('--clusterset takes the name of a ClusterSet');
  const { inventory: kept, partial } = await source(given, io);
  // A ClusterSet is one of the hub, so that without a namespace it is looked for in all of them.
  const inAll = given.clusterset !== undefined && given.namespace === undefined;
  const options = inAll ? { ...given, allNamespaces: true } : given;
  const inventory = inAll && !given.allNamespaces ? orCurrentNamespace(kept, sayOnce(io, given)) : kept;
  const single = names.length === 1;
  const print = await renderer(
    options.output ?? 'table',
    {
      clusterSets,
      single,
      terminal: io.terminal.out,
      now: Date.now(),
      noHeaders: options.headers === false,
      showNamespace: (options.allNamespaces ?? false) || queryOf(options, inventory).namespace === undefined,
      showLabels: options.showLabels ?? false,
    },
    readText,
  );
  try {
    const listing = { inventory, options, print, io, sets: clusterSets };
    const code = names.length > 0 ? await listNamed(names, listing) : await listAll(listing);
    return partial && code === exit.done ? exit.partial : code;
  } catch (error) {
    if (io.signal.aborted) throw endedError(options, io);
    throw error;
  }
}

/** The table of systems, which only `--from` needs. */
const systemLoader = async (): Promise<typeof import('../systems/index.ts').loadImporter> =>
  (await import('../systems/index.ts')).loadImporter;

/** Where profiles are kept: files, systems read live, else an inventory. */
async function kept(options: ListOptions, io: Io, verb: string | undefined): Promise<ReadInventory> {
  if (options.from) return (await import('../import/live.ts')).inventoryFrom(options, io, await systemLoader());
  if (!options.filename) return { inventory: await openInventory(options, io), partial: false };
  const { files } = await import('../stores/memory.ts');
  return { inventory: await files(options.filename, io, options, verb), partial: false };
}

/** The profiles to choose from: all that are kept, or those of `--placement`. `partial`: some could not be read. */
export async function source(options: ListOptions, io: Io, verb?: string): Promise<ReadInventory> {
  if (options.filename && options.from) throw usageError('--filename and --from exclude each other');
  if (options.dedupe && !options.from) throw usageError('--dedupe goes with --from');
  if (options.placement === undefined) return kept(options, io, verb);
  if (options.from) throw usageError('--placement and --from exclude each other', 'systems have no PlacementDecisions');
  const { chooseByPlacement } = await import('../stores/chosen.ts');
  return chooseByPlacement(await kept(options, io, verb), options, io);
}

export const define: Define = (command, io) => {
  command.description('List ClusterProfiles of a hub, a directory or files.').argument('[name...]', 'profiles to show');
  withExamples(command, io, [
    ['list', 'the profiles of the current namespace'],
    ['list --clusterset prod-fleet', 'the members of a ClusterSet, in all namespaces unless -n names one'],
    ['list -A --health False -o wide', 'what is not healthy, and how to reach it'],
    ["list -o jsonpath='{.items[*].metadata.name}'", 'templates as in kubectl'],
    ['list --inventory fleet/', 'the profiles in a directory'],
    ['list --placement web -n shop', 'what a scheduler chose, in its order'],
    ['list --from karmada:hub-a --from gke:shop --dedupe', 'several systems at once, without a hub'],
  ]);
  command
    .option(
      '-o, --output <format>',
      'table, wide, name, json, yaml, ndjson, csv, jsonpath=…, custom-columns=…',
      'table',
    )
    .option('-A, --all-namespaces', 'all namespaces')
    .option('--no-headers', 'no header line')
    .option('--show-labels', 'a column with all labels')
    .option('--show-managed-fields', 'keep managedFields in json and yaml')
    .option('--ignore-not-found', 'a name that does not exist is no error')
    .option('-f, --filename <file>', 'files, a directory or - instead of an inventory; repeatable', collect)
    .option('-R, --recursive', 'read subdirectories of -f too')
    .option('--from <system[:context]>', 'a live view of a system, without a hub; repeatable', collect)
    .option('--dedupe', 'with --from: show a member once that several systems know');
  readFilterOptions(command);
  targetOptions(command);
  command.action(async (names: string[], options: ListOptions) => {
    exitCode(command, await run(names, options, io));
  });
};
