type Path = (string | number)[];

/** What stands in the place of a value. */
export const wrongValues: unknown[] = [
  undefined,
  null,
  5,
  true,
  '',
  'constructor',
  '__proto__',
  [],
  {},
  [null],
  [[]],
  { a: {} },
];

/** Every place in a document, from the top to the leaves. */
export function listPaths(at: unknown, path: Path = []): Path[] {
  if (typeof at !== 'object' || at === null) return [path];
  const keys = Array.isArray(at) ? [...at.keys()] : Object.keys(at);
  return [path, ...keys.flatMap((key) => listPaths((at as Record<string, unknown>)[key as string], [...path, key]))];
}

/** A copy with another value at one place; `undefined` takes it out. */
export function replaceAt(document: unknown, path: Path, value: unknown): unknown {
  const copy = structuredClone({ document }) as Record<string, unknown>;
  let parent = copy;
  const keys = ['document', ...path] as string[];
  for (const key of keys.slice(0, -1)) parent = parent[key] as Record<string, unknown>;
  const last = keys.at(-1) ?? '';
  if (value === undefined && Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (value === undefined) delete parent[last];
  else Object.defineProperty(parent, last, { value, enumerable: true, configurable: true, writable: true });
  return copy['document'] ?? null;
}
