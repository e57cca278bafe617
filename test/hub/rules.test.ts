import { beforeAll, expect, it } from 'vitest';
import { isDnsLabel } from '../../src/profile/names.ts';
import { lint } from '../../src/lint/index.ts';
import { listFaults } from '../../src/lint/schema.ts';
import { ruleCases } from '../lint/cases.ts';
import { condition, now, profile, provider, type Tree } from '../support/profiles.ts';
import { describeHub, kubeconfigFor, namespace, request } from '../support/hub/hub.ts';
import { run } from '../support/run.ts';

const group = '/apis/multicluster.x-k8s.io/v1alpha1/namespaces';
const checks = 'dryRun=All&fieldValidation=Strict';

/** Cases that are one ClusterProfile of the version that the hub serves. */
const objects = ruleCases
  .filter(({ id }) => id.startsWith('CP'))
  .flatMap(({ title, bad, good }) =>
    [
      { name: `${title}, bad`, object: bad },
      { name: `${title}, good`, object: good },
    ].flatMap(({ name, object }) =>
      typeof object === 'string' || Array.isArray(object) || object.apiVersion !== 'multicluster.x-k8s.io/v1alpha1'
        ? []
        : [{ name, object }],
    ),
  );

const at = (field: string, values: unknown[]): { name: string; object: Tree }[] =>
  values.map((value) => ({
    name: `${field} ${JSON.stringify(value)}`,
    object: profile({ status: { conditions: [condition('Joined', { [field]: value })] } }),
  }));
/** Without `12:00:00,5Z` and a list: the server takes these, and no client can read them as times. */
const times = [
  '',
  'T',
  '12:00',
  '2026-01-31',
  '2026-01-31T12:00:00',
  '2026-01-31t12:00:00z',
  '2026-01-31 12:00:00Z',
  '2026-01-31T24:00:00Z',
  '2026-01-31T12:60:00Z',
  '2026-01-31T12:00:60Z',
  '2026-01-31T12:00:00.123456789Z',
  '2026-01-31T12:00:00.Z',
  '2026-01-31T12:00:00+01:00',
  '2026-01-31T12:00:00+0100',
  '2026-01-31T12:00:00+99:99',
  '2026-1-31T12:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-00-01T00:00:00Z',
  '2026-04-31T00:00:00Z',
  '2025-02-29T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '0004-02-29T00:00:00Z',
  '12026-01-01T00:00:00Z',
  '2026-01-31T12:00:00Z ',
  1,
  true,
  {},
];
const bytes = [
  '',
  'A',
  'AA',
  'AAA',
  'AAAA',
  'AA==',
  'AAA=',
  'A===',
  'AA=A',
  'AAAA\n',
  'AAAA\nAAAA',
  'AAAA AAAA',
  'AA-_',
  '====',
  'AAAA====',
  1,
];

/** Values at the border of what the formats allow, where readers of a specification differ. */
const borders = [
  ...at('lastTransitionTime', times),
  ...at('reason', ['a', 'A:', 'A,b', ':a', '_a', 'é', 'a\n', 'a'.repeat(1025)]),
  ...at('type', ['a/b', 'a/', '/a', 'A/b', 'a_b', 'a.', 'a..b/c', `${'a'.repeat(315)}b`, 'a'.repeat(317)]),
  ...at('message', ['', null, '😀'.repeat(32_768), '😀'.repeat(32_769)]),
  ...at('observedGeneration', [0, -1, 1.5, 2 ** 53, '1', null]),
  ...bytes.map((data) => ({
    name: `CA data ${JSON.stringify(data)}`,
    object: profile({ status: { accessProviders: [provider('google', { 'certificate-authority-data': data })] } }),
  })),
  ...[[null], [1], {}, 'x', [{}], [{ name: null, value: 'x' }]].map((properties) => ({
    name: `properties ${JSON.stringify(properties)}`,
    object: profile({ status: { properties } }),
  })),
  ...['a/b/c', 'A.b/c', 'a b', 'a/', '-a', 'a-', 'a'.repeat(63), 'a'.repeat(64), `${'a.'.repeat(126)}a/b`].flatMap(
    (key) => [
      { name: `label ${key}`, object: profile({ metadata: { labels: { [key]: 'x' } } }) },
      { name: `annotation ${key}`, object: profile({ metadata: { annotations: { [key]: 'x' } } }) },
    ],
  ),
  ...['a-', '.a', 'a..b', 'A', 'a_b', 'a.b', `${'a.'.repeat(126)}a`, `${'a.'.repeat(126)}ab`].map((name) => ({
    name: `name ${name}`,
    object: profile({ metadata: { name } }),
  })),
  ...['a-', 'a.', 'A-', '-', 'a_', 'a'.repeat(253)].map((generateName) => ({
    name: `generateName ${generateName}`,
    object: profile({ metadata: { name: undefined, generateName } }),
  })),
];

