import { lstatSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { toYamlStream } from '../../../src/documents/yaml-out.ts';
import { run, type Ran } from '../../support/run.ts';
import { fixtures, scratch } from '../../support/paths.ts';
import { endOf, lines } from '../../support/text.ts';

const folder = join(fixtures, 'kubeconfig', 'export-three-clouds');
const providers = ['--provider-file', join(folder, 'providers.json')];
const toKubeconfig = ['export', 'kubeconfig', '-f', join(folder, 'export-input.yaml'), ...providers];
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
    expect(endOf(again.err)).toBe(`${file} unchanged (3 clusters)\n`);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('starts with the context that is asked for, in a folder that is not there yet, through a link', async () => {
    const at = scratch();
    const [link, file] = [join(at, 'config'), join(at, 'new', 'config')];
    symlinkSync(join('new', 'config'), link);
    expect(await merge(link, '--current-context=onprem-lab')).toMatchObject({ code: 0 });
    expect(parse(readFileSync(file, 'utf8'))).toMatchObject({ 'current-context': 'onprem-lab' });
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    const again = readFileSync(file, 'utf8');
    expect(await merge(file)).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).toBe(again);
    expect(await merge(join(at, 'other', 'config'))).toMatchObject({ code: 0 });
    expect(await merge(file, '--output-dir', at)).toEqual({
      code: 2,
      out: '',
      err: 'error: --merge and --output-dir exclude each other\n',
    });
  });

  it('keeps JSON, and its indent', async () => {
    const file = join(scratch(), 'config.json');
    const office = { name: 'office', cluster: { server: 'https://office.example.test' } };
    writeFileSync(file, `${JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters: [office] }, undefined, 4)}\n`);
    expect(await merge(file)).toMatchObject({ code: 0 });
    const text = readFileSync(file, 'utf8');
    expect(JSON.parse(text)).toMatchObject({ clusters: [office, { name: 'aks-prod-eu' }, {}, {}] });
    expect(text).toMatch(/^{\n {4}"apiVersion": "v1",\n[^]*}\n$/);
  });

  it('makes a file that is not there, and refuses entries of others and broken files', async () => {
    const file = join(scratch(), 'config');
    expect(await merge(file)).toMatchObject({ code: 0 });
    expect(mode(file)).toBe('600');
    writeFileSync(file, theirs.replaceAll('office', 'onprem-lab'));
    const notOurs = `${file}: its cluster "onprem-lab" was not made by this tool, and stays as it is`;
    expect(await merge(file)).toEqual({
      code: 5,
      out: '',
      err: lines(`error: ${notOurs}`, 'hint: rename that entry, or export into a file of its own'),
    });
    expect(readFileSync(file, 'utf8')).toBe(theirs.replaceAll('office', 'onprem-lab'));
    expect(await merge(file, '--skip-refused')).toEqual({
      code: 4,
      out: '',
      err: `error: kubeconfig: ${notOurs}\n`,
    });
    expect(names(file)).toEqual(['onprem-lab', 'aks-prod-eu', 'shop-prod-us-central1']);
    expect(readFileSync(file, 'utf8')).toContain('token: LEAKCANARY');
    writeFileSync(file, 'users: [{user: {token: LEAKCANARY]');
    expect(await merge(file)).toEqual({ code: 3, out: '', err: `error: ${file} is not YAML\n` });
  });
});

/** Profiles of these names, in a file. */
function fileOf(...names: [namespace: string, name: string][]): string {
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
}
async function mergeFrom(target: string, from: string, ...flags: string[]): Promise<Ran> {
  const { err, ...ran } = await run(['export', 'kubeconfig', '-f', from, ...providers, '--merge', target, ...flags]);
  return { ...ran, err: endOf(err) };
}
const contextsIn = (target: string): string[] =>
  (parse(readFileSync(target, 'utf8')) as { contexts: { name: string }[] }).contexts.map(({ name }) => name);

describe('export kubeconfig --merge, twice', () => {
  it('never points a context at another cluster, unless the first one is gone', async () => {
    const target = join(scratch(), 'config');
    await mergeFrom(target, fileOf(['team-a', 'prod']));
    const before = readFileSync(target, 'utf8');
    const other = fileOf(['team-b', 'prod']);
    const refused = {
      code: 5,
      out: '',
      err: lines(
        `error: ${target}: its cluster "prod" stands for ClusterProfile team-a/prod, not for team-b/prod`,
        'hint: export into a file of its own; or with -A --prune, where that profile is gone',
      ),
    };
    expect(await mergeFrom(target, other)).toEqual(refused);
    expect(await mergeFrom(target, other, '--prune', '--yes')).toEqual(refused);
    expect(readFileSync(target, 'utf8')).toBe(before);
    expect(await mergeFrom(target, other, '-A', '--prune', '--yes')).toMatchObject({ code: 0 });
    expect(parse(readFileSync(target, 'utf8'))).toMatchObject({ contexts: [{ name: 'prod' }] });
    expect(readFileSync(target, 'utf8')).toContain('profile: team-b/prod');
  });
});

