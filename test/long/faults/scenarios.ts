import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toYaml } from '../../../src/documents/yaml-out.ts';
import type { Ran } from '../../support/run.ts';
import {
  clustersOf,
  fillSource,
  listFiles,
  profilesOf,
  readFolder,
  readProfiles,
  readSecrets,
  type Content,
  type Kind,
} from './content.ts';
import type { ScenarioName } from './plan.ts';
import { runHere } from './runs.ts';
import type { World } from './world.ts';

/** One command that is tried: what was there before it, the command itself, and what has to be there after it. */
export interface Scenario {
  /** It writes files, whose disk may be full. */
  isOfFiles?: boolean;
  /** The kind of objects that it writes on the hub. */
  writes?: Kind;
  /** It counts what it wrote, without a word of each. */
  isBrief?: boolean;
  /** A second manager cannot work beside it. */
  isAlone?: boolean;
  prepare(world: World, before: string[], wanted: string[]): Promise<void>;
  words(world: World, wanted: string[]): string[];
  /** Names that are there in the end. */
  goal(before: string[], wanted: string[]): Content;
  read(world: World): Promise<Content> | Content;
}

function write({ folder, letter }: World, name: string, objects: readonly object[]): string {
  const file = join(folder, `${letter}-${name}`);
  writeFileSync(file, objects.map((each) => `${JSON.stringify(each)}\n`).join(''));
  return file;
}

async function must(world: World, words: readonly string[]): Promise<Ran> {
  const ran = await runHere(world, words);
  if (ran.code !== 0) throw new Error(`${words.join(' ')}: exit ${ran.code}\n${ran.err}`);
  return ran;
}

const prune = ['--prune', '--yes', '--max-delete', '100%'];

const importOf = (world: World, names: string[], version: string): string[] => {
  const source = write(world, `clusters-${version}.json`, clustersOf(names, version));
  return ['import', 'karmada', '--cluster-manager', world.importer, '-f', source, '--apply'];
};

const writeProfiles = (world: World, names: string[], version: string): string =>
  write(world, `profiles-${version}.json`, profilesOf(world, names, version));

const applyOf = (world: World, names: string[], version: string): string[] => [
  'apply',
  '-f',
  writeProfiles(world, names, version),
];

const providerFlags = (world: World): string[] => {
  const execConfig = { apiVersion: 'client.authentication.k8s.io/v1', command: 'vault-login' };
  return ['--provider-file', write(world, 'providers.json', [{ providers: [{ name: 'vault', execConfig }] }])];
};

const argocd = (world: World): string[] => ['export', 'argocd', ...providerFlags(world), '--instance', world.instance];

const exportFile = (world: World, names: string[], version: string): string[] => [
  ...argocd(world),
  '--argocd-namespace',
  world.ns,
  '--apply',
  '-f',
  writeProfiles(world, names, version),
];

const exportHub = (world: World): string[] => [
  ...argocd(world),
  '--argocd-namespace',
  world.ns,
  '--apply',
  '--manager',
  world.fleet,
  '-n',
  world.ns,
];

/** Source and hub are one cluster, reached by the same flags. */
const importSource = ({ ns }: World, reach: string[]): string[] => [
  'import',
  'argocd',
  '--source-namespace',
  ns,
  '--source-kubeconfig',
  reach[1]!,
  '--apply',
  ...reach,
];

/** The wanted ones as they are now, and of the others those that stay. */
const makeGoal = (kept: string[], wanted: string[]): Content =>
  new Map([...kept.map((name) => [name, 'v1'] as const), ...wanted.map((name) => [name, 'v2'] as const)]);

const wantedOnly = (_before: string[], wanted: string[]): Content => makeGoal([], wanted);

const onHub = {
  writes: 'profiles' as const,
  goal: makeGoal,
  read: readProfiles,
  words: (world: World, wanted: string[]) => [...importOf(world, wanted, 'v2'), ...world.reach],
  prepare: async (world: World, before: string[]) => {
    await must(world, [...importOf(world, before, 'v1'), ...world.direct]);
  },
};

const toSecrets = {
  writes: 'secrets' as const,
  read: readSecrets,
  prepare: async (world: World, before: string[]) => {
    await must(world, [...exportFile(world, before, 'v1'), ...world.direct]);
  },
};

/** The hub has the wanted profiles. */
const fillHub = (world: World, wanted: string[]): Promise<Ran> =>
  must(world, [...applyOf(world, wanted, 'v2'), ...world.direct]);

