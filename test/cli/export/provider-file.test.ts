import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { readProviderFile } from '../../../src/access/provider-file.ts';
import type { ClusterProfile } from '../../../src/profile/clusterprofile.ts';
import fleet from '../../../src/systems/fleet/export.ts';
import { run } from '../../support/run.ts';
import { fixtures, scratch, sharedData } from '../../support/paths.ts';
import { endOf, lines } from '../../support/text.ts';

const shared = join(sharedData, 'fanout');
const profiles = join(fixtures, 'kubeconfig', 'export-three-clouds', 'export-input.yaml');
const examples = ['aks-prod-eu', 'gke-shop-prod', 'onprem-lab'].flatMap((name) => [
  '-f',
  join(shared, '_input', `${name}.yaml`),
]);

interface ConfigMap {
  data?: { 'config.json': string };
  metadata: { labels?: object };
}

describe('a written provider file', () => {
  const written = readdirSync(join(fixtures, 'provider-file'))
    .map((name) => join(fixtures, 'provider-file', name, 'export.yaml'))
    .filter((file) => existsSync(file));

  it.each(written)('%s is one that readers take', async (file) => {
    const { code, out } = await run(['validate', '--provider-file', file, '-o', 'json']);
    expect(out).not.toContain('"error"');
    expect(code).toBe(0);
    const { providers } = JSON.parse(readFileSync(file, 'utf8')) as { providers: { name: string }[] };
    expect(readProviderFile(file).map(({ name }) => name)).toEqual(providers.map(({ name }) => name));
  });

  it('serves the other exporters, and is the same again with itself as the base', async () => {
    const folder = scratch();
    const words = ['export', 'provider-file', '-f', profiles];
    const file = join(folder, 'clusterprofile-provider-file.json');
    expect(await run([...words, '--output-dir', folder])).toMatchObject({ code: 0, out: `${file} created\n` });
    expect(readdirSync(folder)).toEqual(['clusterprofile-provider-file.json']);
    expect((await run([...words, '--provider-file', file])).out).toBe(readFileSync(file, 'utf8'));
    expect(await run(['export', 'kubeconfig', '-f', profiles, '--provider-file', file])).toMatchObject({ code: 0 });
  });

  it('is JSON, or nothing', async () => {
    expect(await run(['export', 'headlamp', '-f', profiles, '-o', 'yaml'])).toEqual({
      code: 2,
      out: '',
      err: lines('error: headlamp reads JSON only, not "yaml"', 'hint: formats: json'),
    });
  });

  it.each([
    ['--plugin=google', '--plugin takes an access provider, = and a value, not "google"'],
    ['--envs=google=replace', '--envs google= takes Replace or AppendIfNotExists, not "replace"'],
  ])('refuses %s', async (flag, message) => {
    expect(await run(['export', 'provider-file', '-f', profiles, flag])).toEqual({
      code: 2,
      out: '',
      err: `error: ${message}\n`,
    });
  });

  it('orders what it adds by use, then by name', async () => {
    const profile = (name: string, ...providers: string[]): object => ({
      apiVersion: 'multicluster.x-k8s.io/v1alpha1',
      kind: 'ClusterProfile',
      metadata: { name },
      status: { accessProviders: providers.map((each) => ({ name: each })) },
    });
    const items = [profile('a', 'kubelogin'), profile('b', 'secretreader', 'eks'), profile('c', 'secretreader')];
    const stdin = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    const { out } = await run(['export', 'provider-file', '-f', '-'], { stdin });
    expect((JSON.parse(out) as { providers: { name: string }[] }).providers.map(({ name }) => name)).toEqual([
      'secretreader',
      'eks',
      'kubelogin',
    ]);
  });
});

it('rancher-fleet is another word for fleet, wherever a system is named', async () => {
  const input = join(fixtures, 'fleet', 'with-its-kubeconfig-secret', 'import.yaml');
  const imported = await run(['import', 'rancher-fleet', '-f', input]);
  expect(imported).toEqual(await run(['import', 'fleet', '-f', input]));
  expect(imported.out).toContain('kind: ClusterProfile');
  expect(await run(['explain', 'rancher-fleet'])).toMatchObject({ code: 0 });
  expect((await run(['export', '--help'])).out).toContain('fleet|rancher-fleet');
});

