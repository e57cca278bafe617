import type { Document } from 'yaml';
import { chmodSync, closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { domain } from '../clusterprofile.ts';
import { codeOf, refusal, UserError } from '../errors.ts';
import type { Pruning } from '../system.ts';
import { writeFileAtomic } from './files.ts';
import type { KubeconfigFile, Named } from './kubeconfig-out.ts';
import { isObject, readText } from './objects.ts';

const lists = [
  ['clusters', 'cluster'],
  ['users', 'user'],
  ['contexts', 'context'],
] as const;

const extensionsOf = (body: unknown): unknown[] => {
  const found = isObject(body) ? body['extensions'] : undefined;
  return Array.isArray(found) ? found : [];
};

/** Our mark on an entry, with the profile that it stands for. */
function markOn(body: unknown): { profile?: unknown; instance?: unknown } | undefined {
  const found = extensionsOf(body).find((each) => isObject(each) && each['name'] === domain);
  return isObject(found) ? ((found['extension'] as object | null) ?? {}) : undefined;
}

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
      if (at >= 0 && !markOn(old))
        throw refusal(
          `${file}: its ${inner} ${JSON.stringify(entry.name)} was not made by this tool, and stays as it is`,
          'rename that entry, or export into a file of its own',
        );
      if (at < 0 || JSON.stringify(there[at]) !== JSON.stringify(entry))
        edits.push({ path: [list, at < 0 ? next++ : at], value: entry });
    }
    return edits.length === 1 && edits[0]?.path.length === 1 ? [] : edits;
  });
}

/** An entry that stands for a profile which is not exported any more. */
interface Stale {
  list: (typeof lists)[number][0];
  at: number;
  name: string;
}

/** What of ours may go, and how many entries were ours: by context, as people count clusters. */
function staleIn(
  before: Record<string, unknown>,
  fresh: KubeconfigFile,
  { instance, covers }: Pruning,
): { stale: Stale[]; total: number } {
  const stale: Stale[] = [];
  let total = 0;
  for (const [list, inner] of lists) {
    const wanted = new Set(fresh[list].map(({ name }) => name));
    const there: unknown[] = Array.isArray(before[list]) ? before[list] : [];
    for (const [at, entry] of there.entries()) {
      const mark = isObject(entry) ? markOn(entry[inner]) : undefined;
      if (!isObject(entry) || !mark || mark.instance !== instance) continue;
      if (list === 'contexts') total += 1;
      const [name, profile] = [String(entry['name']), mark.profile];
      if (!wanted.has(name) && covers(typeof profile === 'string' ? profile : undefined))
        stale.push({ list, at, name });
    }
  }
  return { stale, total };
}

/** A kubeconfig as a document that keeps its comments, and as what it says. */
async function parsed(text: string, file: string): Promise<{ document: Document; before: Record<string, unknown> }> {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text);
  // The parser's message would show a line of the file, which may hold a credential.
  if (document.errors.length > 0) throw new UserError(`${file} is not YAML`);
  const before: unknown = document.toJS() ?? {};
  if (!isObject(before) || (before['kind'] ?? 'Config') !== 'Config')
    throw new UserError(`${file} is not a kubeconfig`);
  return { document, before };
}

/** The names of what `--prune` takes out: asked for before the file is locked, since a person may take their time. */
async function approved(file: string, fresh: KubeconfigFile, pruning: Pruning): Promise<ReadonlySet<string>> {
  if (!existsSync(file)) return new Set();
  const { before } = await parsed(readText(file), file);
  const { stale, total } = staleIn(before, fresh, pruning);
  const names = [...new Set(stale.map(({ name }) => name))];
  await pruning.confirm(
    names.map((name) => `context ${name}`),
    total,
  );
  return new Set(names);
}

/** The file's text with our entries in it; comments, order and everybody else's entries stay. */
async function merged(
  text: string,
  fresh: KubeconfigFile,
  file: string,
  staleOf: (before: Record<string, unknown>) => readonly Stale[],
): Promise<string> {
  const { document, before } = await parsed(text, file);
  const edits = editsOf(before, fresh, file);
  const stale = staleOf(before);
  if (edits.length + stale.length === 0) return text;
  for (const [key, value] of [
    ['apiVersion', 'v1'],
    ['kind', 'Config'],
  ] as const)
    if (before[key] === undefined) document.setIn([key], value);
  for (const { path, value } of edits) document.setIn(path, document.createNode(value));
  // From the end, so that the places of the others stay what they are.
  for (const { list, at } of stale.toReversed()) document.deleteIn([list, at]);
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

/**
 * Writes our entries into a kubeconfig, takes out those that stand for no profile any more where that is asked for, and
 * keeps what was there beside it in `<file>.bak`.
 */
export async function mergeInto(file: string, fresh: KubeconfigFile, pruning?: Pruning): Promise<string> {
  const gone = pruning ? await approved(file, fresh, pruning) : new Set();
  return locked(file, async () => {
    const exists = existsSync(file);
    const before = exists ? readText(file) : '';
    const after = await merged(before, fresh, file, (there) =>
      pruning ? staleIn(there, fresh, pruning).stale.filter(({ name }) => gone.has(name)) : [],
    );
    const count = `${fresh.clusters.length} cluster${fresh.clusters.length === 1 ? '' : 's'}`;
    if (after === before) return `${file} unchanged (${count})`;
    if (exists) {
      writeFileAtomic(`${file}.bak`, before, 0o600);
      chmodSync(`${file}.bak`, 0o600);
      chmodSync(file, 0o600);
    }
    writeFileAtomic(file, after, 0o600);
    const pruned = gone.size > 0 ? `, ${gone.size} pruned` : '';
    return `${file} ${exists ? `merged, as it was: ${file}.bak` : 'created'} (${count}${pruned})`;
  });
}