/** What the schema check and the rules on metadata find: all that a server can refuse. */
function refusals(object: Tree): string[] {
  const { findings } = lint([{ file: 'f', document: 1, object }], { now });
  const metadata = findings.filter(({ id, path }) => ['CP010', 'CP014', 'CP015'].includes(id) || path === '.kind');
  return [...listFaults(object, 'v1alpha1').map(({ id }) => id), ...metadata.map(({ id }) => id)];
}

const without = (object: Tree, ...keys: string[]): Tree => {
  const metadata = { ...(object.metadata as Tree) };
  for (const key of keys) delete metadata[key];
  return { ...object, metadata };
};

describeHub('the API server', () => {
  let space: string;
  let live: Tree;

  beforeAll(async () => {
    space = await namespace();
    const body = JSON.stringify(without(profile({ metadata: { namespace: space } }), 'uid', 'resourceVersion'));
    const answer = await request(`${group}/${space}/clusterprofiles`, { method: 'POST', body });
    live = JSON.parse(answer.body) as Tree;
  });

  /** The answers to a dry-run create, which looks at everything but the status, and to an update of the status. */
  async function answers(object: Tree): Promise<string[]> {
    const named = without(object, 'uid', 'resourceVersion', 'generation');
    const metadata = { ...(named.metadata as Tree) };
    if (typeof metadata.namespace === 'string' && isDnsLabel(metadata.namespace)) metadata.namespace = space;
    // A dry run is refused for a name that is taken.
    if (metadata.name === 'tokyo') metadata.name = 'kyoto';
    const body = JSON.stringify({ ...named, metadata });
    const created = await request(`${group}/${space}/clusterprofiles?${checks}`, {
      method: 'POST',
      body,
    });
    const status = { ...live, status: object.status };
    const updated = await request(`${group}/${space}/clusterprofiles/tokyo/status?${checks}`, {
      method: 'PUT',
      body: JSON.stringify(status),
    });
    return [created, updated]
      .filter((answer) => answer.status >= 300)
      .map(({ body }) => (JSON.parse(body) as { message: string }).message);
  }

  it.each([...objects, ...borders])('agrees on $name', async ({ object }) => {
    const messages = await answers(object);
    expect({ refused: messages.length > 0, messages }).toEqual({ refused: refusals(object).length > 0, messages });
  });

  it('has profiles that can be validated, and that files can be compared with', async () => {
    const kubeconfig = kubeconfigFor({ namespace: space });
    const onHub = await run(['validate', 'hub', '--kubeconfig', kubeconfig, '-v']);
    expect(onHub).toMatchObject({ code: 0, err: '1 ClusterProfile valid\n' });
    // The status is not written by a create.
    expect(onHub.out.split('\n').map((line) => / (CP\d+): /.exec(line)?.[1])).toEqual(['CP073', 'CP104', undefined]);
    const stdin = JSON.stringify(
      profile({ metadata: { namespace: space }, spec: { clusterManager: { name: 'depot' } } }),
    );
    const against = await run(['validate', '-f', '-', '--against', 'hub', '--kubeconfig', kubeconfig], { stdin });
    expect(against.code).toBe(1);
    expect(against.out).toContain('error CP029: spec.clusterManager is immutable');
  });
});
