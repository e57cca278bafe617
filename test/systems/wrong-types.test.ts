import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadSystem, listSystemNames } from '../../src/systems/index.ts';
import { parseDocuments } from '../../src/documents/yaml-in.ts';
import { fixtures } from '../support/paths.ts';
import { listPaths, replaceAt, wrongValues as values } from '../support/generate/damage.ts';
import { runQuickly } from '../support/run.ts';

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
