import { chmodSync, closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { domain } from '../clusterprofile.ts';
import { codeOf, refusal, UserError } from '../errors.ts';
import { writeFileAtomic } from './files.ts';
import type { KubeconfigFile, Named } from './kubeconfig-out.ts';
import { isObject, readText } from './objects.ts';

const lists = [
  ['clusters', 'cluster'],
  ['users', 'user'],
  ['contexts', 'context'],
] as const;

/** Extension by which an entry is known to be ours. Clusters, users and contexts can all have some. */
const mark = { name: domain, extension: { 'managed-by': 'clusterprofile' } };

const extensionsOf = (body: unknown): unknown[] => {
  const found = isObject(body) ? body['extensions'] : undefined;
  return Array.isArray(found) ? found : [];
};

const isOurs = (body: unknown): boolean =>
  extensionsOf(body).some((each) => isObject(each) && each['name'] === mark.name);

const marked = (body: unknown): object => ({ ...(body as object), extensions: [...extensionsOf(body), mark] });

interface Edit {
  path: (string | number)[];
  value: unknown;
}

/** What to set in the file. Refuses to touch an entry of the same name that somebody else made. */
function editsOf(before: unknown, { clusters, users, contexts }: KubeconfigFile, file: string): Edit[] {
  const fresh: Record<(typeof lists)[number][0], Named[]> = { clusters, users, contexts };
  return lists.flatMap(([list, inner]) => {
    const found = isObject(before) ? before[list] : undefined;
    const there: unknown[] = Array.isArray(found) ? found : [];
    let next = there.length;
    const edits: Edit[] = there.length === 0 ? [{ path: [list], value: [] }] : [];
    for (const entry of fresh[list]) {
      const at = there.findIndex((each) => isObject(each) && each['name'] === entry.name);
      const old = at < 0 ? undefined : (there[at] as Record<string, unknown>)[inner];
      if (at >= 0 && !isOurs(old))
        throw refusal(
          `${file}: its ${inner} ${JSON.stringify(entry.name)} was not made by this tool, and stays as it is`,
          'rename that entry, or export into a file of its own',
        );
      const value = { name: entry.name, [inner]: marked(entry[inner]) };
      if (at < 0 || JSON.stringify(there[at]) !== JSON.stringify(value))
        edits.push({ path: [list, at < 0 ? next++ : at], value });
    }
    return edits.length === 1 && edits[0]?.path.length === 1 ? [] : edits;
  });
}

/** The file's text with our entries in it; comments, order and everybody else's entries stay. */
async function merged(text: string, fresh: KubeconfigFile, file: string): Promise<string> {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text);
  // The parser's message would show a line of the file, which may hold a credential.
  if (document.errors.length > 0) throw new UserError(`${file} is not YAML`);
  const before: unknown = document.toJS() ?? {};
  if (!isObject(before) || (before['kind'] ?? 'Config') !== 'Config')
    throw new UserError(`${file} is not a kubeconfig`);
  const edits = editsOf(before, fresh, file);
  if (edits.length === 0) return text;
  for (const [key, value] of [
    ['apiVersion', 'v1'],
    ['kind', 'Config'],
  ] as const)
    if (before[key] === undefined) document.setIn([key], value);
  for (const { path, value } of edits) document.setIn(path, document.createNode(value));
  return document.toString({ lineWidth: 0 });
}

/** Holds the lock file that kubectl takes too while it changes a kubeconfig. */
async function locked<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  try {
    closeSync(openSync(lock, 'wx', 0o600));
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw new UserError(`cannot write ${lock}: ${codeOf(error)}`, { cause: error });
    throw new UserError(`${file} is being changed by another program (${lock} exists)`, {
      hint: `try again; if nothing is running, remove ${lock}`,
      cause: error,
    });
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Writes our entries into a kubeconfig, and keeps what was there beside it in `<file>.bak`. */
export const mergeInto = (file: string, fresh: KubeconfigFile): Promise<string> =>
  locked(file, async () => {
    const exists = existsSync(file);
    const before = exists ? readText(file) : '';
    const after = await merged(before, fresh, file);
    const count = `${fresh.clusters.length} cluster${fresh.clusters.length === 1 ? '' : 's'}`;
    if (after === before) return `${file} unchanged (${count})`;
    if (exists) {
      writeFileAtomic(`${file}.bak`, before, 0o600);
      chmodSync(`${file}.bak`, 0o600);
      chmodSync(file, 0o600);
    }
    writeFileAtomic(file, after, 0o600);
    return `${file} ${exists ? `merged, as it was: ${file}.bak` : 'created'} (${count})`;
  });
