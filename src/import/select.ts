import type { Cluster, ClusterProfile } from '../profile/clusterprofile.ts';
import { compileFilters } from '../profile/filters.ts';
import { compileSelector } from '../profile/label-selector.ts';
import { buildProfile, type ProfilePlace } from '../profile/make.ts';
import { withholdCredentials } from '../profile/withhold.ts';
import { usageError } from '../errors.ts';
import { inGroup, isGiven, option, type ValuesOf } from '../options.ts';
import { filterFlags } from '../stores/options.ts';
import { compileWildcard } from '../util/text.ts';
import type { LedgerEntry } from './ledger.ts';

/** Which clusters of a source are taken. */
export const selectionFlags = inGroup('Which clusters (default: all):', {
  include: option.texts('--include <pattern>', 'those of this name, in which * and ? stand for others; repeatable'),
  exclude: option.texts('--exclude <pattern>', 'not those of this name; repeatable'),
  selector: { ...filterFlags.selector, description: 'label selector, on the labels that their profiles have' },
  property: filterFlags.property,
  health: filterFlags.health,
  version: filterFlags.version,
});

export type SelectionOptions = Partial<ValuesOf<typeof selectionFlags>>;

/** The selection flags by what they look at: a name stays, while what else is known of a cluster changes. */
const byName = ['include', 'exclude'] as const;
const byFact = ['selector', 'property', 'health', 'version'] as const;

const listFlags = (keys: readonly (keyof typeof selectionFlags)[], options: SelectionOptions): string[] =>
  keys.filter((key) => isGiven(options[key])).map((key) => /--[a-z]+/.exec(selectionFlags[key].flags)?.[0] ?? key);

/** The flag by which clusters are left out for what is known of them, so that nobody can tell which are gone. */
export const findFactFilter = (options: SelectionOptions): string | undefined => listFlags(byFact, options)[0];

/** Whether something by these names is among what is taken. */
export function compileNames({ include = [], exclude = [] }: SelectionOptions): (...names: string[]) => boolean {
  const [wanted, unwanted] = [include.map(compileWildcard), exclude.map(compileWildcard)];
  return (...names) => {
    const fits = (patterns: readonly RegExp[]): boolean =>
      patterns.some((each) => names.some((name) => each.test(name)));
    return (wanted.length === 0 || fits(wanted)) && !fits(unwanted);
  };
}

/** Whether a profile is taken by its names, its own and the source's. */
export function compileProfileNames(options: SelectionOptions): (profile: ClusterProfile) => boolean {
  const isNamed = compileNames(options);
  return ({ metadata, spec }) => isNamed(metadata.name, spec?.displayName ?? '');
}

const noSets: ReadonlyMap<string, string> = new Map();

async function compileFacts(options: SelectionOptions): Promise<(profile: ClusterProfile) => boolean> {
  const { property, health, version, selector } = options;
  const hasLabels = compileSelector(selector);
  const hasFacts = await compileFilters({ property, health, version });
  return (profile) => hasLabels(profile.metadata.labels ?? {}) && hasFacts(profile, noSets);
}

/** Refuses a pattern that no name fits. */
function assertPatterns({ include = [], exclude = [] }: SelectionOptions): void {
  if ([...include, ...exclude].includes(''))
    throw usageError('--include and --exclude take the name of a cluster, in which * and ? stand for others');
}

/** The clusters that were asked for. */
interface Selection {
  kept: readonly Cluster[];
  /** Those that do not fit the flags, with an entry of the ledger for each. */
  others: readonly Cluster[];
  entries: LedgerEntry[];
  /** Those of them that are left out by their name, whatever is known of them. */
  unnamed: ReadonlySet<Cluster>;
}

/** Takes clusters apart by whether their profiles fit the flags. */
export async function selectClusters(
  clusters: readonly Cluster[],
  placementOf: (cluster: Cluster) => ProfilePlace,
  options: SelectionOptions,
): Promise<Selection> {
  assertPatterns(options);
  const flags = listFlags([...byName, ...byFact], options);
  if (flags.length === 0) return { kept: clusters, others: [], entries: [], unnamed: new Set() };
  const hasName = compileProfileNames(options);
  const hasFacts = await compileFacts(options);
  const unnamed = new Set<Cluster>();
  // What cannot be kept of a cluster is said when its profile is made to be written.
  const fits = (cluster: Cluster): boolean => {
    const profile = buildProfile(
      withholdCredentials(cluster, () => {}),
      placementOf(cluster),
      () => {},
    );
    if (hasName(profile)) return hasFacts(profile);
    unnamed.add(cluster);
    return false;
  };
  const kept = clusters.filter(fits);
  const taken = new Set(kept);
  const others = clusters.filter((cluster) => !taken.has(cluster));
  const why = { noun: 'cluster', reason: 'not selected', flag: flags.join(' ') };
  const entries = others.map(({ name }): LedgerEntry => ({ state: 'left out', what: name, ...why }));
  return { kept, others, entries, unnamed };
}
