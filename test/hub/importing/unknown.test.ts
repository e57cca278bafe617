// What cannot be read this time is not absent: the inventory keeps it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  aksId,
  fleet,
  fleetId,
  gkeCluster,
  googleError,
  managedCluster,
  member,
  membership,
  serve,
  subscription,
  type Answer,
  type CloudServer,
  type SeenRequest,
} from '../../support/cloud-servers.ts';
import { startFaultProxy } from '../../support/hub/fault-proxy.ts';
import type { Fault } from '../../support/hub/faults.ts';
import { describeHub, kubeconfigFor, namespace, theHub } from '../../support/hub/hub.ts';
import { kubeconfig } from '../../support/hub/kubeconfig.ts';
import { openCrd } from '../../support/hub/other-crds.ts';
import { runKubectl } from '../../support/hub/kubectl.ts';
import { fixtures, scratch } from '../../support/paths.ts';
import { ca } from '../../support/profiles.ts';
import { run, type Ran } from '../../support/run.ts';

type Handler = (request: SeenRequest) => Answer | undefined;
type Env = Record<string, string>;

/** All files of a directory with their bytes. */
const filesIn = (directory: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file.slice(directory.length), readFileSync(file, 'utf8')]),
  );

const faults = ['403', '429 to the end', '503', 'timeout', 'cut body'] as const;
type FaultName = (typeof faults)[number];

/** An answer that has gone wrong; `refused` is how the service itself words an error. */
function broken(fault: FaultName, good: Answer | undefined, refused: (status: number) => Answer): Answer {
  if (fault === 'timeout') return { delay: Infinity };
  if (fault === 'cut body') return { ...good, cut: true };
  const answer = refused(Number.parseInt(fault, 10));
  return { ...answer, headers: { 'retry-after': '0', ...answer.headers } };
}

interface Source {
  /** Words behind `import`, for a server. */
  words(server: CloudServer): string[];
  env?: Env;
  handle: Handler;
  refused: (status: number) => Answer;
}

/** A good run, then one with each fault in the answers of `secondary`: the directory stays as it is. */
async function expectKept(source: Source, secondary: RegExp, kept: string | RegExp, code = [4]): Promise<Ran[]> {
  let fault: FaultName | undefined;
  const server = await serve((request) => {
    const good = source.handle(request);
    return fault && secondary.test(request.path) ? broken(fault, good, source.refused) : good;
  });
  const target = ['--inventory', scratch()];
  const imported = async (...more: string[]): Promise<Ran> => {
    const words = ['import', ...source.words(server), '--request-timeout', '1s', '--as-of', '2026-03-02T10:00:00Z'];
    const ran = await run([...words, ...target, ...more], { env: source.env ?? {} });
    expect(`${ran.out}${ran.err}`).not.toContain('LEAKCANARY');
    return ran;
  };
  try {
    const good = await imported('--apply');
    expect(good, good.err).toMatchObject({ code: 0 });
    const before = filesIn(target[1] as string);
    expect(Object.values(before).join('')).toContain('accessProviders:');
    const ran: Ran[] = [];
    for (fault of faults) {
      const again = await imported('--apply');
      expect(code, `${fault}: ${again.err}`).toContain(again.code);
      expect(again.err, fault).toMatch(kept);
      expect(filesIn(target[1] as string), fault).toEqual(before);
      ran.push(again);
    }
    // Prune deletes nothing after it, and the next good run finds nothing to do.
    fault = '403';
    const pruned = await imported('--apply', '--prune', '--yes');
    expect([4, 5, 6], pruned.err).toContain(pruned.code);
    expect(filesIn(target[1] as string)).toEqual(before);
    fault = undefined;
    expect(await imported('--diff')).toMatchObject({ code: 0, out: '' });
    return ran;
  } finally {
    await server.close();
  }
}

