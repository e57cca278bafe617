import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lines } from '../../support/text.ts';
import { defaultsOf, makeWorld, profileOf } from './world.ts';

const fleet = {
  'repository/fleet/fleet_tokyo.yaml': profileOf('tokyo'),
  'repository/fleet/shop_oslo.yaml': profileOf('oslo', 'shop'),
};
const near = 'repository/clusterprofile.yaml';
const own = 'home/.config/clusterprofile/config.yaml';
const names = (...all: string[]): string => lines(...all.map((name) => `clusterprofile.multicluster.x-k8s.io/${name}`));

describe('a flag that was not typed', () => {
  it('has the value of the nearest place: a variable, the directory, the person', async () => {
    const { run, write } = makeWorld(fleet);
    const list = ['list', '-f', 'fleet', '-o', 'name'];
    expect(await run(list)).toEqual({ out: names('tokyo', 'oslo'), err: '', code: 0 });
    write(own, defaultsOf('defaults: {namespace: shop}\n'));
    expect(await run(list)).toEqual({ out: names('oslo'), err: '', code: 0 });
    write(near, defaultsOf('defaults: {namespace: fleet}\n'));
    expect(await run(list)).toEqual({ out: names('tokyo'), err: '', code: 0 });
    write(near, defaultsOf('defaults: {namespace: fleet}\ncommands: {list: {namespace: shop}}\n'));
    expect(await run(list)).toEqual({ out: names('oslo'), err: '', code: 0 });
    const env = { CLUSTERPROFILE_NAMESPACE: 'fleet' };
    expect(await run(list, { env })).toEqual({ out: names('tokyo'), err: '', code: 0 });
    const both = { ...env, CLUSTERPROFILE_LIST_NAMESPACE: 'shop' };
    expect(await run(list, { env: both })).toEqual({ out: names('oslo'), err: '', code: 0 });
    expect(await run([...list, '-n', 'fleet'], { env: both })).toEqual({ out: names('tokyo'), err: '', code: 0 });
    const off = { ...both, CLUSTERPROFILE_NO_DEFAULTS: '1' };
    expect(await run(list, { env: off })).toEqual({ out: names('tokyo', 'oslo'), err: '', code: 0 });
  });

  it('is told with -v, and from a directory above up to the root of the repository only', async () => {
    const { run, write, repository } = makeWorld({ ...fleet, 'repository/deep/er/.keep': '' });
    write('clusterprofile.yaml', defaultsOf('defaults: {inventory: repository/fleet}\n'));
    write(near, defaultsOf('# where the fleet is\ndefaults:\n  namespace: shop\n  inventory: fleet/\n'));
    const place = '../../clusterprofile.yaml';
    expect(await run(['list', '-v', '-o', 'name'], { in: 'deep/er' })).toEqual({
      out: names('oslo'),
      err: `note: defaults: --inventory ${join(repository, 'fleet')}/ (${place}:6), --namespace shop (${place}:5)\n`,
      code: 0,
    });
    expect(await run(['list', '-o', 'name'], { in: '..' })).toEqual({ out: names('tokyo', 'oslo'), err: '', code: 0 });
    expect((await run(['list', '-o', 'name'], { in: '../home' })).err).toBe(
      lines(
        'error: there is no kubeconfig, so no hub',
        'hint: name a hub with --kubeconfig or --context, or use a directory with --inventory DIR',
      ),
    );
  });

  it('is not taken from a manifest that has the name of the file', async () => {
    const { run } = makeWorld({ ...fleet, [near]: profileOf('clusterprofile') });
    expect(await run(['list', '-f', 'fleet', '-o', 'name'])).toEqual({ out: names('tokyo', 'oslo'), err: '', code: 0 });
  });
});
