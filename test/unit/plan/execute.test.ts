import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { toYaml } from '../../../src/documents/yaml-out.ts';
import { exit } from '../../../src/errors.ts';
import type { Change, Conflict } from '../../../src/kubernetes/change.ts';
import { showDiff } from '../../../src/plan/diff.ts';
import { executePlan, readCurrent, makePlan, refuseChanges, type WriteOptions } from '../../../src/plan/execute.ts';
import type { ClusterProfile } from '../../../src/profile/clusterprofile.ts';
import { openDirectoryInventory } from '../../../src/stores/directory.ts';
import { createMemoryInventory } from '../../../src/stores/memory.ts';
import type { Inventory } from '../../../src/stores/store.ts';
import { errorOf, testIo, type Said } from '../../support/io.ts';
import { clusterProfile, describeChange } from '../../support/plan.ts';
import { scratch } from '../../support/paths.ts';

const [oslo, tokyo] = [clusterProfile('oslo'), clusterProfile('tokyo')];
const foreign = clusterProfile('tokyo', { manager: 'ocm' });
const resource = 'clusterprofile.multicluster.x-k8s.io';

/** A directory inventory with these profiles in it. */
function inventoryOf(...profiles: ClusterProfile[]): { folder: string; inventory: Inventory } {
  const folder = scratch();
  mkdirSync(join(folder, 'fleet'));
  for (const profile of profiles)
    writeFileSync(join(folder, 'fleet', `${profile.metadata.name}.yaml`), toYaml(profile));
  return { folder, inventory: openDirectoryInventory(folder, expect.fail) };
}

const filesIn = (folder: string): string[] => readdirSync(join(folder, 'fleet')).toSorted();

interface Ended {
  code?: number;
  said?: Said;
  out: string;
  err: string;
}

/** Carries changes out, and says how that ended and what was printed. */
async function carried(
  inventory: Inventory,
  changes: Change[],
  options: WriteOptions = {},
  signal?: AbortSignal,
): Promise<Ended> {
  const io = testIo(signal && { signal });
  let code: number | undefined;
  const said = await errorOf(async () => (code = await executePlan({ inventory, changes, options, io })));
  return { ...(code !== undefined && { code }), ...(said && { said }), ...io.printed };
}

describe('the plan for an inventory', () => {
  const planned = async (
    inventory: Inventory,
    desired: ClusterProfile[],
    options: Parameters<typeof makePlan>[2] = {},
  ): Promise<string[]> => (await makePlan(inventory, desired, options)).map(describeChange);

  it('sees profiles of every manager, and prunes those of its own that this tool made', async () => {
    const { labels: _, ...unmarked } = clusterProfile('by-hand').metadata;
    const { inventory } = inventoryOf(foreign, clusterProfile('gone'), clusterProfile('gone-ocm', { manager: 'ocm' }), {
      ...clusterProfile('by-hand'),
      metadata: unmarked,
    });
    expect(await planned(inventory, [oslo, tokyo], { manager: 'gke-fleet', prune: true })).toEqual([
      'create fleet/oslo',
      'refused fleet/tokyo: it belongs to cluster manager "ocm", and spec.clusterManager is immutable',
      'delete fleet/gone',
    ]);
  });

  it('prunes what this run could have seen, in the namespaces that it names', async () => {
    const { inventory } = inventoryOf(clusterProfile('a'), clusterProfile('b'));
    const prune = { manager: 'gke-fleet', prune: true };
    expect(await planned(inventory, [], prune)).toEqual([]);
    expect(await planned(inventory, [], { ...prune, namespaces: ['fleet'] })).toEqual([
      'delete fleet/a',
      'delete fleet/b',
    ]);
    const inScope = ({ metadata }: ClusterProfile): boolean => metadata.name === 'a';
    expect(await planned(inventory, [], { ...prune, namespaces: ['fleet'], inScope })).toEqual(['delete fleet/a']);
  });

  it('refuses strangers where it is asked to', async () => {
    const stored = createMemoryInventory('the hub', [tokyo]);
    const there: Inventory = {
      ...stored,
      compare: (live, wanted, options) => ({ ...stored.compare(live, wanted, options), maker: 'fleet-controller' }),
    };
    expect(await planned(there, [tokyo])).toEqual(['unchanged fleet/tokyo']);
    expect(await planned(there, [tokyo], { refuseStrangers: true })).toEqual([
      'refused fleet/tokyo: fleet-controller made it, not this tool',
    ]);
  });

  it('gives profiles the namespace of the inventory, and lists each namespace once', async () => {
    const listed: (string | undefined)[] = [];
    const inventory: Inventory = {
      ...createMemoryInventory('the hub', []),
      namespace: 'fleet',
      async *list({ namespace }) {
        listed.push(namespace);
        yield [];
      },
    };
    const { namespace: _, ...metadata } = tokyo.metadata;
    expect(await planned(inventory, [{ ...tokyo, metadata }, oslo], { namespaces: ['fleet', 'depot'] })).toEqual([
      'create fleet/oslo',
      'create fleet/tokyo',
    ]);
    expect(listed).toEqual(['fleet', 'depot']);
  });

  it('asks nothing of the inventory offline', async () => {
    const list = (): never => expect.fail('it was listed');
    expect(await planned({ ...createMemoryInventory('the hub', [tokyo]), list }, [tokyo], { offline: true })).toEqual([
      'create fleet/tokyo',
    ]);
  });

  it('has the profiles of one manager apart', async () => {
    const { all, own } = await readCurrent(createMemoryInventory('the hub', [oslo, foreign]), ['fleet'], 'ocm');
    expect([all, own]).toEqual([[oslo, foreign], [foreign]]);
  });
});

