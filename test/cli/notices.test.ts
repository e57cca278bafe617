import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../support/paths.ts';
import { run } from '../support/run.ts';

interface Subject {
  name: string;
}
const named = (count: number, prefix = 'prod'): Subject[] =>
  Array.from({ length: count }, (_each, index) => ({ name: `${prefix}-${index + 1}` }));
const nameOf = ({ name }: Subject): string => name;

const count = 25;
const stamp = '2026-03-01T10:00:00Z';

/** What a system keeps of a cluster that nothing says the CA of, and what is said of it. */
const systems: Record<string, { object(name: string): object; warning: string }> = {
  karmada: {
    object: (name) => ({
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name, uid: `uid-${name}`, creationTimestamp: stamp },
      spec: { syncMode: 'Push', apiEndpoint: `https://${name}.example.test`, secretRef: { name } },
    }),
    warning: 'its CA is in its Secret, which was not read (--read-secrets)',
  },
  argocd: {
    object: (name) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name,
        namespace: 'argocd',
        creationTimestamp: stamp,
        labels: { 'argocd.argoproj.io/secret-type': 'cluster' },
      },
      stringData: {
        name,
        server: `https://${name}.example.test`,
        config: JSON.stringify({ tlsClientConfig: { insecure: true } }),
      },
    }),
    warning: 'its server certificate is not verified (insecure-skip-tls-verify)',
  },
  kubefleet: {
    object: (name) => ({
      apiVersion: 'cluster.kubernetes-fleet.io/v1',
      kind: 'MemberCluster',
      metadata: { name, creationTimestamp: stamp, deletionTimestamp: stamp },
    }),
    warning: 'it is being deleted, no profile',
  },
};

const list = (items: readonly object[]): { stdin: string } => ({
  stdin: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
});
const objectsOf = (system: string, many = count): object[] =>
  named(many, system).map(({ name }) => systems[system]!.object(name));
const linesOf = (err: string): string[] =>
  err.split('\n').filter((line) => line.startsWith('warning: ') || line.startsWith('error: '));
const short = (system: string): string =>
  `warning: ${system}-1, ${system}-2, ${system}-3 and ${count - 3} more: ${systems[system]!.warning}`;
const long = (system: string, many = count): string[] =>
  named(many, system).map(({ name }) => `warning: ${name}: ${systems[system]!.warning}`);

describe('import', () => {
  it.each(Object.keys(systems))('says of the clusters of %s once what is true of many', async (system) => {
    const input = list(objectsOf(system));
    const brief = await run(['import', system, '-f', '-', '-o', 'name'], input);
    expect(linesOf(brief.err)).toEqual([short(system)]);
    const verbose = await run(['import', system, '-f', '-', '-o', 'name', '-v'], input);
    expect(linesOf(verbose.err)).toEqual(long(system));
    expect(verbose.out).toBe(brief.out);
    const quiet = await run(['import', system, '-f', '-', '-o', 'name', '--quiet', '--strict'], input);
    expect(quiet).toEqual({ out: brief.out, err: '', code: 4 });
  });

  it('names each of a few', async () => {
    const { err } = await run(['import', 'karmada', '-f', '-', '-o', 'name'], list(objectsOf('karmada', 3)));
    expect(linesOf(err)).toEqual(long('karmada', 3));
  });

  it('says it of each system with import auto', async () => {
    const names = Object.keys(systems);
    const input = list(names.flatMap((system) => objectsOf(system)));
    const brief = await run(['import', 'auto', '-f', '-', '-o', 'name'], input);
    expect(linesOf(brief.err).toSorted()).toEqual(names.map(short).toSorted());
    const verbose = await run(['import', 'auto', '-f', '-', '-o', 'name', '--verbose'], input);
    expect(linesOf(verbose.err).toSorted()).toEqual(names.flatMap((system) => long(system)).toSorted());
  });

  it('says one error for objects that are wrong in one way', async () => {
    const wrong = objectsOf('karmada').map((object) => ({ ...object, spec: { apiEndpoint: 1 } }));
    const { err, code } = await run(['import', 'karmada', '-f', '-', '-o', 'name'], list(wrong));
    expect(code).toBe(4);
    expect(linesOf(err)).toEqual([
      expect.stringMatching(/^error: .*Cluster karmada-1, .*Cluster karmada-2, .* and 22 more: spec\.apiEndpoint /),
    ]);
  });

  it('says what it found also where names collide', async () => {
    const twice = [...objectsOf('argocd'), ...objectsOf('argocd', 1)].map((object, index) => ({
      ...object,
      metadata: { ...(object as { metadata: object }).metadata, namespace: `argocd-${index}` },
    }));
    const { err, code } = await run(['import', 'argocd', '-f', '-', '-o', 'name'], list(twice));
    expect(code).not.toBe(0);
    expect(linesOf(err)).toEqual([
      `warning: argocd-1, argocd-2, argocd-3 and ${count - 2} more: ${systems['argocd']!.warning}`,
      expect.stringContaining('would both be argocd-1'),
    ]);
  });
});

