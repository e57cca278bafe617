import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../support/paths.ts';
import { run } from '../../support/run.ts';
import { lines } from '../../support/text.ts';
import { writeScratch } from '../../support/written.ts';

/** Clusters of Karmada, each in a region, of a version and of a health. */
const karmada = (...clusters: readonly [name: string, version: string, ready: string][]): string =>
  writeScratch(
    'karmada.json',
    clusters.map(([name, kubernetesVersion, status]) => ({
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name },
      spec: { syncMode: 'Pull', region: name.endsWith('eu') ? 'eu-west1' : 'us-east1' },
      status: {
        kubernetesVersion,
        conditions: [{ type: 'Ready', status, reason: 'R', message: '', lastTransitionTime: '2026-03-01T10:00:00Z' }],
      },
    })),
  );

const prodEu = ['prod-eu', 'v1.33.1', 'True'] as const;
const prodUs = ['prod-us', 'v1.31.0', 'False'] as const;
const devEu = ['dev-eu', 'v1.33.0', 'True'] as const;
const fleet = (): string => karmada([...prodEu], [...prodUs], [...devEu]);

const namesOf = (out: string): string[] =>
  out
    .split('\n')
    .filter(Boolean)
    .map((line) => line.replace(/^.*\//, ''));

describe('import of some clusters', () => {
  it.each([
    [['--include', 'prod-*'], ['prod-eu', 'prod-us'], '--include'],
    [['--include', 'prod-??', '--exclude', '*-us'], ['prod-eu'], '--include --exclude'],
    [['--include', 'prod-eu', '--include', 'dev-eu'], ['dev-eu', 'prod-eu'], '--include'],
    [['--include', 'prod.eu'], [], '--include'],
    [['--health', 'false'], ['prod-us'], '--health'],
    [['--version', '>=1.33'], ['dev-eu', 'prod-eu'], '--version'],
    [['--property', 'topology.kubernetes.io/region=us-east1'], ['prod-us'], '--property'],
    [['-l', 'x-k8s.io/cluster-manager!=karmada'], [], '--selector'],
  ])('%j', async (flags, names, said) => {
    for (const system of ['karmada', 'auto']) {
      const { code, out, err } = await run(['import', system, '-f', fleet(), '-o', 'name', ...flags]);
      expect({ code, names: namesOf(out) }).toEqual({ code: 0, names });
      const left = 3 - names.length;
      expect(err).toContain(`note: ${left} cluster${left === 1 ? '' : 's'} not selected left out (${said})\n`);
    }
  });

  it('says nothing of a cluster that it leaves out', async () => {
    const { err } = await run(['import', 'karmada', '-f', fleet(), '-o', 'name', '--exclude', 'prod-*']);
    expect(err).not.toContain('prod');
  });

  it('prunes among the names that were asked for, and keeps the others', async () => {
    const inventory = scratch();
    const into = ['--apply', '-n', 'fleet', '--inventory', inventory];
    const kept = (): string[] => readdirSync(join(inventory, 'fleet')).toSorted();
    await run(['import', 'karmada', '-f', fleet(), ...into]);
    const words = [
      'import',
      'karmada',
      '-f',
      karmada([...prodEu]),
      ...into,
      '--prune',
      '--yes',
      '--max-delete',
      '100%',
    ];
    expect(await run([...words, '--exclude', 'dev-*', '--exclude', 'prod-us'])).toMatchObject({ code: 0 });
    expect(kept()).toEqual(['dev-eu.yaml', 'prod-eu.yaml', 'prod-us.yaml']);
    expect(await run([...words, '--include', 'prod-*'])).toMatchObject({ code: 0 });
    expect(kept()).toEqual(['dev-eu.yaml', 'prod-eu.yaml']);
  });

  it.each([[['--health', 'True']], [['--version', '>=1.33']], [['-l', 'x-k8s.io/cluster-manager=karmada']]])(
    'does not prune by what may change: %j',
    async (flags) => {
      const inventory = scratch();
      const words = ['import', 'karmada', '-f', fleet(), '--apply', '-n', 'fleet', '--inventory', inventory];
      await run(words);
      const { code, err } = await run([...words, ...flags, '--prune', '--yes']);
      expect({ code, err }).toMatchObject({ code: 5, err: expect.stringContaining('leaves some of the source out') });
      expect(readdirSync(join(inventory, 'fleet'))).toHaveLength(3);
    },
  );

  it('tells a program which were left out', async () => {
    const words = ['--apply', '-n', 'fleet', '--inventory', scratch(), '-o', 'json', '--exclude', 'dev-*'];
    const { out } = await run(['import', 'karmada', '-f', fleet(), ...words]);
    expect(JSON.parse(out)).toContainEqual({ name: 'dev-eu', action: 'left out', reason: 'not selected' });
  });

  it('puts a prefix before the names, and leaves the display names', async () => {
    const words = ['import', 'karmada', '-f', fleet(), '--prefix', 'Karmada_'];
    expect(namesOf((await run([...words, '-o', 'name'])).out)).toEqual([
      'karmada-dev-eu',
      'karmada-prod-eu',
      'karmada-prod-us',
    ]);
    expect((await run(words)).out.match(/displayName: .*/g)).toEqual([
      'displayName: dev-eu',
      'displayName: prod-eu',
      'displayName: prod-us',
    ]);
  });
});

describe('what cannot be read of a cluster that is left out by its name', () => {
  const all = ['--prune', '--yes', '--max-delete', '100%'];

  it('keeps no run from being whole: a context that was left over', async () => {
    const inventory = scratch();
    const write = (clusters: string[], ...contexts: [name: string, cluster: string, user: string][]): string =>
      writeScratch('config.json', [
        {
          apiVersion: 'v1',
          kind: 'Config',
          clusters: clusters.map((name) => ({ name, cluster: { server: `https://${name}.example.com` } })),
          users: [{ name: 'ann', user: {} }],
          contexts: contexts.map(([name, cluster, user]) => ({ name, context: { cluster, user } })),
        },
      ]);
    const words = (file: string): string[] => ['import', 'kubeconfig', '-f', file, '-n', 'shop', '--apply'];
    const target = ['--inventory', inventory];
    const before = write(['cairo', 'lima', 'oslo', 'old'], ['lima', 'lima', 'ann'], ['oslo', 'oslo', 'ann']);
    expect(await run([...words(before), ...target])).toMatchObject({ code: 0 });
    const file = write(
      ['cairo', 'lima'],
      ['lima', 'lima', 'ann'],
      ['old admin', 'old', 'ann'],
      ['bert', 'cairo', 'bert'],
    );
    const again = [...words(file), ...target, ...all];
    const partial = await run(again);
    expect(partial.code).toBe(4);
    expect(partial.err).toBe(
      lines(
        'error: context "bert" refers to user "bert", which does not exist',
        'hint: --exclude cairo --exclude bert leaves it out on purpose; kubectl config delete-context bert takes a leftover away',
        'error: context "old admin" refers to cluster "old", which does not exist',
        "hint: --exclude old --exclude 'old admin' leaves it out on purpose; kubectl config delete-context 'old admin' takes a leftover away",
        'not pruned: part of the source could not be read',
        '0 created, 0 configured, 2 unchanged, 0 deleted',
      ),
    );
    // One name alone is not enough: it is the other one that its profile may have.
    const some = ['--exclude', 'cairo', '--exclude', 'bert'];
    for (const name of ['old', 'old admin'])
      expect(await run([...again, ...some, '--exclude', name])).toMatchObject({ code: 4 });
    const green = await run([...again, ...some, '--exclude', 'old*']);
    expect(green).toMatchObject({ code: 0 });
    expect(green.err).toContain('note: 2 contexts not selected left out (--include, --exclude)\n');
    expect(readdirSync(join(inventory, 'shop')).toSorted()).toEqual(['cairo.yaml', 'lima.yaml', 'old.yaml']);
    expect(await run([...again, '--include', 'lima', '--include', 'oslo'])).toMatchObject({ code: 0 });
  });

  it.each(['karmada', 'auto'])('keeps no run from being whole: a fact that is none, with import %s', async (system) => {
    const inventory = scratch();
    const words = ['import', system, '-n', 'shop', '--apply', '--inventory', inventory];
    expect(await run([...words, '-f', fleet()])).toMatchObject({ code: 0 });
    const file = karmada([...prodEu], ['dev-eu', 'latest', 'True']);
    const partial = await run([...words, '-f', file, ...all]);
    expect(partial).toMatchObject({ code: 4 });
    expect(partial.err).toContain('Cluster dev-eu: its version "latest" is no Kubernetes version, not read\n');
    const green = await run([...words, '-f', file, ...all, '--exclude', 'dev-eu']);
    expect(green).toMatchObject({ code: 0 });
    expect(green.err).not.toContain('error: ');
    expect(readdirSync(join(inventory, 'shop')).toSorted()).toEqual(['dev-eu.yaml', 'prod-eu.yaml']);
  });

  it('is said where a cluster is left out for what is known of it', async () => {
    const file = karmada([...prodEu], ['dev-eu', 'latest', 'True']);
    const { code, err } = await run(['import', 'karmada', '-f', file, '-o', 'name', '--version', '>=1.33']);
    expect(code).toBe(4);
    expect(err).toContain('Cluster dev-eu: its version "latest" is no Kubernetes version, not read\n');
  });
});