describe('what is refused', () => {
  const conflicts: Conflict[] = [
    { field: '.spec.displayName', owner: 'kubectl', theirs: 'Tokyo', ours: 'tokyo' },
    { field: '.metadata.labels.tier', owner: 'argocd-controller', theirs: undefined, ours: { a: 1 } },
  ];
  const conflicting: Change = {
    action: 'refused',
    before: tokyo,
    after: tokyo,
    reason: 'other field managers own fields of it',
    conflicts,
  };
  const other: Change = { action: 'refused', before: foreign, after: tokyo, reason: 'it belongs to\n"ocm"' };
  const create: Change = { action: 'create', after: oslo };
  const table =
    'FIELD                   OWNER               THEIRS   OURS\n' +
    '.spec.displayName       kubectl             Tokyo    tokyo\n' +
    '.metadata.labels.tier   argocd-controller   <none>   {"a":1}\n';

  it.each<[string, Change[], Said, string]>([
    [
      'a conflict',
      [conflicting, create],
      {
        message: '1 of 2 refused, nothing was written',
        hint: '--force-conflicts takes the fields over, --skip-refused does the rest',
        code: exit.refused,
      },
      `refused: fleet/tokyo: other field managers own fields of it\n${table}`,
    ],
    [
      'what force does not help',
      [other],
      { message: '1 of 1 refused, nothing was written', hint: '--skip-refused does the rest', code: exit.refused },
      String.raw`refused: fleet/tokyo: it belongs to\n"ocm"` + '\n',
    ],
    [
      'both',
      [other, conflicting, create],
      { message: '2 of 3 refused, nothing was written', hint: '--skip-refused does the rest', code: exit.refused },
      String.raw`refused: fleet/tokyo: it belongs to\n"ocm"` +
        `\nrefused: fleet/tokyo: other field managers own fields of it\n${table}`,
    ],
  ])('%s stops everything, and is said', async (_title, changes, expected, err) => {
    const { folder, inventory } = inventoryOf();
    expect(await carried(inventory, changes)).toEqual({ said: expected, out: '', err });
    expect(filesIn(folder)).toEqual([]);
  });

  it('is passed over with --skip-refused, and the run is partial', async () => {
    const { folder, inventory } = inventoryOf();
    expect(await carried(inventory, [other, create], { skipRefused: true })).toEqual({
      code: exit.partial,
      out: `${resource}/oslo created\n`,
      err: `${String.raw`refused: fleet/tokyo: it belongs to\n"ocm"`}\n1 created, 0 configured, 0 unchanged, 0 deleted, 1 refused\n`,
    });
    expect(filesIn(folder)).toEqual(['oslo.yaml']);
  });

  it('shows no value of a Secret', async () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'tokyo', namespace: 'argocd' },
      data: { config: 'LEAKCANARY' },
    };
    const io = testIo();
    const field = { field: '.data.config', owner: 'kubectl', theirs: 'LEAKCANARY', ours: 'LEAKCANARY' };
    await refuseChanges(
      [{ action: 'refused', before: secret, after: secret, reason: 'other field managers own it', conflicts: [field] }],
      io,
      {},
    );
    expect(io.printed.err).toBe(
      'refused: Secret argocd/tokyo: other field managers own it\n' +
        'FIELD          OWNER     THEIRS   OURS\n.data.config   kubectl   ***      ***\n',
    );
  });
});