describe.skipIf(!existsSync(shared))('the examples of the format pages', () => {
  const expected = (path: string): unknown[] =>
    parseAllDocuments(
      readFileSync(join(shared, path), 'utf8').replaceAll('clusterprofile-cli/', 'clusterprofile.dev/'),
    ).map((document) => document.toJS() as unknown);

  it('knative', async () => {
    const { out } = await run([
      'export',
      'knative',
      ...examples,
      '--provider-file',
      join(shared, '_input', 'providers.json'),
      '--plugin=google=gcp-auth-plugin',
      '--plugin-dir=/access-plugins',
      '--serving=shop-prod-us-central1=shop-prod',
    ]);
    // Ours carry the mark by which --prune knows them; a file in a text is compared as what it says.
    const plain = (documents: unknown[]): unknown[] =>
      (documents as ConfigMap[]).map(({ data, metadata, ...object }) => ({
        ...object,
        metadata: { name: metadata, labels: undefined, annotations: undefined },
        data: data && (parse(data['config.json']) as unknown),
      }));
    const marked = expected('direct-readers/knative.expected.yaml') as { metadata: object }[];
    for (const { metadata } of marked)
      Object.assign(metadata, { labels: { 'app.kubernetes.io/managed-by': 'clusterprofile' } });
    Object.assign(marked[1]!.metadata, {
      annotations: { 'clusterprofile.dev/origin': 'fleet-cluster-inventory/shop-prod-us-central1' },
    });
    const ours = parseAllDocuments(out).map((document) => document.toJS() as unknown);
    expect(plain(ours)).toEqual(plain(marked));
  });

  it('rancher-fleet, which is refused without --credentials embed', async () => {
    const names = ['fleet-system/aks-prod-eu', 'inventory/onprem-lab', 'fleet-cluster-inventory/shop-prod-us-central1'];
    for (const word of ['rancher-fleet', 'fleet']) {
      const { out, err, code } = await run(['export', word, ...examples]);
      expect({ code, out, err: endOf(err) }).toEqual({
        code: 5,
        out: '',
        err: lines(
          ...names.map(
            (name) =>
              `error: fleet: ${name}: Fleet needs a kubeconfig with a credential in it, and its image has no credential plugins`,
          ),
          'hint: --credentials embed writes a token into the Secret; without one, let the agent of the cluster register itself',
        ),
      });
    }
    const [profile] = expected('_input/onprem-lab.yaml') as [ClusterProfile];
    const cluster = profile.status!.accessProviders![0]!.cluster!;
    const context: Parameters<typeof fleet.translate>[1] = {
      options: { credentials: 'embed', fleetNamespace: 'fleet-default', annotationFrom: [] },
      allowInsecure: false,
      hub: undefined,
      aliases: new Map(),
      instance: undefined,
      providers: [],
      uniqueName: () => '',
      access: () => ({ provider: 'secretreader', known: 'secretreader', cluster }),
      exec: () => expect.fail(),
      self: () => expect.fail(),
      token: () => 'a token',
      warn: () => {},
      note: () => {},
    };
    const [made, secret] = fleet.translate(profile, context) as [object, { stringData: Record<string, string> }];
    expect(made).toEqual(expected('rancher-fleet/onprem-lab.expected.yaml')[0]);
    expect(secret).toMatchObject({ metadata: { name: 'onprem-lab-kubeconfig', namespace: 'fleet-default' } });
    // apiServerURL and apiServerCA would be where the agent looks for the hub.
    expect(Object.keys(secret.stringData)).toEqual(['value']);
    expect(parse(secret.stringData['value']!)).toMatchObject({
      'current-context': 'onprem-lab',
      clusters: [{ cluster: { server: 'https://10.20.0.10:6443', 'tls-server-name': 'onprem-lab.internal.example' } }],
      users: [{ user: { token: 'a token' } }],
    });
  });
});

