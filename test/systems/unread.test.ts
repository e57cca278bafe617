// A fact that is there and is none is not read: the inventory keeps it, the run says so and ends with 4.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ClusterProfile } from '../../src/profile/clusterprofile.ts';
import { loadSystem, listSystemNames } from '../../src/systems/index.ts';
import { flagsOf, members, type MemberFacts } from '../support/generate/members.ts';
import { scratch } from '../support/paths.ts';
import { authority, base64 } from '../support/profiles.ts';
import { runQuickly, type Ran } from '../support/run.ts';
import { lines } from '../support/text.ts';

const good: MemberFacts = {
  server: 'https://oslo.example.com:6443',
  ca: authority.cert,
  version: 'v1.33.1',
  proxy: 'http://proxy.example.com:3128',
  tlsServerName: 'api.example.com',
};

const importers: string[] = [];
for (const name of listSystemNames()) if ((await loadSystem(name))?.importer) importers.push(name);

it('has a cluster of every system that is imported', () => {
  expect(Object.keys(members).toSorted()).toEqual(importers);
});

/** A source, and what its import writes. */
function openSource(system: string): {
  apply: (objects: object[]) => Promise<Ran>;
  read: () => Pick<NonNullable<ClusterProfile['status']>, 'accessProviders' | 'version'>;
} {
  const [input, inventory] = [join(scratch(), 'input.json'), scratch()];
  const words = ['import', system, '-f', input, '-n', 'shop', ...(flagsOf[system] ?? [])];
  const more = ['--as-of', '2026-01-01T00:00:00Z', '--apply', '--inventory', inventory];
  return {
    apply(objects) {
      writeFileSync(input, objects.map((each) => JSON.stringify(each)).join('\n'));
      return runQuickly([...words, ...more]);
    },
    read() {
      const [file = ''] = readdirSync(join(inventory, 'shop'));
      const { status } = parse(readFileSync(join(inventory, 'shop', file), 'utf8')) as ClusterProfile;
      return { accessProviders: status?.accessProviders ?? [], version: status?.version ?? {} };
    },
  };
}

/** What is wrong with a fact, in the words of the error and of what is kept for it. */
const faults: Record<string, [wrong: Partial<MemberFacts>, error: string, kept: string]> = {
  server: [
    { server: 'https://a example' },
    'its server is not a URL, not read',
    'access provider kept: server not read',
  ],
  CA: [{ ca: 'no certificate' }, 'its CA is not a PEM certificate, not read', 'access provider kept: CA not read'],
  version: [
    { version: 'latest' },
    'its version "latest" is no Kubernetes version, not read',
    'version kept: version not read',
  ],
  'proxy URL': [
    { proxy: 'ftp://proxy.example.com' },
    'its proxy URL is not one, not read',
    'access provider kept: proxy URL not read',
  ],
  'TLS server name': [
    { tlsServerName: 'api example' },
    'its tls-server-name is no host name and no IP address, not read',
    'access provider kept: tls-server-name not read',
  ],
};

const cases = importers.flatMap((system) => Object.keys(faults).map((fact) => ({ system, fact })));

describe('a fact that cannot be read', () => {
  it.each(cases)('$system: $fact', async ({ system, fact }) => {
    const [wrong, error, kept] = faults[fact]!;
    const made = members[system]!;
    const damaged = made({ ...good, ...wrong });
    // Some systems do not tell it.
    if (JSON.stringify(damaged) === JSON.stringify(made(good))) return;
    const { apply, read } = openSource(system);
    expect(await apply(made(good))).toMatchObject({ code: 0 });
    const before = read();
    const ran = await apply(damaged);
    expect(ran).toMatchObject({ code: 4 });
    expect(ran.err).toContain(`: ${error}\n`);
    expect(ran.err).toMatch(/^error: .*oslo/m);
    expect(ran.err).toMatch(/^warning: .*oslo.*kept: /m);
    expect(ran.err).toContain(`: ${kept}\n`);
    expect(read()).toEqual(before);
  });
});

/** Objects without a key, wherever it stands. */
const dropKey = (objects: object[], key: string): object[] =>
  JSON.parse(JSON.stringify(objects, (name, value: unknown) => (name === key ? undefined : value))) as object[];

describe('what a cloud always tells of a running cluster', () => {
  it.each([
    ['eks', 'endpoint', 'endpoint', 'access provider kept: endpoint not read'],
    ['eks', 'certificateAuthority', 'certificate authority', 'access provider kept: certificate authority not read'],
    ['eks', 'version', 'version', 'version kept: version not read'],
    ['crossplane', 'endpoint', 'endpoint', 'access provider kept: endpoint not read'],
    ['crossplane', 'certificateAuthority', 'certificate authority', 'provider kept: certificate authority not read'],
    ['crossplane', 'version', 'version', 'version kept: version not read'],
    ['gke', 'masterAuth', 'CA', 'access provider kept: CA not read'],
    ['azure', 'fqdn', 'fqdn', 'access provider kept: fqdn not read'],
    ['azure', 'currentKubernetesVersion', 'currentKubernetesVersion', 'kept: currentKubernetesVersion not read'],
  ])('%s: %s', async (system, key, name, kept) => {
    const { apply, read } = openSource(system);
    const objects = members[system]!(good);
    expect(await apply(objects)).toMatchObject({ code: 0 });
    const before = read();
    const ran = await apply(dropKey(objects, key));
    expect(ran).toMatchObject({ code: 4 });
    expect(ran.err).toMatch(new RegExp(`^error: .*oslo.*: its ${name} is missing in what was read$`, 'm'));
    expect(ran.err).toContain(`${kept}\n`);
    expect(read()).toEqual(before);
  });

  it('is not there of one that is being made', async () => {
    const [answer] = members['eks']!(good) as [{ cluster: object }];
    const { endpoint: _, certificateAuthority: __, ...cluster } = answer.cluster as Record<string, unknown>;
    const { apply } = openSource('eks');
    expect(await apply([{ cluster: { ...cluster, status: 'CREATING' } }])).toMatchObject({ code: 0 });
  });
});

