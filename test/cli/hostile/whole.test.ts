import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { kubeconfigOf, listOfProfiles, profileNamed, startFakeHub } from './servers.ts';
import { scratch } from '../../support/paths.ts';
import { nowhere, run } from '../../support/run.ts';
import { lines } from '../../support/text.ts';

async function hubThat(...respond: Parameters<typeof startFakeHub>): Promise<{ host: string; reach: string[] }> {
  const server = await startFakeHub(...respond);
  onTestFinished(server.close);
  return { host: new URL(server.url).host, reach: ['--kubeconfig', kubeconfigOf(server.url)] };
}

describe('a list whose second page cannot be read', () => {
  it.each(['yaml', 'json'])('leaves nothing that could be taken for a whole list: -o %s', async (output) => {
    const { reach } = await hubThat(({ url }, response) =>
      url?.includes('continue=')
        ? response.json({ kind: 'Status', apiVersion: 'v1', message: 'etcd is gone', code: 500 }, 500)
        : response.json(listOfProfiles([profileNamed('a')], 'next')),
    );
    const { out, err, code } = await run(['list', '-o', output, ...reach]);
    expect({ err, code }).toEqual({ err: 'error: cannot list clusterprofiles: etcd is gone\n', code: 7 });
    expect(out).toContain('ClusterProfile');
    const again = await run(['validate', '-f', '-', '-o', 'json'], { stdin: out });
    expect(again.code, again.out).not.toBe(0);
    expect(again.out).toMatch(/not valid YAML/);
    expect(await run(['apply', '-f', '-', '--inventory', scratch()], { stdin: out })).toMatchObject({ code: 3 });
  });
});

describe('an object in a list', () => {
  const odd: [what: string, part: object, says: RegExp][] = [
    ['of another kind', { kind: 'Pod' }, /item 1 of what \S+ answered is no ClusterProfile/],
    ['of another group', { apiVersion: 'v1' }, /item 1 of what \S+ answered is no ClusterProfile/],
    ['whose conditions are a map', { status: { conditions: {} } }, /status\.conditions should be a list/],
    ['whose condition is null', { status: { conditions: [null] } }, /status\.conditions\[0\] should be a map/],
    ['whose properties are a text', { status: { properties: 'x' } }, /status\.properties should be a list/],
    ['whose version is a number', { status: { version: { kubernetes: 7 } } }, /version\.kubernetes should be a text/],
    ['whose manager is a number', { spec: { clusterManager: { name: 7 } } }, /clusterManager\.name should be a text/],
    [
      'whose namespace is a map',
      { metadata: { name: 'a', namespace: {} } },
      /: of a, which \S+ answered with, metadata\.namespace should be a text/,
    ],
    ['whose spec is a text', { spec: 'x' }, /spec should be a map/],
    [
      'whose field owners are a text',
      { metadata: { name: 'a', namespace: 'default', managedFields: 'x' } },
      /metadata\.managedFields should be a list/,
    ],
  ];

  it.each(odd)('%s is not taken for one, and nothing is written after it', async (_what, part, says) => {
    const methods = new Set<string | undefined>();
    const { reach } = await hubThat(({ method }, response) => {
      methods.add(method);
      response.json(listOfProfiles([{ ...profileNamed('a'), ...part }]));
    });
    const file = join(scratch(), 'profile.json');
    writeFileSync(file, JSON.stringify({ ...profileNamed('a'), metadata: { name: 'a', namespace: 'default' } }));
    for (const verb of [
      ['list'],
      ['describe', 'a'],
      ['diff', '-f', file],
      ['apply', '-f', file],
      ['delete', 'a', '--yes'],
    ]) {
      const { err, code } = await run([...verb, ...reach]);
      expect({ code, verb }, err).toEqual({ code: 7, verb });
      expect(err).toMatch(/^error: cannot list clusterprofiles: /);
      expect(err).toMatch(says);
    }
    expect([...methods]).toEqual(['GET']);
  });

  it('is named where a file has it', async () => {
    const file = join(scratch(), 'profile.json');
    writeFileSync(file, JSON.stringify({ ...profileNamed('a'), status: { conditions: {} } }));
    const expected = {
      code: 3,
      out: '',
      err: lines(
        'error: default/a is not well-formed: status.conditions should be a list',
        'hint: clusterprofile validate says what is wrong with it',
      ),
    };
    expect(await run(['apply', '-f', file, '--inventory', scratch()])).toEqual(expected);
    // A list shows what there is.
    expect(await run(['list', '-f', file, '-o', 'name'])).toMatchObject({ code: 0, err: '' });
    writeFileSync(file, JSON.stringify({ ...profileNamed('a'), status: { properties: 'x' } }));
    expect(await run(['list', '-f', file, '--clusterset', 'prod'])).toMatchObject({ code: 0 });
  });
});

it.each([
  ['is missing', undefined, 'metadata.name is missing'],
  ['is a map', { a: {} }, 'metadata.name should be a text'],
])('list -o name prints no line for a profile whose name %s', async (_what, name, says) => {
  const stdin = JSON.stringify({ ...profileNamed('a'), metadata: { name, namespace: 'default' } });
  const { out, err, code } = await run(['list', '-f', '-', '-o', 'name'], { stdin });
  expect({ out, code }).toEqual({ out: '', code: 3 });
  expect(err.split('\n')[0]).toBe(`error: a ClusterProfile without a name is not well-formed: ${says}`);
});

