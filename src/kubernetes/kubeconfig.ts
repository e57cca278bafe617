import { statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { codeOf, exit, UserError, isUserError } from '../errors.ts';
import { readText } from '../documents/objects.ts';
import { isObject, list, text } from '../object.ts';
import {
  holdsEntries,
  readKubeconfigLists,
  type EntryFaults,
  type KubeCluster,
  type KubeContext,
  type KubeUser,
} from './kubeconfig-entries.ts';
import { parseDocuments } from '../documents/yaml-in.ts';

/**
 * kubeconfig files by client-go's rules: the KUBECONFIG list, the first file to set a name wins, relative paths belong
 * to their own file. https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
 */
export interface Kubeconfig extends EntryFaults {
  clusters: Map<string, KubeCluster>;
  users: Map<string, KubeUser>;
  contexts: Map<string, KubeContext>;
  currentContext: string | undefined;
  /** Every file says that it has no users: somebody has taken them out. */
  withoutUsers: boolean;
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
  withoutUsers: true,
  repeated: [],
  missing: [],
  unread: [],
  ignored: [],
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

/** True for anything that could be a kubeconfig: its kind, or one of its lists. */
export function isKubeconfig(object: unknown): boolean {
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return false;
  const { kind, apiVersion, clusters, contexts, users } = object as Record<string, unknown>;
  if (kind !== undefined || apiVersion !== undefined)
    return (kind ?? 'Config') === 'Config' && (apiVersion ?? 'v1') === 'v1';
  return [clusters, contexts, users].some(Array.isArray);
}

/** True for what is no kubeconfig by its kind and version, and is meant as one: by its kind, or by an entry of a list. */
export function looksLikeKubeconfig(object: unknown): boolean {
  if (!isObject(object)) return false;
  const { kind, apiVersion } = object;
  const isNamed = typeof kind === 'string' && /^configs?$/i.test(kind.trim());
  const hasGroup = typeof apiVersion === 'string' && apiVersion.includes('/');
  return (isNamed && !hasGroup) || Object.values(object).some(holdsEntries);
}

/** Adds one parsed kubeconfig: what is there already stays. */
function mergeKubeconfig(config: Kubeconfig, document: unknown, file: string): void {
  const add = <T>(kind: 'cluster' | 'user' | 'context', into: Map<string, T>, entries: Map<string, T>): void => {
    for (const [name, entry] of entries)
      if (into.has(name)) config.repeated.push({ kind, name, file });
      else into.set(name, entry);
  };
  if (!isKubeconfig(document)) throw new UserError(`${file} is not a kubeconfig`);
  const faults: EntryFaults = { unread: [], ignored: [] };
  try {
    const { clusters, users, contexts } = readKubeconfigLists(document, file, faults);
    config.withoutUsers &&= users.size === 0 && Object.hasOwn(document as object, 'users');
    add('cluster', config.clusters, clusters);
    add('user', config.users, users);
    add('context', config.contexts, contexts);
    config.currentContext ||= text(document, 'current-context') || undefined;
  } catch (error) {
    if (isUserError(error)) throw new UserError(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
  config.unread.push(...faults.unread.map((fault) => `${file}: ${fault}`));
  config.ignored.push(...faults.ignored.map((fault) => `${file}: ${fault}`));
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

/** The parsed documents of kubeconfig files, and the files that do not exist or are empty. An empty file is an empty config. */
export function readKubeconfigs(selection: { files: string[]; explicit: boolean }): {
  documents: { document: unknown; file: string }[];
  missing: string[];
  empty: string[];
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
  const empty = documents.filter(({ document }) => document === emptyDocument).map(({ file }) => file);
  return { documents, missing, empty };
}

/** Loads what `kubectl config view` would show, users included: for connecting, never for printing. */
export function loadKubeconfig(selection: { files: string[]; explicit: boolean }): Kubeconfig {
  const { documents, missing } = readKubeconfigs(selection);
  return { ...mergeKubeconfigs(documents), missing };
}
