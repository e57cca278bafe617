import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadSystem, listSystemNames } from '../../src/systems/index.ts';
import { parseDocuments } from '../../src/documents/yaml-in.ts';
import { fixtures } from '../support/paths.ts';
import { listPaths, replaceAt, wrongValues as values } from '../support/generate/damage.ts';
import { runQuickly, type Ran } from '../support/run.ts';

/** The documents of each fixture of a system that is read from one file. */
function readFixtures(system: string): { name: string; documents: unknown[]; flags: string[] }[] {
  const folder = join(fixtures, system);
  return readdirSync(folder).flatMap((name) => {
    const file = ['import.yaml', 'import.json']
      .map((each) => join(folder, name, each))
      .find((each) => existsSync(each));
    const flags = join(folder, name, 'flags.txt');
    try {
      const documents = file ? parseDocuments(readFileSync(file, 'utf8'), file) : [];
      const words = existsSync(flags) ? readFileSync(flags, 'utf8').split('\n').filter(Boolean) : [];
      return documents.length > 0 ? [{ name, documents, flags: words }] : [];
    } catch {
      return [];
    }
  });
}

const importers: string[] = [];
for (const name of listSystemNames()) if ((await loadSystem(name))?.importer) importers.push(name);

const seed = Number(process.env['FUZZ_SEED'] ?? 7);
const runs = Number(process.env['FUZZ_RUNS'] ?? 40);

describe.each(importers)('%s with a value of another type', (system) => {
  const found = readFixtures(system);
  it('says in words what is wrong', async () => {
    const cases = fc.sample(
      fc.record({
        fixture: fc.constantFrom(...found),
        at: fc.nat(),
        which: fc.nat(),
        value: fc.constantFrom(...values),
      }),
      { numRuns: runs, seed },
    );
    for (const { fixture, at, which, value } of cases) {
      const index = which % fixture.documents.length;
      const paths = listPaths(fixture.documents[index]);
      const path = paths[at % paths.length] ?? [];
      const documents = fixture.documents.with(index, replaceAt(fixture.documents[index], path, value));
      const stdin = documents.map((each) => JSON.stringify(each)).join('\n');
      const { err, code, out } = await runQuickly(['import', system, '-f', '-', ...fixture.flags, '-n', 'x'], {
        stdin,
      });
      const title = `${fixture.name}, document ${index + 1}, ${path.join('.')} = ${JSON.stringify(value)}\n${err}`;
      expect(code, title).not.toBe(70);
      expect(err, title).not.toMatch(/\[object|undefined|\bNaN\b|not a function|this is a bug|not iterable/);
      expect(out, title).not.toMatch(/\[object|: undefined|native code/);
    }
  });
});

/** One value of each type. */
const types: readonly unknown[] = [5, true, 'word', ['x'], { a: 'b' }, null];

const typeOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);

/** Where several types are right: the value is taken as it is. */
const takesSeveral: readonly [system: string, path: RegExp, type: string][] = [
  // Hand-written YAML has bare numbers where an API server has strings.
  ['*', /\.(?:capacity|allocatable)\.[^.]/, 'number'],
  // The API has seconds, the command line writes a text.
  ['eks', /(?:^|\.)createdAt$/, 'number'],
  // A list in v1beta2, a map in v1beta1.
  ['cluster-api', /^status\.failureDomains$/, 'object'],
  // A map, or a list of one where it is computed.
  ['crossplane', /^status\.atProvider\.(?:vpcConfig|certificateAuthority)$/, 'object'],
  // What an extension holds is whatever its owner puts in.
  ['kubeconfig', /\.extension\./, '*'],
];

const isRight = (system: string, path: string, type: string): boolean =>
  takesSeveral.some(
    ([whose, place, right]) => ['*', system].includes(whose) && place.test(path) && ['*', type].includes(right),
  );

/** The names that a document has for itself and for its parts. */
function listNames(at: unknown, key = ''): string[] {
  if (typeof at === 'string') return /^(?:name|id|selfLink|arn)$/.test(key) ? [at.split('/').at(-1) ?? at] : [];
  if (typeof at !== 'object' || at === null) return [];
  return Object.entries(at).flatMap(([inner, each]) => listNames(each, inner));
}

/** Words that are new, and name the document where the value is: by its place, or a cluster by its name. */
function saysWhere(err: string, before: string, document: unknown): boolean {
  const known = new Set(before.split('\n'));
  const names = listNames(document);
  return err
    .split('\n')
    .filter((line) => !known.has(line))
    .some(
      (line) =>
        /^error: standard input(?:, (?:document|item) \d+)*: /.test(line) ||
        (/^(?:error|warning): /.test(line) && names.some((name) => line.includes(name))),
    );
}

interface Wrong {
  title: string;
  document: unknown;
  documents: readonly unknown[];
  /** The same without the value. */
  without: readonly unknown[];
  value: unknown;
}

/** Each place of the documents with a value of each other type. */
function* listWrong(system: string, documents: readonly unknown[], seen: Set<string>): Generator<Wrong> {
  for (const [index, document] of documents.entries())
    for (const path of listPaths(document)) {
      const before = path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key as string], document);
      const place = path.map((key) => (typeof key === 'number' ? '*' : key)).join('.');
      const shape = `${(document as { kind?: string }).kind} ${place} ${typeOf(before)}`;
      if (before === null || path.length === 0 || seen.has(shape)) continue;
      seen.add(shape);
      const put = (value: unknown): unknown[] => documents.with(index, replaceAt(document, path, value));
      for (const value of types.filter(
        (each) => typeOf(each) !== typeOf(before) && !isRight(system, place, typeOf(each)),
      ))
        yield {
          title: `document ${index + 1}: ${path.join('.')} = ${JSON.stringify(value)}`,
          document,
          documents: put(value),
          without: put(undefined),
          value,
        };
    }
}

describe.each(importers)('%s with a value of another type in each place that it reads', (system) => {
  it('leaves out nothing without a word', async () => {
    const seen = new Set<string>();
    const silent: string[] = [];
    const importFrom = (documents: readonly unknown[], flags: readonly string[]): Promise<Ran> =>
      runQuickly(['import', system, '-f', '-', ...flags, '--as-of', '2026-02-10T12:00:00Z'], {
        stdin: documents.map((each) => JSON.stringify(each)).join('\n'),
      });
    for (const { name, documents, flags } of readFixtures(system)) {
      const whole = await importFrom(documents, flags);
      if (whole.code !== 0) continue;
      for (const wrong of listWrong(system, documents, seen)) {
        const ran = await importFrom(wrong.documents, flags);
        if (ran.out === whole.out || saysWhere(ran.err, whole.err, wrong.document)) continue;
        // What is null is absent, as for an API server.
        if (wrong.value === null && ran.out === (await importFrom(wrong.without, flags)).out) continue;
        silent.push(`${name}, ${wrong.title}\n${ran.err}`);
      }
    }
    expect(silent).toEqual([]);
  }, 120_000);
});