const gke: Source = {
  words: (server) => ['gke', '--project', 'prod-fleet', '--endpoint', server.url],
  env: { CLOUDSDK_AUTH_ACCESS_TOKEN: 'LEAKCANARY' },
  refused: (status) => googleError(status, 'not this time', 'IAM_PERMISSION_DENIED'),
  handle({ path }) {
    const { endpoint, ...others } = membership('prod-fleet', 'us-central1', 'prod-us');
    const { kubernetesMetadata: _, ...silent } = endpoint as Record<string, unknown>;
    if (path === '/v1/projects/prod-fleet/locations/-/memberships')
      return { body: { resources: [{ ...others, endpoint: silent, labels: { tier: 'of-the-membership' } }] } };
    if (path === '/v3/projects/prod-fleet') return { body: { name: 'projects/123456789012', projectId: 'prod-fleet' } };
    if (path === '/v1/projects/prod-clusters/locations/-/clusters')
      return {
        body: { clusters: [{ ...gkeCluster('us-central1', 'prod-us'), releaseChannel: { channel: 'REGULAR' } }] },
      };
    return undefined;
  },
};

const arm = `/subscriptions/${subscription}/providers/Microsoft.ContainerService`;
const isListed = { value: true };

const azure: Source = {
  words: (server) => ['azure', '--subscription', subscription, '--endpoint', server.url],
  env: { AZURE_ACCESS_TOKEN: 'LEAKCANARY' },
  refused: (status) => ({ status, body: { error: { code: 'NotThisTime', message: 'not this time' } } }),
  handle({ path }) {
    const aks = { ...managedCluster('prod-us'), tags: { team: 'shop' } };
    if (path === `${arm}/fleets`) return { body: { value: [fleet('prod-fleet')] } };
    if (path === `${fleetId('prod-fleet')}/members`) return { body: { value: [member('prod-fleet', 'prod-us')] } };
    if (path === `${arm}/managedClusters`) return { body: { value: isListed.value ? [aks] : [] } };
    if (path === aksId('prod-us')) return { body: aks };
    return undefined;
  },
};

const account = '111122223333';
const eksRegions: Record<string, string[]> = { 'us-east-1': ['prod', 'shop'], 'eu-west-1': ['prod'] };

const eks: Source = {
  words: () => ['eks', '--region', 'us-east-1,eu-west-1'],
  refused: (status) => ({
    status,
    headers: { 'x-amzn-errortype': status === 429 ? 'ThrottlingException' : 'AccessDeniedException' },
    body: { message: 'not this time' },
  }),
  handle({ path, authorization }) {
    const region = authorization?.split('/')[2] ?? '';
    if (path === '/clusters') return { body: { clusters: eksRegions[region] } };
    const name = path.replace('/clusters/', '');
    const cluster = {
      name,
      arn: `arn:aws:eks:${region}:${account}:cluster/${name}`,
      createdAt: 1_772_359_200.123,
      version: '1.33',
      status: 'ACTIVE',
      endpoint: `https://${name.toUpperCase()}.gr7.${region}.eks.amazonaws.com`,
      certificateAuthority: { data: ca },
    };
    return { body: { cluster } };
  },
};

