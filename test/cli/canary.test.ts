import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listSystemNames } from '../../src/systems/index.ts';
import { runQuickly } from '../support/run.ts';
import { programInShell } from '../support/program.ts';
import { fixtures, root, scratch, sharedData } from '../support/paths.ts';

const canary = /LEAKCANARY|TEVBS0NBTkFSW|xFQUtDQU5BUl|MRUFLQ0FOQVJZ/;

const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((file) => join(folder, file))
        .filter((file) => /\.(ya?ml|json)$/.test(file))
    : [];

const withCanary = filesIn(fixtures).filter((file) => canary.test(readFileSync(file, 'utf8')));
const samples = filesIn(sharedData).filter((file) => /\/samples\/|\/synthetic/.test(file));

/** Everything a run leaves behind, stdout, stderr and files. */
async function traces(words: string[], folder = scratch()): Promise<string> {
  const { out, err } = await runQuickly(words);
  return [out, err, ...filesIn(folder).map((file) => readFileSync(file, 'utf8'))].join('\n');
}

describe('credentials of an input stay where they are', () => {
  it('has inputs that hold some', () => {
    expect(withCanary.length).toBeGreaterThan(5);
  });

  it.each(withCanary)('%s, in every format and file', async (file) => {
    const system = file.slice(fixtures.length + 1).split('/')[0]!;
    const source = ['import', system, '-f', file];
    for (const format of ['yaml', 'json', 'ndjson', 'wide', 'csv', 'jsonpath={.items}', 'custom-columns=A:.status'])
      expect(await traces([...source, '-o', format, '-v']), format).not.toMatch(canary);
    const inventory = scratch();
    expect(await traces([...source, '--output-dir', inventory], inventory)).not.toMatch(canary);
    expect(await traces([...source, '--inventory', inventory, '--diff'])).not.toMatch(canary);
    for (const words of [
      ['list', '-f', file],
      ['validate', '-f', file],
      ['apply', '-f', file, '--inventory', inventory],
      ['diff', '-f', file, '--inventory', inventory],
    ])
      expect(await traces(words), words[0]).not.toMatch(canary);
  });

  it.each(listSystemNames())(
    'import %s of every sample there is, whole and damaged',
    async (system) => {
      if (samples.length === 0) return;
      const damaged = join(scratch(), 'damaged.yaml');
      for (const file of samples) {
        expect(await traces(['import', system, '-f', file]), file).not.toMatch(canary);
        const text = readFileSync(file, 'utf8');
        for (const at of [0.2, 0.5, 0.8]) {
          const cut = Math.floor(text.length * at);
          writeFileSync(damaged, `${text.slice(0, cut)}"${text.slice(cut + 1)}`);
          expect(await traces(['import', system, '-f', damaged]), `${file} damaged at ${cut}`).not.toMatch(canary);
        }
      }
    },
    120_000,
  );
});

it('leaves the old file whole when the disk is full', () => {
  const inventory = scratch();
  const input = join(scratch(), 'profile.json');
  const profile = (size: number): string =>
    JSON.stringify({
      apiVersion: 'multicluster.x-k8s.io/v1alpha1',
      kind: 'ClusterProfile',
      metadata: { name: 'prod-us' },
      spec: { displayName: 'x'.repeat(size), clusterManager: { name: 'platform' } },
    });
  const apply = (limit: string): ReturnType<typeof spawnSync> =>
    spawnSync('bash', ['-c', `trap '' XFSZ; ${limit} ${programInShell()} apply -f ${input} --inventory ${inventory}`], {
      cwd: root,
      encoding: 'utf8',
    });
  writeFileSync(input, profile(10));
  expect(apply('').status).toBe(0);
  const before = readFileSync(join(inventory, 'prod-us.yaml'), 'utf8');
  writeFileSync(input, profile(100_000));
  const full = apply('ulimit -f 8;');
  expect(full.status).toBe(3);
  expect(full.stderr).toBe(
    `error: cannot write ${join(inventory, 'prod-us.yaml')}: EFBIG\n0 created, 0 configured, 0 unchanged, 0 deleted, 1 failed\n`,
  );
  expect(readFileSync(join(inventory, 'prod-us.yaml'), 'utf8')).toBe(before);
  expect(readdirSync(inventory)).toEqual(['prod-us.yaml']);
});
