import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
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

describe('a cluster that is not in what was read, where something else is', () => {
  const [first, second] = ['oslo', 'tokyo'].map((name) => ({
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name },
    spec: { syncMode: 'Push', apiEndpoint: `https://${name}.example.com:6443` },
    status: { kubernetesVersion: 'v1.33.1' },
  }));
  const one = JSON.stringify(first);
  const inside: [how: string, text: string][] = [
    ['a document that is null', `---\n${one}\n---\nnull\n`],
    ['a document that is ~', `---\n${one}\n--- ~ # nothing\n`],
    ['a list of another name', `${one}\n${JSON.stringify({ apiVersion: 'v1', kind: 'ListX', items: [second] })}`],
  ];

  /** Imports both clusters of a directory, changes it, and imports it again with prune. */
  async function runTwice(change: (folder: string) => void): Promise<{ code: number; err: string; names: string[] }> {
    const [folder, inventory] = [scratch(), scratch()];
    writeFileSync(join(folder, 'fleet.json'), [first, second].map((each) => JSON.stringify(each)).join('\n'));
    const words = ['import', 'karmada', '-f', folder, '-R', '-n', 'x', '--as-of', '2026-02-10T12:00:00Z'];
    const write = [...words, '--apply', '--inventory', inventory, '--prune', '--yes', '--max-delete', '100%'];
    expect((await runQuickly(write)).code).toBe(0);
    change(folder);
    const { code, err } = await runQuickly(write);
    return { code, err, names: readdirSync(join(inventory, 'x')).toSorted() };
  }

  it.each(inside)('keeps its profile: %s', async (_how, text) => {
    const ran = await runTwice((folder) => writeFileSync(join(folder, 'fleet.json'), text));
    expect(ran.names).toEqual(['oslo.yaml', 'tokyo.yaml']);
    expect(ran.code, ran.err).toBe(4);
  });

  it.each(['..fleet', '.fleet', '..2026_03_01'])('keeps its profile: it is in %s', async (name) => {
    const ran = await runTwice((folder) => {
      writeFileSync(join(folder, 'fleet.json'), one);
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'tokyo.yaml'), JSON.stringify(second));
    });
    expect(ran.names).toEqual(['oslo.yaml', 'tokyo.yaml']);
    expect(ran.code).toBe(4);
    expect(ran.err).toContain(`${name}: it is a hidden directory, which is not read`);
  });

  it('reads a mounted ConfigMap once, whose files lead into a directory of ..', async () => {
    const ran = await runTwice((folder) => {
      mkdirSync(join(folder, '..2026_03_01'));
      writeFileSync(join(folder, '..2026_03_01', 'fleet.json'), one);
      symlinkSync('..2026_03_01', join(folder, '..data'));
      rmSync(join(folder, 'fleet.json'));
      symlinkSync('..data/fleet.json', join(folder, 'fleet.json'));
    });
    expect(ran).toMatchObject({ code: 0, names: ['oslo.yaml'] });
  });

  it('is not read where its letters are of another encoding', async () => {
    const file = join(scratch(), 'fleet.yaml');
    const text = JSON.stringify({ ...first, spec: { ...first?.spec, region: 'Québec' } }).replace('"spec"', '\n"spec"');
    writeFileSync(file, Buffer.from(text, 'latin1'));
    for (const words of [
      ['import', 'karmada', '-f', file],
      ['validate', '-f', file],
      ['list', '-f', file],
    ]) {
      const ran = await runQuickly(words);
      expect(ran.out + ran.err).toContain(`${file}:2: it is not UTF-8`);
      expect(ran.code).not.toBe(0);
    }
  });

  it('keeps its profile: an OCM set that its binding names is not there', async () => {
    const text = readFileSync(join(fixtures, 'ocm', 'several-namespaces-and-selectors', 'import.yaml'), 'utf8');
    const [folder, inventory] = [scratch(), scratch()];
    const words = ['import', 'ocm', '-f', folder, '--as-of', '2026-02-10T12:00:00Z', '--max-delete', '100%'];
    const write = [...words, '--apply', '--inventory', inventory, '--prune', '--yes'];
    writeFileSync(join(folder, 'fleet.yaml'), text);
    expect((await runQuickly(write)).code).toBe(0);
    const before = readTree(inventory);
    const cut = text
      .split(/^---\n/m)
      .filter((each) => !/^kind: ManagedClusterSet$/m.test(each) || !/^ {2}name: prod-fleet$/m.test(each));
    writeFileSync(join(folder, 'fleet.yaml'), cut.join('---\n'));
    const ran = await runQuickly(write);
    expect(ran.err).toContain('there is no ManagedClusterSet prod-fleet');
    expect(ran.code).toBe(4);
    expect(readTree(inventory)).toEqual(before);
  });
});

describe('manifests without a status', () => {
  it.each([
    ['ocm', 'ready'],
    ['kubefleet', 'labels-and-taints'],
    ['rancher', 'hosted-and-disconnected'],
    ['clusternet', 'authority-asked-for'],
    ['karmada', 'push-with-ca-from-its-secret'],
  ])('of %s take no version, property or access provider away: %s', async (system, name) => {
    const text = readFileSync(join(fixtures, system, name, 'import.yaml'), 'utf8');
    const documents = parseAllDocuments(text).map((each) => each.toJS() as Record<string, unknown>);
    const [file, inventory] = [join(scratch(), 'fleet.json'), scratch()];
    const words = ['import', system, '-f', file, '-n', 'x', '--as-of', '2026-03-02T10:00:00Z'];
    const write = [...words, '--apply', '--inventory', inventory];
    const facts = (): string[] =>
      factsIn(readTree(inventory))
        .split('\n')
        .filter((line) => /kubernetes:|server:|authority|name: .*\./.test(line));
    writeFileSync(file, documents.map((each) => JSON.stringify(each)).join('\n'));
    expect((await runQuickly(write)).code).toBe(0);
    const before = facts();
    expect(before.length).toBeGreaterThan(0);
    writeFileSync(file, documents.map(({ status: _status, ...each }) => JSON.stringify(each)).join('\n'));
    await runQuickly(write);
    const after = new Set(facts());
    expect(before.filter((line) => !after.has(line))).toEqual([]);
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
