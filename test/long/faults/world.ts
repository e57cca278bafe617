import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocuments } from '../../../src/documents/yaml-in.ts';
import { startFaultProxy, type FaultProxy } from '../../support/hub/fault-proxy.ts';
import { createNamespace, kubeconfigFor, removeNamespace, request, theHub } from '../../support/hub/hub.ts';
import { copyProgram, type run } from '../../support/run.ts';
import type { Tree } from '../../support/profiles.ts';
import { vaulted } from '../../support/written.ts';

/** Where one run takes place: a namespace of the hub, a folder that may be a disk of its own, and two ways to the hub. */
export interface World {
  ns: string;
  folder: string;
  disk: string;
  /** The flags that reach the hub, and those that reach it through the proxy. */
  direct: string[];
  reach: string[];
  proxy: FaultProxy;
  run: typeof run;
  close(): Promise<void>;
}

/** What a place holds: the version of each cluster by its name. `-`: there, and without what the version is read from. */
export type Content = ReadonlyMap<string, string>;

export const nameOf = (number: number): string => `c${String(number).padStart(2, '0')}`;

const serverOf = (name: string, version: string): string => `https://${name}.${version}.example.test`;

/** Name and version as a server says them. */
const readServer = (server: unknown): [string, string] | undefined => {
  const [, name, version] = /^https:\/\/(c\d\d)\.(v\d)\.example\.test$/.exec(String(server)) ?? [];
  return name === undefined || version === undefined ? undefined : [name, version];
};

/** Profiles that say their version in their server. */
export const profilesOf = (names: readonly string[], version: string, namespace: string): Tree[] =>
  names.map((name) =>
    vaulted(name, {
      metadata: { namespace },
      status: { accessProviders: [{ name: 'vault', cluster: { server: serverOf(name, version) } }] },
    }),
  );

/** The same clusters as a system has them. */
export const clustersOf = (names: readonly string[], version: string): object[] =>
  names.map((name) => ({
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name },
    spec: { syncMode: 'Push', apiEndpoint: serverOf(name, version) },
    status: { kubernetesVersion: 'v1.33.1' },
  }));

const profilesPath = (ns: string): string => `/apis/multicluster.x-k8s.io/v1alpha1/namespaces/${ns}/clusterprofiles`;
const secretsPath = (ns: string): string => `/api/v1/namespaces/${ns}/secrets`;

const foreignProfile = {
  apiVersion: 'multicluster.x-k8s.io/v1alpha1',
  kind: 'ClusterProfile',
  metadata: { name: 'foreign', labels: { 'x-k8s.io/cluster-manager': 'other' } },
  spec: { displayName: 'foreign', clusterManager: { name: 'other' } },
};
const foreignSecret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'foreign', labels: { 'argocd.argoproj.io/secret-type': 'cluster' } },
  stringData: { name: 'foreign', server: 'https://foreign.example.test', config: '{}' },
};

async function post(path: string, object: object): Promise<void> {
  const { status, body } = await request(path, { method: 'POST', body: JSON.stringify(object) });
  if (status !== 201) throw new Error(`${path}: ${status} ${body}`);
}

async function makeForeign(ns: string): Promise<void> {
  await post(profilesPath(ns), foreignProfile);
  await post(secretsPath(ns), foreignSecret);
}

async function readItems(path: string): Promise<Tree[]> {
  const { status, body } = await request(path);
  if (status !== 200) throw new Error(`${path}: ${status} ${body}`);
  return (JSON.parse(body) as { items: Tree[] }).items;
}

const metadataOf = (object: Tree): { name: string; resourceVersion: string } =>
  object['metadata'] as { name: string; resourceVersion: string };

/** The versions of what belongs to others. */
export async function readForeign(ns: string): Promise<string[]> {
  const all = [...(await readItems(profilesPath(ns))), ...(await readItems(secretsPath(ns)))];
  return all.map(metadataOf).flatMap(({ name, resourceVersion }) => (name === 'foreign' ? [resourceVersion] : []));
}

