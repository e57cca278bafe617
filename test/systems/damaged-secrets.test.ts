import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { scratch } from '../support/paths.ts';
import { ca } from '../support/profiles.ts';
import { run } from '../support/run.ts';

type Values = Record<string, unknown>;
type Kubernetes = { apiVersion: string; kind: string; metadata: object; data?: Values | null } & Values;

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const metadata = (name: string, namespace?: string, more: object = {}): object => ({
  name,
  ...(namespace && { namespace }),
  creationTimestamp: '2026-01-01T00:00:00Z',
  ...more,
});
const kubeconfig = base64(
  JSON.stringify({
    kind: 'Config',
    clusters: [{ name: 'oslo', cluster: { server: 'https://oslo.example.test', 'certificate-authority-data': ca } }],
    contexts: [{ name: 'oslo', context: { cluster: 'oslo', user: 'oslo' } }],
    users: [{ name: 'oslo', user: { token: 'LEAKCANARY' } }],
    'current-context': 'oslo',
  }),
);
const secret = (name: string, namespace: string, data: Values, more: object = {}): Kubernetes => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: metadata(name, namespace, more),
  data,
});

/** A cluster of each system, with what tells how it is reached in an object of its own. */
const systems: Record<string, Kubernetes[]> = {
  kueue: [
    {
      apiVersion: 'kueue.x-k8s.io/v1beta1',
      kind: 'MultiKueueCluster',
      metadata: metadata('oslo'),
      spec: { kubeConfig: { location: 'oslo', locationType: 'Secret' } },
    },
    secret('oslo', 'kueue-system', { kubeconfig }),
  ],
  sveltos: [
    {
      apiVersion: 'lib.projectsveltos.io/v1beta1',
      kind: 'SveltosCluster',
      metadata: metadata('oslo', 'shop'),
      status: { ready: true },
    },
    secret('oslo-sveltos-kubeconfig', 'shop', { kubeconfig }),
  ],
  karmada: [
    {
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: metadata('oslo'),
      spec: { apiEndpoint: 'https://oslo.example.test', secretRef: { name: 'oslo', namespace: 'karmada-cluster' } },
    },
    secret('oslo', 'karmada-cluster', { caBundle: ca }),
  ],
  kubevela: [
    secret(
      'oslo',
      'vela-system',
      { endpoint: base64('https://oslo.example.test'), 'ca.crt': ca },
      { labels: { 'cluster.core.oam.dev/cluster-credential-type': 'X509Certificate' } },
    ),
  ],
  gardener: [
    {
      apiVersion: 'core.gardener.cloud/v1beta1',
      kind: 'Shoot',
      metadata: metadata('oslo', 'garden-shop'),
      spec: { region: 'eu', provider: { type: 'aws' }, kubernetes: { version: '1.31.0' } },
      status: { advertisedAddresses: [{ name: 'external', url: 'https://api.oslo.example.test' }] },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata('oslo.ca-cluster', 'garden-shop'),
      data: { 'ca.crt': Buffer.from(ca, 'base64').toString() },
    },
  ],
};

const mapValues = (data: Values, change: (value: unknown) => unknown): Values =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, change(value)]));

const damages: Record<string, (data: Values) => Values | null | undefined> = {
  'no data': () => undefined,
  'data that is null': () => null,
  'empty values': (data) => mapValues(data, () => ''),
  'values that are null': (data) => mapValues(data, () => null),
  'values left out by a dump': (data) => mapValues(data, () => '***'),
  'values left out in a word': (data) => mapValues(data, () => 'REDACTED'),
  'values that are cut': (data) => mapValues(data, (value) => String(value).slice(0, 40)),
};

/** What says how its cluster is reached, as it is written in the inventory. */
function readAccess(inventory: string): unknown {
  const [file = ''] = readdirSync(join(inventory, 'fleet'));
  return (parse(readFileSync(join(inventory, 'fleet', file), 'utf8')) as { status: Values }).status['accessProviders'];
}

