import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { run } from '../../support/run.ts';
import { fixtures, scratch, sharedData } from '../../support/paths.ts';
import { endOf, lines } from '../../support/text.ts';

const shared = join(sharedData, 'fanout');
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
      [
        'fleet-cluster-inventory/shop-prod-us-central1: certificate-authority-data is missing, and cluster-gateway then trusts whoever answers',
        '--ca-file FILE with the public roots that its server is signed by; --allow-insecure, where that is what you want',
      ],
    ],
    [
      'kubevela',
      'onprem-lab',
      [],
      [
        'inventory/onprem-lab: its plugin asks for the cluster (provideClusterInfo), and cluster-gateway runs plugins without KUBERNETES_EXEC_INFO',
        '--credentials embed, or a plugin that takes the cluster from args or env, in a provider file of its own for KubeVela',
      ],
    ],
    [
      'flux',
      'gke-shop-prod',
      [],
      [
        'fleet-cluster-inventory/shop-prod-us-central1: provider gcp needs address and ca.crt both, and certificate-authority-data is missing',
        '--ca-file FILE with the public roots that its server is signed by, or --cluster-resource-from property:NAME',
      ],
    ],
    [
      'flux',
      'onprem-lab',
      [],
      [
        'inventory/onprem-lab: access provider secretreader has no counterpart in Flux, which logs in to aws, azure and gcp itself',
        "--credentials embed writes a kubeconfig Secret with a token; --flux-provider generic, where the cluster trusts the hub's OIDC issuer",
      ],
    ],
    [
      'sveltos',
      'onprem-lab',
      [],
      [
        'inventory/onprem-lab: access provider secretreader has no workload identity in Sveltos',
        '--credentials exec-kubeconfig, where its plugin is in every image of Sveltos; or a controller that makes short-lived kubeconfigs (projectsveltos/clusterinventory-controller)',
      ],
    ],
    [
      'backstage',
      'onprem-lab',
      [],
      [
        'inventory/onprem-lab: access provider secretreader has no auth-provider in Backstage, and a catalog entry holds no credential',
        '--format app-config, which refers to a token in an environment variable, or --auth-provider secretreader=oidc',
      ],
    ],
    [
      'istio',
      'onprem-lab',
      [],
      [
        'inventory/onprem-lab: a remote Secret needs a credential in it, and istiod takes no plugin by default',
        '--credentials exec, where istiod runs with PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS=exec and has the plugins; --credentials embed writes tokens into the output',
      ],
    ],
    [
      'kueue',
      'aks-prod-eu',
      ['--kueue-api=v1beta1'],
      [
        'fleet-system/aks-prod-eu: a MultiKueueCluster of v1beta1 cannot refer to a ClusterProfile (spec.clusterProfileRef has no effect there)',
        '--kueue-api v1beta2, with Kueue 0.15 or later',
      ],
    ],
    [
      'fleet',
      'onprem-lab',
      [],
      [
        'inventory/onprem-lab: Fleet needs a kubeconfig with a credential in it, and its image has no credential plugins',
        '--credentials embed writes a token into the Secret; without one, let the agent of the cluster register itself',
      ],
    ],
  ])('%s: %s', async (consumer, name, flags, [error, hint]) => {
    const file = ['-f', join(shared, '_input', `${name}.yaml`)];
    const providers = ['--provider-file', join(shared, '_input', 'providers.json')];
    const { out, err, code } = await run(['export', consumer, ...file, ...providers, ...flags]);
    expect({ code, out, err: endOf(err) }).toEqual({
      code: 5,
      out: '',
      err: lines(`error: ${consumer}: ${error}`, `hint: ${hint}`),
    });
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

const seeValidate = 'hint: clusterprofile validate says what is wrong with it';
const correctIt = 'hint: correct it, or import the cluster again';

describe('export', () => {
  it('says which consumers there are, and what is none', async () => {
    const help = await run(['export', '--help']);
    expect(help.out).toMatch(/kubeconfig[\s\S]*kueue/);
    expect(await run(['export'])).toEqual({
      code: 2,
      out: '',
      err: lines('error: which consumer?', 'hint: clusterprofile export --help lists them'),
    });
    expect(await run(['export', 'kubeconfg'])).toEqual({
      code: 2,
      out: '',
      err: lines('error: export knows no system "kubeconfg"', 'hint: did you mean kubeconfig?'),
    });
    expect(await run([...toKubeconfig, '-o', 'wide'])).toEqual({
      code: 2,
      out: '',
      err: lines('error: unknown output format "wide"', 'hint: formats: yaml json'),
    });
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
    for (const [error, broken] of [
      ['a ClusterProfile without a name is not well-formed: metadata.name is missing', { metadata: {} }],
      ['tokyo is not well-formed: status should be a map', { metadata: { name: 'tokyo' }, status: 'none' }],
      [
        'tokyo is not well-formed: status.accessProviders should be a list',
        { metadata: { name: 'tokyo' }, status: { accessProviders: { name: 'LEAKCANARY' } } },
      ],
      [
        'tokyo is not well-formed: status.accessProviders[0] should be a map',
        { metadata: { name: 'tokyo' }, status: { accessProviders: ['LEAKCANARY'] } },
      ],
    ] as const) {
      const stdin = JSON.stringify({ apiVersion, kind: 'ClusterProfile', ...broken });
      expect(await run(['export', 'flux', '-f', '-'], { stdin })).toEqual({
        code: 3,
        out: '',
        err: lines(`error: ${error}`, seeValidate),
      });
    }
  });

  const profileWith = (
    change: (profile: Record<string, any>, access: Record<string, any>) => void,
  ): Record<string, unknown> => {
    const extension = (name: string, content: object): object => ({ name, extension: content });
    const access = {
      server: 'https://tokyo.gr7.eu-west-1.eks.amazonaws.com',
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

  /** What is said of a profile: as bad input (exit 3), or as what a consumer refuses (exit 5) with a hint of its own. */
  it.each<[error: string, change: Parameters<typeof profileWith>[0], hint?: string]>([
    [
      'fleet/tokyo is not well-formed: status.accessProviders[0].cluster.server should be a text',
      (_, access) => (access['server'] = 123),
    ],
    [
      'fleet/tokyo is not well-formed: status.accessProviders[0].cluster.certificate-authority-data should be a text',
      (_, access) => (access['certificate-authority-data'] = 5),
    ],
    [
      'fleet/tokyo is not well-formed: status.accessProviders[0].cluster.insecure-skip-tls-verify should be true or false',
      (_, access) => (access['insecure-skip-tls-verify'] = 'LEAKCANARY'),
    ],
    [
      'fleet/tokyo is not well-formed: status.accessProviders[0].cluster.extensions should be a list',
      (_, access) => (access['extensions'] = { LEAKCANARY: true }),
    ],
    [
      'fleet/tokyo is not well-formed: status.accessProviders[0].cluster.extensions[0] should be a map',
      (_, access) => (access['extensions'] = [null]),
    ],
    ['fleet/5 is not well-formed: metadata.name should be a text', ({ metadata }) => (metadata.name = 5)],
    [
      'fleet/tokyo is not well-formed: metadata.labels should be a map of texts',
      ({ metadata }) => (metadata.labels = { LEAKCANARY: 1 }),
    ],
    [
      'fleet/tokyo is not well-formed: status.properties[0].value should be a text',
      ({ status }) => (status.properties = [{ name: 'arn', value: 5 }]),
    ],
    ['standard input: a ClusterProfile without metadata', (profile) => (profile['metadata'] = null)],
    [
      'fleet/tokyo: extension client.authentication.k8s.io/exec should be a map, and clusterId in it a text',
      (_, access) => (access['extensions'][0].extension.clusterId = 5),
      correctIt,
    ],
    [
      'fleet/tokyo: extension client.authentication.k8s.io/exec should be a map, and FIRST in it a text',
      (_, access) => (access['extensions'][0].extension = 'LEAKCANARY'),
      correctIt,
    ],
    [
      'fleet/tokyo: an entry of status.accessProviders has no name',
      ({ status }) => (status.accessProviders[0].name = null),
      correctIt,
    ],
    [
      'fleet/tokyo: status.accessProviders is missing, so nothing says how it is reached',
      (profile) => (profile['status'] = null),
      'hint: import it again from a system that knows its endpoint',
    ],
  ])('refuses a profile, and can go on without it: %s', async (error, change, hint) => {
    const broken = profileWith(change);
    for (const [consumer, first, ...flags] of [
      ['argocd', 'clusterId', '--argocd-builtin'],
      ['sveltos', 'region'],
    ] as const) {
      const words = [consumer, ...flags, '-f', '-'];
      const said = error.replace('FIRST', first);
      const refused = lines(`error: ${consumer}: ${said}`, ...(hint ? [hint] : []));
      expect(await run(['export', ...words], { stdin: JSON.stringify(broken) })).toEqual({
        code: hint ? 5 : 3,
        out: '',
        err: hint ? refused : lines(`error: ${said}`, seeValidate),
      });
      const checked = await run(['validate', '--for', ...words], { stdin: JSON.stringify(broken) });
      expect(checked.code).toBe(1);
      if (broken.metadata === null) continue;
      const items = [broken, profileWith(({ metadata }) => (metadata.name = 'osaka'))];
      const stdin = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
      const rest = await run(['export', ...words, '--skip-refused'], { stdin });
      expect({ code: rest.code, err: endOf(rest.err) }).toEqual({ code: 4, err: refused });
      expect(rest.out).toContain('osaka');
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
    expect(err).toBe(
      lines(
        'error: sveltos: fleet/tokyo: extension clusterprofiles.multicluster.x-k8s.io/exec/additional-envs should be a map, and AZURE_TENANT_ID in it a text',
        correctIt,
      ),
    );
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
    ['PF007', of({ execConfig: { ...execConfig, command: '/plugins/vault --role=reader' } })],
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
