import { describe, expect, it } from 'vitest';
import { createAuthority } from '../../support/certificates.ts';
import { base64, condition, property, type Tree } from '../../support/profiles.ts';
import { run } from '../../support/run.ts';
import { writeScratch, written } from '../../support/written.ts';

const inDays = (days: number): Date => new Date(Date.now() + days * 86_400_000);
const soon = base64(createAuthority('soon', { notBefore: inDays(-300), notAfter: inDays(10) }).cert);

/** A profile of a manager, a ClusterSet, a region and a version, of a health. */
const member = (
  name: string,
  [manager, set, version, health]: readonly [string, string, string, string],
  more: Tree = {},
): Tree =>
  written(name, 'fleet', {
    spec: { clusterManager: { name: manager } },
    status: {
      version: { kubernetes: version },
      conditions: [condition('ControlPlaneHealthy', { status: health })],
      properties: [property('clusterset.k8s.io', set), property('topology.kubernetes.io/region', 'eu-west1')],
      ...more,
    },
  });

const few = (): string =>
  writeScratch('fleet.json', [
    member('oslo', ['karmada', 'prod', 'v1.33.1', 'True']),
    member('lima', ['karmada', 'prod', 'v1.31.4-gke.1', 'False']),
    member('tokyo', ['gke-fleet', 'dev', '', 'Unknown'], { accessProviders: [] }),
    member('paris', ['gke-fleet', 'dev', 'v1.33.0', 'True'], {
      accessProviders: [
        { name: 'google', cluster: { server: 'https://paris.example.com', 'certificate-authority-data': soon } },
      ],
    }),
    member('paris-again', ['karmada', 'dev', 'v1.33.0', 'True'], {
      accessProviders: [
        { name: 'google', cluster: { server: 'https://paris.example.com', 'certificate-authority-data': soon } },
      ],
    }),
  ]);

const many = (): string =>
  writeScratch(
    'many.json',
    Array.from({ length: 3000 }, (_, index) =>
      member(`c${index}-${'x'.repeat(40)}`, [
        `manager-${index % 30}`,
        `set-${index % 40}-${'y'.repeat(40)}`,
        `v1.${20 + (index % 14)}.1`,
        index % 5 === 0 ? 'False' : 'True',
      ]),
    ),
  );

describe('summary', () => {
  it('says what there is, how old it is and what to look at', async () => {
    const { code, out, err } = await run(['summary', '-f', few()]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const day = inDays(10).toISOString().slice(0, 10);
    expect(out).toBe(
      [
        '5 clusters in 1 namespace, 2 managers; healthy: True 3, False 1, Unknown 1',
        '',
        'MANAGER                                  VERSION',
        ' karmada                    3 ████████    1.33                       3 ████████',
        ' gke-fleet                  2 █████       1.31 (2 behind)            1 ███',
        '                                          <none>                     1 ███',
        '',
        'CLUSTERSET                               REGION',
        ' dev                        3 ████████    eu-west1                   5 ████████',
        ' prod                       2 █████',
        '',
        'TO LOOK AT',
        '      1 not healthy: fleet/lima',
        '      1 of unknown health: fleet/tokyo',
        '      1 without an access provider: fleet/tokyo',
        '      1 without a version: fleet/tokyo',
        `      2 with a CA that ends within 30 days: fleet/paris (${day}), fleet/paris-again (${day})`,
        '      1 with several profiles: fleet/paris = fleet/paris-again',
        '',
      ].join('\n'),
    );
  });

  it('says the same to a program, and of what the filters choose', async () => {
    const { out } = await run(['summary', '-f', few(), '-o', 'json', '--clusterset', 'dev']);
    expect(JSON.parse(out)).toMatchObject({
      clusters: 3,
      managers: [
        { name: 'gke-fleet', clusters: 2 },
        { name: 'karmada', clusters: 1 },
      ],
      versions: [
        { name: '1.33', clusters: 2, behind: 0 },
        { name: '', clusters: 1 },
      ],
      unhealthy: [],
      duplicates: [['fleet/paris', 'fleet/paris-again']],
    });
  });

  it('stays on one screen of 80 columns, however large the fleet is', async () => {
    const lines = (await run(['summary', '-f', many()])).out.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(lines.filter((line) => line.length > 80 && !line.startsWith('   '))).toEqual([]);
  });

  it('shows no steering of a terminal, and says what was not read', async () => {
    const file = writeScratch('fleet.json', [
      member('oslo', ['a\u001b[2Jb', 'prod\u202E', 'v1.33.1', '\u001b]0;owned\u0007\u202E']),
    ]);
    const { code, out } = await run(['summary', '-f', file, '-f', writeScratch('empty.yaml', '')]);
    expect(code).toBe(4);
    expect(out).not.toMatch(/\u001b|\u202E/);
  });
});

describe('a place or a name that does not exist is refused before anything is read', () => {
  it.each([
    [['report', '-f', '/nowhere.yaml', '/nowhere/fleet.html'], 3, 'cannot write /nowhere/fleet.html'],
    [['doctor', '--inventory', '/tmp', '--for', 'nope'], 2, 'no consumer "nope"'],
    [['import', 'karmada', '-f', few, '--include', ''], 2, '--include and --exclude take the name of a cluster'],
  ])('%j', async (words, code, said) => {
    const ran = await run(words.map((word) => (typeof word === 'string' ? word : word())));
    expect(ran).toMatchObject({ code, out: '' });
    expect(ran.err).toContain(said);
  });
});

describe('tree', () => {
  it('draws ClusterSet, manager and cluster', async () => {
    const { code, out } = await run(['tree', '-f', few()]);
    expect(code).toBe(0);
    expect(out).toBe(
      [
        '5 clusters',
        '├── dev (3)',
        '│   ├── gke-fleet (2)',
        '│   │   ├── fleet/paris  v1.33.0',
        '│   │   └── fleet/tokyo  health unknown',
        '│   └── karmada (1)',
        '│       └── fleet/paris-again  v1.33.0',
        '└── prod (2)',
        '    └── karmada (2)',
        '        ├── fleet/lima  v1.31.4-gke.1  not healthy',
        '        └── fleet/oslo  v1.33.1',
        '',
      ].join('\n'),
    );
  });

  it('leaves out on a narrow terminal what does not fit behind a name', async () => {
    const file = few();
    const shown = async (columns: string): Promise<string> =>
      (await run(['tree', '-f', file], { terminal: true, env: { COLUMNS: columns } })).out;
    expect(await shown('80')).toBe((await run(['tree', '-f', file])).out);
    const narrow = await shown('38');
    expect(narrow).toContain('├── fleet/lima  not healthy\n');
    expect(narrow).toContain('└── fleet/oslo  v1.33.1\n');
    expect(await shown('30')).toContain('├── fleet/lima\n');
  });

  it('shows a large fleet on a screen, and whole where that is asked for', async () => {
    const file = many();
    const { out } = await run(['tree', '-f', file]);
    expect(out.split('\n').length).toBeLessThanOrEqual(45);
    expect(out).toContain('more');
    const { out: full } = await run(['tree', '-f', file, '--full']);
    expect(full.split('\n').filter((line) => line.includes('fleet/c'))).toHaveLength(3000);
  });
});