describe('of a cloud', () => {
  it('keeps the server of the Connect Gateway while the project number cannot be read', async () => {
    const [denied] = await expectKept(
      gke,
      /^\/v3\/projects/,
      /^warning: \S+prod-us-us-central1: access provider, annotation gateway.gke.io\/endpoint kept: number of project prod-fleet not read$/m,
    );
    expect(denied?.err).toContain('--project-number');
  });

  it('keeps version, health, labels and properties while GKE clusters cannot be read', async () => {
    const [denied] = await expectKept(
      gke,
      /\/clusters$/,
      /prod-us-us-central1: version, ControlPlaneHealthy, property \S+ and 1 more kept: GKE clusters of project prod-clusters not read$|version, ControlPlaneHealthy, property \S+, labels kept: GKE clusters of project prod-clusters not read$/m,
    );
    expect(denied?.err).toContain('--no-enrich');
  });

  it('keeps what AKS clusters tell while their list cannot be read', async () => {
    const [denied] = await expectKept(
      azure,
      /\/managedClusters$/,
      /^warning: \S+prod-us: access provider, version, ControlPlaneHealthy and \d more kept: AKS clusters of subscription \S+ not read$/m,
    );
    expect(denied?.err).toContain('--no-enrich');
  });

  it('keeps what an AKS cluster tells that the list does not show and that cannot be read itself', async () => {
    isListed.value = false;
    onTestFinished(() => void (isListed.value = true));
    const ran = await expectKept(
      azure,
      /\/managedClusters\/prod-us$/,
      /access provider, version, ControlPlaneHealthy and \d more/,
    );
    expect(ran).toHaveLength(faults.length);
  });

  it.each([
    ['one cluster', /^\/clusters\/shop$/],
    ['two of one name', /^\/clusters\/prod$/],
    ['all', /^\/clusters\//],
  ])('keeps profiles of EKS clusters that cannot be described: %s', async (_what, secondary) => {
    const source: Source = {
      ...eks,
      words(started) {
        Object.assign(source.env as Env, { AWS_ENDPOINT_URL: started.url });
        return eks.words(started);
      },
      env: { AWS_ACCESS_KEY_ID: 'AKIAFLEET', AWS_SECRET_ACCESS_KEY: 'LEAKCANARY', AWS_EC2_METADATA_DISABLED: 'true' },
    };
    const ran = await expectKept(
      source,
      secondary,
      /not described and left out, what the inventory has of them stays: /,
    );
    expect(ran).toHaveLength(faults.length);
  });

  it('gives the other cluster of a name the name it has with both', async () => {
    let fails = false;
    const server = await serve((request) => {
      const isOther = request.path === '/clusters/prod' && request.authorization?.includes('eu-west-1');
      return fails && isOther ? eks.refused(403) : eks.handle(request);
    });
    onTestFinished(() => server.close());
    const env = { AWS_ENDPOINT_URL: server.url, AWS_ACCESS_KEY_ID: 'AKIAFLEET', AWS_SECRET_ACCESS_KEY: 'LEAKCANARY' };
    const named = (): Promise<Ran> => run(['import', ...eks.words(server), '-o', 'name'], { env });
    const whole = await named();
    fails = true;
    const partial = await named();
    expect(partial.code).toBe(4);
    expect(whole.out.split('\n')).toEqual(expect.arrayContaining(partial.out.split('\n')));
  });

  it('makes profiles without the fact where there is none to keep, and is partial', async () => {
    const server = await serve((request) => (request.path.startsWith('/v3/') ? gke.refused(403) : gke.handle(request)));
    onTestFinished(() => server.close());
    const inventory = scratch();
    const ran = await run(['import', ...gke.words(server), '--apply', '--inventory', inventory], {
      env: gke.env ?? {},
    });
    expect(ran).toMatchObject({ code: 4 });
    expect(ran.err).not.toContain('kept');
    expect(ran.out).toContain('created');
    expect(Object.values(filesIn(inventory)).join('')).not.toContain('accessProviders:');
  });

  it('says in JSON what was kept', async () => {
    let fails = false;
    const server = await serve((request) =>
      fails && request.path.startsWith('/v3/') ? gke.refused(403) : gke.handle(request),
    );
    onTestFinished(() => server.close());
    const words = ['import', ...gke.words(server), '--inventory', scratch(), '-o', 'json'];
    await run([...words, '--apply'], { env: gke.env ?? {} });
    fails = true;
    const kept = ['access provider, annotation gateway.gke.io/endpoint kept: number of project prod-fleet not read'];
    const applied = await run([...words, '--apply'], { env: gke.env ?? {} });
    expect(JSON.parse(applied.out)).toMatchObject([{ action: 'unchanged', kept }]);
    const shown = await run([...words, '--diff'], { env: gke.env ?? {} });
    expect(JSON.parse(shown.out)).toMatchObject([{ action: 'unchanged', kept }]);
    expect(shown.code).toBe(4);
  });

  it.each([
    ['gke', gke, ['--no-enrich', '--project-number', '123456789012']],
    ['azure', azure, ['--no-enrich']],
  ] as const)('keeps what a flag of %s does not ask for, and is whole', async (_system, source, less) => {
    const server = await serve(source.handle);
    onTestFinished(() => server.close());
    const inventory = scratch();
    const words = ['import', ...source.words(server), '--apply', '--inventory', inventory];
    await run(words, { env: source.env ?? {} });
    const whole = Object.values(filesIn(inventory)).join('');
    const ran = await run([...words, ...less], { env: source.env ?? {} });
    expect(ran, ran.err).toMatchObject({ code: 0 });
    const kept = Object.values(filesIn(inventory)).join('');
    for (const line of whole.split('\n').filter((each) => /server:|kubernetes:|ControlPlaneHealthy/.test(each)))
      expect(kept).toContain(line);
  });
});

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; uid?: string; resourceVersion?: string };
  status?: object;
}

