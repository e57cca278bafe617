import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startFaultProxy } from '../../support/hub/fault-proxy.ts';
import { describeHub, theHub } from '../../support/hub/hub.ts';
import { kubeconfig } from '../../support/hub/kubeconfig.ts';
import { runKubectl } from '../../support/hub/kubectl.ts';
import { startHub, type Hub, type RunningHub } from '../../support/hub/server.ts';
import { scratch } from '../../support/paths.ts';
import { type Tree } from '../../support/profiles.ts';
import { run, type Ran } from '../../support/run.ts';
import { writeProviders, writeScratch, written } from '../../support/written.ts';

const group = 'multicluster.x-k8s.io';
const [older, later] = ['v1alpha1', 'v1alpha2'].map((version) => `${group}/${version}`) as [string, string];

const counts = (created: number, configured: number, unchanged: number): string =>
  `${created} created, ${configured} configured, ${unchanged} unchanged, 0 deleted\n`;

/** A profile whose access provider has the name that v1alpha1 had for it first. */
function withCredentialProviders(name: string): Tree {
  const profile = written(name, 'fleet');
  const { accessProviders, ...status } = profile['status'] as Tree;
  return { ...profile, status: { ...status, credentialProviders: accessProviders } };
}

describeHub.each([
  { serves: ['v1alpha1'], speaks: older, converts: [later] },
  { serves: ['v1alpha1', 'v1alpha2'], speaks: later, converts: [] },
  { serves: ['v1alpha2'], speaks: later, converts: [older] },
])('a hub that serves $serves', ({ serves, speaks, converts }) => {
  let running: RunningHub;
  let hub: Hub;
  let target: string[];
  const config = (server: string): string => {
    const file = join(scratch(), 'kubeconfig');
    writeFileSync(file, kubeconfig({ ...hub, url: server }, { namespace: 'fleet' }), { mode: 0o600 });
    return file;
  };
  const on = (verb: string, object: Tree, ...more: string[]): Promise<Ran> =>
    run([verb, '-f', writeScratch('fleet.json', [object]), ...target, ...more]);
  const kubectl = (...words: string[]) => runKubectl(hub, [...words, '-n', 'fleet']);
  const read = async (name: string): Promise<Tree> =>
    JSON.parse((await kubectl('get', 'clusterprofile', name, '-o', 'json')).stdout) as Tree;

  beforeAll(async () => {
    theHub();
    running = await startHub({ crd: serves });
    ({ hub } = running);
    target = ['--kubeconfig', config(hub.url)];
    await runKubectl(hub, ['create', 'namespace', 'fleet']);
  });
  afterAll(() => running.stop());

  it.each([older, later])('takes manifests of %s, and finds no difference afterwards', async (apiVersion) => {
    const name = `of-${apiVersion.split('/')[1]}`;
    const profile: Tree = { ...written(name, 'fleet'), apiVersion };
    const [own, other] = [apiVersion, speaks].map((each) => each.split('/')[1]);
    const note = converts.includes(apiVersion)
      ? `note: fleet/${name}: written as ${other}, the hub does not serve ${own}\n`
      : '';
    const differs = await on('diff', profile);
    expect(differs).toMatchObject({ code: 1, err: `${note}1 to create\n` });
    expect(differs.out).toContain(`+apiVersion: ${speaks}\n`);
    expect(await on('apply', profile)).toMatchObject({ code: 0, err: `${note}${counts(1, 0, 0)}` });
    expect(await on('diff', profile)).toEqual({ code: 0, out: '', err: note });
    expect(await on('apply', profile)).toMatchObject({ code: 0, err: `${note}${counts(0, 0, 1)}` });
    // The same object in the other version is the same object.
    const twin = { ...profile, apiVersion: apiVersion === older ? later : older };
    expect(await on('diff', twin)).toMatchObject({ code: 0, out: '' });
    const changed = { ...twin, spec: { displayName: 'Tokyo again', clusterManager: { name: 'shop-fleet' } } };
    expect((await on('diff', changed)).out).toMatch(/^\+ +displayName: Tokyo again$/m);
    expect((await on('diff', changed)).out).not.toMatch(/^[-+]apiVersion/m);
    expect((await on('apply', changed)).err).toContain(counts(0, 1, 0));
    expect(await read(name)).toMatchObject({ apiVersion: speaks, status: profile['status'] });
  });

  it('is asked once what it serves', async () => {
    const proxy = await startFaultProxy(hub);
    const words = ['--kubeconfig', config(proxy.url)];
    await run([
      'apply',
      '-f',
      writeScratch(
        'fleet.json',
        ['a', 'b'].map((name) => written(name, 'fleet')),
      ),
      ...words,
    ]);
    const paths = proxy.requests.map(({ path }) => path);
    expect(paths.filter((path) => path === `/apis/${group}`)).toHaveLength(1);
    expect(paths.slice(1).every((path) => path.startsWith(`/apis/${speaks}/`))).toBe(true);
    proxy.clear();
    // Who may not ask tries what it knows.
    proxy.inject(({ path }) =>
      path === `/apis/${group}`
        ? { reply: { status: 403, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 403 } } }
        : undefined,
    );
    expect(await run(['list', 'a', '--no-headers', ...words])).toMatchObject({ code: 0 });
    await proxy.close();
  });

  it('gets access providers under the name that it has for them', async () => {
    const profile = withCredentialProviders('older');
    const applied = await on('apply', profile);
    const note = 'note: fleet/older: written as v1alpha2, with its credentialProviders as accessProviders\n';
    expect(applied).toMatchObject({ code: 0, err: `${speaks === later ? note : ''}${counts(1, 0, 0)}` });
    expect((await on('diff', profile)).code).toBe(0);
    const [has, lacks] =
      speaks === later ? ['accessProviders', 'credentialProviders'] : ['credentialProviders', 'accessProviders'];
    const { status } = await read('older');
    expect(status).toHaveProperty(has);
    expect(status).not.toHaveProperty(lacks);
  });

  it('works with every command', async () => {
    const source = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'tokyo', cluster: { server: 'https://tokyo.example.com' } }],
    });
    const imported = ['import', 'kubeconfig', '-f', writeScratch('source.json', source), ...target];
    expect(await run([...imported, '--apply'])).toMatchObject({ code: 0, err: counts(1, 0, 0) });
    expect(await run([...imported, '--diff'])).toEqual({ code: 0, out: '', err: '' });
    expect(await run([...imported, '--apply', '--prune'])).toMatchObject({ code: 0, err: counts(0, 0, 1) });
    await on('apply', written('oslo', 'fleet'));
    const listed = await run(['list', '-o', 'json', ...target]);
    expect(listed).toMatchObject({ code: 0, err: '' });
    const { items } = JSON.parse(listed.out) as { items: Tree[] };
    expect(new Set(items.map(({ apiVersion }) => apiVersion))).toEqual(new Set([speaks]));
    expect(await run(['describe', 'tokyo', ...target])).toMatchObject({ code: 0, err: '' });
    expect((await run(['validate', 'hub', ...target])).code).toBeLessThan(2);
    const exported = await run([
      'export',
      'kubeconfig',
      '--provider-file',
      writeProviders(),
      '--skip-refused',
      ...target,
    ]);
    expect(exported.out).toContain('https://oslo.example.com:6443');
    const typed = ['__complete', '--', 'describe', '--kubeconfig', target[1] ?? '', '-n', 'fleet', 'os'];
    // Completion gives up early on a machine that is busy.
    await expect.poll(async () => (await run(typed)).out, { timeout: 30_000 }).toContain('oslo');
    expect(await run(['crd', 'install', ...target])).toMatchObject({ code: 0 });
    expect(await run(['delete', 'oslo', ...target])).toMatchObject({ code: 0 });
    expect(await run(['list', 'oslo', ...target])).toMatchObject({ code: 9 });
  });

  it('passes on once what it warns of', async () => {
    const proxy = await startFaultProxy(hub);
    const warnings = '299 - "it is old", 299 - "say \\"no\\"", 299 - "it is old"';
    const body = { apiVersion: speaks, kind: 'ClusterProfileList', metadata: {}, items: [] };
    proxy.inject(({ path }) =>
      path.includes('/clusterprofiles') ? { reply: { status: 200, headers: { warning: warnings }, body } } : undefined,
    );
    const words = ['list', 'a', 'b', '--ignore-not-found', '--kubeconfig', config(proxy.url)];
    expect(await run(words)).toEqual({ code: 0, out: '', err: 'Warning: it is old\nWarning: say "no"\n' });
    expect(await run([...words, '--quiet'])).toEqual({ code: 0, out: '', err: '' });
    await proxy.close();
  });

  it('says of a version that nobody knows what there is', async () => {
    const refused = await on('apply', { ...written('tokyo', 'fleet'), apiVersion: `${group}/v1beta1` });
    expect(refused).toMatchObject({ code: 3, out: '' });
    expect(refused.err).toContain(
      `ClusterProfile fleet/tokyo: ${group}/v1beta1 is not read, v1alpha2 and v1alpha1 are\n`,
    );
  });
});
