import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ran } from '../../support/run.ts';
import type { ScenarioName } from './plan.ts';
import { clustersOf, profilesOf, readFolder, readProfiles, readSecrets, type Content, type World } from './world.ts';

/** One command that is tried: what was there before it, the command itself, and what has to be there after it. */
export interface Scenario {
  /** It writes files, whose disk may be full. */
  isOfFiles?: boolean;
  prepare(world: World, before: string[], wanted: string[]): Promise<void>;
  words(world: World, wanted: string[]): string[];
  /** Names that are there in the end. */
  goal(before: string[], wanted: string[]): Content;
  read(world: World): Promise<Content> | Content;
}

function write(world: World, name: string, objects: readonly object[]): string {
  const file = join(world.folder, name);
  writeFileSync(file, objects.map((each) => `${JSON.stringify(each)}\n`).join(''));
  return file;
}

async function must({ run }: World, words: readonly string[]): Promise<Ran> {
  const ran = await run(words);
  if (ran.code !== 0) throw new Error(`${words.join(' ')}: exit ${ran.code}\n${ran.err}`);
  return ran;
}

const prune = ['--prune', '--yes', '--max-delete', '100%'];

const importOf = (world: World, names: string[], version: string): string[] => {
  const source = write(world, `clusters-${version}.json`, clustersOf(names, version));
  return ['import', 'karmada', '-f', source, '--apply', '-q'];
};

const applyOf = (world: World, names: string[], version: string): string[] => {
  const source = write(world, `profiles-${version}.json`, profilesOf(names, version, world.ns));
  return ['apply', '-f', source, '-q'];
};

const providerFlags = (world: World): string[] => {
  const execConfig = { apiVersion: 'client.authentication.k8s.io/v1', command: 'vault-login' };
  return ['--provider-file', write(world, 'providers.json', [{ providers: [{ name: 'vault', execConfig }] }])];
};

const exportOf = (world: World, names: string[], version: string): string[] => [
  'export',
  'argocd',
  '-f',
  write(world, `profiles-${version}.json`, profilesOf(names, version, world.ns)),
  '--argocd-namespace',
  world.ns,
  ...providerFlags(world),
  '--apply',
];

/** The wanted ones as they are now, and of the others those that stay. */
const makeGoal = (kept: string[], wanted: string[]): Content =>
  new Map([...kept.map((name) => [name, 'v1'] as const), ...wanted.map((name) => [name, 'v2'] as const)]);

const onHub = {
  goal: makeGoal,
  read: readProfiles,
  words: (world: World, wanted: string[]) => [...importOf(world, wanted, 'v2'), ...world.reach],
  prepare: async (world: World, before: string[]) => {
    await must(world, [...importOf(world, before, 'v1'), ...world.direct]);
  },
};

/** The hub has the wanted profiles. */
const fillHub = (world: World, wanted: string[]): Promise<Ran> =>
  must(world, [...applyOf(world, wanted, 'v2'), ...world.direct]);

const outputFolder = (world: World): string => join(world.disk, 'out');
const merged = (world: World): string => join(world.disk, 'config');

const toFolder = (world: World, source: string[]): string[] => [
  'export',
  'argocd',
  ...source,
  ...providerFlags(world),
  '--instance',
  'team',
  '--output-dir',
  outputFolder(world),
  ...prune,
];

const toKubeconfig = (world: World, source: string[]): string[] => [
  'export',
  'kubeconfig',
  ...source,
  ...providerFlags(world),
  '--merge',
  merged(world),
];

const fromFile = (world: World, names: string[]): string[] => [
  '-f',
  write(world, 'profiles-v1.json', profilesOf(names, 'v1', world.ns)),
];

export const scenarios: Record<ScenarioName, Scenario> = {
  import: onHub,
  'import --prune': {
    ...onHub,
    goal: (_before, wanted) => makeGoal([], wanted),
    words: (world, wanted) => [...onHub.words(world, wanted), ...prune],
  },
  apply: {
    ...onHub,
    prepare: async (world, before) => {
      await must(world, [...applyOf(world, before, 'v1'), ...world.direct]);
    },
    words: (world, wanted) => [...applyOf(world, wanted, 'v2'), ...world.reach],
  },
  delete: {
    ...onHub,
    goal: (before, wanted) =>
      makeGoal(
        before.filter((name) => !wanted.includes(name)),
        [],
      ),
    words: (world, wanted) => ['delete', ...wanted, '--ignore-not-found', '--yes', ...world.reach],
  },
  list: {
    ...onHub,
    prepare: (world, _before, wanted) => onHub.prepare(world, wanted),
    goal: (_before, wanted) => makeGoal(wanted, []),
    words: (world) => ['list', '-o', 'json', ...world.reach],
  },
  'export --apply': {
    prepare: async (world, before) => {
      await must(world, [...exportOf(world, before, 'v1'), ...world.direct]);
    },
    words: (world, wanted) => [...exportOf(world, wanted, 'v2'), ...world.reach],
    goal: makeGoal,
    read: readSecrets,
  },
  'export --apply --prune': {
    prepare: async (world, before) => {
      await must(world, [...exportOf(world, before, 'v1'), ...world.direct]);
    },
    words: (world, wanted) => [...exportOf(world, wanted, 'v2'), ...world.reach, ...prune],
    goal: (_before, wanted) => makeGoal([], wanted),
    read: readSecrets,
  },
  'export --output-dir': {
    isOfFiles: true,
    prepare: async (world, before, wanted) => {
      mkdirSync(outputFolder(world));
      await must(world, toFolder(world, fromFile(world, before)));
      await fillHub(world, wanted);
    },
    words: (world) => toFolder(world, ['--manager', 'shop-fleet', ...world.reach]),
    goal: (_before, wanted) => makeGoal([], wanted),
    read: (world) => readFolder(outputFolder(world)),
  },
  'export --merge': {
    isOfFiles: true,
    prepare: async (world, before, wanted) => {
      await must(world, toKubeconfig(world, fromFile(world, before)));
      await fillHub(world, wanted);
    },
    words: (world) => toKubeconfig(world, ['--manager', 'shop-fleet', ...world.reach]),
    goal: makeGoal,
    read: (world) => readFolder(world.disk),
  },
  'import --inventory': {
    isOfFiles: true,
    prepare: async (world, before) => {
      mkdirSync(outputFolder(world));
      await must(world, [...importOf(world, before, 'v1'), '--inventory', outputFolder(world)]);
    },
    words: (world, wanted) => [
      ...importOf(world, wanted, 'v2'),
      '--inventory',
      outputFolder(world),
      '--timeout',
      '20s',
      ...prune,
    ],
    goal: (_before, wanted) => makeGoal([], wanted),
    read: (world) => readFolder(outputFolder(world)),
  },
};
