import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { fixtures, sharedData } from '../support/paths.ts';
import { run, runQuickly } from '../support/run.ts';

/** What every object inherits, under which no look-up may find anything. */
const words = ['constructor', '__proto__', 'toString', 'hasOwnProperty'];

/** How many texts of a fixture stand for all of them. */
const most = 2;

type Path = readonly (string | number)[];

/** Every text in an object, but for those that say what it is. */
function* textsIn(value: unknown, path: Path = []): Iterable<Path> {
  if (typeof value === 'string' && !['apiVersion', 'kind'].includes(String(path.at(-1)))) yield path;
  if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value))
      yield* textsIn(inner, [...path, Array.isArray(value) ? Number(key) : key]);
}

/** A copy with another text, or with the key that leads to it renamed. */
function replaced(value: unknown, [at, ...path]: Path, word: string, isKey: boolean): unknown {
  if (at === undefined) return word;
  const copy: unknown = Array.isArray(value) ? [] : {};
  for (const [key, inner] of Object.entries(value as object)) {
    const isHere = key === String(at);
    const name = isHere && isKey && path.length === 0 ? word : key;
    const content = isHere && !(isKey && path.length === 0) ? replaced(inner, path, word, isKey) : (inner as unknown);
    Object.defineProperty(copy, name, { value: content, enumerable: true, configurable: true, writable: true });
  }
  return copy;
}

const cases = readdirSync(fixtures).flatMap((system) =>
  readdirSync(join(fixtures, system))
    .map((name) => ({ system, file: join(fixtures, system, name, 'import.yaml') }))
    .filter(({ file }) => existsSync(file)),
);

/** As many of them as a test has time for, spread over all. */
const spread = <T>(all: readonly T[], offset: number): T[] =>
  all.filter((_each, index) => (index + offset) % Math.max(1, Math.ceil(all.length / most)) === 0);

/** What of JavaScript shows in what an import of an object says and prints; nothing where all is well. */
async function findFault(system: string, object: unknown): Promise<string | undefined> {
  const stdin = JSON.stringify(object);
  const argv = ['import', system, '-f', '-', '-o', 'json', '--as-of', '2026-01-01T00:00:00Z'];
  const { code, out, err } = await runQuickly(argv, { stdin });
  if (code === 70) return err;
  const [found] = /native code|\[object |function /.exec(out + err) ?? [];
  if (found !== undefined) return found;
  try {
    if (out !== '') JSON.parse(out);
    return undefined;
  } catch {
    return 'no JSON';
  }
}

describe.each([...new Set(cases.map(({ system }) => system))])('a word of JavaScript in what %s reads', (system) => {
  it('is a text like any other, as a value and as a key', { timeout: 120_000 }, async () => {
    const faults: string[] = [];
    for (const { file } of cases.filter((each) => each.system === system)) {
      const documents = parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS() as unknown);
      const items = { apiVersion: 'v1', kind: 'List', items: documents };
      const paths = [...textsIn(items)].filter((path) => path.length > 1);
      for (const [offset, word] of words.entries())
        for (const [index, path] of spread(paths, offset).entries()) {
          const isKey = (index + offset) % 2 === 0;
          const hostile = replaced(items, path, word, isKey) as typeof items;
          const title = `${file}: ${path.join('.')} ${isKey ? 'named' : 'is'} ${word}`;
          const fault = await findFault(system, system === 'kubeconfig' ? (hostile.items[0] ?? {}) : hostile);
          if (fault !== undefined) faults.push(`${title}: ${fault}`);
        }
    }
    expect(faults).toEqual([]);
  });
});

it.skipIf(!existsSync(join(sharedData, 'reports', 'rel-prototype-key')))('is no driver of Rancher', async () => {
  const input = join(sharedData, 'reports', 'rel-prototype-key', 'input.json');
  const { out, code } = await run(['import', 'rancher', '-f', input, '-o', 'json']);
  expect(code).toBe(0);
  expect(out).not.toContain('undefined');
  expect(JSON.parse(out)).toMatchObject({ items: [{ spec: { displayName: 'prod-eu' } }] });
});
