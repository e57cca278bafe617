import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseDocuments } from '../../../src/documents/yaml-in.ts';
import { request, theHub } from '../../support/hub/hub.ts';
import type { Tree } from '../../support/profiles.ts';
import { vaulted } from '../../support/written.ts';
import { assertSecretFree } from '../fuzz/judge.ts';
import type { World } from './world.ts';

/** What a place holds: the version of each cluster by its name. `-`: there, and without what the version is read from. */
export type Content = ReadonlyMap<string, string>;

const serverOf = (name: string, version: string): string => `https://${name}.${version}.example.test`;

/** Name and version as a server says them. */
const readServer = (server: unknown): [string, string] | undefined => {
  const [, name, version] = /^https:\/\/([a-z]\d\d)\.(v\d)\.example\.test$/.exec(String(server)) ?? [];
  return name === undefined || version === undefined ? undefined : [name, version];
};

/** Profiles that say their version in their server. */
export const profilesOf = ({ ns, fleet }: World, names: readonly string[], version: string): Tree[] =>
  names.map((name) =>
    vaulted(name, {
      metadata: { namespace: ns, labels: { 'x-k8s.io/cluster-manager': fleet } },
      spec: { clusterManager: { name: fleet } },
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

/** The same as Argo CD has them, each with a credential. */
const secretsOf = (names: readonly string[], version: string): object[] =>
  names.map((name) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `cluster-${name}`, labels: { 'argocd.argoproj.io/secret-type': 'cluster' } },
    stringData: { name, server: serverOf(name, version), config: '{"bearerToken":"LEAKCANARY"}' },
  }));

export const profilesPath = (ns: string): string =>
  `/apis/multicluster.x-k8s.io/v1alpha1/namespaces/${ns}/clusterprofiles`;
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

export async function makeForeign(ns: string): Promise<void> {
  await post(profilesPath(ns), foreignProfile);
  await post(secretsPath(ns), foreignSecret);
}

/** The clusters of an Argo CD in this namespace are these, and no others. */
export async function fillSource({ ns }: World, names: readonly string[], version: string): Promise<void> {
  await request(secretsPath(ns), { method: 'DELETE' });
  await Promise.all(secretsOf(names, version).map((secret) => post(secretsPath(ns), secret)));
}

export async function readItems(path: string): Promise<Tree[]> {
  const { status, body } = await request(path);
  if (status !== 200) throw new Error(`${path}: ${status} ${body}`);
  return (JSON.parse(body) as { items: Tree[] }).items;
}

interface Metadata {
  name: string;
  uid: string;
  resourceVersion: string;
}

export const metadataOf = (object: Tree): Metadata => object['metadata'] as Metadata;

/** Whether a name is one of those that the runs of a world write: `c01`, and of a second manager `d01`. */
export const isOurs = (name: string): boolean => /^(?:cluster-)?[cd]\d\d$/.test(name);

/** The kinds of objects on the hub. */
const paths = { profiles: profilesPath, secrets: secretsPath };
export type Kind = keyof typeof paths;

/**
 * What belongs to others on the hub, each with its version: what has a name that nobody asked for, and all of a kind that is
 * not written.
 */
async function readForeignObjects({ ns }: World, written: readonly Kind[]): Promise<string[]> {
  const kinds = Object.keys(paths) as Kind[];
  const all = await Promise.all(kinds.map((kind) => readItems(paths[kind](ns))));
  return kinds.flatMap((kind, index) =>
    all[index]!.map(metadataOf).flatMap(({ name, resourceVersion }) =>
      isOurs(name) && written.includes(kind) ? [] : [`${kind}/${name} ${resourceVersion}`],
    ),
  );
}

type Entries = Record<string, unknown> & Record<'clusters' | 'users' | 'contexts', { name: string }[]>;

/** What belongs to others in the files: the entries of a kubeconfig, and whole files beside ours. */
function readForeignFiles({ disk }: World): string[] {
  return listFiles(disk).flatMap((file) => {
    if (file.endsWith('foreign.yaml')) return [readFileSync(file, 'utf8')];
    if (!file.endsWith('config')) return [];
    const text = readFileSync(file, 'utf8');
    const [config] = parseDocuments(text, file) as Entries[];
    const theirs = [config?.clusters, config?.users, config?.contexts].map((entries = []) =>
      entries.filter(({ name }) => !isOurs(name)),
    );
    return [text.split('\n')[0]!, JSON.stringify([config?.['current-context'], theirs])];
  });
}

export const readForeign = async (world: World, written: readonly Kind[]): Promise<string[]> => [
  ...(await readForeignObjects(world, written)),
  ...readForeignFiles(world),
];

/** The items of a world, by what each says of itself; `letter` begins the names of its clusters. */
function readVersions(items: Tree[], { letter }: World, serverIn: (item: Tree) => unknown): Content {
  const own = items.filter((item) => isOurs(metadataOf(item).name));
  const all = own.map((item): [string, string] => {
    const name = metadataOf(item).name.replace('cluster-', '');
    const [said, version] = readServer(serverIn(item)) ?? [name, '-'];
    if (said !== name) throw new Error(`${name} has the server of ${said}`);
    return [name, version];
  });
  return new Map(all.filter(([name]) => name.startsWith(letter)));
}

export async function readProfiles(world: World): Promise<Content> {
  const items = await readItems(profilesPath(world.ns));
  assertSecretFree(JSON.stringify(items));
  return readVersions(items, world, (item) => {
    const { accessProviders = [] } = (item['status'] ?? {}) as { accessProviders?: { cluster: { server: string } }[] };
    return accessProviders[0]?.cluster.server;
  });
}

export const readSecrets = async (world: World): Promise<Content> =>
  readVersions(await readItems(secretsPath(world.ns)), world, (item) =>
    Buffer.from((item['data'] as { server?: string } | undefined)?.server ?? '', 'base64'),
  );

/** Every file below a folder. */
export const listFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();

/** No file has a login of the hub in it, and none but the one that had it before has a credential. */
export function assertFilesSecretFree({ disk }: World): void {
  for (const file of listFiles(disk)) {
    const text = readFileSync(file, 'utf8');
    if (!basename(file).startsWith('config')) assertSecretFree(text);
    if (Object.values(theHub().tokens).some((token) => text.includes(token))) throw new Error(`a token is in ${file}`);
  }
}

/** Every server that the documents of a folder name, however deep. */
export function readFolder(folder: string, { letter }: World): Content {
  const found = new Map<string, string>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const [name, version] = readServer((value as { server?: unknown }).server) ?? [];
    if (name?.startsWith(letter)) found.set(name, version!);
    for (const inner of Object.values(value)) walk(inner);
  };
  for (const file of listFiles(folder).filter((each) => /(?:\.yaml|config)$/.test(each)))
    for (const document of parseDocuments(readFileSync(file, 'utf8'), file)) walk(document);
  return found;
}
