import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { run, type Ran } from '../../support/run.ts';
import { fixtures, scratch } from '../../support/paths.ts';
import { endOf, lines } from '../../support/text.ts';

const folder = join(fixtures, 'kubeconfig', 'export-three-clouds');
const all = join(folder, 'export-input.yaml');
const providers = ['--provider-file', join(folder, 'providers.json')];

/** A file with the profiles whose names are not given. */
function without(...names: string[]): string {
  const objects = parseAllDocuments(readFileSync(all, 'utf8')).map(
    (document) => document.toJS() as { metadata: { name: string } },
  );
  const file = join(scratch(), 'profiles.yaml');
  const left = objects.filter(({ metadata }) => !names.includes(metadata.name));
  writeFileSync(file, left.map((each) => stringify(each)).join('---\n'));
  return file;
}

const prune = ['--prune', '--yes', '--max-delete=100%'];

const notOurs = 'refused: Secret argocd/cluster-onprem-lab: it is there already, and this tool did not make it';
const refused = (reason: string, hint: string): Ran => ({
  code: 5,
  out: '',
  err: lines(`error: nothing was written or deleted: ${reason}`, `hint: ${hint}`),
});
const noProfile = refused('there is no profile at all', '--allow-empty deletes all that was written before');

describe('export --output-dir', () => {
  let out: string;
  beforeEach(() => {
    out = scratch();
  });
  const exported = (consumer: string, file: string, ...flags: string[]): Promise<Ran> =>
    run(['export', consumer, '-f', file, '-A', '-q', '--output-dir', out, ...flags]);
  const argocd = (file: string, ...flags: string[]): Promise<Ran> => exported('argocd', file, ...providers, ...flags);
  const files = (under = 'argocd'): string[] =>
    existsSync(join(out, under)) ? readdirSync(join(out, under)).toSorted() : [];

  it('says what changes, changes that only, and writes what it prints', async () => {
    const diff = await argocd(all, '--diff');
    expect(diff).toMatchObject({ code: 1, out: expect.stringContaining('+  config: "***"') as string });
    expect(readdirSync(out)).toEqual([]);
    expect((await argocd(all)).out).toMatch(/^(secret\/\S+ created\n){3}$/);
    const printed = await run(['export', 'argocd', '-f', all, ...providers, '-q']);
    expect(files().map((file) => readFileSync(join(out, 'argocd', file), 'utf8'))).toEqual(printed.out.split('---\n'));
    const path = join(out, 'argocd', files()[0]!);
    const before = statSync(path, { bigint: true }).mtimeNs;
    expect((await argocd(all)).out).toMatch(/^(secret\/\S+ unchanged\n){3}$/);
    expect(statSync(path, { bigint: true }).mtimeNs).toBe(before);
    expect(await argocd(all, '--diff')).toEqual({ code: 0, out: '', err: '' });
    writeFileSync(path, readFileSync(path, 'utf8').replace('server: https', 'server: http'));
    const edited = await argocd(all, '--diff');
    expect(edited.out).toContain('-  server: "*** (before)"');
    expect((await argocd(all)).out).toContain(' configured\n');
    expect(await argocd(all, '--diff')).toMatchObject({ code: 0 });
  });

  it('prunes the files of profiles that are gone, behind every guard', async () => {
    await argocd(all);
    const fewer = without('onprem-lab');
    const empty = join(scratch(), 'empty.yaml');
    writeFileSync(empty, '');
    expect((await argocd(fewer)).out).not.toContain('deleted');
    expect(await argocd(fewer, '--prune', '-l', 'env=prod')).toEqual(
      refused(
        '--selector leaves some profiles out',
        '--instance NAME gives this selection a name of its own, and prunes only what was written under it',
      ),
    );
    expect(await argocd(empty, ...prune)).toEqual(noProfile);
    expect(await argocd(fewer, '--prune')).toEqual({
      code: 2,
      out: '',
      err: lines(
        'to be deleted: Secret argocd/cluster-onprem-lab',
        `error: Delete 1 object from directory ${out}: nobody can be asked`,
        'hint: add --yes',
      ),
    });
    for (const none of ['0', '0%'])
      expect(await argocd(fewer, '--prune', '--yes', `--max-delete=${none}`)).toEqual(
        refused('1 of 3 objects would go, the limit is 0', '--max-delete 1 allows it'),
      );
    expect(await argocd(all, '--prune', '--yes', '--max-delete=some')).toEqual({
      code: 2,
      out: '',
      err: 'error: --max-delete takes a number or a percentage, not "some"\n',
    });
    expect((await argocd(fewer, ...prune, '--instance=other')).out).not.toContain('deleted');
    expect((await argocd(fewer, '--prune', '--diff')).out).toContain('cluster-onprem-lab');
    expect(files()).toHaveLength(3);
    expect(await argocd(fewer, ...prune)).toMatchObject({
      code: 0,
      out: expect.stringContaining('secret/cluster-onprem-lab deleted\n') as string,
    });
    expect(files()).toEqual(['secret-cluster-aks-prod-eu.yaml', 'secret-cluster-shop-prod-us-central1.yaml']);
    // The other instance has written these two as well.
    expect((await argocd(empty, ...prune, '--allow-empty')).out).toMatch(/^(secret\/\S+ released\n){2}$/);
    expect(files()).toHaveLength(2);
    expect((await argocd(empty, ...prune, '--allow-empty', '--instance=other')).out).toMatch(/( deleted\n.*){2}/);
    expect([files(), readdirSync(out)]).toEqual([[], ['argocd']]);
  });

  it('never touches a file of somebody else, or of another consumer', async () => {
    const foreign = join(out, 'argocd', 'secret-cluster-onprem-lab.yaml');
    await argocd(without('onprem-lab'));
    writeFileSync(foreign, 'apiVersion: v1\nkind: Secret\nmetadata: {name: cluster-onprem-lab, namespace: argocd}\n');
    const text = readFileSync(foreign, 'utf8');
    expect(await argocd(all, '--force-conflicts')).toEqual({
      code: 5,
      out: '',
      err: lines(notOurs, 'error: 1 of 3 refused, nothing was written', 'hint: --skip-refused does the rest'),
    });
    expect(await argocd(all, '--skip-refused')).toMatchObject({ code: 4, err: lines(notOurs) });
    // A controller that copies labels of profiles onto its own objects, and a repository that has these.
    writeFileSync(foreign, text.replace('}', ', labels: {app.kubernetes.io/managed-by: clusterprofile}}'));
    expect(await argocd(all, '--force-conflicts', ...prune)).toMatchObject({ code: 5 });
    expect(readFileSync(foreign, 'utf8')).toContain('labels: {app');
    writeFileSync(foreign, text);
    await argocd(without('onprem-lab'), ...prune);
    expect(readFileSync(foreign, 'utf8')).toBe(text);
    writeFileSync(foreign, `${text}---\n${text}`);
    expect(await argocd(all)).toEqual({
      code: 3,
      out: '',
      err: `error: ${foreign} is there already and holds something else\n`,
    });
    rmSync(foreign);

    // Two consumers that have Secrets in one namespace.
    await exported('kiali', all, ...providers, '--kiali-namespace=argocd');
    await argocd(without('onprem-lab', 'aks-prod-eu'), ...prune);
    expect(files().filter((file) => file.includes('kiali'))).toHaveLength(3);
    expect(files().filter((file) => file.includes('cluster-'))).toHaveLength(4);
  });

  it('has an object in one file, whatever the format of earlier runs', async () => {
    await argocd(all);
    expect((await argocd(without('aks-prod-eu'), '-o', 'json')).out).toMatch(/^(secret\/\S+ configured\n){2}$/);
    expect(files()).toEqual([
      'secret-cluster-aks-prod-eu.yaml',
      'secret-cluster-onprem-lab.json',
      'secret-cluster-shop-prod-us-central1.json',
    ]);
    expect((await argocd(without('aks-prod-eu'), '-o', 'json', ...prune)).out).toContain('aks-prod-eu deleted\n');
    expect(files()).toHaveLength(2);
    expect(await argocd(without('aks-prod-eu'), '-o', 'json', '--diff')).toMatchObject({ code: 0, out: '' });

    // A file that is somebody else's by now is no file of an earlier run.
    const file = join(out, 'argocd', 'secret-cluster-onprem-lab.json');
    const own = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      own.replaceAll(/"(app\.kubernetes\.io\/managed-by|clusterprofile\.dev\/origin)"/g, '"$1-once"'),
    );
    expect(await argocd(all, '--force-conflicts')).toMatchObject({ code: 5 });
    writeFileSync(file, `${own}---\n{"kind": "ConfigMap"}\n`);
    expect(await argocd(all)).toMatchObject({ code: 3 });
    writeFileSync(file, own.replace('inventory/onprem-lab', 'inventory/other'));
    expect(await argocd(all)).toMatchObject({ code: 5 });
    writeFileSync(file, own);
    await argocd(all, '--instance=web', '-o', 'json');
    await argocd(all);
    expect(files()).toContain('secret-cluster-onprem-lab.json');
    expect(files()).toContain('secret-cluster-onprem-lab.yaml');
  });

  it('knows its files with a list that git has given other line ends', async () => {
    const list = join(out, '.clusterprofile-export-argocd');
    await argocd(all);
    await argocd(all, '--instance=web');
    for (const each of [list, `${list}.web`]) writeFileSync(each, readFileSync(each, 'utf8').replaceAll('\n', '\r\n'));
    expect((await argocd(without('onprem-lab'), ...prune)).out).toContain('onprem-lab released\n');
    expect((await argocd(without('onprem-lab'), ...prune, '--instance=web')).out).toContain('onprem-lab deleted\n');
  });

  it('says when the directory is a file', async () => {
    const file = join(out, 'file');
    writeFileSync(file, '');
    for (const words of [
      ['export', 'argocd', '-f', all, ...providers, '--output-dir', file],
      ['list', '--inventory', file],
    ])
      expect(endOf((await run(words)).err)).toBe(`error: ${file} is not a directory\n`);
    expect(await run(['list', '--inventory', join(out, 'none')])).toEqual({
      code: 3,
      out: '',
      err: `error: cannot read ${join(out, 'none')}: no such directory\n`,
    });
  });

  it('says that a difference may not be all', async () => {
    const some = ['export', 'flux', '-f', all, '--skip-refused', '-q', '--output-dir', out];
    expect(await run(some)).toMatchObject({ code: 4 });
    expect(await run([...some, '--diff'])).toMatchObject({ code: 4, out: '' });
  });

  it.each([
    ['--dry-run=server', '--dry-run goes with --apply'],
    ['--create-namespace', '--create-namespace goes with --apply'],
    ['--show-secrets', '--show-secrets goes with --diff'],
    ['--max-delete=3', '--max-delete goes with --prune'],
    ['--allow-empty', '--allow-empty goes with --prune'],
    ['--yes', '--yes goes with --prune'],
    ['--force-conflicts', '--force-conflicts goes with --apply, --diff, --output-dir'],
    ['--instance=web', '--instance is about where an export goes, and this one is printed\nhint: --apply or --diff'],
    [
      '--target-context=argo',
      '--target-context is about where an export goes, and this one is printed\nhint: --apply or --diff',
    ],
    ['--apply --diff', '--apply and --diff exclude each other'],
    ['--apply --output-dir=out', '--output-dir and --apply exclude each other'],
    ['--diff --instance=Web', '--instance takes a name of lower case letters, digits and -, not "Web"'],
    ['--prune', '--prune goes with --apply, --diff or --output-dir'],
  ])('takes no flags that would do nothing: %s', async (flags, error) => {
    const ran = await run(['export', 'argocd', '-f', all, ...providers, ...flags.split(' ')]);
    expect(ran).toEqual({ code: 2, out: '', err: lines(`error: ${error}`) });
  });

  it('leaves a file that was moved, and one that is not of the namespaces that were read', async () => {
    await argocd(all);
    const moved = join(out, 'kept.yaml');
    renameSync(join(out, 'argocd', 'secret-cluster-onprem-lab.yaml'), moved);
    const labels = await run([
      'export',
      'argocd',
      '-f',
      without('onprem-lab', 'aks-prod-eu'),
      ...providers,
      '-q',
      '--output-dir',
      out,
      ...prune,
    ]);
    expect(labels).toMatchObject({ code: 0 });
    expect(existsSync(moved)).toBe(true);
    // Its namespace, fleet-system, was no part of the read.
    expect(files()).toContain('secret-cluster-aks-prod-eu.yaml');
  });

  it('prunes what a placement no longer chooses, from whatever namespace it is', async () => {
    const decision = (...chosen: [namespace: string, name: string][]): object => ({
      apiVersion: 'multicluster.x-k8s.io/v1alpha1',
      kind: 'PlacementDecision',
      metadata: { name: 'web', namespace: 'inventory' },
      decisions: chosen.map(([namespace, name]) => ({ clusterProfileRef: { namespace, name } })),
    });
    const file = join(scratch(), 'decision.json');
    const from = ['export', 'argocd', '-f', all, '-f', file, '-q', '--placement', 'inventory/web'];
    const placed = (...flags: string[]): Promise<Ran> =>
      run([...from, '--output-dir', out, ...providers, '--instance', 'web', ...flags]);
    writeFileSync(file, JSON.stringify(decision(['inventory', 'onprem-lab'], ['fleet-system', 'aks-prod-eu'])));
    expect((await placed()).out).toMatch(/^(secret\/\S+ created\n){2}$/);
    writeFileSync(file, JSON.stringify(decision(['inventory', 'onprem-lab'])));
    expect((await placed(...prune)).out).toContain('secret/cluster-aks-prod-eu deleted\n');
    // A reference that leads nowhere: the read is not whole.
    writeFileSync(file, JSON.stringify(decision(['inventory', 'onprem-lab'], ['inventory', 'gone'])));
    const torn = await placed(...prune);
    expect({ ...torn, err: endOf(torn.err) }).toEqual(
      refused(
        'some profiles could not be read or were refused, and what stands for them would go',
        'run it again when everything can be read, or without --prune',
      ),
    );
    expect(files()).toEqual(['secret-cluster-onprem-lab.yaml']);
    // Nothing chosen is something to say.
    writeFileSync(file, JSON.stringify(decision()));
    const none = await run([...from, '--list-generator']);
    expect(none).toMatchObject({ code: 0, out: '- list:\n    elements: []\n' });
    expect(await placed(...prune)).toEqual(noProfile);
    expect((await placed(...prune, '--allow-empty')).out).toContain('secret/cluster-onprem-lab deleted\n');
  });

  it('looks at no file outside, whatever its list says', async () => {
    await argocd(all);
    const outside = join(scratch(), 'secret-cluster-x.yaml');
    writeFileSync(outside, 'LEAKCANARY: [');
    const list = join(out, '.clusterprofile-export-argocd');
    writeFileSync(list, `${readFileSync(list, 'utf8')}${outside}\n../${outside}\n../../../../../../../..${outside}\n`);
    const { err, code } = await argocd(all, ...prune);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(readFileSync(list, 'utf8')).not.toContain(outside);
    expect(existsSync(outside)).toBe(true);
  });

  it('keeps entities of a catalog as it keeps objects', async () => {
    const kept = ['--skip-refused', '--format=catalog'];
    expect((await exported('backstage', all, ...kept)).out).toContain('created');
    const fewer = without('aks-prod-eu', 'onprem-lab');
    expect(await exported('backstage', fewer, ...kept, ...prune)).toMatchObject({
      out: expect.stringMatching(/resource\.backstage\.io\/aks-prod-eu deleted/) as string,
    });
  });

  it('has nothing to compare where a consumer reads one file', async () => {
    const file = join(out, 'clusterprofile-provider-file.json');
    expect(await exported('headlamp', all, ...providers)).toMatchObject({ code: 0, out: `${file} created\n` });
    expect(await exported('headlamp', all, ...providers)).toMatchObject({ code: 0, out: `${file} unchanged\n` });
    expect(readdirSync(out)).toEqual(['clusterprofile-provider-file.json']);
    for (const flags of [['--diff'], ['--prune']]) {
      expect(await exported('headlamp', all, ...providers, ...flags)).toMatchObject({ code: 2 });
      expect(await exported('kueue', all, ...providers, '--manager-config', ...flags)).toMatchObject({ code: 2 });
      expect(await argocd(all, '--list-generator', ...flags)).toMatchObject({ code: 2 });
    }
    expect(await exported('kubeconfig', all, ...providers, '--prune')).toMatchObject({ code: 2 });
    expect(await argocd(all, '--apply')).toMatchObject({ code: 2 });
    // Each under a name of its own.
    await argocd(all, '--list-generator');
    await exported('kubeconfig', all, ...providers);
    await exported('backstage', all, '--format=app-config');
    expect(readdirSync(out).toSorted()).toEqual([
      'app-config.yaml',
      'clusterprofile-provider-file.json',
      'kubeconfig.yaml',
      'list-generator.yaml',
    ]);
    expect(statSync(join(out, 'kubeconfig.yaml')).mode & 0o777).toBe(0o600);
  });
});
