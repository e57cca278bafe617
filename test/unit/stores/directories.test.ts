import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toYaml, toYamlStream } from '../../../src/documents/yaml-out.ts';
import type { Change } from '../../../src/kubernetes/change.ts';
import type { ClusterProfile } from '../../../src/profile/clusterprofile.ts';
import { openDirectoryInventory } from '../../../src/stores/directory.ts';
import { openTargetDirectory } from '../../../src/stores/target-directory.ts';
import { clusterProfile } from '../../support/plan.ts';
import { scratch } from '../../support/paths.ts';

const [oslo, tokyo] = [clusterProfile('oslo'), clusterProfile('tokyo')];

/** A folder of a namespace, with this text in a file of it. */
function folderWith(name: string, text: string): { at: string; file: string } {
  const at = scratch();
  mkdirSync(join(at, 'fleet'));
  const file = join(at, 'fleet', name);
  writeFileSync(file, text);
  return { at, file };
}

describe('a file that turns out to be of another object, as where the case of names does not count', () => {
  it('stays as it is among profiles', async () => {
    const { at, file } = folderWith('tokyo.yaml', toYaml(oslo));
    const inventory = openDirectoryInventory(at, expect.fail);
    await expect(inventory.apply({ action: 'create', after: tokyo }, {})).rejects.toThrow(
      `${file} is there already and holds something else`,
    );
    expect(readFileSync(file, 'utf8')).toBe(toYaml(oslo));
  });

  it('stays as it is among the objects of a consumer', async () => {
    const at = scratch();
    const store = openTargetDirectory(at, { writer: 'export-argocd', format: 'yaml', isSecret: () => false });
    expect(await store.read([tokyo], () => [])).toEqual([]);
    mkdirSync(join(at, 'fleet'));
    const file = join(at, 'fleet', 'clusterprofile-tokyo.yaml');
    writeFileSync(file, toYaml(oslo));
    await expect(store.apply({ action: 'create', after: tokyo }, {})).rejects.toThrow(
      `${file} is there already and holds something else`,
    );
    expect(readFileSync(file, 'utf8')).toBe(toYaml(oslo));
  });
});

describe('changes of one file', () => {
  const update = (profile: ClusterProfile, displayName: string): Change => ({
    action: 'update',
    before: profile,
    live: profile,
    after: { ...profile, spec: { ...profile.spec, displayName } },
  });

  it('that leave no room are refused alone, and the others are written', async () => {
    const anchored = toYaml(tokyo).replace('displayName: tokyo', 'displayName: &name tokyo').concat('x: *name\n');
    const { at, file } = folderWith(
      'all.yaml',
      `${toYaml(oslo)}---\n${anchored}---\n${toYaml(clusterProfile('riga'))}`,
    );
    const inventory = openDirectoryInventory(at, expect.fail);
    const results = await Promise.allSettled([
      inventory.apply(update(oslo, 'Oslo'), {}),
      inventory.apply(update({ ...tokyo, x: 'tokyo' } as ClusterProfile, 'Tokyo'), {}),
      inventory.apply({ action: 'delete', before: clusterProfile('riga') }, {}),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(readFileSync(file, 'utf8')).toBe(
      `${toYaml(oslo).replace('displayName: oslo', 'displayName: Oslo')}---\n${anchored}`,
    );
  });

  it('take several items out of a list, and the file with its last document', async () => {
    const all = ['a', 'b', 'c', 'd'].map((name) => clusterProfile(name));
    const list = { apiVersion: 'v1', kind: 'List', items: all };
    const { at, file } = folderWith('all.yaml', toYaml(list));
    const inventory = openDirectoryInventory(at, expect.fail);
    const remove = (...names: string[]): Promise<unknown> =>
      Promise.all(names.map((name) => inventory.apply({ action: 'delete', before: clusterProfile(name) }, {})));
    await remove('a', 'c');
    expect(readFileSync(file, 'utf8')).toBe(toYaml({ ...list, items: [all[1], all[3]] }));
    writeFileSync(file, toYamlStream(all));
    await remove('a', 'b', 'c', 'd');
    expect(() => readFileSync(file)).toThrow('ENOENT');
  });

  it('are refused where somebody has changed what is to be deleted', async () => {
    const { at, file } = folderWith('tokyo.yaml', toYaml(tokyo));
    const inventory = openDirectoryInventory(at, expect.fail);
    for await (const page of inventory.list({})) expect(page).toEqual([tokyo]);
    const theirs = toYaml({ ...tokyo, spec: { ...tokyo.spec, displayName: 'Edo' } });
    writeFileSync(file, theirs);
    await expect(inventory.apply({ action: 'delete', before: tokyo }, {})).rejects.toThrow(
      'fleet/tokyo has changed since it was read, it is not deleted',
    );
    expect(readFileSync(file, 'utf8')).toBe(theirs);
  });
});

it('a profile that is kept as it is expected is that very object, and no other is', async () => {
  const { at } = folderWith('both.yaml', toYamlStream([oslo, { ...tokyo, spec: { ...tokyo.spec, displayName: 'x' } }]));
  const inventory = openDirectoryInventory(at, expect.fail);
  inventory.expect?.([oslo, tokyo]);
  const page: ClusterProfile[] = [];
  for await (const profiles of inventory.list({})) page.push(...profiles);
  expect(page.map(({ metadata }) => metadata.name)).toEqual(['oslo', 'tokyo']);
  expect(page[0]).toBe(oslo);
  expect(page[1]?.spec.displayName).toBe('x');
});