describe('list --from', () => {
  it('says of clusters once what is true of many, and with --verbose each', async () => {
    const file = join(scratch(), 'config');
    const clusters = named(count).map(({ name }) => ({
      name,
      cluster: { server: `https://${name}.example.test`, 'certificate-authority': 'ca.crt' },
    }));
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters }));
    const warning = 'its CA is in a file, which is read only with --read-ca-files';
    const words = ['list', '--from', `kubeconfig:${file}`];
    const brief = await run(words);
    expect(linesOf(brief.err)).toEqual([`warning: prod-1, prod-2, prod-3 and ${count - 3} more: ${warning}`]);
    const verbose = await run([...words, '-v']);
    expect(linesOf(verbose.err)).toEqual(named(count).map(({ name }) => `warning: ${name}: ${warning}`));
  });
});

describe('export', () => {
  it('says of profiles once what is true of many, and with --verbose each', async () => {
    const names = named(count).map(nameOf).toSorted();
    const profiles = names.map((name) => ({
      apiVersion: 'multicluster.x-k8s.io/v1alpha1',
      kind: 'ClusterProfile',
      metadata: { name, namespace: 'fleet' },
      spec: { clusterManager: { name: 'shop' } },
      status: {
        accessProviders: [
          { name: 'shop', cluster: { server: `https://${name}.example.test`, 'proxy-url': 'ftp://a' } },
        ],
      },
    }));
    const words = ['export', 'clusterpedia', '-f', '-'];
    const brief = await run(words, list(profiles));
    expect(linesOf(brief.err)).toContain(
      `warning: fleet/prod-1, fleet/prod-10, fleet/prod-11 and ${count - 3} more: its proxy URL is not one, not read`,
    );
    const verbose = await run([...words, '-v'], list(profiles));
    expect(linesOf(verbose.err).filter((line) => line.endsWith('its proxy URL is not one, not read'))).toEqual(
      names.map((name) => `warning: fleet/${name}: its proxy URL is not one, not read`),
    );
  });
});

it('has what became of every object in the JSON of a reconcile', async () => {
  const [folder, inventory] = [scratch(), scratch()];
  const object = (apiVersion: string, kind: string, name: string): object => ({ apiVersion, kind, metadata: { name } });
  const items = [
    object('cluster.karmada.io/v1alpha1', 'Cluster', 'oslo'),
    object('cluster.karmada.io/v1alpha0', 'Cluster', 'lima'),
    object('v1', 'ConfigMap', 'settings'),
  ];
  writeFileSync(join(folder, 'dump.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  writeFileSync(join(folder, 'notes.txt'), 'call the harbour');
  const words = [
    'import',
    'karmada',
    '-f',
    folder,
    '-n',
    'fleet',
    '--inventory',
    inventory,
    '--apply',
    '-o',
    'json',
    '-q',
  ];
  const { code, out } = await run(words);
  expect(code).toBe(4);
  expect(JSON.parse(out)).toEqual([
    { name: 'oslo', namespace: 'fleet', action: 'created' },
    { name: join(folder, 'notes.txt'), action: 'of another kind' },
    { name: 'Cluster lima', action: 'not read', reason: 'cluster.karmada.io/v1alpha0 is not read, v1alpha1 is' },
    { name: 'ConfigMap settings', action: 'of another kind' },
  ]);
});
