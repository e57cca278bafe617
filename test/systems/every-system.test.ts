// What is true of the import of one system is true of all: how its input may be written, and what it says of the way to a cluster.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments, stringify } from 'yaml';
import type { ClusterAccess, ClusterProfile } from '../../src/profile/clusterprofile.ts';
import { flagsOf, members, type MemberFacts } from '../support/generate/members.ts';
import { scratch } from '../support/paths.ts';
import { authority, ca } from '../support/profiles.ts';
import { runQuickly, type Ran } from '../support/run.ts';

const good: MemberFacts = { server: 'https://oslo.example.com:6443', ca: authority.cert, version: 'v1.33.1' };
const systems = Object.keys(members);

/** What an import prints of one cluster, with how it is reached. */
async function importOne(
  system: string,
  objects: object[],
  ...flags: string[]
): Promise<Ran & { cluster: ClusterAccess | undefined }> {
  const file = join(scratch(), 'input.json');
  writeFileSync(file, objects.map((each) => JSON.stringify(each)).join('\n'));
  const words = ['import', system, '-f', file, '-n', 'shop', ...(flagsOf[system] ?? []), ...flags];
  const ran = await runQuickly([...words, '--as-of', '2026-01-01T00:00:00Z']);
  const [profile] = parseAllDocuments(ran.out).map((each) => each.toJS() as ClusterProfile | null);
  return { ...ran, cluster: profile?.status?.accessProviders?.[0]?.cluster };
}

/** Those that tell a fact: their objects are others with it. */
const tellers = (fact: Partial<MemberFacts>): string[] =>
  systems.filter(
    (system) => JSON.stringify(members[system]!({ ...good, ...fact })) !== JSON.stringify(members[system]!(good)),
  );

const list = (...items: unknown[]): object => ({ apiVersion: 'v1', kind: 'List', items });
const isTyped = (objects: object[]): boolean => objects.every((each) => 'apiVersion' in each);

/** How the same objects may be written; `undefined` for those that cannot. */
const forms: Record<string, (objects: object[]) => string | Buffer | undefined> = {
  'one after the other, indented': (objects) => objects.map((each) => JSON.stringify(each, undefined, 2)).join('\n'),
  'one after the other, without a line between': (objects) => objects.map((each) => JSON.stringify(each)).join(''),
  'as documents of YAML': (objects) => objects.map((each) => stringify(each)).join('---\n'),
  'with empty documents between': (objects) =>
    `---\n---\n${objects.map((each) => stringify(each)).join('---\n---\n')}---\n`,
  'with the lines of Windows': (objects) =>
    objects
      .map((each) => stringify(each))
      .join('---\n')
      .replaceAll('\n', '\r\n'),
  'in UTF-16': (objects) => Buffer.from(`\ufeff${objects.map((each) => stringify(each)).join('---\n')}`, 'utf16le'),
  'in a list': (objects) => (isTyped(objects) ? JSON.stringify(list(...objects)) : undefined),
  'in lists in a list': (objects) =>
    isTyped(objects) ? JSON.stringify(list(list(), ...objects.map((each) => list(list(each))))) : undefined,
};

const ways = systems.flatMap((system) => Object.keys(forms).map((form) => [system, form] as const));

it.each(ways)('%s reads its objects %s', async (system, form) => {
  const objects = members[system]!(good);
  const text = forms[form]!(objects);
  // A list holds objects of Kubernetes, and a kubeconfig is none.
  if (text === undefined || (system === 'kubeconfig' && /list/.test(form))) return;
  const file = join(scratch(), 'input.yaml');
  writeFileSync(file, text);
  const words = ['import', system, '-f', file, '-n', 'shop', ...(flagsOf[system] ?? [])];
  const ran = await runQuickly([...words, '--as-of', '2026-01-01T00:00:00Z']);
  const usual = await importOne(system, objects);
  expect({ code: ran.code, out: ran.out, err: ran.err }).toMatchObject({ code: 0, out: usual.out });
  expect(ran.out).toContain('oslo');
});

