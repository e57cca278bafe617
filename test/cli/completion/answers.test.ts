import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { kubeconfigOf, startSilentServer } from '../hostile/servers.ts';
import { scratch } from '../../support/paths.ts';
import { oslo, profile } from '../../support/profiles.ts';
import { run, runBuilt } from '../../support/run.ts';

/** The values that are offered, and the directive behind them. */
async function complete(...typed: string[]): Promise<[values: string[], directive: string]> {
  const { out, err, code } = await run(['__complete', '--', ...typed]);
  expect({ err, code }).toEqual({ err: '', code: 0 });
  const lines = out.trimEnd().split('\n');
  return [lines.slice(0, -1).map((line) => line.split('\t')[0] ?? ''), lines.at(-1) ?? ''];
}

function makeInventory(): string {
  const folder = scratch();
  for (const each of [profile(), oslo({ metadata: { namespace: 'depot', labels: { tier: 'edge' } } })])
    writeFileSync(join(folder, `${(each['metadata'] as { name: string }).name}.yaml`), JSON.stringify(each));
  return folder;
}

function writeKubeconfig(...names: string[]): string {
  const file = join(scratch(), 'config');
  const contexts = names.map((name) => ({ name, context: { cluster: 'x' } }));
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters: [], contexts }));
  return file;
}