const outputFolder = (world: World): string => join(world.disk, 'out');
const merged = (world: World): string => join(world.disk, 'config');

/** A folder with a file of somebody else in it. */
function makeOutputFolder(world: World): void {
  mkdirSync(outputFolder(world), { recursive: true });
  writeFileSync(join(outputFolder(world), 'foreign.yaml'), '# of others\nkind: ConfigMap\napiVersion: v1\n');
}

/** A kubeconfig with a login of somebody else in it. */
function makeKubeconfig(world: World): void {
  const [cluster, user] = [{ server: 'https://mine.example.test' }, { token: 'LEAKCANARY' }];
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'mine',
    clusters: [{ name: 'mine', cluster }],
    users: [{ name: 'mine', user }],
    contexts: [{ name: 'mine', context: { cluster: 'mine', user: 'mine' } }],
  };
  writeFileSync(merged(world), `# of somebody\n${toYaml(config)}`);
}

const toFolder = (world: World, source: string[]): string[] => [
  ...argocd(world),
  ...source,
  '--output-dir',
  outputFolder(world),
  ...prune,
];

const toKubeconfig = (world: World, source: string[]): string[] => [
  'export',
  'kubeconfig',
  ...source,
  ...providerFlags(world),
  '--instance',
  world.instance,
  '--merge',
  merged(world),
];

const fromFile = (world: World, names: string[]): string[] => ['-f', writeProfiles(world, names, 'v1')];
const fromHub = (world: World): string[] => ['--manager', world.fleet, ...world.reach];

const toInventory: Scenario = {
  isOfFiles: true,
  prepare: async (world, before) => {
    makeOutputFolder(world);
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
  goal: wantedOnly,
  read: (world) => readFolder(outputFolder(world), world),
};

/** One file with all documents of a folder, of both managers where there are two. */
function joinFiles(folder: string): void {
  const files = listFiles(folder).filter((file) => !file.endsWith('foreign.yaml'));
  const text = files.map((file) => readFileSync(file, 'utf8')).join('---\n');
  for (const file of files) rmSync(file);
  writeFileSync(join(folder, 'fleet.yaml'), text);
}

export const scenarios: Record<ScenarioName, Scenario> = {
  import: onHub,
  'import --prune': {
    ...onHub,
    goal: wantedOnly,
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
  'import from a hub --prune': {
    ...onHub,
    isAlone: true,
    goal: wantedOnly,
    prepare: async (world, before, wanted) => {
      await fillSource(world, before, 'v1');
      await must(world, importSource(world, world.direct));
      await fillSource(world, wanted, 'v2');
    },
    words: (world) => [...importSource(world, world.reach), ...prune],
  },
  'export --apply': {
    ...toSecrets,
    goal: makeGoal,
    words: (world, wanted) => [...exportFile(world, wanted, 'v2'), ...world.reach],
  },
  'export --apply --prune': {
    ...toSecrets,
    goal: wantedOnly,
    words: (world, wanted) => [...exportFile(world, wanted, 'v2'), ...world.reach, ...prune],
  },
  'export from a hub --apply --prune': {
    ...toSecrets,
    goal: wantedOnly,
    prepare: async (world, before, wanted) => {
      await toSecrets.prepare(world, before);
      await fillHub(world, wanted);
    },
    words: (world) => [...exportHub(world), ...world.reach, ...prune],
  },
  'export --output-dir': {
    isOfFiles: true,
    prepare: async (world, before, wanted) => {
      makeOutputFolder(world);
      await must(world, toFolder(world, fromFile(world, before)));
      await fillHub(world, wanted);
    },
    words: (world) => toFolder(world, fromHub(world)),
    goal: wantedOnly,
    read: (world) => readFolder(outputFolder(world), world),
  },
  'export --merge': {
    isOfFiles: true,
    isBrief: true,
    prepare: async (world, before, wanted) => {
      if (world.letter === 'c') makeKubeconfig(world);
      await must(world, toKubeconfig(world, fromFile(world, before)));
      await fillHub(world, wanted);
    },
    words: (world) => toKubeconfig(world, fromHub(world)),
    goal: makeGoal,
    read: (world) => readFolder(world.disk, world),
  },
  'import --inventory': toInventory,
  'import --inventory of one file': {
    ...toInventory,
    prepare: async (world, before, wanted) => {
      await toInventory.prepare(world, before, wanted);
      joinFiles(outputFolder(world));
    },
  },
};
