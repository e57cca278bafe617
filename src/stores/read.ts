import type { Io } from '../io.ts';
import type { ClusterProfile } from '../profile/clusterprofile.ts';
import { assertShape, findFlaw } from '../profile/shape/well-formed.ts';
import { compileFilters } from '../profile/filters.ts';
import type { Query } from '../profile/selectors.ts';
import { addClusterSets } from './cluster-sets.ts';
import { openInventory } from './open.ts';
import { exit, isUserError, UserError } from '../errors.ts';
import { isGiven } from '../options.ts';
import { quoteForShell } from '../util/shell.ts';
import { readFilterFlags, type ReadProfilesOptions } from './options.ts';
import type { Inventory, ReadInventory } from './store.ts';

/** The filters that are given, as they are typed. */
export function listGivenFilters(options: ReadProfilesOptions): string[] {
  const given: Readonly<Record<string, unknown>> = options;
  return Object.entries(readFilterFlags).flatMap(([key, { flags }]) =>
    isGiven(given[key]) ? (/--[a-z-]+/.exec(flags)?.[0] ?? []) : [],
  );
}

/** The first of the filters that is given. */
export const findGivenFilter = (options: ReadProfilesOptions): string | undefined => listGivenFilters(options)[0];

/** The query that flags and an inventory make together; a directory has no current namespace, so all of it is meant. */
export function buildQuery(options: ReadProfilesOptions, inventory: Inventory, name?: string): Query {
  // A placement says itself where its profiles are.
  const namespace = options.namespace ?? (inventory.namespace || undefined);
  return {
    namespace: options.allNamespaces || options.placement !== undefined ? undefined : namespace,
    name,
    labelSelector: options.selector,
    fieldSelector: options.fieldSelector,
  };
}

const noSets: ReadonlyMap<string, string> = new Map();

/**
 * Pages of the profiles that all filters let through. The ClusterSet labels of their namespaces are read where they are
 * asked for: into `clusterSets`, or for the filter.
 */
export async function* selectProfiles(
  inventory: Inventory,
  query: Query,
  options: ReadProfilesOptions,
  clusterSets?: Map<string, string>,
): AsyncIterable<ClusterProfile[]> {
  const matches = await compileFilters(options);
  const sets = clusterSets ?? (options.clusterset === undefined ? undefined : new Map<string, string>());
  const asked = new Set<string>();
  for await (const page of inventory.list(query)) {
    // What no filter can read is not passed over.
    const unread = new Set(inventory.isWellFormed ? [] : page.filter((profile) => findFlaw(profile) !== undefined));
    const read = page.filter((profile) => !unread.has(profile));
    if (sets) await addClusterSets(inventory, read, sets, asked);
    yield page.filter((profile) => unread.has(profile) || matches(profile, sets ?? noSets));
  }
}

/** The same, without any that is not well-formed: such a one is an error. */
export async function* selectWellFormed(...query: Parameters<typeof selectProfiles>): AsyncIterable<ClusterProfile[]> {
  for await (const page of selectProfiles(...query)) {
    for (const profile of page) assertShape(profile);
    yield page;
  }
}

/** The profiles of these names that the filters let through, and the names that have none. */
export async function findNamed(
  inventory: Inventory,
  names: readonly string[],
  options: ReadProfilesOptions,
  clusterSets?: Map<string, string>,
): Promise<{ found: ClusterProfile[]; missing: string[] }> {
  const found: ClusterProfile[] = [];
  const missing: string[] = [];
  for (const name of names) {
    const before = found.length;
    for await (const page of selectWellFormed(inventory, buildQuery(options, inventory, name), options, clusterSets))
      found.push(...page);
    if (found.length === before) missing.push(name);
  }
  return { found, missing };
}

/** The namespaces that have a profile of this name, as far as they may be read. */
async function findElsewhere(inventory: Inventory, name: string, options: ReadProfilesOptions): Promise<string[]> {
  const query = buildQuery(options, inventory, name);
  if (query.namespace === undefined) return [];
  const namespaces: string[] = [];
  try {
    for await (const page of inventory.list({ ...query, namespace: undefined }))
      namespaces.push(...page.map(({ metadata }) => metadata.namespace ?? ''));
  } catch (error) {
    if (!isUserError(error)) throw error;
  }
  return namespaces.filter((namespace) => namespace !== '').toSorted();
}

/**
 * The error for names that no profile has, and for the first of them where there is one. `verb` is the command that looked
 * for it.
 */
export async function describeMissing(
  missing: readonly string[],
  verb: string,
  { inventory, options }: { inventory: Inventory; options: ReadProfilesOptions },
  io: Io,
): Promise<UserError> {
  const { namespace } = buildQuery(options, inventory);
  const [name = ''] = missing;
  const [elsewhere] = await findElsewhere(inventory, name, options);
  const place = namespace === undefined ? inventory.title : `the ${namespace} namespace`;
  return new UserError(`not found: ${missing.join(', ')} (in ${place})`, {
    code: exit.notFound,
    hint:
      elsewhere === undefined
        ? `${io.program} list -A shows all there are`
        : `there is one in the ${elsewhere} namespace: ${io.program} ${verb} ${quoteForShell(name)} -n ${elsewhere}`,
  });
}

/**
 * The profiles to choose from: those of `-f`, else of an inventory; all of them, or those of `--placement`. `partial`: some
 * could not be read. With a verb, files without any object are an error.
 */
export async function openToRead(options: ReadProfilesOptions, io: Io, verb?: string): Promise<ReadInventory> {
  const read = options.filename?.length
    ? await (await import('./memory.ts')).readFileInventory(options.filename, io, options, verb)
    : { inventory: await openInventory(options, io), partial: false };
  if (options.placement === undefined) return read;
  return (await import('./placement.ts')).chooseByPlacement(read, options, io);
}
