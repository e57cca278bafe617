import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixtures, scratch } from '../support/paths.ts';
import { base64, ca } from '../support/profiles.ts';
import { runQuickly } from '../support/run.ts';
import { writeProviders, written } from '../support/written.ts';

const readTree = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true }) as string[])
    .filter((name) => /\.ya?ml$/.test(name))
    .toSorted()
    .map((name) => `${name}\n${readFileSync(join(folder, name), 'utf8')}`);

/** Facts of a profile, without what says when they were seen. */
const factsIn = (texts: readonly string[]): string =>
  texts.join('\n').replace(/^.*(?:displayName|lastTransitionTime|lastObservedTime).*$/gm, '');

describe('after a read in part, what is not told of a cluster stays', () => {
  it.each([
    ['rancher', 'management-and-provisioning-object-are-one', /management\.cattle\.io\/v3/g, 'management.cattle.io/v9'],
    [
      'ocm',
      'cluster-proxy-certificate',
      /^apiVersion: proxy\.open-cluster-management\.io\/v1alpha1$/gm,
      'apiVersion: proxy.open-cluster-management.io/v9',
    ],
  ])('%s: %s', async (system, name, read, other) => {
    const text = readFileSync(join(fixtures, system, name, 'import.yaml'), 'utf8');
    const good = text.replace(base64('test-certificate-data'), ca);
    const file = join(scratch(), 'input.yaml');
    const inventory = scratch();
    const words = ['import', system, '-f', file, '-n', 'x', '--as-of', '2026-02-10T12:00:00Z'];
    const write = [...words, '--apply', '--inventory', inventory, '--on-collision', 'hash'];
    writeFileSync(file, good);
    expect((await runQuickly(write)).code).toBe(0);
    const before = readTree(inventory);
    const damaged = good.replaceAll(read, other);
    expect(damaged).not.toBe(good);
    writeFileSync(file, damaged);
    expect((await runQuickly(write)).code).toBe(4);
    const after = new Set(factsIn(readTree(inventory)).split('\n'));
    expect(
      factsIn(before)
        .split('\n')
        .filter((line) => !after.has(line)),
    ).toEqual([]);
  });
});

describe('an export does not prune after a profile that nobody can read', () => {
  it.each([
    ['without metadata', (text: string) => text.replace(/"metadata":\{.*?\}(?=,"spec")/s, '"metadata":null')],
    ['cut in its version', () => 'apiVersion: multiclu'],
    ['cut before its kind', () => 'apiVersion: multicluster.x-k8s.io/v1alpha1\nkind:\n'],
    ['an empty map', () => '{}'],
    ['an empty list', () => '[]'],
  ])('%s', async (_how, damage) => {
    for (const flag of ['--inventory', '-f']) {
      const [fleet, out] = [scratch(), scratch()];
      mkdirSync(join(fleet, 'shop'));
      const [kept, lost] = ['oslo', 'lima'].map((name) => join(fleet, 'shop', `${name}.yaml`)) as [string, string];
      writeFileSync(kept, JSON.stringify(written('oslo', 'shop')));
      writeFileSync(lost, JSON.stringify(written('lima', 'shop')));
      const source = flag === '-f' ? ['-f', fleet, '-R'] : ['--inventory', fleet, '-A'];
      const words = ['export', 'argocd', '--provider-file', writeProviders(), '--output-dir', out, ...source];
      expect(await runQuickly(words)).toMatchObject({ code: 0 });
      const before = readTree(out);
      expect(before).toHaveLength(2);
      writeFileSync(lost, damage(readFileSync(lost, 'utf8')));
      const { code } = await runQuickly([...words, '--prune', '--yes', '--max-delete', '100%']);
      expect(code).not.toBe(0);
      expect(readTree(out)).toEqual(before);
    }
  });
});

describe('an import does not prune after a file that was cut', () => {
  const cluster = (name: string): string =>
    `apiVersion: v1\nkind: Config\nclusters:\n- name: ${name}\n  cluster: {server: 'https://${name}.example.com'}\n`;
  const machine = (name: string): string =>
    `apiVersion: cluster.x-k8s.io/v1beta1\nkind: Cluster\nmetadata: {name: ${name}, namespace: shop}\nspec: {controlPlaneEndpoint: {host: ${name}.example.com, port: 6443}}\n`;
  it.each([
    ['kubeconfig', cluster, 'apiVersion: '],
    ['kubeconfig', cluster, 'apiVersion: v1\nkind: Config\nclusters: null\n'],
    ['cluster-api', machine, 'apiVersion: cluster.x-k8s.io/v1beta1\nkind: C'],
    ['cluster-api', machine, 'apiVersion: cluster.x-'],
  ])('%s: %#', async (system, make, rest) => {
    const [folder, inventory] = [scratch(), scratch()];
    for (const name of ['oslo', 'lima']) writeFileSync(join(folder, `${name}.yaml`), make(name));
    const words = ['import', system, '-f', folder, '-n', 'shop', '--apply', '--inventory', inventory];
    expect(await runQuickly(words)).toMatchObject({ code: 0 });
    const before = readTree(inventory);
    writeFileSync(join(folder, 'lima.yaml'), rest);
    expect(await runQuickly([...words, '--prune', '--yes', '--max-delete', '100%'])).toMatchObject({ code: 4 });
    expect(readTree(inventory)).toEqual(before);
  });
});