const fixture = (system: string, name: string): Manifest[] =>
  parseAllDocuments(readFileSync(join(fixtures, system, name, 'import.yaml'), 'utf8'))
    .map((document) => document.toJS() as Manifest)
    .filter(Boolean);

const status = (code: number, reason: string): Answer => ({
  status: code,
  body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message: `not this time (${reason})`, code },
});

/** Lists of objects as an API server answers them. */
const listsOf =
  (objects: readonly Manifest[]): Handler =>
  ({ path }) => {
    const [, group = '', version, at, plural] =
      /^\/(?:api|apis\/([^/]+))\/([^/]+)(?:\/namespaces\/([^/]+))?\/([^/]+)$/.exec(path) ?? [];
    const apiVersion = group ? `${group}/${version}` : version;
    const ofKind = objects.filter((each) => each.apiVersion === apiVersion && `${each.kind.toLowerCase()}s` === plural);
    if (ofKind.length === 0 && group) return status(404, 'NotFound');
    const items = ofKind.filter(({ metadata }) => at === undefined || metadata.namespace === at);
    return { body: { kind: `${ofKind[0]?.kind ?? 'Secret'}List`, apiVersion, metadata: {}, items } };
  };

/** A system that keeps its clusters on a cluster. */
const kubernetes = (system: string, flags: readonly string[], objects: readonly Manifest[]): Source => ({
  words(server) {
    const file = join(scratch(), 'kubeconfig');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'source',
      clusters: [{ name: 'source', cluster: { server: server.url } }],
      users: [{ name: 'source', user: {} }],
      contexts: [{ name: 'source', context: { cluster: 'source', user: 'source' } }],
    };
    writeFileSync(file, JSON.stringify(config));
    return [system, '--source-kubeconfig', file, ...flags];
  },
  handle: listsOf(objects),
  refused: (code) => status(code, code === 403 ? 'Forbidden' : 'Other'),
});

const virtualCluster = {
  apiVersion: 'cluster.core.oam.dev/v1alpha1',
  kind: 'VirtualCluster',
  metadata: { name: 'cluster-hangzhou-1' },
  spec: { accepted: true, 'credential-type': 'X509Certificate', endpoint: 'https://hz1.example.com:6443' },
};

/** An infrastructure object and a control plane that say more than their Cluster. */
const capi = fixture('cluster-api', 'region-and-version-of-its-other-objects');
const withKubeconfig = fixture('cluster-api', 'available-in-the-middle-of-an-upgrade-with-its-kubeconfig');