describe('completion', () => {
  it.each<[typed: string[], values: string[], directive?: string]>([
    [['im'], ['import']],
    [['ge'], ['get']],
    [['help', 'expl'], ['explain']],
    [['help', 'import', 'gk'], ['gke']],
    [
      ['crd', ''],
      ['print', 'install'],
    ],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish', 'powershell', 'install'],
    ],
    [
      ['import', 'kube'],
      ['kubeadmiral', 'kubeconfig', 'kubefleet', 'kubestellar', 'kubevela'],
    ],
    [
      ['import', '-n', 'fleet', 'kub'],
      ['kubeadmiral', 'kubeconfig', 'kubefleet', 'kubestellar', 'kubevela'],
    ],
    [['import', 'rancher-fleet', '--prun'], ['--prune']],
    [['import', '-n', 'fleet', 'gke', '--reach', 'd'], ['dns']],
    [['validate', ''], ['hub']],
    [['validate', '--for', 'kn'], ['knative']],
    [
      ['validate', '--for', 'knative', '--serv'],
      ['--serving', '--server'],
    ],
    [['validate', '--ignore', 'CP085,CP091'], ['CP085,CP091']],
    [['wait', '--for', 'condition=J'], ['condition=Joined']],
    [
      ['explain', 'spec.clusterM'],
      ['spec.clusterManager', 'spec.clusterManager.name'],
    ],
    [
      ['explain', 'DR0'],
      ['DR001', 'DR002', 'DR003', 'DR004', 'DR005', 'DR006', 'DR007', 'DR008', 'DR009', 'DR010', 'DR011'],
    ],
    [['explain', 'ocm', ''], []],
    [
      ['list', '--clu'],
      ['--clusterset', '--cluster'],
    ],
    // A flag that may be given once is offered once.
    [['list', '--clusterset=prod', '--clu'], ['--cluster']],
    [
      ['list', '--property', 'a', '--prop'],
      ['--property', '--property-columns'],
    ],
    [
      ['import', 'gke', '--dry-run', ''],
      ['client', 'server'],
    ],
    [['crd', 'install', '--dry-run', ''], ['server']],
    [
      ['list', '--health='],
      ['True', 'False', 'Unknown'],
    ],
    [['list', '--from', 'karm'], ['karmada:'], ':6'],
    [['list', '-o', 'jsonp'], ['jsonpath=', 'jsonpath-as-json=', 'jsonpath-file='], ':6'],
    [
      ['delete', '-o', ''],
      ['json', 'name'],
    ],
    [
      ['diff', '-o', ''],
      ['diff', 'json', 'name'],
    ],
    [
      ['report', '-o', ''],
      ['html', 'md'],
    ],
    [
      ['validate', '--output', ''],
      ['text', 'json', 'junit', 'sarif', 'github', 'gitlab'],
    ],
    [
      ['doctor', '--output='],
      ['json', 'junit'],
    ],
    [
      ['export', 'argocd', '-o', ''],
      ['yaml', 'json'],
    ],
    [['nothing', ''], []],
    [['list', '--nothing='], []],
    // Paths, which the shell completes: files, directories, and what a command of its own takes.
    [['apply', '-f', ''], [], ':0'],
    [['list', '--kubeconfig=co'], [], ':0'],
    [['import', 'kubeconfig', ''], [], ':0'],
    [['report', ''], [], ':0'],
    [['access', 'tokyo', '--', 'kubectl', ''], [], ':0'],
    [['export', 'argocd', '--output-dir', ''], [], ':16'],
    [['export', 'provider-file', '--plugin-dir', ''], []],
    [['apply', ''], []],
    [['list', '--timeout', ''], []],
    // A machine that is busy may not have an answer in time.
  ])('offers for %j what may follow', { retry: 5 }, async (typed, values, directive = ':4') => {
    const [offered, said] = await complete(...typed);
    expect([offered.toSorted(), said]).toEqual([values.toSorted(), directive]);
  });

  it('offers what the inventory has', { retry: 5 }, async () => {
    const inventory = makeInventory();
    const typed = ['list', '--inventory', inventory];
    expect(await complete(...typed, '')).toEqual([['oslo', 'tokyo'], ':4']);
    expect(await complete(...typed, '-n', 'shop', '')).toEqual([['tokyo'], ':4']);
    expect(await complete(...typed, 'oslo', '')).toEqual([['tokyo'], ':4']);
    expect(await complete('list', '-f', inventory, '')).toEqual([['oslo', 'tokyo'], ':4']);
    expect(await complete(...typed, '-n', '')).toEqual([['depot', 'shop'], ':4']);
    expect(await complete(...typed, '--clusterset', '')).toEqual([['retail'], ':4']);
    expect(await complete(...typed, '--manager=sh')).toEqual([['shop-fleet'], ':4']);
    expect(await complete(...typed, '--property', '')).toEqual([
      ['cluster.clusterset.k8s.io=', 'clusterset.k8s.io='],
      ':6',
    ]);
    expect(await complete(...typed, '-L', 'a,t')).toEqual([['a,tier'], ':4']);
  });

  it('offers names of the kubeconfig that a flag is about', async () => {
    const [hub, source] = [writeKubeconfig('hub', 'a b'), writeKubeconfig('lab', '1\u001b[2J', 'two\nlines')];
    const typed = ['import', 'karmada', '--kubeconfig', hub, '--source-kubeconfig', source];
    expect(await complete(...typed, '--context', '')).toEqual([['hub', 'a b'], ':4']);
    expect(await complete(...typed, '--source-context', '')).toEqual([['lab'], ':4']);
    expect(await complete('list', '--kubeconfig', join(scratch(), 'none'), '--context', '')).toEqual([[], ':4']);
  });

  it('takes quotes, the home directory and variables as a shell does', { retry: 5 }, async () => {
    const inventory = makeInventory();
    const typed = async (...words: string[]): Promise<string> =>
      (await run(['__complete', '--raw', '--', ...words], { env: { HOME: join(inventory, '..'), FLEET: inventory } }))
        .out;
    const name = basename(inventory);
    const paths = [
      `~/${name}`,
      '"$FLEET"',
      String.raw`$\FLEET/.`.replace('\\FLEET', '{FLEET}'),
      `'${inventory}'`,
      inventory.replace('-', String.raw`\-`),
    ];
    for (const path of paths)
      await expect
        .poll(() => typed('describe', '--inventory', path, '"to'), { timeout: 20_000 })
        .toBe('tokyo\tshop-fleet\n:4\n');
  });

  it('keeps nobody waiting for a hub that does not answer', async () => {
    const server = await startSilentServer();
    onTestFinished(server.close);
    const time = async (argv: string[]): Promise<number> => {
      const before = performance.now();
      const { out } = await runBuilt(argv);
      expect(out).toMatch(/^(:4\n|clusterprofile )/);
      return performance.now() - before;
    };
    const words = ['__complete', '--', 'describe', '--kubeconfig', kubeconfigOf(server.url), ''];
    // On a machine that is busy a start takes its time, and some of them do not.
    const times: number[] = [];
    for (let tries = 0; tries < 5; tries++) times.push((await time(words)) - (await time(['version'])));
    expect(Math.min(...times)).toBeLessThan(300);
  });
});
