import { isObject } from '../../object.ts';
import { UserError } from '../../errors.ts';

/** Stands for an unquoted `<<` in what js-yaml has read. No YAML text can hold it. */
export const mergeKey = '\0<<';

/** What a merge key brings in, the nearest last: a map, or a list of maps whose first one counts most. */
function readSources(value: unknown, where: string): Record<string, unknown>[] {
  const sources = Array.isArray(value) ? value.toReversed() : [value];
  if (sources.every(isObject)) return sources;
  throw new UserError(`${where}: the merge key << takes a map or a list of maps`);
}

/**
 * Resolves the merge keys of a document in place, as go-yaml v2 does for kubectl: keys are set in the order in which they
 * stand, so that one behind `<<` counts more than what is merged, and one in front of it less. `budget` bounds the keys
 * that are merged. Throws for a `<<` that brings in no map.
 */
export function resolveMergeKeys(document: unknown, budget: number, where: string): unknown {
  const seen = new Set<object>();
  let merged = 0;
  const resolve = (value: unknown): unknown => {
    if (value === mergeKey) return '<<';
    if (typeof value !== 'object' || value === null || seen.has(value)) return value;
    seen.add(value);
    const map = value as Record<string, unknown>;
    if (Object.hasOwn(map, mergeKey)) mergeInto(map);
    else for (const [key, inner] of Object.entries(map)) map[key] = resolve(inner);
    return value;
  };
  const mergeInto = (map: Record<string, unknown>): void => {
    const entries = Object.entries(map);
    for (const [key] of entries) delete map[key];
    for (const [key, inner] of entries) {
      const found = resolve(inner);
      if (key !== mergeKey) map[key] = found;
      else
        for (const from of readSources(found, where)) {
          merged += Object.keys(from).length;
          if (merged > budget)
            throw new UserError(
              `${where}: its merge keys bring in more than ${budget} keys (limit against YAML bombs)`,
            );
          // Keys that are whole numbers lose their place among the others as soon as they are read.
          const unplaced = Object.keys(from).find(
            (name) => /^\d+$/.test(name) && entries.some(([own]) => own === name),
          );
          if (unplaced !== undefined)
            throw new UserError(`${where}: the key ${unplaced} is beside a merge key << that brings it in too`);
          Object.assign(map, from);
        }
    }
  };
  return resolve(document);
}