describe('a version in the place that older releases have it in', () => {
  const without = (objects: object[], key: string): object[] =>
    JSON.parse(JSON.stringify(objects, (name, value: unknown) => (name === key ? undefined : value))) as object[];
  const [first, ...others] = members['sveltos']!(good) as [{ metadata: object; status: object }];
  const listed = { server: good.server, name: 'oslo', config: {}, serverVersion: '1.29' };
  const rancher = without(members['rancher']!(good), 'version') as [{ status: object }];
  const ocm = without(members['ocm']!(good), 'version') as [{ status: object }];
  const claim = { name: 'kubeversion.open-cluster-management.io', value: 'v1.29.1' };
  it.each<[string, object[], string]>([
    ['argocd', [listed], '1.29'],
    [
      'rancher',
      [{ ...rancher[0], status: { ...rancher[0].status, info: { kubernetesVersion: 'v1.29.2' } } }],
      'v1.29.2',
    ],
    ['ocm', [{ ...ocm[0], status: { ...ocm[0].status, clusterClaims: [claim] } }], 'v1.29.1'],
    ['kubestellar', [{ ...ocm[0], status: { ...ocm[0].status, clusterClaims: [claim] } }], 'v1.29.1'],
    [
      'sveltos',
      [
        {
          ...first,
          metadata: { ...first.metadata, labels: { 'projectsveltos.io/k8s-version': 'v1.29.3' } },
          status: { ready: true },
        },
        ...others,
      ],
      'v1.29.3',
    ],
  ])('%s', async (system, objects, version) => {
    const { out } = await importOne(system, objects);
    expect((parse(out) as ClusterProfile).status?.version).toEqual({ kubernetes: version });
  });
});

describe('a server', () => {
  it.each(systems)('that only its own machine reaches is said: %s', async (system) => {
    const { err, code } = await importOne(system, members[system]!({ ...good, server: 'https://localhost:6443' }));
    expect(code).toBe(0);
    expect(err).toMatch(
      /^warning: .*oslo.*: its server localhost can be reached from its own machine or cluster only$/m,
    );
  });

  it.each(systems)('that is not there is said: %s', async (system) => {
    const { err, cluster } = await importOne(system, members[system]!({ ...good, server: '' }));
    expect(cluster).toBeUndefined();
    expect(err).toMatch(/^(?:error|warning|note): .*oslo/m);
  });

  it.each(systems.filter((system) => system !== 'azure'))('is kept with its query: %s', async (system) => {
    const server = 'https://gateway.example.com/?agentName=oslo';
    const { cluster, code } = await importOne(system, members[system]!({ ...good, server }));
    expect({ code, server: cluster?.server }).toEqual({ code: 0, server });
  });
});

describe('a proxy', () => {
  const proxied = tellers({ proxy: 'http://proxy.example.com' });

  it('is told by several systems', () => {
    expect(proxied.length).toBeGreaterThan(6);
  });

  it.each(proxied)('of socks5h is one of socks5: %s', async (system) => {
    const { cluster, err } = await importOne(
      system,
      members[system]!({ ...good, proxy: 'socks5h://proxy.example.com:1080' }),
    );
    expect(cluster).toMatchObject({ 'proxy-url': 'socks5://proxy.example.com:1080' });
    expect(err).toMatch(/^warning: .*oslo.*: clients refuse socks5h in a proxy URL/m);
  });

  it.each(proxied)('on the machine at hand is said: %s', async (system) => {
    const { err } = await importOne(system, members[system]!({ ...good, proxy: 'http://127.0.0.1:3128' }));
    expect(err).toMatch(/^warning: .*oslo.*: its proxy 127\.0\.0\.1 can be reached from its own machine/m);
  });

  it.each(proxied)('hands on no password: %s', async (system) => {
    const proxy = 'http://ann:LEAKCANARY@proxy.example.com:3128';
    const { cluster, err } = await importOne(system, members[system]!({ ...good, proxy }));
    expect(cluster).toMatchObject({ 'proxy-url': 'http://proxy.example.com:3128' });
    expect(err).toMatch(/^warning: .*oslo.*: user information in its proxy URL is left out$/m);
  });
});

/** Sets a key in every map that has another one: what a source says beside its CA. */
function putBeside(objects: object[], beside: string, key: string, value: unknown): object[] {
  const put = (at: unknown): unknown => {
    if (typeof at === 'string' && at.startsWith('{')) return JSON.stringify(put(JSON.parse(at)));
    if (typeof at === 'string' && at.startsWith('eyJ')) {
      const text = put(Buffer.from(at, 'base64').toString()) as string;
      return Buffer.from(text).toString('base64');
    }
    if (Array.isArray(at)) return at.map(put);
    if (typeof at !== 'object' || at === null) return at;
    const entries = Object.entries(at).map(([name, inner]) => [name, put(inner)] as const);
    return { ...Object.fromEntries(entries), ...(beside in at && { [key]: value }) };
  };
  return put(objects) as object[];
}