const secrets = ['--read-secrets'];
const sources: [system: string, flags: string[], objects: Manifest[], secondary: RegExp, kept: RegExp][] = [
  ['cluster-api', secrets, withKubeconfig, /\/secrets$/, /access provider kept: secrets in \S+ not read/],
  [
    'cluster-api',
    [...secrets, '--read-infrastructure'],
    capi,
    /\/(gcpclusters|kubeadmcontrolplanes)$/,
    /property topology.kubernetes.io\/region kept: gcpclusters.infrastructure.cluster.x-k8s.io not read/,
  ],
  ['sveltos', secrets, fixture('sveltos', 'healthy-with-its-kubeconfig'), /\/secrets$/, /access provider kept/],
  ['sveltos', secrets, fixture('sveltos', 'workload-identity-aws-with-its-ca'), /\/secrets$/, /access provider kept/],
  ['fleet', secrets, fixture('fleet', 'with-its-kubeconfig-secret'), /\/secrets$/, /access provider kept/],
  ['kueue', secrets, fixture('kueue', 'active-with-its-kubeconfig-secret'), /\/secrets$/, /access provider kept/],
  [
    'kueue',
    secrets,
    fixture('kueue', 'active-with-its-kubeconfig-secret'),
    /\/multikueueconfigs$/,
    /property group.clusterprofile.dev kept: multikueueconfigs.kueue.x-k8s.io not read/,
  ],
  ['karmada', secrets, fixture('karmada', 'push-with-ca-from-its-secret'), /\/secrets$/, /access provider kept/],
  ['kubeadmiral', secrets, fixture('kubeadmiral', 'ready-with-ca-from-its-secret'), /\/secrets$/, /provider kept/],
  ['clusternet', ['--read-ca'], fixture('clusternet', 'authority-asked-for'), /\/secrets$/, /access provider kept/],
  ['gardener', [], fixture('gardener', 'healthy-with-its-ca'), /\/configmaps$/, /access provider kept: configmaps not/],
  [
    'ocm',
    ['--cluster-proxy'],
    fixture('ocm', 'cluster-proxy-before-client-config'),
    /\/secrets$/,
    /access provider kept: secrets in \S+ not read/,
  ],
  [
    'ocm',
    ['--cluster-proxy', '--compat'],
    fixture('ocm', 'cluster-proxy-certificate-compat'),
    /\/managedproxyconfigurations$/,
    /access provider kept: managedproxyconfigurations.proxy.open-cluster-management.io not read/,
  ],
  [
    'kubestellar',
    ['-n', 'inventory', '--customization-properties'],
    fixture('kubestellar', 'customization-properties-and-labels'),
    /\/configmaps$/,
    /propert.* kept: configmaps in customization-properties not read/,
  ],
  [
    'kubevela',
    [],
    [virtualCluster, ...fixture('kubevela', 'x509-secret-with-alias-and-version')],
    /\/secrets$/,
    /version.* kept: secrets in vela-system not read/,
  ],
];

describe('of a system on a cluster', () => {
  it.concurrent.each(sources)('%s %j', async (system, flags, objects, secondary, kept) => {
    const [denied] = await expectKept(kubernetes(system, flags, objects), secondary, kept);
    // What makes the run whole without the right, where a flag asked for it.
    const asked = flags.find((flag) => secondary.test('/secrets') && flag.startsWith('--read-'));
    expect(denied?.err).toContain(asked ? `hint: without ${asked} none is asked for` : 'error: ');
  });

  // Secrets are all that there is: without them nothing is read, and nothing changes.
  it.each([
    ['istio', 'remote-secret-by-bearer-token'],
    ['argocd', 'bearer-token'],
  ])('%s, whose clusters are Secrets', async (system, name) => {
    const ran = await expectKept(kubernetes(system, [], fixture(system, name)), /\/secrets$/, /error: /, [4, 6, 7, 8]);
    expect(ran).toHaveLength(faults.length);
  });

  it.each(sources.filter(([, flags]) => flags.includes('--read-secrets')))(
    'keeps what %s read with %j, when it is run without',
    async (system, _flags, objects) => {
      const source = kubernetes(system, [], objects);
      const server = await serve(source.handle);
      onTestFinished(() => server.close());
      const words = [
        'import',
        ...source.words(server),
        '--apply',
        '--inventory',
        scratch(),
        '--as-of',
        '2026-03-02T10:00:00Z',
      ];
      expect(await run([...words, ...secrets])).toMatchObject({ code: 0 });
      const again = await run(words);
      expect(again.err).toContain('0 configured');
      expect(again.code).toBe(0);
    },
  );
});

describe('of Secrets in a namespace that an object names', () => {
  const named: [system: string, name: string, from: string, to: string][] = [
    ['karmada', 'push-with-ca-from-its-secret', '"namespace":"karmada-cluster"', '"namespace":"elsewhere"'],
    [
      'fleet',
      'with-its-kubeconfig-secret',
      '"kubeConfigSecretNamespace":"fleet-default"',
      '"kubeConfigSecretNamespace":"elsewhere"',
    ],
    ['sveltos', 'workload-identity-aws-with-its-ca', '"caSecretRef":{', '"caSecretRef":{"namespace":"elsewhere",'],
  ];

  it.each(named)('%s reads them there, --source-namespace or not', async (system, name, from, to) => {
    const text = JSON.stringify(fixture(system, name)).replaceAll(from, to);
    const objects = JSON.parse(text) as Manifest[];
    const files = scratch();
    for (const [index, object] of objects.entries()) {
      if (object.kind === 'Secret') object.metadata.namespace = 'elsewhere';
      writeFileSync(join(files, `${index}.json`), JSON.stringify(object));
    }
    const [cluster] = objects;
    const source = kubernetes(system, secrets, objects);
    const server = await serve(source.handle);
    onTestFinished(() => server.close());
    const said = ['--as-of', '2026-03-02T10:00:00Z', '-n', 'fleet'];
    const read = await run(['import', system, '-f', files, ...said]);
    expect(read, read.err).toMatchObject({
      code: 0,
      out: expect.stringContaining('certificate-authority-data') as string,
    });
    const at = cluster?.metadata.namespace;
    for (const more of [[], ...(at === undefined ? [] : [['--source-namespace', at]])]) {
      const live = await run(['import', ...source.words(server), ...said, ...more]);
      expect(live, live.err).toMatchObject({ code: 0, out: read.out });
    }
  });
});

