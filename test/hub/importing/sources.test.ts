import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listSystemNames } from '../../../src/systems/index.ts';
import { describeHub } from '../../support/hub/hub.ts';
import { openCrd, shippedCrds } from '../../support/hub/other-crds.ts';
import { startHub, type Hub } from '../../support/hub/server.ts';
import { runKubectl } from '../../support/hub/kubectl.ts';
import { run } from '../../support/run.ts';
import { fixtures, scratch } from '../../support/paths.ts';

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; uid?: string; resourceVersion?: string };
  status?: object;
}

/** The objects in the fixtures of a system: what its users have on their clusters. */
const fixtureObjects = (system: string, ...cases: string[]): Manifest[] =>
  cases.flatMap((name) =>
    parseAllDocuments(readFileSync(join(fixtures, system, name, 'import.yaml'), 'utf8'))
      .map((document) => document.toJS() as Manifest)
      .filter(Boolean),
  );

describeHub('sources, live on a real hub', () => {
  let hub: Hub;
  let stop: () => Promise<void>;
  const kubectl = (args: string[], input?: object): ReturnType<typeof runKubectl> =>
    runKubectl(hub, args, input ? { input: JSON.stringify(input) } : {});

  async function create(objects: Manifest[]): Promise<void> {
    for (const object of objects) {
      const { uid: _uid, resourceVersion: _version, ...metadata } = object.metadata;
      if (metadata.namespace) await kubectl(['create', 'namespace', metadata.namespace]);
      const applied = await kubectl(['apply', '--server-side', '--validate=false', '-f', '-'], { ...object, metadata });
      if (applied.code !== 0) throw new Error(`${object.kind} ${metadata.name}: ${applied.stderr}`);
      if (object.status)
        await kubectl(['apply', '--server-side', '--validate=false', '--subresource=status', '-f', '-'], {
          ...object,
          metadata,
        });
    }
  }

  beforeAll(async () => {
    ({ hub, stop } = await startHub());
    const own = [
      openCrd('cluster.karmada.io', 'Cluster', 'clusters', ['v1alpha1'], 'Cluster'),
      openCrd('cluster.kubernetes-fleet.io', 'MemberCluster', 'memberclusters', ['v1beta1', 'v1'], 'Cluster'),
      openCrd('cluster.open-cluster-management.io', 'ManagedCluster', 'managedclusters', ['v1'], 'Cluster'),
      openCrd('cluster.open-cluster-management.io', 'ManagedClusterSet', 'managedclustersets', ['v1beta2'], 'Cluster'),
      openCrd(
        'cluster.open-cluster-management.io',
        'ManagedClusterSetBinding',
        'managedclustersetbindings',
        ['v1beta2'],
        'Namespaced',
      ),
      openCrd('cluster.x-k8s.io', 'Cluster', 'clusters', ['v1beta2', 'v1beta1'], 'Namespaced'),
      openCrd('kueue.x-k8s.io', 'MultiKueueCluster', 'multikueueclusters', ['v1beta2', 'v1beta1'], 'Cluster'),
      openCrd('kueue.x-k8s.io', 'MultiKueueConfig', 'multikueueconfigs', ['v1beta2', 'v1beta1'], 'Cluster'),
    ];
    for (const crd of own) await kubectl(['apply', '--server-side', '-f', '-'], crd);
    // The projects' own CRDs are laid over ours where they are at hand.
    for (const file of shippedCrds()) {
      const { code, stderr } = await kubectl(['apply', '--server-side', '--force-conflicts', '-f', file]);
      if (code !== 0) throw new Error(`${file}: ${stderr}`);
    }
    await kubectl(['wait', '--for=condition=Established', '--timeout=30s', 'crd', '--all']);
  }, 120_000);

  afterAll(() => stop());

  const cases: [system: string, fixtures: string[], flags: string[], expected: string[]][] = [
    [
      'karmada',
      ['push-with-ca-from-its-secret', 'pull-mode-without-endpoint'],
      ['--read-secrets'],
      ['member1', 'member3'],
    ],
    ['kubefleet', ['authority-as-pem'], [], ['kind-cluster-3']],
    ['ocm', ['ready'], [], ['prod-us']],
    ['cluster-api', ['provisioning-without-endpoint-or-version'], [], ['new-1']],
    [
      'kueue',
      ['active-with-its-kubeconfig-secret', 'kubeconfig-at-a-path-is-never-opened'],
      ['--read-secrets'],
      ['multikueue-test-worker1', 'worker2'],
    ],
    ['argocd', ['bearer-token', 'gcp-exec'], [], ['gke-my-project-us-central1-prod-1', 'mycluster.example.com']],
  ];

  it.each(cases)('%s is read and applied to another namespace', async (system, fixtures, flags, expected) => {
    await create(fixtureObjects(system, ...fixtures));
    const inventory = `inventory-${system}`;
    const words = [
      'import',
      system,
      '--source-kubeconfig',
      hub.kubeconfig,
      '--kubeconfig',
      hub.kubeconfig,
      '-n',
      inventory,
      ...flags,
    ];
    const applied = await run([...words, '--apply', '--create-namespace']);
    expect(applied.err, applied.err).toContain(`${expected.length} created`);
    expect(applied.code, applied.err).toBe(0);
    const listed = await run([
      'list',
      '-n',
      inventory,
      '--kubeconfig',
      hub.kubeconfig,
      '-o',
      'jsonpath={.items[*].metadata.name}',
    ]);
    expect(listed.out.split(' ')).toEqual(expected);
    expect(await run([...words, '--diff'])).toMatchObject({ code: 0, out: '' });
  });

  it('reads every system whose kinds are there with import auto, and reports what may not be read', async () => {
    const all = await run([
      'import',
      'auto',
      '--source-kubeconfig',
      hub.kubeconfig,
      '-o',
      'jsonpath={range .items[*]}{.spec.clusterManager.name} {end}',
    ]);
    expect(all.code, all.err).toBe(0);
    expect([...new Set(all.out.trim().split(' '))]).toEqual(expect.arrayContaining(['karmada', 'kueue', 'argocd']));
    const nobody = join(scratch(), 'kubeconfig');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(nobody, readFileSync(hub.kubeconfig, 'utf8').replaceAll(hub.tokens.admin, hub.tokens.nobody));
    const forbidden = await run(['import', 'karmada', '--source-kubeconfig', nobody]);
    expect(forbidden.code).toBe(4);
    expect(forbidden.err).toContain('cannot list resource "clusters"');
  });

  it('shows several systems at once, without a hub', async () => {
    const listed = await run(['list', '--from', 'karmada', '--from', 'argocd', '--no-headers'], {
      env: { KUBECONFIG: hub.kubeconfig },
    });
    expect(listed.code, listed.err).toBe(0);
    expect(listed.out).toMatch(/member1 +karmada[\s\S]*mycluster\.example\.com +argocd/);
  });

  it('says nothing of systems that are not there', async () => {
    expect(listSystemNames()).toContain('karmada');
    const { err, code } = await run(['import', 'kubeadmiral', '--source-kubeconfig', hub.kubeconfig]);
    expect({ code, err: err.replace(/https:\S+/, 'the hub') }).toMatchObject({ code: 0 });
  });
});
