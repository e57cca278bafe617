import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { run } from '../../support/run.ts';
import { fixtures, sharedData } from '../../support/paths.ts';

const shared = join(sharedData, 'fanout');
const scratch = (): string => mkdtempSync(join(tmpdir(), 'export-'));
const mode = (file: string): string => (statSync(file).mode & 0o777).toString(8);

const folder = join(fixtures, 'kubeconfig', 'export-three-clouds');
const profiles = join(folder, 'export-input.yaml');
const toKubeconfig = ['export', 'kubeconfig', '-f', profiles, '--provider-file', join(folder, 'providers.json')];

interface Document {
  metadata?: { annotations?: Record<string, string> };
  stringData?: Record<string, string>;
}

/** The example's placeholder for our domain, and texts as what they hold. */
const comparable = (text: string): unknown[] =>
  parseAllDocuments(text.replaceAll('clusterprofile-cli/', 'clusterprofile.dev/')).map((document) => {
    const { stringData, ...object } = document.toJS() as Document;
    // Texts in the texts of a Secret are YAML or JSON, whose order and style say nothing.
    const inner = Object.entries(stringData ?? {}).map(([key, text]) => [key, parse(text) as unknown]);
    return stringData ? { ...object, stringData: Object.fromEntries(inner) as object } : object;
  });

describe.skipIf(!existsSync(shared))('the examples of the format pages', () => {
  const exported = async (consumer: string, providers: string, ...flags: string[]): Promise<unknown[]> => {
    const input = ['aks-prod-eu', 'gke-shop-prod', 'onprem-lab'].flatMap((name) => [
      '-f',
      join(shared, '_input', `${name}.yaml`),
    ]);
    const file = ['--provider-file', resolve(shared, '_input', providers)];
    const { out, code } = await run(['export', consumer, ...input, ...file, ...flags]);
    expect(code).toBe(flags.includes('--skip-refused') ? 4 : 0);
    return comparable(out);
  };
  const expected = (path: string): unknown => comparable(readFileSync(join(shared, path), 'utf8'))[0];

  it('kubeconfig', async () => {
    expect(await exported('kubeconfig', 'providers.json')).toEqual([expected('kubeconfig/merged.expected.yaml')]);
  });

  it('argocd', async () => {
    const documents = await exported('argocd', 'providers.argocd.json');
    expect(documents).toContainEqual(expected('argocd/gke-shop-prod.expected.yaml'));
    expect(documents).toContainEqual(expected('argocd/onprem-lab.expected.yaml'));
  });

  it('kueue', async () => {
    expect(await exported('kueue', 'providers.json')).toEqual([
      expected('kueue/aks-prod-eu.expected.yaml'),
      expected('kueue/onprem-lab.expected.yaml'),
      expected('kueue/gke-shop-prod.expected.yaml'),
      expected('kueue/multikueueconfig.expected.yaml'),
    ]);
  });

  it.each([
    ['istio', ['istio/exec-allowed/gke-shop-prod', 'istio/exec-allowed/onprem-lab'], ['--credentials=exec']],
    ['kiali', ['kiali/aks-prod-eu'], []],
    ['sveltos', ['sveltos/gke-shop-prod'], ['--skip-refused']],
    ['backstage', ['backstage/gke-shop-prod', 'backstage/aks-prod-eu'], ['--owner=platform', '--skip-refused']],
    ['backstage', ['backstage/app-config'], ['--format=app-config']],
    ['clusterpedia', ['clusterpedia/onprem-lab'], []],
  ])('%s: %s', async (consumer, files, flags) => {
    const documents = await exported(consumer, 'providers.json', ...flags);
    for (const file of files) expect(documents).toContainEqual(expected(`${file}.expected.yaml`));
  });
});