describe('a plan that is carried out', () => {
  const changed = clusterProfile('tokyo', { displayName: 'Tokyo' });
  const changes: Change[] = [
    { action: 'create', after: oslo },
    { action: 'update', before: tokyo, after: changed, live: tokyo },
    { action: 'unchanged', after: clusterProfile('nara') },
    { action: 'delete', before: clusterProfile('gone') },
  ];
  const lines = (suffix = ''): string =>
    ['oslo created', 'tokyo configured', 'nara unchanged', 'gone deleted']
      .map((line) => `${resource}/${line}${suffix}\n`)
      .join('');

  it('says what became of each object, and counts', async () => {
    const { folder, inventory } = inventoryOf(tokyo, clusterProfile('nara'), clusterProfile('gone'));
    expect(await carried(inventory, changes)).toEqual({
      code: exit.done,
      out: lines(),
      err: '1 created, 1 configured, 1 unchanged, 1 deleted\n',
    });
    expect(filesIn(folder)).toEqual(['nara.yaml', 'oslo.yaml', 'tokyo.yaml']);
    expect(readFileSync(join(folder, 'fleet', 'tokyo.yaml'), 'utf8')).toBe(toYaml(changed));
  });

  it('writes nothing in a dry run', async () => {
    const { folder, inventory } = inventoryOf(tokyo, clusterProfile('nara'), clusterProfile('gone'));
    expect(await carried(inventory, changes, { dryRun: 'client' })).toEqual({
      code: exit.done,
      out: lines(' (dry run)'),
      err: '1 created, 1 configured, 1 unchanged, 1 deleted (dry run)\n',
    });
    expect(filesIn(folder)).toEqual(['gone.yaml', 'nara.yaml', 'tokyo.yaml']);
    expect((await carried(inventory, changes, { dryRun: 'server', quiet: true })).out).toBe(lines(' (server dry run)'));
  });

  it('deletes nothing after a write that failed', async () => {
    const { folder, inventory } = inventoryOf(clusterProfile('gone'));
    const taken = join(folder, 'fleet', 'oslo.yaml');
    writeFileSync(taken, 'replicas: 2\n');
    const plan: Change[] = [{ action: 'create', after: tokyo }, { action: 'create', after: oslo }, changes[3]!];
    expect(await carried(inventory, plan)).toEqual({
      code: exit.partial,
      out: `${resource}/tokyo created\n`,
      err:
        `error: ${taken} is there already and holds something else\n` +
        'not pruned: 1 object stays, since not everything could be applied\n' +
        '1 created, 0 configured, 0 unchanged, 0 deleted, 1 failed\n',
    });
    expect(existsSync(join(folder, 'fleet', 'gone.yaml'))).toBe(true);
  });

  it('fails as a whole where everything failed alike', async () => {
    const plan: Change[] = [...changes.slice(0, 2), { action: 'release', before: oslo }, changes[3]!];
    expect(await carried(createMemoryInventory('the hub', []), plan)).toEqual({
      code: exit.usage,
      out: '',
      err:
        'error: these profiles are read only\n' +
        'not pruned: 2 objects stay, since not everything could be applied\n' +
        '0 created, 0 configured, 0 unchanged, 0 deleted, 2 failed\n',
    });
  });

  it('makes the namespaces of new objects once, where it is asked to and writes', async () => {
    const made: string[] = [];
    const inventory: Inventory = {
      ...inventoryOf(tokyo).inventory,
      ensureNamespace: (name) => Promise.resolve(void made.push(name)),
    };
    const plan: Change[] = [
      { action: 'create', after: oslo },
      { action: 'create', after: clusterProfile('nara') },
      { action: 'unchanged', after: { ...tokyo, metadata: { ...tokyo.metadata, namespace: 'depot' } } },
    ];
    await carried(inventory, plan, { dryRun: 'client', createNamespace: true });
    expect(made).toEqual([]);
    await carried(inventory, plan, { createNamespace: true });
    expect(made).toEqual(['fleet']);
  });
});