describe.each(Object.keys(systems))('%s: an object that tells how a cluster is reached', (system) => {
  it.each(Object.keys(damages))('takes nothing away when it comes with %s', async (damage) => {
    const [input, inventory] = [join(scratch(), 'input.json'), scratch()];
    const write = (items: object[]): void =>
      writeFileSync(input, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    const words = ['import', system, '-f', input, '-n', 'fleet', '--inventory', inventory, '--apply', '-q'];
    const objects = systems[system]!;
    write(objects);
    expect(await run(words)).toMatchObject({ code: 0 });
    const before = readAccess(inventory);
    expect(JSON.stringify(before)).toContain('certificate-authority-data');
    write(objects.map((each) => (each.data ? { ...each, data: damages[damage]!(each.data) } : each)));
    const { err } = await run(words);
    expect({ access: readAccess(inventory), err }).toEqual({ access: before, err });
  });
});

const eks = (cluster: Values): object => ({
  cluster: {
    name: 'oslo',
    arn: 'arn:aws:eks:eu-north-1:111122223333:cluster/oslo',
    status: 'ACTIVE',
    ...cluster,
  },
});
const entry = (cluster: Values): object => ({ kind: 'Config', clusters: [{ name: 'oslo', cluster }] });
const server = 'https://oslo.example.test';

it.each([
  [
    'kubeconfig',
    entry({ server, 'certificate-authority-data': ca }),
    entry({ server, 'certificate-authority-data': 'DATA+OMITTED' }),
  ],
  [
    'kubeconfig',
    entry({ server, 'certificate-authority-data': ca }),
    entry({ server, 'certificate-authority-data': ca.slice(0, 50) }),
  ],
  [
    'kubeconfig',
    entry({ server, 'certificate-authority-data': ca }),
    entry({ server: 'https://a example', 'certificate-authority-data': ca }),
  ],
  ['eks', eks({ endpoint: server, version: '1.33', certificateAuthority: { data: ca } }), eks({})],
])('%s: what cannot be read of a cluster takes nothing away, %#', async (system, good, damaged) => {
  const [input, inventory] = [join(scratch(), 'input.json'), scratch()];
  const words = [
    'import',
    system,
    '-f',
    input,
    '-n',
    'fleet',
    '--inventory',
    inventory,
    '--apply',
    '--as-of',
    '2026-01-01T00:00:00Z',
  ];
  writeFileSync(input, JSON.stringify(good));
  expect(await run(words)).toMatchObject({ code: 0 });
  const before = readFileSync(join(inventory, 'fleet', 'oslo.yaml'), 'utf8');
  expect(before).toContain('certificate-authority-data');
  writeFileSync(input, JSON.stringify(damaged));
  const { err } = await run(words);
  expect(readFileSync(join(inventory, 'fleet', 'oslo.yaml'), 'utf8'), err).toBe(before);
});

it('keeps the name of a cluster that it has from another one, which is not read this time', async () => {
  const [input, inventory] = [join(scratch(), 'input.json'), scratch()];
  const at = (region: string): object => ({
    cluster: {
      name: 'prod',
      arn: `arn:aws:eks:${region}:111122223333:cluster/prod`,
      status: 'ACTIVE',
      endpoint: server,
      version: '1.33',
      certificateAuthority: { data: ca },
    },
  });
  const words = ['import', 'eks', '-f', input, '-n', 'fleet', '--inventory', inventory, '--apply', '-q'];
  const write = (...documents: object[]): void =>
    writeFileSync(input, documents.map((each) => JSON.stringify(each)).join('\n'));
  write(at('eu-north-1'), at('us-east-1'));
  expect(await run([...words, '--as-of', '2026-01-01T00:00:00Z'])).toMatchObject({ code: 0 });
  const before = readdirSync(join(inventory, 'fleet'));
  expect(before).toEqual(['prod-eu-north-1.yaml', 'prod-us-east-1.yaml']);
  write(at('eu-north-1'), { __type: 'ResourceNotFoundException' });
  expect(await run([...words, '--as-of', '2026-01-01T00:00:00Z'])).toMatchObject({ code: 4 });
  expect(readdirSync(join(inventory, 'fleet'))).toEqual(before);
});

describe('texts in a Secret are read as their own reader does', () => {
  const argocd = (data: Values): object =>
    secret('oslo', 'argocd', data, { labels: { 'argocd.argoproj.io/secret-type': 'cluster' } });
  const config = (text: string): object => argocd({ server: base64(server), config: base64(text) });
  const bySveltos = (text: string): object => ({
    apiVersion: 'v1',
    kind: 'List',
    items: [systems['sveltos']![0]!, secret('oslo-sveltos-kubeconfig', 'shop', { kubeconfig: base64(text) })],
  });
  const entries = { clusters: [entry({ server })].flatMap((each) => (each as { clusters: object[] }).clusters) };
  const contexts = ['oslo', 'tokyo'].map((name) => ({ name, context: { cluster: 'oslo' } }));
  const kubeconfigOf = (more: object): string => JSON.stringify({ kind: 'Config', ...entries, ...more });
  const twice = kubeconfigOf({}).replace('"cluster":', '"cluster":{"insecure-skip-tls-verify":true},"cluster":');
  const read = async (system: string, object: object): ReturnType<typeof run> => {
    const input = join(scratch(), 'input.json');
    writeFileSync(input, JSON.stringify(object));
    return run(['import', system, '-f', input, '-q']);
  };

  it.each([
    [
      'argocd',
      config('{"tlsClientConfig":{"caData":"LEAKCANARY"},"tlsClientConfig":{}}'),
      '"tlsClientConfig" is there twice',
    ],
    ['argocd', config('{"tlsClientConfig":{},"TLSClientConfig":{"insecure":true}}'), 'tlsClientConfig is there twice'],
    ['argocd', argocd({ server, config: base64('{}') }), 'data.server is not read: it is no base64'],
    [
      'argocd',
      argocd({ server: 'gIGC', config: base64('{}') }),
      'data.server is not read: it is base64 of what is no text',
    ],
    ['argocd', argocd({ server }), 'its data is no base64'],
    ['sveltos', bySveltos(twice), 'the key "cluster" is there twice'],
    ['sveltos', bySveltos(kubeconfigOf({ contexts })), 'it has no current-context and 2 contexts'],
    [
      'sveltos',
      bySveltos(kubeconfigOf({ contexts, 'current-context': 'bergen' })),
      'its current-context does not exist',
    ],
  ])('%s: refused, %#', async (system, object, message) => {
    const { code, out, err } = await read(system, object);
    expect({ code, out, err }).toEqual({ code: 4, out: '', err: expect.stringContaining(message) as string });
    expect(err).not.toContain('LEAKCANARY');
  });

  it.each([
    ['argocd', config(JSON.stringify({ TLSClientConfig: { CaData: ca } }))],
    [
      'sveltos',
      bySveltos(
        kubeconfigOf({
          clusters: [{ name: 'oslo', cluster: { server, 'certificate-authority-data': ca } }],
          contexts: contexts.slice(0, 1),
        }),
      ),
    ],
  ])('%s: read', async (system, object) => {
    expect(await read(system, object)).toMatchObject({ code: 0, out: expect.stringContaining(ca) as string });
  });
});
