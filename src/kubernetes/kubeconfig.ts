import { statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { codeOf, exit, UserError, isUserError } from '../errors.ts';
import type { Extension } from '../profile/clusterprofile.ts';
import { readText } from '../documents/objects.ts';
import { flag, list, map, maps, text, texts, value } from '../object.ts';
import { parseDocuments } from '../documents/yaml-in.ts';

/**
 * kubeconfig files by client-go's rules: the KUBECONFIG list, the first file to set a name wins, relative paths belong
 * to their own file. https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
 */
export interface KubeCluster {
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

export interface Kubeconfig {
  clusters: Map<string, KubeCluster>;
  users: Map<string, KubeUser>;
  contexts: Map<string, KubeContext>;
  currentContext: string | undefined;
  /** Names that a later file sets again; the first file's entry counts. */
  repeated: { kind: 'cluster' | 'user' | 'context'; name: string; file: string }[];
  /** Files of the list that do not exist. */
  missing: string[];
}

const createEmpty = (): Kubeconfig => ({
  clusters: new Map(),
  users: new Map(),
  contexts: new Map(),
  currentContext: undefined,
  repeated: [],
  missing: [],
});

/** The kubeconfig files in force, as kubectl picks them. An explicit one must exist; others may be missing. */
export function listKubeconfigFiles(
  explicit: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): { files: string[]; explicit: boolean } {
  if (explicit) return { files: [explicit], explicit: true };
  const listed = env['KUBECONFIG'];
  if (listed) return { files: [...new Set(listed.split(delimiter))].filter(Boolean), explicit: false };
  return { files: [join(env['HOME'] ?? env['USERPROFILE'] ?? '', '.kube', 'config')], explicit: false };
}

const from = (file: string, path: string | undefined): string | undefined =>
  path && !isAbsolute(path) ? join(dirname(file), path) : path;

/** Named extensions; one that is no object cannot be kept (the CRD wants an object). */
const readExtensions = (cluster: unknown): Extension[] =>
  maps(cluster, 'extensions').map((entry) => ({
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
    env: maps(exec, 'env').map((entry) => ({ name: text(entry, 'name') ?? '', value: text(entry, 'value') ?? '' })),
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

/** True for anything that could be a kubeconfig: its kind, or one of its lists. */
export function isKubeconfig(object: unknown): boolean {
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return false;
  const { kind, apiVersion, clusters, contexts, users } = object as Record<string, unknown>;
  if (kind !== undefined || apiVersion !== undefined)
    return (kind ?? 'Config') === 'Config' && (apiVersion ?? 'v1') === 'v1';
  return [clusters, contexts, users].some(Array.isArray);
}

/** Reads the entries of one list; a name twice in one file is an error, as it is for kubectl. */
function readEntries<T>(document: unknown, key: string, inner: string, read: (entry: unknown) => T): Map<string, T> {
  const entries = new Map<string, T>();
  for (const entry of maps(document, key)) {
    const name = text(entry, 'name') ?? '';
    if (entries.has(name)) throw new UserError(`duplicate name ${JSON.stringify(name)} in ${key}`);
    try {
      entries.set(name, read(value(entry, inner) ?? {}));
    } catch (error) {
      if (isUserError(error)) throw new UserError(`${inner} ${JSON.stringify(name)}: ${error.message}`);
      throw error;
    }
  }
  return entries;
}

/** Adds one parsed kubeconfig: what is there already stays. */
export function mergeKubeconfig(config: Kubeconfig, document: unknown, file: string): void {
  const add = <T>(kind: 'cluster' | 'user' | 'context', into: Map<string, T>, entries: Map<string, T>): void => {
    for (const [name, entry] of entries)
      if (into.has(name)) config.repeated.push({ kind, name, file });
      else into.set(name, entry);
  };
  if (!isKubeconfig(document)) throw new UserError(`${file} is not a kubeconfig`);
  try {
    add(
      'cluster',
      config.clusters,
      readEntries(document, 'clusters', 'cluster', (entry) => readCluster(entry, file)),
    );
    add(
      'user',
      config.users,
      readEntries(document, 'users', 'user', (entry) => readUser(entry, file)),
    );
    add('context', config.contexts, readEntries(document, 'contexts', 'context', readContext));
    config.currentContext ||= text(document, 'current-context') || undefined;
  } catch (error) {
    if (isUserError(error)) throw new UserError(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** One merged kubeconfig from parsed documents, in order of precedence. */
export function mergeKubeconfigs(documents: { document: unknown; file: string }[]): Kubeconfig {
  const config = createEmpty();
  for (const { document, file } of documents) mergeKubeconfig(config, document, file);
  return config;
}

const isMissingFile = (file: string): boolean => {
  try {
    statSync(file);
    return false;
  } catch (error) {
    return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
  }
};

/** What `/dev/null` and an empty file are for kubectl. */
const emptyDocument = { kind: 'Config' };

/** The parsed documents of kubeconfig files, and the files that do not exist. An empty file is an empty config. */
export function readKubeconfigs(selection: { files: string[]; explicit: boolean }): {
  documents: { document: unknown; file: string }[];
  missing: string[];
} {
  const missing = selection.files.filter(isMissingFile);
  if (selection.explicit && missing.length > 0)
    throw new UserError(`kubeconfig ${missing[0]} does not exist`, { code: exit.input });
  const documents = selection.files
    .filter((file) => !missing.includes(file))
    .map((file) => ({
      document: list({ all: parseDocuments(readText(file), file) }, 'all')[0] ?? emptyDocument,
      file,
    }));
  return { documents, missing };
}

/** Loads what `kubectl config view` would show, users included: for connecting, never for printing. */
export function loadKubeconfig(selection: { files: string[]; explicit: boolean }): Kubeconfig {
  const { documents, missing } = readKubeconfigs(selection);
  return { ...mergeKubeconfigs(documents), missing };
}
