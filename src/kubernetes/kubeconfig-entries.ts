import { dirname, isAbsolute, join } from 'node:path';
import { isUserError, UserError } from '../errors.ts';
import type { Extension } from '../profile/clusterprofile.ts';
import { flag, isObject, list, map, readEach, text, texts, value } from '../object.ts';

/** The entries of a kubeconfig: clusters, users and contexts. */
export interface KubeCluster {
  /** Where it stands: `clusters[0]`. */
  at?: string;
  server: string | undefined;
  tlsServerName: string | undefined;
  insecure: boolean | undefined;
  caFile: string | undefined;
  caData: string | undefined;
  proxyUrl: string | undefined;
  disableCompression: boolean | undefined;
  extensions: Extension[];
}

export interface ExecConfig {
  apiVersion: string | undefined;
  command: string | undefined;
  args: string[];
  env: { name: string; value: string }[];
  installHint: string | undefined;
  interactiveMode: string | undefined;
  provideClusterInfo: boolean;
}

export interface KubeUser {
  token: string | undefined;
  tokenFile: string | undefined;
  certFile: string | undefined;
  certData: string | undefined;
  keyFile: string | undefined;
  keyData: string | undefined;
  username: string | undefined;
  password: string | undefined;
  as: string | undefined;
  asUid: string | undefined;
  asGroups: string[];
  asUserExtra: Record<string, unknown>;
  exec: ExecConfig | undefined;
  authProvider: { name: string | undefined; config: Record<string, unknown> } | undefined;
}

export interface KubeContext {
  cluster: string | undefined;
  user: string | undefined;
  namespace: string | undefined;
}

/** A drive or a share of Windows, which is absolute on the machine that the file is from. */
const windowsPath = /^(?:[A-Za-z]:[\\/]|\\\\)/;

const from = (file: string, path: string | undefined): string | undefined =>
  path && !isAbsolute(path) && !windowsPath.test(path) ? join(dirname(file), path) : path;

/** Named extensions; one that is no object cannot be kept (the CRD wants an object). */
const readExtensions = (cluster: unknown): Extension[] =>
  readEach(cluster, ['extensions'], (entry) => ({
    name: text(entry, 'name') ?? '',
    extension: map(entry, 'extension'),
  }));

const readCluster = (entry: unknown, file: string): KubeCluster => ({
  server: text(entry, 'server'),
  tlsServerName: text(entry, 'tls-server-name'),
  insecure: flag(entry, 'insecure-skip-tls-verify'),
  caFile: from(file, text(entry, 'certificate-authority')),
  caData: text(entry, 'certificate-authority-data'),
  proxyUrl: text(entry, 'proxy-url'),
  disableCompression: flag(entry, 'disable-compression'),
  extensions: readExtensions(entry),
});

function readExec(user: unknown, file: string): ExecConfig | undefined {
  const exec = value(user, 'exec');
  if (exec === undefined) return undefined;
  const command = text(exec, 'command');
  return {
    apiVersion: text(exec, 'apiVersion'),
    command: command?.includes('/') ? from(file, command) : command,
    args: texts(exec, 'args'),
    env: readEach(exec, ['env'], (entry) => ({ name: text(entry, 'name') ?? '', value: text(entry, 'value') ?? '' })),
    installHint: text(exec, 'installHint'),
    interactiveMode: text(exec, 'interactiveMode'),
    provideClusterInfo: flag(exec, 'provideClusterInfo') ?? false,
  };
}

const readUser = (entry: unknown, file: string): KubeUser => ({
  token: text(entry, 'token'),
  tokenFile: from(file, text(entry, 'tokenFile')),
  certFile: from(file, text(entry, 'client-certificate')),
  certData: text(entry, 'client-certificate-data'),
  keyFile: from(file, text(entry, 'client-key')),
  keyData: text(entry, 'client-key-data'),
  username: text(entry, 'username'),
  password: text(entry, 'password'),
  as: text(entry, 'as'),
  asUid: text(entry, 'as-uid'),
  asGroups: texts(entry, 'as-groups'),
  asUserExtra: map(entry, 'as-user-extra'),
  exec: readExec(entry, file),
  authProvider:
    value(entry, 'auth-provider') === undefined
      ? undefined
      : { name: text(entry, 'auth-provider', 'name'), config: map(entry, 'auth-provider', 'config') },
});

const readContext = (entry: unknown): KubeContext => ({
  cluster: text(entry, 'cluster'),
  user: text(entry, 'user'),
  namespace: text(entry, 'namespace'),
});

