import type { Define } from './command.ts';
import { sayOnce } from '../util/notices.ts';
import type { ClusterProfile } from '../profile/clusterprofile.ts';
import { assertShape } from '../profile/shape/well-formed.ts';
import { codeOfPart, exit } from '../errors.ts';
import type { Inventory } from '../stores/store.ts';
import type { Io } from '../io.ts';
import { roomOf } from '../output/text.ts';
import { isClosedPipe } from '../io/standard-output.ts';
import { readText } from '../documents/objects.ts';
import type { Renderer, RenderOptions } from '../output/format.ts';
import type { SortProfiles } from '../output/table/sort.ts';
import { findFormat, listFormatWords, outputHelp, type ChosenFormat } from '../output/formats.ts';
import { describeEnd, waitForReader } from '../util/limits.ts';
import { addFlags, keepExitCode, keepRules, withExamples } from './flags/flags.ts';
import { assertTogether, rulesOf } from './flags/rules.ts';
import { openSource, viewFlags } from './flags/view.ts';
import { option, valuesOf, type Option, type ValuesOf } from '../options.ts';
import { makeList } from '../util/text.ts';
import { describeMissing, findNamed, listGivenFilters, buildQuery, selectProfiles } from '../stores/read.ts';
import { lookEverywhere } from '../stores/current-namespace.ts';

/** Words that may be given together, apart by commas, or one by one. */
const listedTexts = (flag: string, description: string): Option<readonly string[]> =>
  option.parsedTexts(flag, description, (given) => given.flatMap((each) => each.split(',')).filter(Boolean));

const flags = {
  output: option.text('-o, --output <format>', outputHelp, { default: 'table', values: listFormatWords() }),
  headers: option.flag('--no-headers', 'no header line'),
  sortBy: option.text('--sort-by <jsonpath>', 'order: a jsonpath as in kubectl, or version', {
    values: ['version', '.metadata.name', '.metadata.creationTimestamp'],
  }),
  labelColumns: listedTexts('-L, --label-columns <keys>', 'a column for each of these labels'),
  propertyColumns: listedTexts('--property-columns <names>', 'a column for each of these properties'),
  showLabels: option.flag('--show-labels', 'a column with all labels'),
  showManagedFields: option.flag('--show-managed-fields', 'keep managedFields in json and yaml'),
  watch: option.flag('-w, --watch', 'print what there is, then every change, until interrupted'),
  watchOnly: option.flag('--watch-only', 'every change, without what there is'),
  outputWatchEvents: option.flag('--output-watch-events', 'of a watch: ADDED, MODIFIED or DELETED with each'),
  ignoreNotFound: option.flag('--ignore-not-found', 'a name that does not exist is no error'),
  ...viewFlags,
};

type ListOptions = ValuesOf<typeof flags>;

function withoutManagedFields(profile: ClusterProfile): ClusterProfile {
  const { managedFields: _dropped, ...metadata } = profile.metadata;
  return { ...profile, metadata };
}

/** As for kubectl, only the formats that print whole objects leave managedFields out. */
const prepareShown = (
  profiles: readonly ClusterProfile[],
  { options: { showManagedFields }, format }: Listing,
): readonly ClusterProfile[] => (showManagedFields || !format.isWhole ? profiles : profiles.map(withoutManagedFields));

const describePlace = (options: ListOptions, inventory: Inventory): string => {
  const { namespace } = buildQuery(options, inventory);
  return namespace === undefined ? inventory.title : `${namespace} namespace`;
};

/** What the ways to list have in common. */
interface Listing {
  inventory: Inventory;
  options: ListOptions;
  format: ChosenFormat;
  rendering: RenderOptions;
  /** The order, where it is another one than that of the inventory. */
  sort: SortProfiles | undefined;
  io: Io;
  sets: Map<string, string> | undefined;
}

async function listNamed(names: readonly string[], listing: Listing): Promise<number> {
  const { inventory, options, io, sets, format, rendering, sort } = listing;
  const { found, missing } = await findNamed(inventory, names, options, sets);
  const print = await format.render(rendering);
  io.out(print.page(prepareShown(sort ? sort(found) : found, listing)));
  io.out(await print.end());
  if (missing.length === 0 || options.ignoreNotFound) return exit.done;
  throw await describeMissing(missing, 'list', listing, io);
}

/** A page as text. What a format cannot show is an error that names the profile. */
function renderPage(page: readonly ClusterProfile[], print: Renderer, listing: Listing): string {
  try {
    return print.page(prepareShown(page, listing));
  } catch (error) {
    for (const profile of page) assertShape(profile);
    throw error;
  }
}

/** The flags that profiles have to fit, for a list that has none. */
function describeFilter(options: ListOptions): string {
  // Of a placement the place says it.
  const given = listGivenFilters(options).filter((flag) => flag !== '--placement');
  return given.length === 0 ? '' : ` that fit ${makeList(given)}`;
}

