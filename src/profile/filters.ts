import { clusterSetOf, conditionOf, listMaps, type ClusterProfile } from './clusterprofile.ts';
import { usageError } from '../errors.ts';
import { takePlainVersion } from './kubernetes-version.ts';

/** Filters of `list` that no server knows; kept here. */
interface Filters {
  clusterset?: string | undefined;
  manager?: string | undefined;
  property?: readonly string[] | undefined;
  health?: string | undefined;
  version?: string | undefined;
}

type Predicate = (profile: ClusterProfile, clusterSets: ReadonlyMap<string, string>) => boolean;

function compilePropertyFilter(text: string): Predicate {
  const [name = '', ...rest] = text.split('=');
  if (name === '') throw usageError(`--property takes NAME or NAME=VALUE, not ${JSON.stringify(text)}`);
  const value = rest.length === 0 ? undefined : rest.join('=');
  return ({ status }) =>
    listMaps(status?.properties).some(
      (property) => property.name === name && (value === undefined || property.value === value),
    );
}

const statuses = ['True', 'False', 'Unknown'];

function compileHealthFilter(text: string): Predicate {
  const wanted = statuses.find((status) => status.toLowerCase() === text.toLowerCase());
  if (!wanted) throw usageError(`--health takes True, False or Unknown, not ${JSON.stringify(text)}`);
  // A cluster of which nothing is known is unknown, not healthy.
  return (profile) => (conditionOf(profile, 'ControlPlaneHealthy')?.status ?? 'Unknown') === wanted;
}

async function compileVersionFilter(text: string): Promise<Predicate> {
  const { coerce, satisfies, validRange } = await import('semver');
  const range = validRange(text);
  if (range === null)
    throw usageError(`--version takes a range such as '>=1.31' or '1.30.x', not ${JSON.stringify(text)}`);
  return ({ status }) => {
    const version = coerce(takePlainVersion(status?.version?.kubernetes ?? ''));
    return version !== null && satisfies(version, range);
  };
}

/** One predicate for all filters given; every one of them must hold. Bad values are usage errors. */
export async function compileFilters({ clusterset, manager, property, health, version }: Filters): Promise<Predicate> {
  const all: Predicate[] = [];
  if (clusterset !== undefined) all.push((profile, sets) => clusterSetOf(profile, sets) === clusterset);
  if (manager !== undefined) all.push(({ spec }) => spec?.clusterManager?.name === manager);
  for (const each of property ?? []) all.push(compilePropertyFilter(each));
  if (health !== undefined) all.push(compileHealthFilter(health));
  if (version !== undefined) all.push(await compileVersionFilter(version));
  return (profile, sets) => all.every((matches) => matches(profile, sets));
}