describe('of an input with a part that nobody can read', () => {
  const proxied = fixture('ocm', 'cluster-proxy-before-client-config');
  const damages: [what: string, damage: (text: string) => string][] = [
    [
      'of another version',
      (text) => text.replace('proxy.open-cluster-management.io/v1alpha1', 'proxy.open-cluster-management.io/v9'),
    ],
    ['of another spelling', (text) => text.replace('"ManagedProxyConfiguration"', '"managedproxyconfiguration"')],
    ['without a kind', (text) => text.replace('"ManagedProxyConfiguration"', '""')],
    ['without a name', (text) => text.replace('"name":"cluster-proxy"', '"name":""')],
  ];

  it.each(damages)('OCM keeps the server of the proxy beside a configuration %s', async (_what, damage) => {
    const inventory = scratch();
    const files = scratch();
    const write = (change: (text: string) => string): void => {
      for (const [index, object] of proxied.entries()) {
        const text = JSON.stringify(object);
        const isProxy = object.kind === 'ManagedProxyConfiguration';
        writeFileSync(join(files, `${index}.json`), isProxy ? change(text) : text);
      }
    };
    write((text) => text);
    const words = ['import', 'ocm', '-f', files, '--inventory', inventory, '--as-of', '2026-03-02T10:00:00Z'];
    const good = await run([...words, '--apply']);
    expect(good, good.err).toMatchObject({ code: 0 });
    const before = filesIn(inventory);
    expect(JSON.stringify(before)).toContain('cluster-proxy-addon-user');
    write(damage);
    const ran = await run([...words, '--apply', '--prune', '--yes']);
    expect(ran, ran.err).toMatchObject({ code: 4 });
    expect(ran.err).toMatch(/access provider kept: (part of the input|managedproxyconfigurations\S+) not read/);
    expect(filesIn(inventory)).toEqual(before);
  });
});

