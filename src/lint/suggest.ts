import type { ProblemPath } from './problem.ts';
import type { Schema } from '../profile/crd.ts';
import { formatFieldPath } from './paths.ts';
import { readOwn } from '../object.ts';

const foldKey = (key: string): string => key.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** Levenshtein distance, in which two letters in each other's place are one change. */
function measureDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    const [row = [], before = []] = [rows[i - 1], rows[i - 2]];
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next[j] = Math.min(
        (next[j - 1] ?? 0) + 1,
        (row[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        isSwapped ? (before[j - 2] ?? 0) + 1 : Infinity,
      );
    }
    rows.push(next);
  }
  return rows[a.length]?.[b.length] ?? 0;
}

/** Fields people look for that this API keeps somewhere else. */
const elsewhere: Readonly<Record<string, string>> = {
  clusterset: 'the ClusterSet is the property clusterset.k8s.io in .status.properties',
  region: 'write it as a property in .status.properties',
  location: 'write it as a property in .status.properties',
  kubernetesversion: 'the version is .status.version.kubernetes',
};

function* listPlaces(key: string, schema: Schema, at: ProblemPath = []): Iterable<ProblemPath> {
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    if (foldKey(name) === key) yield [...at, name];
    yield* listPlaces(key, inner, [...at, name]);
    if (inner.items) yield* listPlaces(key, inner.items, [...at, name, 0]);
  }
}

/** The name that a mistyped one most likely means, if any is near enough. */
export const findClosest = (given: string, names: readonly string[]): string | undefined =>
  names
    .map((name) => ({ name, apart: measureDistance(foldKey(given.slice(0, 64)), foldKey(name)) }))
    .filter(({ name, apart }) => apart <= Math.min(3, Math.floor(name.length / 3)))
    .toSorted((a, b) => a.apart - b.apart)[0]?.name;

/** The known field that an unknown one most likely means: a near sibling, else the same name at another place. */
export function findNearest(key: string, siblings: Readonly<Record<string, Schema>>, root: Schema): string | undefined {
  const wanted = foldKey(key.slice(0, 64));
  const near = findClosest(wanted, Object.keys(siblings));
  if (near) return `did you mean ${near}?`;
  const hint = readOwn(elsewhere, wanted);
  if (hint !== undefined) return hint;
  const [place] = listPlaces(wanted, root);
  return place && `did you mean ${formatFieldPath(place)}?`;
}