describe('a Secret that was read and has no CA', () => {
  it.each([
    ['karmada', 'caBundle', 'Secret karmada-cluster/oslo'],
    ['kubeadmiral', 'certificate-authority-data', 'Secret kube-admiral-system/oslo'],
  ])('%s: it is absent, and goes away in words', async (system, key, secret) => {
    const { apply, read } = openSource(system);
    const objects = members[system]!(good);
    expect(await apply(objects)).toMatchObject({ code: 0 });
    expect(JSON.stringify(read())).toContain('certificate-authority-data');
    const ran = await apply(dropKey(objects, key));
    expect(ran.code).toBe(0);
    expect(ran.err).toBe(
      lines(
        `warning: oslo: its ${secret} has no CA (key ${key})`,
        `warning: shop/oslo: the CA of access provider ${system} goes away, what was read has none`,
        '0 created, 1 configured, 0 unchanged, 0 deleted',
      ),
    );
    expect(JSON.stringify(read())).not.toContain('certificate-authority-data');
    expect((await apply(dropKey(objects, key))).err).not.toContain('goes away');
  });

  const sveltos = [
    {
      apiVersion: 'lib.projectsveltos.io/v1beta1',
      kind: 'SveltosCluster',
      metadata: { name: 'oslo', namespace: 'shop' },
      spec: {
        workloadIdentity: { provider: 'AWS', endpoint: good.server, caSecretRef: { name: 'oslo-ca' } },
      },
      status: { ready: true },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'oslo-ca', namespace: 'shop' },
      data: { 'ca.crt': base64(good.ca), other: base64('LEAKCANARY') },
    },
  ];
  const gardener = members['gardener']!(good).map((each) =>
    each['data'] ? { ...each, data: { ...each['data'], other: 'x' } } : each,
  );
  it.each([
    ['sveltos', sveltos, 'Secret shop/oslo-ca', 'key ca.crt'],
    ['clusternet', members['clusternet']!(good), 'Secret clusternet-oslo/child-cluster-deployer', 'key ca.crt'],
    ['gardener', gardener, 'ConfigMap oslo.ca-cluster', 'ca.crt'],
  ])('%s: it stays where something says that there is one', async (system, objects, place, key) => {
    const { apply, read } = openSource(system);
    expect(await apply(objects)).toMatchObject({ code: 0 });
    const before = read();
    expect(JSON.stringify(before)).toContain('certificate-authority-data');
    const ran = await apply(dropKey(objects, 'ca.crt'));
    expect(ran.code).toBe(4);
    expect(ran.err).toMatch(new RegExp(`^error: .*oslo: ${place} has no ${key}$`, 'm'));
    expect(ran.err).toContain(`access provider kept: ${place} not read\n`);
    expect(read()).toEqual(before);
  });
});

describe('a Secret that was read and has not what it is there for', () => {
  it.each([
    ['cluster-api', 'value', 'Secret shop/oslo-kubeconfig'],
    ['fleet', 'value', 'Secret fleet-default/oslo'],
    ['kubevela', 'endpoint', 'Secret vela-system/oslo'],
    ['kueue', 'kubeconfig', 'Secret kueue-system/oslo'],
    ['sveltos', 'kubeconfig', 'Secret shop/oslo-sveltos-kubeconfig'],
  ])('%s: how its cluster is reached stays', async (system, key, secret) => {
    const { apply, read } = openSource(system);
    const objects = members[system]!(good);
    const more = objects.map((each) =>
      each['kind'] === 'Secret' ? { ...each, data: { ...(each['data'] as object), 'a-note': base64('x') } } : each,
    );
    // Sveltos takes the first key, whatever it is called.
    const pinned = more.map((each) =>
      each['kind'] === 'SveltosCluster' ? { ...each, spec: { kubeconfigKeyName: 'kubeconfig' } } : each,
    );
    expect(await apply(pinned)).toMatchObject({ code: 0 });
    const before = read();
    const ran = await apply(dropKey(pinned, key));
    expect(ran.code).toBe(4);
    expect(ran.err).toContain(`oslo: ${secret} has no key ${key}\n`);
    expect(ran.err).toContain(`access provider kept: ${secret} not read\n`);
    expect(read()).toEqual(before);
  });
});