it('a table shows a map where a text belongs as JSON', async () => {
  const accessProviders = [{ name: { a: 'x' } }];
  const metadata = { name: 'a', namespace: 'default', labels: { b: { c: 'y' } } };
  const stdin = JSON.stringify({ ...profileNamed('a'), metadata, status: { accessProviders } });
  const { out, code } = await run(['list', '-f', '-', '-o', 'wide', '--show-labels', '--no-headers'], { stdin });
  expect({ code, cells: out.trim().split(/ {3,}/).slice(-3) }).toEqual({
    code: 0,
    cells: ['{"a":"x"}', '<none>', 'b={"c":"y"}'],
  });
});

it('takes no list of another kind of the same API for an empty one', async () => {
  const { reach, host } = await hubThat((_request, response) =>
    response.json({ ...listOfProfiles([]), kind: 'PlacementDecisionList' }),
  );
  expect((await run(['list', ...reach])).err).toContain(`${host} answered with application/json, not with`);
});

it('describe says <none> for the texts that an object does without', async () => {
  const item = {
    ...profileNamed('a'),
    metadata: { name: 'a', namespace: 'default', managedFields: [{ fieldsV1: { 'k:no JSON': {} } }] },
    status: {
      conditions: [{ status: 'True' }],
      properties: [{}],
      accessProviders: [{ cluster: { extensions: [{}] } }],
    },
  };
  const { reach } = await hubThat(({ url }, response) =>
    url?.includes('/clusterprofiles')
      ? response.json(listOfProfiles([item]))
      : response.json({ kind: 'NamespaceList', apiVersion: 'v1', items: [] }),
  );
  const { out, err, code } = await run(['describe', 'a', ...reach]);
  expect({ err, code }).toEqual({ err: '', code: 0 });
  expect(out).not.toContain('undefined');
  expect(out).toMatch(/<none> {3}True {5}<none> {3}<unknown> {3}<none>\n/);
  expect(out).toMatch(/NAME {5}VALUE\n {2}<none> {3}<none>\n/);
  expect(out).toMatch(/^ {2}<none>\n {4}Server: /m);
  expect(out).toContain('k:no JSON');
});

it('reads of a Status only what has its type', async () => {
  const status = { kind: 'Status', apiVersion: 'v1', message: [{}], reason: {}, details: { causes: [null, 7] } };
  const { reach } = await hubThat((_request, response) => response.json(status, 422));
  const { err, code } = await run(['list', ...reach]);
  expect({ err, code }).toEqual({ err: 'error: cannot list clusterprofiles: the server answered 422\n', code: 3 });
});

describe('a deletion', () => {
  it.each([
    ['whose answer was lost', true],
    ['that somebody else did', false],
  ])('%s is done', async (_what, isLost) => {
    let asked = 0;
    const { reach } = await hubThat(({ method, socket }, response) => {
      if (method !== 'DELETE') return response.json(listOfProfiles([profileNamed('a')]));
      if (isLost && asked++ === 0) return socket.destroy();
      const message = 'clusterprofiles.multicluster.x-k8s.io "a" not found';
      return response.json({ kind: 'Status', apiVersion: 'v1', reason: 'NotFound', message, code: 404 }, 404);
    });
    expect(await run(['delete', 'a', '--any-manager', ...reach])).toMatchObject({ code: 0 });
  });
});

describe('KUBECONFIG with a file that is missing or empty', () => {
  it('is a part of an import: nothing is pruned after it', async () => {
    const inventory = scratch();
    const [first, second] = [kubeconfigOf('https://a.example.test'), join(scratch(), 'config')];
    const clusters = [{ name: 'd', cluster: { server: 'https://d.example.test' } }];
    writeFileSync(second, JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters }));
    const apply = (env: string): ReturnType<typeof run> =>
      run(['import', 'kubeconfig', '--apply', '--prune', '--yes', '--max-delete', '100%', '--inventory', inventory], {
        env: { KUBECONFIG: env },
      });
    expect(await apply(`${first}:${second}`)).toMatchObject({ code: 0 });
    const empty = join(scratch(), 'empty');
    writeFileSync(empty, '');
    for (const [file, reason] of [
      [nowhere, 'it does not exist'],
      [empty, 'it is empty'],
    ]) {
      const { code, err } = await apply(`${first}:${file}`);
      expect(code, err).toBe(4);
      expect(err).toContain(`error: ${file}: ${reason}\n`);
      expect(err).toContain('not pruned: part of the source could not be read\n');
      expect((await run(['list', '-A', '-o', 'name', '--inventory', inventory])).out.split('\n')).toHaveLength(3);
    }
    // As kubectl does without a word.
    const listed = await run(['import', 'kubeconfig', '-o', 'name'], { env: { KUBECONFIG: `${first}:${nowhere}` } });
    expect(listed).toMatchObject({ code: 0, err: '' });
  });
});