describe('limits', () => {
  const plan = Array.from({ length: 25 }, (_, index): Change => ({
    action: 'create',
    after: clusterProfile(`c${String(index).padStart(2, '0')}`),
  }));
  /** An inventory that is slow, and knows how many writes it had at a time. */
  function slowInventory(ms: number): { inventory: Inventory; most: () => number } {
    const { inventory } = inventoryOf();
    let [now, most] = [0, 0];
    return {
      most: () => most,
      inventory: {
        ...inventory,
        async apply(change, options) {
          most = Math.max(most, (now += 1));
          await sleep(ms);
          return inventory.apply(change, options).finally(() => (now -= 1));
        },
      },
    };
  }

  it.each([
    ['16 writes at a time', {}, 16],
    ['as many as --concurrency says', { concurrency: 3 }, 3],
  ])('%s', async (_title, options, expected) => {
    const { inventory, most } = slowInventory(2);
    expect(await carried(inventory, plan, { ...options, quiet: true })).toMatchObject({ code: exit.done, err: '' });
    expect(most()).toBe(expected);
  });

  it('starts nothing after a signal, and says what is not done', async () => {
    const { folder, inventory } = inventoryOf();
    const names = plan.slice(0, 20).map((change) => describeChange(change).replace('create ', ''));
    expect(await carried(inventory, plan, {}, AbortSignal.abort())).toEqual({
      said: { message: 'interrupted', hint: undefined, code: exit.interrupted },
      out: '',
      err:
        '0 created, 0 configured, 0 unchanged, 0 deleted, 25 not done\n' +
        `not done: ${names.join(', ')} …; a second run does the rest\n`,
    });
    expect(filesIn(folder)).toEqual([]);
  });

  it('finishes what it has begun when the time is over, and prunes nothing', async () => {
    const { inventory } = slowInventory(60);
    const changes: Change[] = [...plan.slice(0, 2), { action: 'delete', before: tokyo }];
    expect(await carried(inventory, changes, { concurrency: 1, timeout: 30 })).toEqual({
      said: { message: 'not done within 30ms', hint: 'give it more time with --timeout', code: exit.timeout },
      out: `${resource}/c00 created\n`,
      err:
        'not pruned: 1 object stays, since not everything could be applied\n' +
        '1 created, 0 configured, 0 unchanged, 0 deleted, 1 not done\n' +
        'not done: fleet/c01, fleet/tokyo; a second run does the rest\n',
    });
  });
});

describe('--diff', () => {
  const shown = async (changes: Change[], output = ''): Promise<Ended> => {
    const io = testIo();
    let code: number | undefined;
    const said = await errorOf(
      async () => (code = await showDiff({ inventory: inventoryOf().inventory, changes, options: { output }, io })),
    );
    return { ...(code !== undefined && { code }), ...(said && { said }), ...io.printed };
  };
  const changed = clusterProfile('tokyo', { displayName: 'Tokyo' });

  it.each<[string, Change[], number]>([
    ['nothing', [], exit.done],
    ['what stays', [{ action: 'unchanged', after: tokyo }], exit.done],
    [
      'fields that only change their owner',
      [{ action: 'update', before: tokyo, after: tokyo, live: tokyo }],
      exit.done,
    ],
    ['a new object', [{ action: 'create', after: tokyo }], exit.negative],
    ['a changed one', [{ action: 'update', before: tokyo, after: changed, live: tokyo }], exit.negative],
    ['one that goes', [{ action: 'delete', before: tokyo }], exit.negative],
  ])('of %s', async (_title, changes, code) => {
    const ran = await shown(changes);
    const summary = { create: '1 to create\n', update: '1 to change\n', delete: '1 to delete\n' };
    const [{ action } = { action: 'unchanged' }] = changes;
    const err = code === exit.done ? '' : summary[action as keyof typeof summary];
    expect({ ...ran, out: ran.out === '' }).toEqual({ code, out: code === exit.done, err });
  });

  it('says what is released, and what is refused', async () => {
    expect(await shown([{ action: 'release', before: tokyo }])).toEqual({
      code: exit.negative,
      out: '',
      err: 'to be released: fleet/tokyo: another export has written it too\n1 to release\n',
    });
    expect(await shown([{ action: 'refused', before: foreign, after: tokyo, reason: 'it is of another' }])).toEqual({
      said: {
        message: '1 of 1 would be refused',
        hint: '--skip-refused does the rest',
        code: exit.refused,
      },
      out: '',
      err: 'refused: fleet/tokyo: it is of another\n',
    });
  });

  it('has names and JSON', async () => {
    const changes: Change[] = [
      { action: 'unchanged', after: oslo },
      { action: 'update', before: tokyo, after: changed, live: tokyo },
    ];
    expect((await shown(changes, 'name')).out).toBe(`${resource}/tokyo\n`);
    expect(JSON.parse((await shown(changes, 'json')).out)).toEqual([
      { object: 'fleet/oslo', action: 'unchanged', changes: [] },
      {
        object: 'fleet/tokyo',
        action: 'update',
        changes: [{ path: '/spec/displayName', op: 'replace', old: 'tokyo', new: 'Tokyo' }],
      },
    ]);
  });
});
