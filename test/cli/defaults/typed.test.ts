import { describe, expect, it } from 'vitest';
import { lines } from '../../support/text.ts';
import { defaultsOf, makeWorld, profileOf } from './world.ts';

const near = 'repository/clusterprofile.yaml';
const files = {
  'repository/fleet/fleet_tokyo.yaml': profileOf('tokyo'),
  'repository/other/shop_oslo.yaml': profileOf('oslo', 'shop'),
  'repository/kubeconfig':
    'apiVersion: v1\nkind: Config\nclusters: [{name: prod-us, cluster: {server: "https://prod-us.example.com"}}]\n',
};
const names = (...all: string[]): string => lines(...all.map((name) => `clusterprofile.multicluster.x-k8s.io/${name}`));

describe('a default gives way', () => {
  it.each([
    ['inventory: fleet', ['-f', 'other'], names('oslo')],
    ['inventory: fleet', ['--inventory', 'other'], names('oslo')],
    ['filename: [fleet]', ['--inventory', 'other'], names('oslo')],
    ['filename: [fleet]', ['-f', 'other'], names('oslo')],
    ['{inventory: other, namespace: fleet}', ['-A'], names('oslo')],
    ['{inventory: other, all-namespaces: true}', ['-n', 'fleet'], ''],
    ['{inventory: other, all-namespaces: true}', ['oslo'], names('oslo')],
    ['{inventory: other, selector: tier=web}', ['oslo'], names('oslo')],
    ['{inventory: other, watch: true}', ['-f', 'other'], names('oslo')],
    ['{inventory: other, dedupe: true, output-watch-events: true}', [], names('oslo')],
  ])('%s to list %j', async (body, words, out) => {
    const text = body.startsWith('{') ? body : `{${body}}`;
    const { run } = makeWorld({ ...files, [near]: defaultsOf(`commands: {list: ${text}}\n`) });
    const ran = await run(['list', '-o', 'name', ...words]);
    expect({ out: ran.out, code: ran.code }).toEqual({ out, code: 0 });
  });

  it('an inventory to --context, which is of a hub', async () => {
    const { run } = makeWorld({ ...files, [near]: defaultsOf('defaults: {inventory: fleet}\n') });
    expect((await run(['list', '--context', 'hub'])).err).toMatch(/^error: .*(?:kubeconfig|context)/);
  });

  it('--diff to --apply and --output-dir, and what goes with --diff too', async () => {
    const body = defaultsOf(
      'defaults: {inventory: inventory}\ncommands: {import: {diff: true, full: true, namespace: fleet}}\n',
    );
    const { run } = makeWorld({ ...files, 'repository/inventory/.keep': '', [near]: body });
    const words = ['import', 'kubeconfig', '-f', 'kubeconfig'];
    expect((await run(words)).code).toBe(1);
    const applied = await run([...words, '--apply']);
    expect(applied).toMatchObject({ out: `${names('prod-us').trim()} created\n`, code: 0 });
    expect((await run(words)).code).toBe(0);
    expect((await run([...words, '--output-dir', 'out'])).code).toBe(0);
  });

  it('to a run without the flag that it goes with', async () => {
    const own = 'home/.config/clusterprofile/config.yaml';
    const { run } = makeWorld({
      ...files,
      [near]: defaultsOf('defaults: {inventory: inventory}\n'),
      [own]: defaultsOf('defaults: {dry-run: client}\n'),
    });
    const words = ['import', 'kubeconfig', '-f', 'kubeconfig', '-n', 'fleet', '-o', 'name'];
    expect(await run(words)).toMatchObject({ out: names('prod-us'), code: 0 });
    for (let time = 0; time < 2; time += 1)
      expect((await run([...words, '--apply'])).err).toBe(
        '1 created, 0 configured, 0 unchanged, 0 deleted (dry run)\n',
      );
  });

  it('and is of the nearer place where both exclude each other', async () => {
    const own = 'home/.config/clusterprofile/config.yaml';
    const { run } = makeWorld({
      ...files,
      [own]: defaultsOf('commands: {list: {from: [kubeconfig]}}\n'),
      [near]: defaultsOf('commands: {list: {filename: [fleet]}}\n'),
    });
    expect(await run(['list', '-o', 'name'])).toEqual({ out: names('tokyo'), err: '', code: 0 });
  });

  it('in completion too', async () => {
    const { run } = makeWorld({ ...files, [near]: defaultsOf('defaults: {inventory: fleet}\n') });
    const complete = async (...words: string[]): Promise<string> => (await run(['__complete', '--', ...words, ''])).out;
    expect(await complete('describe')).toBe('tokyo\tkubeconfig\n:4\n');
    expect(await complete('describe', '-f', 'other')).toBe('oslo\tkubeconfig\n:4\n');
  });
});

describe('defaults that exclude each other', () => {
  const own = 'home/.config/clusterprofile/config.yaml';

  it('are an error where they stand in one file, which is named', async () => {
    const { run } = makeWorld({
      ...files,
      [near]: defaultsOf('commands: {list: {filename: [fleet], inventory: other}}\n'),
    });
    expect((await run(['list'])).err).toMatch(
      /^note: defaults: --filename \S+ \(clusterprofile\.yaml:3\), .*\nerror: -f and an inventory exclude each other\n$/,
    );
  });

  it('give way to the nearer place', async () => {
    const { run } = makeWorld({
      ...files,
      [near]: defaultsOf('defaults: {inventory: fleet}\n'),
      [own]: defaultsOf('defaults: {context: hub, namespace: shop}\n'),
    });
    expect(await run(['list', '-o', 'name', '-A'])).toEqual({ out: names('tokyo'), err: '', code: 0 });
    const env = { CLUSTERPROFILE_CONTEXT: 'hub' };
    expect((await run(['list'], { env })).err).toMatch(/^error: .*(?:kubeconfig|context)/);
  });

  it('stay for a comparison', async () => {
    const { run } = makeWorld({ ...files, [near]: defaultsOf('defaults: {inventory: other}\n') });
    const words = ['validate', '-f', 'fleet', '--ignore', 'CP013'];
    expect((await run(words)).code).toBe(0);
    const moved = profileOf('oslo', 'shop')
      .replace('name: kubeconfig', 'name: web')
      .replace('manager: kubeconfig', 'manager: web');
    const changed = await makeWorld({
      ...files,
      'repository/fleet/shop_oslo.yaml': moved,
      [near]: defaultsOf('defaults: {inventory: other}\n'),
    }).run([...words, '--against', 'hub']);
    expect(changed.out).toMatch(/ error CP029: /);
  });
});
