import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../support/paths.ts';
import { run } from '../../support/run.ts';
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