describe.skipIf(!existsSync(shared))('the refusals of the format pages', () => {
  /** The pages name the profile, what is missing, and what would do; in words and exit codes of their own. */
  it.each([
    [
      'kubevela',
      'gke-shop-prod',
      [],
      ['fleet-cluster-inventory/shop-prod-us-central1', 'certificate-authority-data', '--ca-file'],
    ],
    [
      'kubevela',
      'onprem-lab',
      [],
      ['inventory/onprem-lab', 'provideClusterInfo', 'KUBERNETES_EXEC_INFO', 'args or env'],
    ],
    ['flux', 'gke-shop-prod', [], ['fleet-cluster-inventory/shop-prod-us-central1', 'address and ca.crt', '--ca-file']],
    ['flux', 'onprem-lab', [], ['inventory/onprem-lab', 'secretreader', '--flux-provider generic', 'OIDC issuer']],
    [
      'sveltos',
      'onprem-lab',
      [],
      ['inventory/onprem-lab', 'secretreader', '--credentials exec-kubeconfig', 'clusterinventory-controller'],
    ],
    ['backstage', 'onprem-lab', [], ['inventory/onprem-lab', 'secretreader', '--format app-config', '--auth-provider']],
    [
      'istio',
      'onprem-lab',
      [],
      ['inventory/onprem-lab', '--credentials exec', 'PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS=exec'],
    ],
    ['kueue', 'aks-prod-eu', ['--kueue-api=v1beta1'], ['fleet-system/aks-prod-eu', 'no effect', 'v1beta2', '0.15']],
    ['fleet', 'onprem-lab', [], ['inventory/onprem-lab', '--credentials embed']],
  ])('%s: %s', async (consumer, name, flags, words) => {
    const file = ['-f', join(shared, '_input', `${name}.yaml`)];
    const providers = ['--provider-file', join(shared, '_input', 'providers.json')];
    const { out, err, code } = await run(['export', consumer, ...file, ...providers, ...flags]);
    expect({ out, code }).toEqual({ out: '', code: 5 });
    for (const word of words) expect(err).toContain(word);
  });

  it('kueue: the part of the manager, with the plugins of its image', async () => {
    const want = parse(readFileSync(join(shared, 'kueue', 'kueue-manager-config.snippet.yaml'), 'utf8')) as {
      multiKueue: { clusterProfile: { accessProviders: { name: string; execConfig: object }[] } };
    };
    // A provider file that has what Kueue's own needs, since Kueue has no policies.
    const file = join(scratch(), 'providers.json');
    writeFileSync(file, JSON.stringify({ providers: want.multiKueue.clusterProfile.accessProviders }));
    const input = ['-f', join(shared, '_input', 'aks-prod-eu.yaml')];
    const { out } = await run(['export', 'kueue', ...input, '--provider-file', file, '--manager-config']);
    expect(parse(out)).toEqual(want);
  });

  it('flux: with --ca-file', async () => {
    const ca = join(shared, '_input', 'onprem-lab-ca.crt');
    const input = ['-f', join(shared, '_input', 'gke-shop-prod.yaml')];
    const { out, code } = await run(['export', 'flux', ...input, '--ca-file', ca]);
    const want = readFileSync(join(shared, 'flux', 'with-ca-file', 'gke-shop-prod.expected.yaml'), 'utf8')
      .replaceAll('clusterprofile-cli/', 'clusterprofile.dev/')
      .replace('<PEM given with --ca-file>', readFileSync(ca, 'utf8').trim().replaceAll('\n', '\n    '));
    expect({ code, out: parse(out) as unknown }).toEqual({ code: 0, out: parse(want) as unknown });
  });
});

