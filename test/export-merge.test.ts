import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { toYamlStream } from '../src/kubernetes/yaml-out.ts';
import { run } from './support/run.ts';

const folder = join(import.meta.dirname, '..', 'fixtures', 'kubeconfig', 'export-three-clouds');
const providers = ['--provider-file', join(folder, 'providers.json')];
const toKubeconfig = ['export', 'kubeconfig', '-f', join(folder, 'export-input.yaml'), ...providers];
const scratch = (): string => mkdtempSync(join(tmpdir(), 'export-merge-'));
const mode = (file: string): string => (statSync(file).mode & 0o777).toString(8);

describe('export kubeconfig --merge', () => {
  const theirs = `# kept
apiVersion: v1
kind: Config
current-context: office
clusters:
- name: office # ours since 2019
  cluster: {server: https://office.example.test}
users:
- name: office
  user: {token: LEAKCANARY}
contexts:
- name: office
  context: {cluster: office, user: office}
`;
  const merge = (file: string, ...flags: string[]): ReturnType<typeof run> =>
    run([...toKubeconfig, '--merge', file, '-q', ...flags]);
  const names = (file: string): string[] =>
    (parse(readFileSync(file, 'utf8')) as { users: { name: string }[] }).users.map(({ name }) => name);

  it('adds our entries and changes those only; what was there is kept beside it', async () => {
    const file = join(scratch(), 'config');
    writeFileSync(file, theirs, { mode: 0o644 });
    expect(await merge(file, '-l', 'env=lab')).toEqual({ code: 0, out: '', err: '' });
    expect(await merge(file)).toMatchObject({ code: 0, out: '' });
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('# kept');
    expect(text).toContain('# ours since 2019');
    expect(names(file)).toEqual(['office', 'onprem-lab', 'aks-prod-eu', 'shop-prod-us-central1']);
    expect(parse(text)).toMatchObject({ 'current-context': 'office' });
    expect([mode(file), mode(`${file}.bak`)]).toEqual(['600', '600']);
    expect(names(`${file}.bak`)).toEqual(['office', 'onprem-lab']);
    const again = await run([...toKubeconfig, '--merge', file]);
    expect(again.err).toContain(`${file} unchanged (3 clusters)`);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('makes a file that is not there, and refuses entries of others, broken files and locked ones', async () => {
    const file = join(scratch(), 'config');
    expect(await merge(file)).toMatchObject({ code: 0 });
    expect(mode(file)).toBe('600');
    writeFileSync(file, theirs.replaceAll('office', 'onprem-lab'));
    const refused = await merge(file);
    expect(refused).toMatchObject({ code: 5, err: expect.stringContaining('"onprem-lab" was not made by') as string });
    expect(readFileSync(file, 'utf8')).toBe(theirs.replaceAll('office', 'onprem-lab'));
    writeFileSync(file, 'users: [{user: {token: LEAKCANARY]');
    const broken = await merge(file);
    expect(broken.code).toBe(3);
    expect(broken.err).not.toContain('LEAKCANARY');
    writeFileSync(`${file}.lock`, '');
    expect(await merge(file)).toMatchObject({ code: 3, err: expect.stringContaining('.lock') as string });
  });
});

describe('export kubeconfig --merge --prune', () => {
  const [inventory, fleet] = ['inventory', 'fleet-system'];
  const at = scratch();
  const file = (...names: [namespace: string, name: string][]): string => {
    const path = join(scratch(), 'profiles.yaml');
    const profileOf = ([namespace, name]: [string, string]): object => ({
      apiVersion: 'multicluster.x-k8s.io/v1alpha1',
      kind: 'ClusterProfile',
      metadata: { name, namespace },
      spec: { clusterManager: { name: 'platform' } },
      status: { accessProviders: [{ name: 'secretreader', cluster: { server: `https://${name}.example.test` } }] },
    });
    writeFileSync(path, toYamlStream(names.map(profileOf)));
    return path;
  };
  const merge = (target: string, from: string, ...flags: string[]): ReturnType<typeof run> =>
    run(['export', 'kubeconfig', '-f', from, ...providers, '--merge', target, ...flags]);
  const contexts = (target: string): string[] =>
    (parse(readFileSync(target, 'utf8')) as { contexts: { name: string }[] }).contexts.map(({ name }) => name);
  const all = file([inventory, 'oslo'], [inventory, 'tokyo'], [fleet, 'lima']);
  const fewer = file([inventory, 'oslo'], [fleet, 'lima']);
  const prune = ['--prune', '--yes', '-A'];

  it('takes out what stands for no profile any more, behind every guard', async () => {
    const target = join(at, 'guarded');
    const theirs = { name: 'office', context: { cluster: 'office', user: 'office' } };
    writeFileSync(target, stringify({ apiVersion: 'v1', kind: 'Config', contexts: [theirs] }));
    await merge(target, all);
    const before = readFileSync(target, 'utf8');
    const empty = file();
    for (const [from, flags, code] of [
      [fewer, ['--prune', '-A'], 2],
      [fewer, [...prune, '--max-delete=0'], 5],
      [fewer, [...prune, '--manager=platform'], 5],
      [empty, prune, 5],
      [empty, [...prune, '--allow-empty'], 5],
    ] as const)
      expect([flags, (await merge(target, from, ...flags)).code]).toEqual([flags, code]);
    expect(readFileSync(target, 'utf8')).toBe(before);
    expect(await merge(target, fewer, ...prune)).toMatchObject({
      code: 0,
      err: expect.stringMatching(/merged, as it was: .*\.bak \(2 clusters, 1 pruned\)/) as string,
    });
    expect(contexts(target).toSorted()).toEqual(['lima', 'office', 'oslo']);
    expect(readFileSync(`${target}.bak`, 'utf8')).toBe(before);
    expect(await merge(target, empty, ...prune, '--allow-empty', '--max-delete=100%')).toMatchObject({ code: 0 });
    expect(parse(readFileSync(target, 'utf8'))).toMatchObject({ clusters: [], users: [], contexts: [theirs] });
  });

  it('stays within the namespaces that were read, and within an instance', async () => {
    const target = join(at, 'scoped');
    await merge(target, all);
    await merge(target, file([inventory, 'narvik']), '--instance=lab');
    expect(await merge(target, file([inventory, 'oslo']), '--prune', '--yes', '-n', inventory)).toMatchObject({
      code: 0,
    });
    expect(contexts(target).toSorted()).toEqual(['lima', 'narvik', 'oslo']);
  });
});