describe('what the base file has', () => {
  const v1 = 'client.authentication.k8s.io/v1';
  const profile = (cluster: object = {}): string =>
    JSON.stringify({
      apiVersion: 'multicluster.x-k8s.io/v1alpha1',
      kind: 'ClusterProfile',
      metadata: { name: 'tokyo', namespace: 'fleet' },
      status: { accessProviders: [{ name: 'shop', cluster: { server: 'https://tokyo.example.test', ...cluster } }] },
    });
  const ca = /certificate-authority-data: (\S+)/.exec(readFileSync(profiles, 'utf8'))?.[1];
  const exported = async (
    consumer: string,
    exec: object,
    { cluster = {}, entry = {}, flags = [] }: { cluster?: object; entry?: object; flags?: string[] } = {},
  ): Promise<Awaited<ReturnType<typeof run>>> => {
    const file = join(scratch(), 'providers.json');
    const execConfig = { apiVersion: v1, command: '/bin/login', ...exec };
    writeFileSync(file, JSON.stringify({ providers: [{ name: 'shop', execConfig, ...entry }] }));
    const words = ['export', consumer, '-f', '-', '--provider-file', file, ...flags];
    return run(words, { stdin: profile(cluster) });
  };

  it.each(['provider-file', 'headlamp', 'kubeconfig'])('%s keeps its interactive mode', async (consumer) => {
    for (const interactiveMode of ['Always', 'IfAvailable', 'Never'])
      expect((await exported(consumer, { interactiveMode })).out).toMatch(
        new RegExp(`"?interactiveMode"?: "?${interactiveMode}"?`),
      );
  });

  it.each([
    ['istio', ['--credentials=exec']],
    ['kiali', []],
    ['kueue', ['--manager-config']],
    ['kubevela', []],
  ])('%s has nobody to ask', async (consumer, flags) => {
    const cluster = { 'certificate-authority-data': ca };
    const { out, code } = await exported(consumer, { interactiveMode: 'Always' }, { cluster, flags });
    expect(code).toBe(0);
    expect(out).toMatch(/interactiveMode\W+Never/);
    expect(out).not.toContain('Always');
  });

  it.each([
    ['kueue', ['--manager-config']],
    ['headlamp', []],
    ['provider-file', []],
  ])('%s holds no credential of it', async (consumer, flags) => {
    for (const exec of [
      { env: [{ name: 'SHOP_TOKEN', value: 'LEAKCANARY' }] },
      { args: ['-----BEGIN PRIVATE KEY-----LEAKCANARY'] },
    ]) {
      const { out, err, code } = await exported(consumer, exec, { flags });
      expect({ code, out, err: endOf(err) }).toEqual({
        code: 5,
        out: '',
        err: lines(
          'error: entry shop of the provider file has a credential in its args or env',
          'hint: clusterprofile validate --provider-file says where; plugins read credentials from files or their own identity',
        ),
      });
    }
  });

  it.each([
    ['argocd-k8s-auth', ['gcp'], 'gcp'],
    ['argocd-k8s-auth', ['--loglevel=debug', 'gcp'], 'gcp'],
    ['C:\\argocd-k8s-auth.exe', ['azure'], 'azure'],
    ['/usr/bin/env', ['argocd-k8s-auth', 'aws', '--cluster-name', 'tokyo'], 'aws'],
    ['sh', ['-c', 'exec /bin/argocd-k8s-auth gcp'], 'gcp'],
  ])('argocd gives no token of a cloud to another host: %s %j', async (command, args, cloud) => {
    const { out, err, code } = await exported('argocd', { command, args });
    expect({ code, out, err: endOf(err) }).toEqual({
      code: 5,
      out: '',
      err: lines(
        `error: argocd: fleet/tokyo: its server tokyo.example.test is no host of ${cloud}, and would be sent a token of it`,
        'hint: --allow-host tokyo.example.test, where you know that it is',
      ),
    });
    const allowed = await exported('argocd', { command, args }, { flags: ['--allow-host', 'tokyo.example.test'] });
    expect(allowed.code).toBe(0);
  });

  it("argocd's built-in login takes an EKS cluster that is called gcp", async () => {
    const cluster = {
      server: 'https://0123.gr7.eu-west-1.eks.amazonaws.com',
      extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { clusterId: 'gcp' } }],
    };
    const flags = ['--argocd-builtin', '--provider-alias', 'shop=eks'];
    const { out, err, code } = await exported('argocd', {}, { cluster, flags });
    expect({ err, code }).toEqual({ err: '', code: 0 });
    const { stringData } = parse(out) as { stringData: { config: string } };
    expect(JSON.parse(stringData.config)).toMatchObject({
      execProviderConfig: { args: ['aws', '--cluster-name', 'gcp'] },
    });
  });

  it('says that extensions of an older name are not read, and does not read them', async () => {
    const prefix = 'multicluster.x-k8s.io/clusterprofiles/auth/exec';
    const cluster = {
      extensions: [
        { name: `${prefix}/additional-args`, extension: ['--older'] },
        { name: `${prefix}/additional-envs`, extension: { OLDER: 'yes' } },
      ],
    };
    const entry = { profileSourcedCLIArgsPolicy: 'Append', profileSourcedEnvVarsPolicy: 'Replace' };
    const { out, err, code } = await exported('kubeconfig', {}, { cluster, entry });
    expect({ code, older: /older/i.test(out) }).toEqual({ code: 0, older: false });
    for (const what of ['additional-args', 'additional-envs'])
      expect(err).toContain(
        `warning: fleet/tokyo: its ${what} are ignored: they have an older name of the extension, which is not read\n`,
      );
    expect((await exported('kubeconfig', {}, { cluster })).err).not.toContain('older name');

    const file = join(scratch(), 'providers.json');
    const execConfig = { apiVersion: v1, command: '/bin/login' };
    writeFileSync(file, JSON.stringify({ providers: [{ name: 'shop', execConfig, ...entry }] }));
    const words = ['validate', '-f', '-', '--provider-file', file, '--for', 'headlamp'];
    const checked = await run(words, { stdin: profile(cluster) });
    expect(checked.out.match(/warning CF003: headlamp: its additional-\w+ are ignored .*older name/g)).toHaveLength(2);
    expect(checked.out.match(/warning CP100: consumers do not read .*an older name/g)).toHaveLength(2);
  });
});