/** All profiles in one page: an order is one of all. */
async function* sortPages(
  pages: AsyncIterable<ClusterProfile[]>,
  sort: SortProfiles,
): AsyncIterable<readonly ClusterProfile[]> {
  const all: ClusterProfile[] = [];
  for await (const page of pages) all.push(...page);
  yield sort(all);
}

async function listAll(listing: Listing): Promise<number> {
  const { inventory, options, io, sets, format, rendering, sort } = listing;
  const print = await format.render(rendering);
  let count = 0;
  try {
    const pages = selectProfiles(inventory, buildQuery(options, inventory), options, sets);
    for await (const page of sort ? sortPages(pages, sort) : pages) {
      count += page.length;
      io.out(renderPage(page, print, listing));
      await waitForReader(options, io);
    }
  } catch (error) {
    if (!isClosedPipe(error)) io.out(print.cut?.() ?? '');
    throw error;
  }
  io.out(await print.end());
  if (count === 0 && !options.quiet)
    io.err(`No ClusterProfiles found in ${describePlace(options, inventory)}${describeFilter(options)}.\n`);
  return exit.done;
}

async function watchAll(names: readonly string[], listing: Listing): Promise<number> {
  const { inventory, options, io, sets, format, rendering, sort } = listing;
  // In kubectl's words.
  if (sort && !options.quiet)
    io.err(
      options.watchOnly
        ? 'warning: --watch-only requested, --sort-by will be ignored\n'
        : 'warning: --watch requested, --sort-by will be ignored for watch events received\n',
    );
  const { watchProfiles } = await import('./list/watch.ts');
  const prepare = (profile: ClusterProfile): ClusterProfile => prepareShown([profile], listing)[0] ?? profile;
  return watchProfiles({
    inventory,
    names,
    options,
    io,
    prepare,
    sort,
    clusterSets: sets,
    query: buildQuery(options, inventory, names.length === 1 ? names[0] : undefined),
    print: await format.renderEvents({ ...rendering, withEvents: options.outputWatchEvents }),
    describeMissing: (missing) => describeMissing(missing, 'list', listing, io),
  });
}

/** `list` and `get`: profiles of a hub, a directory or files. Returns the exit code. */
async function runList(names: readonly string[], typed: ListOptions, io: Io): Promise<number> {
  assertTogether('list', { ...typed, names });
  const isWatch = typed.watch || typed.watchOnly;
  // A watch has no end of its own.
  const given = isWatch ? { ...typed, timeout: typed.timeout ?? 0 } : typed;
  const format = findFormat(given.output, readText);
  const clusterSets = format.showsClusterSets ? new Map<string, string>() : undefined;
  const { inventory: kept, partial } = await openSource(given, io);
  const { options, inventory } = lookEverywhere(given, kept, sayOnce(io, given));
  const single = names.length === 1;
  const rendering: RenderOptions = {
    clusterSets,
    single,
    terminal: io.terminal.out,
    now: Date.now(),
    noHeaders: !options.headers,
    showNamespace: options.allNamespaces || buildQuery(options, inventory).namespace === undefined,
    showLabels: options.showLabels,
    labelColumns: options.labelColumns,
    propertyColumns: options.propertyColumns,
    room: roomOf(io),
  };
  try {
    const sort =
      options.sortBy === undefined
        ? undefined
        : await (await import('../output/table/sort.ts')).compileSort(options.sortBy);
    const listing = { inventory, options, format, rendering, sort, io, sets: clusterSets };
    if (isWatch) return await watchAll(names, listing);
    const code = names.length > 0 ? await listNamed(names, listing) : await listAll(listing);
    return codeOfPart(code, partial || (kept.hasUnread?.() ?? false));
  } catch (error) {
    if (io.signal.aborted) throw describeEnd(options, io);
    throw error;
  }
}

export const define: Define = (command, io) => {
  command.description('List ClusterProfiles of a hub, a directory or files.').argument('[name...]', 'profiles to show');
  withExamples(command, io, [
    ['list', 'the profiles of the current namespace'],
    ['list --clusterset prod-fleet', 'the members of a ClusterSet, in all namespaces unless -n names one'],
    ['list -A --health False -o wide', 'what is not healthy, and how to reach it'],
    ['list -A --watch', 'what there is, then every change'],
    ['list -A --sort-by version -L tier', 'the oldest first, with a label of each'],
    ["list -o jsonpath='{.items[*].metadata.name}'", 'templates as in kubectl'],
    ['list --inventory fleet/', 'the profiles in a directory'],
    ['list --placement web -n shop', 'what a scheduler chose, in its order'],
    ['list --from karmada:hub-a --from gke:shop --dedupe', 'several systems at once, without a hub'],
  ]);
  addFlags(command, flags);
  keepRules(command, rulesOf('list'));
  command.action(async (names: string[], given: object) => {
    keepExitCode(command, await runList(names, valuesOf(flags, given), io));
  });
};