describe('export', () => {
  it('says which consumers there are, and what is none', async () => {
    const help = await run(['export', '--help']);
    expect(help.out).toMatch(/kubeconfig[\s\S]*kueue/);
    expect(await run(['export'])).toMatchObject({ code: 2 });
    expect(await run(['export', 'kubeconfg'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('kubeconfig') as string,
    });
    expect(await run([...toKubeconfig, '-o', 'wide'])).toMatchObject({ code: 2 });
  });

  it('takes the filters of list, and gives the same from a directory in any order', async () => {
    const { out } = await run([...toKubeconfig, '-l', 'env=lab', '-q', '-o', 'json']);
    expect((JSON.parse(out) as { clusters: { name: string }[] }).clusters.map(({ name }) => name)).toEqual([
      'onprem-lab',
    ]);
    const inventory = scratch();
    expect(await run(['apply', '-f', profiles, '--inventory', inventory])).toMatchObject({ code: 0 });
    const words = ['export', 'kubeconfig', '--provider-file', join(folder, 'providers.json')];
    expect(await run([...words, '--inventory', inventory])).toEqual(await run(toKubeconfig));
    expect(await run([...words, '--inventory', inventory, '-l', 'env=none'])).toMatchObject({
      code: 0,
      out: '',
      err: 'note: no ClusterProfile to export\n',
    });
  });

  it('names an object that is no ClusterProfile but for its kind', async () => {
    const apiVersion = 'multicluster.x-k8s.io/v1alpha1';
    for (const broken of [
      { metadata: {} },
      { metadata: { name: 'tokyo' }, status: 'none' },
      { metadata: { name: 'tokyo' }, status: { accessProviders: { name: 'LEAKCANARY' } } },
      { metadata: { name: 'tokyo' }, status: { accessProviders: ['LEAKCANARY'] } },
    ]) {
      const stdin = JSON.stringify({ apiVersion, kind: 'ClusterProfile', ...broken });
      const { out, err, code } = await run(['export', 'flux', '-f', '-'], { stdin });
      expect({ out, code }).toEqual({ out: '', code: 3 });
      expect(err).toContain('hint: clusterprofile validate');
      expect(err).not.toContain('LEAKCANARY');
    }
  });

  const profileWith = (change: (profile: Record<string, any>, access: Record<string, any>) => void): object => {
    const extension = (name: string, content: object): object => ({ name, extension: content });
    const access = {
      server: 'https://tokyo.eks.amazonaws.com',
      extensions: [
        extension('client.authentication.k8s.io/exec', { clusterId: 'tokyo' }),
        extension('clusterprofiles.multicluster.x-k8s.io/exec/additional-envs', {}),
      ],
    };
    const profile = {
      apiVersion: 'multicluster.x-k8s.io/v1alpha1',
      kind: 'ClusterProfile',
      metadata: { name: 'tokyo', namespace: 'fleet' },
      spec: { clusterManager: { name: 'shop' } },
      status: { accessProviders: [{ name: 'eks', cluster: access }] },
    };
    change(profile, access);
    return profile;
  };

  it.each<[field: string, change: Parameters<typeof profileWith>[0], code: number]>([
    ['server', (_, access) => (access['server'] = 123), 3],
    ['certificate-authority-data', (_, access) => (access['certificate-authority-data'] = 5), 3],
    ['insecure-skip-tls-verify', (_, access) => (access['insecure-skip-tls-verify'] = 'LEAKCANARY'), 3],
    ['extensions', (_, access) => (access['extensions'] = { LEAKCANARY: true }), 3],
    ['extensions[0]', (_, access) => (access['extensions'] = [null]), 3],
    ['name', ({ metadata }) => (metadata.name = 5), 3],
    ['labels', ({ metadata }) => (metadata.labels = { LEAKCANARY: 1 }), 3],
    ['value', ({ status }) => (status.properties = [{ name: 'arn', value: 5 }]), 3],
    ['metadata', (profile) => (profile['metadata'] = null), 3],
    ['clusterId', (_, access) => (access['extensions'][0].extension.clusterId = 5), 5],
    ['client.authentication.k8s.io/exec', (_, access) => (access['extensions'][0].extension = 'LEAKCANARY'), 5],
    ['name', ({ status }) => (status.accessProviders[0].name = null), 5],
    ['accessProviders is missing', (profile) => (profile['status'] = null), 5],
  ])('names a profile whose %s is of a wrong type, and can go on without it', async (field, change, code) => {
    const broken = profileWith(change);
    for (const consumer of [['argocd', '--argocd-builtin'], ['sveltos']]) {
      const words = [...consumer, '-f', '-'];
      const one = await run(['export', ...words], { stdin: JSON.stringify(broken) });
      expect({ out: one.out, code: one.code }).toEqual({ out: '', code });
      expect(one.err).toMatch(
        field === 'metadata' ? /^error: standard input: a ClusterProfile/ : /^error: .*fleet\/(tokyo|5)/,
      );
      expect(one.err).toContain(field);
      expect(one.err).not.toContain('LEAKCANARY');
      const checked = await run(['validate', '--for', ...words], { stdin: JSON.stringify(broken) });
      expect(checked.code).toBe(1);
      if (field === 'metadata') continue;
      const items = [broken, profileWith(({ metadata }) => (metadata.name = 'osaka'))];
      const stdin = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
      const rest = await run(['export', ...words, '--skip-refused'], { stdin });
      expect(rest.code).toBe(4);
      expect(rest.out).toContain('osaka');
      expect(rest.err).toMatch(/^error: (argocd|sveltos): fleet\/(tokyo|5)/m);
    }
  });

  it('asks for extensions of texts, where a consumer reads them', async () => {
    const broken = profileWith(({ status }, access) => {
      status.accessProviders[0].name = 'kubelogin';
      access['server'] = 'https://tokyo.azmk8s.io';
      access['extensions'][1].extension = { AZURE_TENANT_ID: 5 };
    });
    const { err, code } = await run(['export', 'sveltos', '-f', '-'], { stdin: JSON.stringify(broken) });
    expect(code).toBe(5);
    expect(err).toMatch(/^error: sveltos: fleet\/tokyo: extension .*additional-envs should be a map/);
  });

  it('writes one file a document, Secrets for their owner only', async () => {
    const out = scratch();
    const words = ['export', 'argocd', '-f', profiles, '--argocd-builtin', '-l', 'env=prod', '--output-dir', out];
    expect(await run(words)).toMatchObject({
      code: 0,
      out: 'secret/cluster-aks-prod-eu created\nsecret/cluster-shop-prod-us-central1 created\n',
    });
    const files = readdirSync(join(out, 'argocd')).toSorted();
    expect(files).toEqual(['secret-cluster-aks-prod-eu.yaml', 'secret-cluster-shop-prod-us-central1.yaml']);
    expect(mode(join(out, 'argocd', files[0]!))).toBe('600');
  });
});

describe('validate --provider-file', () => {
  const execConfig = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: '/bin/secretreader-plugin',
    provideClusterInfo: true,
  };
  const found = async (content: unknown, ...flags: string[]): Promise<string[]> => {
    const file = join(scratch(), 'providers.json');
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    const { out, err } = await run(['validate', '--provider-file', file, '-v', '-o', 'json', ...flags]);
    expect(`${out}${err}`).not.toContain('LEAKCANARY');
    return (JSON.parse(out) as { id: string }[]).map(({ id }) => id).filter((id) => id.startsWith('PF'));
  };
  const of = (provider: object): object => ({ providers: [{ name: 'secretreader', execConfig, ...provider }] });

  it.each([
    ['PF001', 'providers: [LEAKCANARY'],
    ['PF001', {}],
    ['PF002', of({ name: '' })],
    ['PF002', of({ execConfig: { ...execConfig, command: undefined } })],
    ['PF003', { providers: [1, 2].map(() => ({ name: 'a', execConfig })) }],
    ['PF004', of({ profileSourcedCLIArgsPolicy: 'append' })],
    ['PF004', of({ clusterProfileSourcedCLIArgsPolicy: 'Append' })],
    ['PF005', of({ execConfig: { ...execConfig, apiVersion: 'v1' } })],
    ['PF005', of({ execConfig: { ...execConfig, apiVersion: 'client.authentication.k8s.io/v1beta1' } })],
    ['PF006', of({ execConfig: { ...execConfig, provideClusterInfo: false } })],
    ['PF007', of({ execConfig: { ...execConfig, command: './bin/login' } })],
    ['PF008', of({ execConfig: { ...execConfig, env: [{ name: 'SHOP_TOKEN', value: 'LEAKCANARY' }] } })],
    ['PF008', of({ execConfig: { ...execConfig, args: ['--password', 'LEAKCANARY'] } })],
    ['PF010', of({ profileSourcedEnvVarsPolicy: 'Replace' })],
    ['PF001', of({ execConfig: { ...execConfig, args: 'LEAKCANARY' } })],
    ['PF001', of({ execConfig: { ...execConfig, env: { A: 'LEAKCANARY' } } })],
    ['PF001', of({ execConfig: { ...execConfig, provideClusterInfo: 'true' } })],
    ['PF001', of({ execConfig: 'LEAKCANARY' })],
    ['PF001', { providers: ['LEAKCANARY'] }],
    ['PF002', of({ execConfig: { ...execConfig, env: [{ value: 'a' }] } })],
    ['PF002', of({ execConfig: { ...execConfig, env: [{ name: 'A=B', value: 'a' }] } })],
    ['PF005', of({ execConfig: { ...execConfig, command: 'a', apiVersion: 'client.authentication.k8s.io/v1beta1' } })],
    ['PF006', of({ execConfig: { ...execConfig, command: 'a', provideClusterInfo: false } })],
    ['PF008', of({ execConfig: { ...execConfig, args: ['-----BEGIN PRIVATE KEY-----\nLEAKCANARY'] } })],
    [
      'PF008',
      of({ execConfig: { ...execConfig, env: [{ name: 'A', value: '-----BEGIN PRIVATE KEY-----LEAKCANARY' }] } }),
    ],
    ['PF010', of({ ProfileSourcedCLIArgsPolicy: 'Append' })],
    ['PF012', of({ execConfig: { ...execConfig, interactiveMode: 'Always' } })],
    ['PF012', of({ execConfig: { ...execConfig, interactiveMode: 'always' } })],
    ['PF012', of({ execConfig: { ...execConfig, installHint: 'ask the platform team' } })],
  ])('%s %j', async (id, content) => {
    expect(await found(content)).toEqual([id]);
  });

  it.each([
    of({ profileSourcedCLIArgsPolicy: null, profileSourcedEnvVarsPolicy: '' }),
    of({ execConfig: { ...execConfig, installHint: null, interactiveMode: null, args: null, env: null } }),
  ])('nothing: %j', async (content) => {
    expect(await found(content)).toEqual([]);
  });

  it('finds the name of a cluster behind a sign', async () => {
    const content = of({ execConfig: { ...execConfig, args: ['--cluster-name=onprem-lab'] } });
    expect(await found(content, '-f', profiles)).toContain('PF011');
  });

  it('names the key as it is written', async () => {
    const file = join(scratch(), 'providers.json');
    writeFileSync(file, JSON.stringify({ Providers: [{ name: 'a', ExecConfig: { ...execConfig, Args: 'x' } }] }));
    const { out } = await run(['validate', '--provider-file', file]);
    expect(out).toContain('.Providers[0].ExecConfig.Args');
    expect(out).toMatch(/providers\.json:1:\d+: error PF001/);
  });

  it('compares it with the profiles at hand, broken ones too', async () => {
    const file = join(scratch(), 'broken.json');
    const broken = { apiVersion: 'multicluster.x-k8s.io/v1alpha1', kind: 'ClusterProfile', status: 'none' };
    writeFileSync(file, JSON.stringify(broken));
    const content = of({ execConfig: { ...execConfig, args: ['onprem-lab'] } });
    expect((await found(content, '-f', profiles, '-f', file)).toSorted()).toEqual(['PF009', 'PF009', 'PF009', 'PF011']);
  });

  it('says line and column, and how it went', async () => {
    const file = join(folder, 'providers.json');
    const { out, err, code } = await run(['validate', '--provider-file', file]);
    expect({ out, err, code }).toEqual({
      code: 0,
      out: expect.stringMatching(/providers\.json:\d+:\d+: warning PF010: /) as string,
      err: `${file}: errors: 0, warnings: 1\n`,
    });
  });
});
