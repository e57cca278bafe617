import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../support/paths.ts';
import { run } from '../../support/run.ts';
import { lines } from '../../support/text.ts';

const names = Array.from({ length: 40 }, (_each, index) => `prod-${index + 10}`);
const few = 'fleet/prod-10, fleet/prod-11, fleet/prod-12 and 37 more';
const all = names.map((name) => `fleet/${name}`);

const profileOf = (manager: string) => (name: string) => ({
  apiVersion: 'multicluster.x-k8s.io/v1alpha1',
  kind: 'ClusterProfile',
  metadata: { name, namespace: 'fleet' },
  spec: { displayName: name, clusterManager: { name: manager } },
});

function write(name: string, value: object | string, folder = scratch()): string {
  writeFileSync(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));
  return join(folder, name);
}

const listOf = (items: readonly object[]): object => ({ apiVersion: 'v1', kind: 'List', items });
const profiles = (manager = 'shop'): string => write('profiles.json', listOf(names.map(profileOf(manager))));

/** An inventory in which another manager has all of the names. */
function foreign(): string {
  const folder = scratch();
  write('all.json', listOf(names.map(profileOf('karmada'))), folder);
  return folder;
}

/** An inventory in which nothing can be written: its namespace is a file. */
function blocked(): string {
  const folder = scratch();
  write('fleet', 'no folder', folder);
  return folder;
}

const kubeconfig = (): string =>
  write('config', {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: names.map((name) => ({ name, cluster: { server: `https://${name}.example.com` } })),
  });

const owned = 'it belongs to cluster manager "karmada", and spec.clusterManager is immutable';

const deeds: [title: string, words: (inventory: string) => string[]][] = [
  ['apply', (inventory) => ['apply', '-f', profiles(), '--inventory', inventory]],
  ['diff', (inventory) => ['diff', '-f', profiles(), '--inventory', inventory]],
  ['import', (at) => ['import', 'kubeconfig', kubeconfig(), '-n', 'fleet', '--apply', '--inventory', at]],
  [
    'prune',
    (at) => ['import', 'kubeconfig', kubeconfig(), '-n', 'fleet', '--apply', '--prune', '-y', '--inventory', at],
  ],
];

describe.each(deeds)('%s that is refused for forty profiles', (_title, words) => {
  it('is one line, and with -v a line each', async () => {
    const brief = await run(words(foreign()));
    expect(brief.err).toContain(`refused: ${few}: ${owned}\n`);
    expect(brief.err.match(/^refused: /gm)).toHaveLength(1);
    expect(brief.code).toBe(5);
    const full = await run([...words(foreign()), '-v']);
    for (const name of all) expect(full.err).toContain(`refused: ${name}: ${owned}\n`);
  });

  it('is another line for what is refused for another reason', async () => {
    const inventory = foreign();
    const [first, ...others] = names;
    const items = [profileOf('istio')(first ?? ''), ...others.map(profileOf('karmada'))];
    write('all.json', listOf(items), inventory);
    const { err } = await run(words(inventory));
    expect(err.match(/^refused: .*$/gm)).toEqual([
      `refused: fleet/prod-10: ${owned.replace('karmada', 'istio')}`,
      `refused: fleet/prod-11, fleet/prod-12, fleet/prod-13 and 36 more: ${owned}`,
    ]);
  });
});

describe.each(deeds.filter(([title]) => title !== 'diff'))('%s that fails for forty profiles', (_title, words) => {
  it('is one error, which has all names with -v', async () => {
    const [inventory, longer] = [blocked(), blocked()];
    const brief = await run(words(inventory));
    expect(brief.err.match(/^error: .*$/gm)).toHaveLength(1);
    expect(brief.err).toMatch(
      new RegExp(`^error: ${few}: cannot read .*fleet/prod-10\\.yaml: a part of the path is not a directory$`, 'm'),
    );
    const full = await run([...words(longer), '-v']);
    expect(full.err).toContain(`error: ${all.join(', ')}: cannot read `);
  });
});

describe('an export that is refused for forty profiles', () => {
  const reason = 'status.accessProviders is missing, so nothing says how it is reached';

  it('is one error, and with -v an error each', async () => {
    const words = ['export', 'argocd', '--argocd-builtin', '-f', profiles()];
    expect(await run(words)).toEqual({
      code: 5,
      out: '',
      err: lines(`error: argocd: ${few}: ${reason}`, 'hint: import it again from a system that knows its endpoint'),
    });
    const { err } = await run([...words, '-v']);
    for (const name of all) expect(err).toContain(`error: argocd: ${name}: ${reason}\n`);
  });
});