export async function readProfiles({ ns }: World): Promise<Content> {
  const own = (await readItems(profilesPath(ns))).filter((each) => metadataOf(each).name !== 'foreign');
  return new Map(
    own.map((each) => {
      const { accessProviders = [] } = (each['status'] ?? {}) as {
        accessProviders?: { cluster: { server: string } }[];
      };
      return readServer(accessProviders[0]?.cluster.server) ?? [metadataOf(each).name, '-'];
    }),
  );
}

export async function readSecrets({ ns }: World): Promise<Content> {
  const own = (await readItems(secretsPath(ns))).filter((each) => metadataOf(each).name !== 'foreign');
  return new Map(
    own.map((each) => {
      const { server = '' } = (each['data'] ?? {}) as { server?: string };
      return readServer(Buffer.from(server, 'base64')) ?? [metadataOf(each).name, '-'];
    }),
  );
}

/** Every file below a folder. */
const listFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));

/** Locks and temporary files, which nobody may leave. */
export const listTraces = ({ disk }: World): string[] =>
  listFiles(disk).filter((file) => /\.lock|\.tmp$|-stale$/.test(file));

/** Every server that the documents of a folder name, however deep. */
export function readFolder(folder: string): Content {
  const found = new Map<string, string>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const read = readServer((value as { server?: unknown }).server);
    if (read) found.set(...read);
    for (const inner of Object.values(value)) walk(inner);
  };
  for (const file of listFiles(folder).filter((each) => /(?:\.yaml|config)$/.test(each)))
    for (const document of parseDocuments(readFileSync(file, 'utf8'), file)) walk(document);
  return found;
}

/** Whether a disk of its own can be had here. */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0 && tryMount();

function tryMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'clusterprofile-disk-'));
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).status === 0;
  if (isMounted) spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true });
  return isMounted;
}

const mustRun = (...[command = '', ...words]: string[]): void => {
  const { status, stderr } = spawnSync(command, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}: ${stderr}`);
};

/** Lets a disk take no more than some blocks. */
export function fillDisk(disk: string, blocks: number): void {
  const filler = join(disk, 'filler');
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(filler, Buffer.alloc(Math.max(0, bavail - blocks) * bsize));
}

export const emptyDisk = (disk: string): void => {
  truncateSync(join(disk, 'filler'));
  rmSync(join(disk, 'filler'));
};

export const setWritable = (disk: string, isWritable: boolean): void =>
  mustRun('mount', '-o', `remount,${isWritable ? 'rw' : 'ro'}`, disk);

/** A namespace with what belongs to others, a folder, and a proxy; with a disk of its own where one is wanted. */
export async function makeWorld(
  { proxy, run }: Lane,
  { needsDisk, isHasty }: { needsDisk: boolean; isHasty: boolean },
): Promise<World> {
  const ns = await createNamespace();
  await makeForeign(ns);
  const folder = mkdtempSync(join(tmpdir(), 'clusterprofile-world-'));
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  if (needsDisk) mustRun('mount', '-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk);
  const [direct, through] = [{}, { server: proxy.url }].map((cluster) => kubeconfigFor({ namespace: ns, cluster }));
  proxy.clear();
  return {
    ns,
    folder,
    disk,
    direct: ['--kubeconfig', direct!],
    reach: ['--kubeconfig', through!, '--request-timeout', isHasty ? '1s' : '10s', '--timeout', '30s'],
    proxy,
    run,
    async close() {
      proxy.clear();
      if (needsDisk) mustRun('umount', disk);
      for (const path of [folder, direct!, through!]) rmSync(path, { recursive: true, force: true });
      await removeNamespace(ns);
    },
  };
}

/** What one run at a time has: a proxy, and the program in this process with a state of its own. */
export interface Lane {
  proxy: FaultProxy;
  run: typeof run;
}

export const openLane = async (): Promise<Lane> => ({ proxy: await startFaultProxy(theHub()), run: copyProgram() });
