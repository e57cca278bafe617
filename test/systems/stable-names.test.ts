// With --on-collision hash a cluster keeps the name it has in the inventory, whatever becomes of those called like it.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashText } from '../../src/profile/names.ts';
import { scratch } from '../support/paths.ts';
import { ca } from '../support/profiles.ts';
import { runQuickly } from '../support/run.ts';

type Member = 'a' | 'b' | 'c';

const since = '2026-01-01T00:00:00Z';
const serverOf = (member: Member): string => `https://${member}.example.com:6443`;

/** Clusters that are all called shop, each with its identity in the system, as the hash of its name has it. */
const systems: Record<string, { make: (member: Member) => object; identityOf: (member: Member) => string }> = {
  kubeconfig: {
    make: (member) => ({
      kind: 'Config',
      apiVersion: 'v1',
      clusters: [{ name: 'shop', cluster: { server: serverOf(member) } }],
    }),
    identityOf: (member) => `kubeconfig/cluster/shop (${serverOf(member)})`,
  },
  argocd: {
    make: (member) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: `cluster-${member}`,
        namespace: 'argocd',
        creationTimestamp: since,
        labels: { 'argocd.argoproj.io/secret-type': 'cluster' },
      },
      stringData: { name: 'shop', server: serverOf(member), config: '{}' },
    }),
    identityOf: (member) => `core/Secret/argocd/cluster-${member}`,
  },
  'cluster-api': {
    make: (member) => ({
      apiVersion: 'cluster.x-k8s.io/v1beta1',
      kind: 'Cluster',
      metadata: { name: 'shop', namespace: member, uid: `uid-${member}`, creationTimestamp: since },
      spec: {},
    }),
    identityOf: (member) => `cluster.x-k8s.io/Cluster/${member}/shop`,
  },
  clusternet: {
    make: (member) => ({
      apiVersion: 'clusters.clusternet.io/v1beta1',
      kind: 'ManagedCluster',
      metadata: { name: 'shop', namespace: member, creationTimestamp: since },
      spec: { clusterId: `id-${member}` },
      status: { apiserverURL: serverOf(member) },
    }),
    identityOf: (member) => `clusters.clusternet.io/ManagedCluster/${member}/shop`,
  },
};

describe.each(Object.keys(systems))('%s: a cluster whose name others have too', (system) => {
  const { make, identityOf } = systems[system]!;
  const hashed = (member: Member): string => `shop-${hashText(identityOf(member))}.yaml`;

  /** Runs of one import, each with other clusters; what the inventory has after each. */
  function startRuns(): (...members: Member[]) => Promise<string[]> {
    const [file, inventory] = [join(scratch(), 'input.json'), scratch()];
    const words = ['import', system, '-f', file, '-n', 'fleet', '--inventory', inventory, '--on-collision', 'hash'];
    return async (...members) => {
      writeFileSync(file, members.map((member) => JSON.stringify(make(member))).join('\n'));
      const ran = await runQuickly([...words, '--apply', '--prune', '--yes', '--max-delete', '100%']);
      expect(ran, ran.err).toMatchObject({ code: 0 });
      expect(await runQuickly([...words, '--diff']), 'a second run').toMatchObject({ code: 0, out: '' });
      return readdirSync(join(inventory, 'fleet')).toSorted();
    };
  }

  it('keeps its hash when they go away, and when they come back', async () => {
    const apply = startRuns();
    const both = [hashed('a'), hashed('b')].toSorted();
    expect(await apply('a', 'b')).toEqual(both);
    expect(await apply('b')).toEqual([hashed('b')]);
    expect(await apply('b', 'a')).toEqual(both);
    expect(await apply('a')).toEqual([hashed('a')]);
    expect(await apply('c', 'a')).toEqual([hashed('a'), hashed('c')].toSorted());
  });

  it('keeps its plain name when others come, and the others theirs when it goes away', async () => {
    const apply = startRuns();
    expect(await apply('a')).toEqual(['shop.yaml']);
    expect(await apply('a', 'b')).toEqual([hashed('b'), 'shop.yaml'].toSorted());
    expect(await apply('c', 'b', 'a')).toEqual([hashed('b'), hashed('c'), 'shop.yaml'].toSorted());
    expect(await apply('b')).toEqual([hashed('b')]);
  });
});

it('gives its name to nobody who is not known to be it', async () => {
  const [file, inventory] = [join(scratch(), 'input.json'), scratch()];
  const words = ['import', 'kubeconfig', '-f', file, '-n', 'fleet', '--inventory', inventory, '--on-collision', 'hash'];
  const write = (...clusters: object[]): void =>
    writeFileSync(
      file,
      clusters.map((cluster) => JSON.stringify({ kind: 'Config', clusters: [{ name: 'shop', cluster }] })).join('\n'),
    );
  // One tunnel to two clusters: what tells them apart is their CA.
  const server = 'https://127.0.0.1:6443';
  write({ server, 'certificate-authority-data': ca }, { server: serverOf('b') });
  expect(await runQuickly([...words, '--apply'])).toMatchObject({ code: 0 });
  const other = Buffer.from(Buffer.from(ca, 'base64').toString().trim()).toString('base64');
  write({ server, 'certificate-authority-data': other });
  expect(await runQuickly([...words, '--apply', '--prune', '--yes', '--max-delete', '100%'])).toMatchObject({
    code: 0,
  });
  expect(readdirSync(join(inventory, 'fleet'))).toEqual(['shop.yaml']);
});
