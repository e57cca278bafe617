import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../support/paths.ts';
import { run } from '../../support/run.ts';
import { writeScratch, written } from '../../support/written.ts';

type Tree = Record<string, unknown>;

const metadata = (name: string): Tree => ({ name, creationTimestamp: '2026-03-01T10:00:00Z' });

/** An object of a system, whose cluster has that name. */
const systems: Readonly<Record<string, (name: string) => Tree>> = {
  karmada: (name) => ({
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: metadata(name),
    spec: { syncMode: 'Push', apiEndpoint: `https://${name}.example.com` },
  }),
  ocm: (name) => ({
    apiVersion: 'cluster.open-cluster-management.io/v1',
    kind: 'ManagedCluster',
    metadata: metadata(name),
    spec: { managedClusterClientConfigs: [{ url: `https://${name}.example.com` }] },
  }),
  'cluster-api': (name) => ({
    apiVersion: 'cluster.x-k8s.io/v1beta1',
    kind: 'Cluster',
    metadata: { ...metadata(name), namespace: 'fleet' },
    spec: { controlPlaneEndpoint: { host: `${name}.example.com`, port: 6443 } },
  }),
};

const damages: [what: string, damage: (object: Tree) => Tree][] = [
  ['an empty kind', (object) => ({ ...object, kind: '' })],
  ['a kind of blanks', (object) => ({ ...object, kind: ' ' })],
  ['an empty apiVersion', (object) => ({ ...object, apiVersion: '' })],
  [
    'a version without its group',
    (object) => ({
      ...object,
      apiVersion:
        String(object['apiVersion']).split('/')[1] === 'v1' ? 'v1beta1' : String(object['apiVersion']).split('/')[1],
    }),
  ],
  [
    'a slash without a group',
    (object) => ({ ...object, apiVersion: `/${String(object['apiVersion']).split('/')[1]}` }),
  ],
];

describe('an object whose kind or apiVersion is empty', () => {
  const cases = Object.keys(systems).flatMap((system) =>
    damages.map(([what, damage]) => [system, what, damage] as const),
  );

  it.each(cases)('is not read, and nothing is pruned after it: %s, %s', async (system, _what, damage) => {
    const make = systems[system] as (name: string) => Tree;
    const inventory = join(scratch(), 'fleet');
    const importing = (objects: Tree[]): ReturnType<typeof run> =>
      run(
        [
          `import ${system} -n fleet -q --apply --prune --yes --max-delete=100% -o name`.split(' '),
          ['-f', writeScratch('objects.json', objects), '--inventory', inventory],
        ].flat(),
      );
    expect(await importing([make('tokyo'), make('oslo')])).toMatchObject({ code: 0 });
    const { code, out, err } = await importing([make('tokyo'), damage(make('oslo'))]);
    expect([code, out.includes('deleted')]).toEqual([4, false]);
    expect(err).toMatch(/^error: .*(?:has no (?:kind|apiVersion) that is a text|is not read, .* (?:is|are))$/m);
    const list = { apiVersion: 'v1', kind: 'List', items: [make('tokyo'), damage(make('oslo'))] };
    expect(await importing([list])).toMatchObject({ code: 4 });
  });

  it('is said of ClusterProfiles by every command that reads files', async () => {
    for (const patch of [{ kind: '' }, { apiVersion: '' }]) {
      const file = writeScratch('fleet.json', [written('tokyo', 'fleet'), { ...written('oslo', 'fleet'), ...patch }]);
      for (const words of [
        ['list', '-A'],
        ['summary', '-A'],
      ])
        expect([words, (await run([...words, '-f', file])).code]).toEqual([words, 4]);
      expect((await run(['validate', '-f', file])).code).toBe('kind' in patch ? 4 : 1);
      expect(await run(['apply', '-f', file, '--inventory', scratch()])).toMatchObject({ code: 3 });
    }
  });
});

describe('a time of a condition that is none', () => {
  const kueue = (time: string): object => ({
    apiVersion: 'kueue.x-k8s.io/v1beta1',
    kind: 'MultiKueueCluster',
    metadata: metadata('tokyo'),
    spec: { kubeConfig: { locationType: 'Secret', location: 's' } },
    status: {
      conditions: [{ type: 'Active', status: 'True', reason: 'Active', message: '', lastTransitionTime: time }],
    },
  });

  it.each(['2026-13-45T00:00:00Z', 'yesterday', '1735689600x'])(
    'is not read, and the condition stays: %s',
    async (time) => {
      const inventory = join(scratch(), 'fleet');
      const importing = (at: string, ...flags: string[]): ReturnType<typeof run> =>
        run([
          'import',
          'kueue',
          '-f',
          writeScratch('k.json', [kueue(at)]),
          '-n',
          'x',
          '--inventory',
          inventory,
          '--apply',
          ...flags,
        ]);
      expect(await importing('2026-03-01T10:00:00Z')).toMatchObject({ code: 0 });
      const kept = readFileSync(join(inventory, 'x', 'tokyo.yaml'), 'utf8');
      expect(kept).toContain('ControlPlaneHealthy');
      const { code, err } = await importing(time);
      expect(code).toBe(4);
      expect(err).toContain(`the time of its ControlPlaneHealthy "${time}" is no time, not read`);
      expect(readFileSync(join(inventory, 'x', 'tokyo.yaml'), 'utf8')).toBe(kept);
      expect(await importing(time, '--as-of', '2026-04-01T10:00:00Z')).toMatchObject({ code: 0 });
    },
  );
});