/** What of a list gives no entry, or no whole one. */
export interface EntryFaults {
  /** Clusters that nothing can be made of. */
  unread: string[];
  /** Other entries of which nothing can be made, and keys that nobody reads. */
  ignored: string[];
}

interface EntryList<T> {
  key: 'clusters' | 'users' | 'contexts';
  inner: 'cluster' | 'user' | 'context';
  read: (entry: unknown, at: string) => T;
}

/** Keys that stand beside `cluster:` where they belong below it. */
function listMisplaced(entry: unknown, inner: string): string[] {
  const own = new Set(['name', inner]);
  return Object.keys(map({ entry }, 'entry')).filter((key) => !own.has(key));
}

/** Reads the entries of one list; a name twice in one file is an error, as it is for kubectl. */
function readList<T>(document: unknown, { key, inner, read }: EntryList<T>, faults: EntryFaults): Map<string, T> {
  const entries = new Map<string, T>();
  const useless = key === 'clusters' ? faults.unread : faults.ignored;
  for (const [index, entry] of list(document, key).entries()) {
    const at = `${key}[${index}]`;
    if (entry === null) {
      useless.push(`${at} is null`);
      continue;
    }
    const name = text({ [at]: entry }, at, 'name') ?? '';
    const title = name === '' ? at : `${at} ${JSON.stringify(name)}`;
    if (entries.has(name)) throw new UserError(`duplicate name ${JSON.stringify(name)} in ${key}`);
    if (name === '') useless.push(`${at} has no name`);
    const misplaced = listMisplaced(entry, inner);
    if (misplaced.length > 0)
      faults.ignored.push(`${title}: ${misplaced.join(', ')} beside ${inner}, not below it: not read`);
    try {
      entries.set(name, read(map(entry, inner), at));
    } catch (error) {
      if (isUserError(error)) throw new UserError(`${title}: ${error.message}`, { cause: error });
      throw error;
    }
  }
  return entries;
}

const ownKeys = ['clusters', 'contexts', 'users', 'current-context'];

const inners = ['cluster', 'user', 'context'] as const;

/** What a list has entries of, by the first that is one: `{ name, cluster: {…} }`. */
function findInner(list: unknown): (typeof inners)[number] | undefined {
  if (!Array.isArray(list)) return undefined;
  const found = list.map((entry) =>
    inners.find((inner) => isObject(entry) && isObject(entry[inner]) && 'name' in entry),
  );
  return found.find((inner) => inner !== undefined);
}

/** True for a list that has entries of a kubeconfig. */
export const holdsEntries = (list: unknown): boolean => findInner(list) !== undefined;

/** The key that another one was meant for: `Clusters`, `cluster`, `currentContext`, or a list of clusters under any name. */
function findMeantKey(key: string, content: unknown): string | undefined {
  const plain = key.trim().toLowerCase().replaceAll(/[-_]/g, '');
  const named = ownKeys.find((each) => [each, each.slice(0, -1)].some((word) => word.replace('-', '') === plain));
  const inner = findInner(content);
  return named ?? (inner && `${inner}s`);
}

/** Lists that are written as no kubeconfig writes them (`Clusters`), and a document that ends behind its clusters. */
function findLostLists(document: unknown): string[] {
  const all = map({ document }, 'document');
  const found = Object.keys(all);
  const lost = found.flatMap((key) => {
    const meant = ownKeys.includes(key) ? undefined : findMeantKey(key, all[key]);
    return meant === undefined ? [] : [`${key} is not read, ${meant} is`];
  });
  const isCut = found.includes('clusters') && found.includes('apiVersion') && !found.includes('kind');
  return isCut && !found.includes('contexts') ? [...lost, 'it has no kind and no contexts: it may be cut off'] : lost;
}

/** The three lists of a document. */
export function readKubeconfigLists(
  document: unknown,
  file: string,
  faults: EntryFaults,
): { clusters: Map<string, KubeCluster>; users: Map<string, KubeUser>; contexts: Map<string, KubeContext> } {
  faults.unread.push(...findLostLists(document));
  return {
    clusters: readList(
      document,
      { key: 'clusters', inner: 'cluster', read: (entry, at) => ({ ...readCluster(entry, file), at }) },
      faults,
    ),
    users: readList(document, { key: 'users', inner: 'user', read: (entry) => readUser(entry, file) }, faults),
    contexts: readList(document, { key: 'contexts', inner: 'context', read: readContext }, faults),
  };
}