describeHub('of a real hub', () => {
  it.each([{}, { name: 'projects/' }, { name: 'projects/prod-fleet' }, { name: '123' }])(
    'takes %j for no project number',
    async (body) => {
      let isGood = true;
      const server = await serve((request) =>
        !isGood && request.path === '/v3/projects/prod-fleet' ? { body } : gke.handle(request),
      );
      try {
        const inventory = scratch();
        const words = ['import', ...gke.words(server), '--inventory', inventory, '--apply'];
        expect(await run([...words, '--as-of', '2026-03-02T10:00:00Z'], { env: gke.env ?? {} })).toMatchObject({
          code: 0,
        });
        const before = filesIn(inventory);
        isGood = false;
        const again = await run([...words, '--as-of', '2026-03-02T10:00:00Z'], { env: gke.env ?? {} });
        expect(again).toMatchObject({
          code: 4,
          err: expect.stringContaining('no number of project prod-fleet') as string,
        });
        expect(filesIn(inventory)).toEqual(before);
      } finally {
        await server.close();
      }
    },
  );

  it('keeps what a GKE fleet told before', async () => {
    const ns = await namespace();
    let failing: RegExp | undefined;
    const server = await serve((request) => (failing?.test(request.path) ? gke.refused(403) : gke.handle(request)));
    onTestFinished(() => server.close());
    const target = ['-n', ns, '--kubeconfig', kubeconfigFor({ namespace: ns })];
    const imported = (): Promise<Ran> =>
      run(['import', ...gke.words(server), '--apply', ...target], { env: gke.env ?? {} });
    const live = async (): Promise<string> =>
      (await runKubectl(theHub(), ['get', 'clusterprofiles', '-n', ns, '-o', 'yaml', '--show-managed-fields'])).stdout;
    expect(await imported()).toMatchObject({ code: 0 });
    const before = await live();
    expect(before).toContain('connectgateway.googleapis.com');
    for (failing of [/^\/v3\//, /\/clusters$/, /^\/v3\/|\/clusters$/]) {
      const ran = await imported();
      expect(ran, ran.err).toMatchObject({ code: 4 });
      expect(ran.err).toContain('kept: ');
      expect(await live()).toBe(before);
    }
    // What another field manager has put beside it is not taken over.
    const [name = ''] = /prod-us-\S+/.exec(before) ?? [];
    const theirs = {
      apiVersion: 'multicluster.x-k8s.io/v1alpha1',
      kind: 'ClusterProfile',
      metadata: { name, namespace: ns },
      status: { accessProviders: [{ name: 'vpn', cluster: { server: 'https://vpn.example.com' } }] },
    };
    const words = ['apply', '--server-side', '--field-manager=vpn', '--subresource=status', '-f', '-'];
    const applied = await runKubectl(theHub(), words, { input: JSON.stringify(theirs) });
    expect(applied.code, applied.stderr).toBe(0);
    const together = await live();
    expect((await imported()).code).toBe(4);
    expect(await live()).toBe(together);
    failing = undefined;
    expect((await imported()).out).toContain(' unchanged\n');
    expect(await live()).toBe(together);
  });

  it('keeps the CA of Karmada clusters while their Secrets cannot be read', async () => {
    const hub = theHub();
    const ns = await namespace();
    const apply = async (object: object, ...more: string[]): Promise<void> => {
      const words = ['apply', '--server-side', '--validate=false', ...more, '-f', '-'];
      const { code, stderr } = await runKubectl(hub, words, { input: JSON.stringify(object) });
      expect(code, stderr).toBe(0);
    };
    await apply(openCrd('cluster.karmada.io', 'Cluster', 'clusters', ['v1alpha1'], 'Cluster'));
    await runKubectl(hub, ['wait', '--for=condition=Established', 'crd', 'clusters.cluster.karmada.io']);
    for (const { metadata, ...object } of fixture('karmada', 'push-with-ca-from-its-secret')) {
      const { uid: _uid, resourceVersion: _version, ...own } = metadata;
      if (own.namespace) await runKubectl(hub, ['create', 'namespace', own.namespace]);
      await apply({ ...object, metadata: own });
      if (object.status) await apply({ ...object, metadata: own }, '--subresource=status');
    }
    const proxy = await startFaultProxy(hub);
    onTestFinished(() => proxy.close());
    const source = join(scratch(), 'kubeconfig');
    writeFileSync(source, kubeconfig({ ...hub, url: proxy.url }));
    const words = ['import', 'karmada', ...secrets, '--source-kubeconfig', source, '--request-timeout', '2s'];
    const target = ['-n', ns, '--kubeconfig', kubeconfigFor({ namespace: ns })];
    const live = async (): Promise<string> =>
      (await runKubectl(hub, ['get', 'clusterprofiles', '-n', ns, '-o', 'yaml'])).stdout;
    const good = await run([...words, '--apply', ...target]);
    expect(good, good.err).toMatchObject({ code: 0 });
    const before = await live();
    expect(before).toContain('certificate-authority-data');
    const wrong: Fault[] = [
      { reply: { status: 403, body: status(403, 'Forbidden').body } },
      { reply: { status: 429, headers: { 'retry-after': '0' }, body: 'slow down' } },
      { reply: { status: 503, headers: { 'retry-after': '0' }, body: 'not now' } },
      { delayMs: 10_000 },
      { cutBodyAt: 40 },
    ];
    for (const fault of wrong) {
      const undo = proxy.inject(({ path }) => (path.includes('/secrets') ? fault : undefined));
      const ran = await run([...words, '--apply', ...target]);
      undo();
      expect(ran, ran.err).toMatchObject({ code: 4 });
      expect(ran.err).toContain('access provider kept: secrets in karmada-cluster not read');
      expect(await live()).toBe(before);
    }
  });
});
