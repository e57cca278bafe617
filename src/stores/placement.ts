import { sayOnce } from '../util/notices.ts';
import type { KubernetesObject } from '../object.ts';
import { keys, nameOf, type ClusterProfile } from '../profile/clusterprofile.ts';
import { exit, UserError, usageError } from '../errors.ts';
import type { ReadProfilesOptions } from './options.ts';
import type { Inventory, ReadInventory } from './store.ts';
import type { Io } from '../io.ts';
import {
  placementDecision,
  listPlacementNames,
  findPlacements,
  formatReferenceKey,
  formatReference,
  type Placement,
} from '../profile/placement.ts';
import { makeSafeLine } from '../util/safe-text.ts';
import { selectProfilesBy } from '../profile/selectors.ts';
import { describeEnd } from '../util/limits.ts';

/** Whose placement, and where it would be. */
type PlacementOptions = Pick<ReadProfilesOptions, 'placement' | 'namespace' | 'allNamespaces' | 'quiet' | 'timeout'>;

/** Where `--placement` looks, and for what: `NAMESPACE/NAME`, else NAME where the profiles would be. */
function parsePlacement(
  { placement = '', namespace, allNamespaces }: PlacementOptions,
  inventory: Inventory,
): { name: string; namespace: string | undefined } {
  const [name = '', explicit, ...more] = placement.split('/').toReversed();
  if (name === '' || explicit === '' || more.length > 0)
    throw usageError(`--placement takes NAME or NAMESPACE/NAME, not ${JSON.stringify(placement)}`);
  return {
    name,
    namespace: explicit ?? (allNamespaces ? undefined : (namespace ?? (inventory.namespace || undefined))),
  };
}

const shownAtMost = 10;

function describeNoPlacement(name: string, place: string, objects: readonly KubernetesObject[]): UserError {
  const names = listPlacementNames(objects);
  const more = names.length > shownAtMost ? ` and ${names.length - shownAtMost} more` : '';
  return new UserError(`no placement ${JSON.stringify(name)} in ${place}`, {
    code: exit.notFound,
    hint:
      names.length > 0
        ? `there are ${names.slice(0, shownAtMost).join(', ')}${more}`
        : `no PlacementDecision of ${placementDecision.group} is there; -n, -A or NAMESPACE/NAME look elsewhere`,
  });
}

function describeAmbiguous(name: string, placements: readonly Placement[]): UserError {
  const each = placements.map(
    (placement) => `${formatReference(placement)} (${placement.slices.map((slice) => slice.name).join(', ')})`,
  );
  return usageError(
    `--placement ${name} may mean ${each.join(' or ')}`,
    'name one as NAMESPACE/NAME, by its decision-key, or by the name of one of its objects',
  );
}

async function find(inventory: Inventory, options: PlacementOptions): Promise<Placement> {
  const { name, namespace } = parsePlacement(options, inventory);
  const objects: KubernetesObject[] = [];
  for await (const page of inventory.objects(placementDecision, namespace)) objects.push(...page);
  const [found, ...others] = findPlacements(objects, name);
  if (!found)
    throw describeNoPlacement(name, namespace === undefined ? inventory.title : `the ${namespace} namespace`, objects);
  if (others.length > 0) throw describeAmbiguous(name, [found, ...others]);
  return found;
}

/** The profiles of a placement in its order, and the references that lead nowhere. Reads no other namespace. */
async function resolve(
  inventory: Inventory,
  { references }: Placement,
): Promise<{ profiles: ClusterProfile[]; dangling: string[] }> {
  const known = new Map<string, ClusterProfile>();
  for (const namespace of new Set(references.map((reference) => reference.namespace)))
    for await (const page of inventory.list({ namespace }))
      for (const profile of page) known.set(formatReferenceKey({ namespace, name: profile.metadata.name }), profile);
  const profiles = references.flatMap((reference) => known.get(formatReferenceKey(reference)) ?? []);
  return { profiles, dangling: references.filter((each) => !known.has(formatReferenceKey(each))).map(formatReference) };
}

/** Profiles that stand for one member: the workload would land there twice. */
function* findTwice(profiles: readonly ClusterProfile[]): Iterable<string> {
  const first = new Map<string, ClusterProfile>();
  for (const profile of profiles) {
    const id = profile.metadata?.labels?.[keys.memberIdLabel];
    const other = id ? first.get(id) : undefined;
    if (other) yield `${nameOf(other)} and ${nameOf(profile)} are one cluster (${id}), it was chosen twice`;
    else if (id) first.set(id, profile);
  }
}

/**
 * The part of an inventory that a placement chose (KEP-5313): `list` gives its profiles in the order of the decisions,
 * wherever they are. What is not whole is said and makes the result partial: references that lead nowhere, slices that
 * are missing. Throws for a placement that is not there (exit 9) or ambiguous (exit 2), and for a hub without the CRD.
 */
export async function chooseByPlacement(
  { inventory, partial }: ReadInventory,
  options: PlacementOptions,
  io: Io,
): Promise<ReadInventory> {
  try {
    const placement = await find(inventory, options);
    const { profiles, dangling } = await resolve(inventory, placement);
    const title = `placement ${formatReference(placement)}`;
    const say = sayOnce(io, options);
    const problems = [...placement.incomplete, ...dangling.map((name) => `there is no ClusterProfile ${name}`)];
    for (const text of [...problems, ...findTwice(profiles)]) say(`warning: ${makeSafeLine(`${title}: ${text}`)}`);
    async function* list(query: Parameters<Inventory['list']>[0]): AsyncIterable<ClusterProfile[]> {
      const chosen = new Set(selectProfilesBy(profiles, query));
      yield profiles.filter((profile) => chosen.has(profile));
    }
    // What a scheduler chose is looked up once.
    const { watch: _unwatched, ...kept } = inventory;
    return {
      inventory: { ...kept, title: `${title} of ${inventory.title}`, list },
      partial: partial || problems.length > 0 || !inventory.isWhole(),
    };
  } catch (error) {
    throw io.signal.aborted ? describeEnd(options, io) : error;
  }
}
