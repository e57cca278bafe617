import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSystem, listSystems, listSystemNames } from '../../src/systems/index.ts';
import { run } from '../support/run.ts';
import { fixtures, root } from '../support/paths.ts';

/** `fixtures/<system>/<case>/import.yaml`, or all of a folder `import`, is imported, and what comes out is compared with the files beside it. */
const folders = (path: string): string[] =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

const linesOf = (path: string): string[] =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];

const inputOf = (folder: string): string => {
  const file = readdirSync(folder).find((name) => /^import(\.(ya?ml|json))?$/.test(name));
  if (!file) throw new Error(`${folder} has no import.yaml`);
  return join(folder, file);
};

/** Messages name the input by its path, which differs from machine to machine. */
const portable = (text: string, folder: string): string => text.replaceAll(`${folder}/`, '');

const withCode = (code: number, text: string): string => (code === 0 ? text : `exit ${code}\n${text}`);

it('has a fixture folder for every system, and no other', () => {
  expect(folders(fixtures).toSorted()).toEqual(listSystemNames());
});

it('has a line in the table for every system, with what it does, and no other', async () => {
  const folder = join(root, 'src', 'systems');
  expect(folders(folder).toSorted()).toEqual(listSystemNames());
  for (const [name, { ways }] of listSystems()) {
    const { importer, exporter } = (await loadSystem(name)) ?? {};
    expect([name, ...ways]).toEqual([name, ...(importer ? ['import'] : []), ...(exporter ? ['export'] : [])]);
  }
});

const isExport = (folder: string): boolean => existsSync(join(folder, 'export-input.yaml'));

/** What `export` is given: the profiles, the provider file beside them, and the flags. */
const exportWords = (system: string, folder: string): string[] => [
  'export',
  system,
  '-f',
  join(folder, 'export-input.yaml'),
  ...(existsSync(join(folder, 'providers.json')) ? ['--provider-file', join(folder, 'providers.json')] : []),
  ...linesOf(join(folder, 'flags.txt')).map((flag) => flag.replace('{folder}', folder)),
];

for (const system of folders(fixtures))
  describe(system, () => {
    const [exports, imports] = [true, false].map((wanted) =>
      folders(join(fixtures, system)).filter((name) => isExport(join(fixtures, system, name)) === wanted),
    ) as [string[], string[]];

    it.for(exports)('%s', async (name) => {
      const folder = join(fixtures, system, name);
      const { out, err, code } = await run(exportWords(system, folder));
      const said = withCode(code, portable(err, folder));
      if (existsSync(join(folder, 'error.txt'))) {
        expect(out).toBe('');
        await expect(said).toMatchFileSnapshot(join(folder, 'error.txt'));
        return;
      }
      await expect(portable(out, folder)).toMatchFileSnapshot(join(folder, 'export.yaml'));
      if (said !== '' || existsSync(join(folder, 'stderr.txt')))
        await expect(said).toMatchFileSnapshot(join(folder, 'stderr.txt'));
      expect(`${out}${err}`).not.toMatch(/LEAKCANARY|TEVBS0NBTkFSW|xFQUtDQU5BUl|MRUFLQ0FOQVJZ/);
    });

    it.for(imports)('%s', async (name) => {
      const folder = join(fixtures, system, name);
      const flags = linesOf(join(folder, 'flags.txt'));
      const { out, err, code } = await run(['import', system, '-f', inputOf(folder), ...flags]);
      const said = withCode(code, portable(err, folder));
      if (existsSync(join(folder, 'error.txt'))) {
        expect(out).toBe('');
        await expect(said).toMatchFileSnapshot(join(folder, 'error.txt'));
        return;
      }
      await expect(out).toMatchFileSnapshot(join(folder, 'clusterprofiles.yaml'));
      if (said !== '' || existsSync(join(folder, 'stderr.txt')))
        await expect(said).toMatchFileSnapshot(join(folder, 'stderr.txt'));
      expect(`${out}${err}`).not.toMatch(/LEAKCANARY|TEVBS0NBTkFSW|xFQUtDQU5BUl|MRUFLQ0FOQVJZ/);
    });
  });