describe('a CA beside the wish to check nothing', () => {
  const skips: Record<string, [beside: string, key: string]> = {
    argocd: ['caData', 'insecure'],
    karmada: ['apiEndpoint', 'insecureSkipTLSVerification'],
    kubeadmiral: ['apiEndpoint', 'insecure'],
    ...Object.fromEntries(
      ['cluster-api', 'fleet', 'istio', 'kubeconfig', 'kueue', 'sveltos'].map((system) => [
        system,
        ['certificate-authority-data', 'insecure-skip-tls-verify'],
      ]),
    ),
  };

  it.each(Object.keys(skips))('is what counts: %s', async (system) => {
    const objects = putBeside(members[system]!(good), ...skips[system]!, true);
    const { cluster, err } = await importOne(system, objects);
    expect(cluster).toMatchObject({ 'certificate-authority-data': ca });
    expect(cluster).not.toHaveProperty('insecure-skip-tls-verify');
    expect(err).toMatch(
      /^warning: .*oslo.*: it has a CA and skips verification: clients refuse both, the CA is kept$/m,
    );
  });

  it.each(Object.keys(skips))('is not given up for it where it cannot be read: %s', async (system) => {
    const objects = putBeside(members[system]!({ ...good, ca: 'no certificate' }), ...skips[system]!, true);
    const { cluster, code } = await importOne(system, objects);
    expect(cluster).not.toHaveProperty('insecure-skip-tls-verify');
    expect(code).toBe(4);
  });

  it.each(['cluster-api', 'fleet', 'istio', 'kubeconfig', 'kueue', 'sveltos'])(
    'is not given up for it where it is in a file: %s',
    async (system) => {
      const [key, name] = ['certificate-authority-data', 'certificate-authority'];
      const objects = putBeside(members[system]!({ ...good, ca: '' }), key, 'insecure-skip-tls-verify', true);
      const { cluster, err } = await importOne(system, putBeside(objects, key, name, '/etc/ca.crt'));
      expect(cluster).toMatchObject({ server: good.server });
      expect(cluster).not.toHaveProperty('insecure-skip-tls-verify');
      expect(err).toContain('insecure-skip-tls-verify is left out');
    },
  );
});

describe('the next place of a server', () => {
  const [aks, gke] = [members['azure']!, members['gke']!];
  const none = 'https://a example';
  const next = 'https://next.example.com:6443';
  const put = (objects: object[], more: object, at: number): object[] =>
    objects.map((each, index) => (index === at ? { ...each, ...more } : each));
  const gkePlaces = (ip: object): object => ({
    controlPlaneEndpointsConfig: { ipEndpointsConfig: { enablePublicEndpoint: true, ...ip } },
    privateClusterConfig: { privateEndpoint: 'next.example.com:6443' },
    endpoint: 'next.example.com:6443',
  });
  const [fleetMember, cluster] = aks(good) as [object, { properties: object }];
  const kubeconfig = members['sveltos']!({ ...good, server: next });
  const ocm = members['ocm']!(good) as [{ spec: object }];
  it.each<[string, object[], string[], string]>([
    [
      'azure',
      [
        fleetMember,
        {
          ...cluster,
          properties: {
            ...cluster.properties,
            apiServerAccessProfile: { enablePrivateCluster: true },
            privateFQDN: 'a b',
            fqdn: 'next.example.com',
          },
        },
      ],
      [],
      'https://next.example.com:443',
    ],
    ['gke', put(gke(good), gkePlaces({ publicEndpoint: 'a b' }), 1), [], next],
    ['gke', put(gke(good), gkePlaces({ privateEndpoint: 'a b' }), 1), ['--reach', 'private'], next],
    [
      'gardener',
      put(
        members['gardener']!(good),
        {
          status: {
            advertisedAddresses: [
              { name: 'external', url: none },
              { name: 'unmanaged', url: next },
            ],
          },
        },
        0,
      ),
      [],
      next,
    ],
    ['sveltos', put(kubeconfig, { spec: { workloadIdentity: { provider: 'AWS', endpoint: none } } }, 0), [], next],
    [
      'cluster-api',
      put(
        members['cluster-api']!({ ...good, server: next }),
        { spec: { controlPlaneEndpoint: { host: 'a b', port: 443 } } },
        0,
      ),
      [],
      next,
    ],
    ['ocm', [{ ...ocm[0], spec: { managedClusterClientConfigs: [{ url: none }, { url: next }] } }], [], next],
    ['kubestellar', [{ ...ocm[0], spec: { managedClusterClientConfigs: [{ url: none }, { url: next }] } }], [], next],
  ])('%s: counts where the first is none, %#', async (system, objects, flags, wanted) => {
    const ran = await importOne(system, objects, ...flags);
    expect(ran.cluster?.server, ran.err).toBe(wanted);
  });
});