describe('export kubeconfig --merge --prune', () => {
  const [inventory, fleet] = ['inventory', 'fleet-system'];
  const at = scratch();
  const all = fileOf([inventory, 'oslo'], [inventory, 'tokyo'], [fleet, 'lima']);
  const fewer = fileOf([inventory, 'oslo'], [fleet, 'lima']);
  const prune = ['--prune', '--yes', '-A'];

  it('takes out what stands for no profile any more, behind every guard', async () => {
    const target = join(at, 'guarded');
    const theirs = { name: 'office', context: { cluster: 'office', user: 'office' } };
    writeFileSync(target, stringify({ apiVersion: 'v1', kind: 'Config', contexts: [theirs] }));
    await mergeFrom(target, all);
    const before = readFileSync(target, 'utf8');
    const empty = fileOf();
    const nothing = 'error: nothing was written or deleted:';
    for (const [from, flags, code, ...said] of [
      [
        fewer,
        ['--prune', '-A'],
        2,
        'to be deleted: context tokyo',
        'error: Delete 1 object from the file: nobody can be asked',
        'hint: add --yes',
      ],
      [
        fewer,
        [...prune, '--max-delete=0'],
        5,
        `${nothing} 1 of 3 objects would go, the limit is 0`,
        'hint: --max-delete 1 allows it',
      ],
      [
        fewer,
        [...prune, '--manager=platform'],
        5,
        `${nothing} --manager leaves some profiles out`,
        'hint: --instance NAME gives this selection a name of its own, and prunes only what was written under it',
      ],
      [
        empty,
        prune,
        5,
        `${nothing} there is no profile at all`,
        'hint: --allow-empty deletes all that was written before',
      ],
      [
        empty,
        [...prune, '--allow-empty'],
        5,
        `${nothing} 3 of 3 objects would go, the limit is 1`,
        'hint: --max-delete 3 allows it',
      ],
    ] as const)
      expect(await mergeFrom(target, from, ...flags)).toEqual({ code, out: '', err: lines(...said) });
    expect(readFileSync(target, 'utf8')).toBe(before);
    expect(await mergeFrom(target, fewer, ...prune)).toEqual({
      code: 0,
      out: '',
      err: `${target} merged, as it was: ${target}.bak (2 clusters, 1 pruned)\n`,
    });
    expect(contextsIn(target).toSorted()).toEqual(['lima', 'office', 'oslo']);
    expect(readFileSync(`${target}.bak`, 'utf8')).toBe(before);
    expect(await mergeFrom(target, empty, ...prune, '--allow-empty', '--max-delete=100%')).toMatchObject({ code: 0 });
    expect(parse(readFileSync(target, 'utf8'))).toMatchObject({ clusters: [], users: [], contexts: [theirs] });
  });

  it('stays within the namespaces that were read, and within an instance', async () => {
    const target = join(at, 'scoped');
    await mergeFrom(target, all);
    await mergeFrom(target, fileOf([inventory, 'narvik']), '--instance=lab');
    expect(await mergeFrom(target, fileOf([inventory, 'oslo']), '--prune', '--yes', '-n', inventory)).toMatchObject({
      code: 0,
    });
    expect(contextsIn(target).toSorted()).toEqual(['lima', 'narvik', 'oslo']);
  });

  it('leaves what another instance has written too, and takes it out with the last one', async () => {
    const target = join(at, 'shared');
    await mergeFrom(target, all, '--instance=a');
    await mergeFrom(target, all, '--instance=b');
    const again = readFileSync(target, 'utf8');
    await mergeFrom(target, all, '--instance=a');
    expect(readFileSync(target, 'utf8')).toBe(again);
    const rest = ['--prune', '--yes', '-A', '--max-delete=100%'];
    await mergeFrom(target, fewer, '--instance=b', ...rest);
    expect(contextsIn(target).toSorted()).toEqual(['lima', 'oslo', 'tokyo']);
    await mergeFrom(target, all, '--instance=a', ...rest);
    expect(contextsIn(target)).toHaveLength(3);
    await mergeFrom(target, fewer, '--instance=a', ...rest);
    expect(contextsIn(target).toSorted()).toEqual(['lima', 'oslo']);
  });

  it('says when the current context goes', async () => {
    const target = join(at, 'current');
    await mergeFrom(target, all, '--current-context=tokyo');
    expect((await mergeFrom(target, fewer, ...prune)).err).toBe(
      `${target} merged, as it was: ${target}.bak (2 clusters, 1 pruned); its current-context tokyo is gone\n`,
    );
  });
});

describe('export kubeconfig --merge, in the style of the file', () => {
  const one = fileOf(['fleet', 'oslo']);
  it.each([
    ['as kubectl writes it', '- cluster:\n    server: https://office.example.test\n  name: office\n'],
    ['further in', '  - cluster:\n      server: https://office.example.test\n    name: office\n'],
    ['with other line ends', '- cluster:\r\n    server: https://office.example.test\r\n  name: office\r\n'],
  ])('%s', async (_style, list) => {
    const target = join(scratch(), 'config');
    const eol = list.includes('\r') ? '\r\n' : '\n';
    const text = ['apiVersion: v1', 'kind: Config', `clusters:${eol}${list}`].join(eol);
    writeFileSync(target, text);
    await mergeFrom(target, one);
    const after = readFileSync(target, 'utf8');
    expect(after.startsWith(text)).toBe(true);
    expect(after.replaceAll('\r\n', '').includes('\n')).toBe(eol === '\n');
  });

  it('says when anchors leave no room, and changes nothing', async () => {
    const target = join(scratch(), 'config');
    const text = 'apiVersion: v1\nkind: Config\nclusters: &none []\nusers: *none\ncontexts: *none\n';
    writeFileSync(target, text);
    expect(await mergeFrom(target, one)).toEqual({
      code: 3,
      out: '',
      err: lines(
        `error: ${target} has anchors and aliases that leave no room for this change`,
        'hint: write out what they stand for: kubectl config view --raw does',
      ),
    });
    expect(readFileSync(target, 'utf8')).toBe(text);
  });
});
