import { chmodSync, closeSync, existsSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf, isUserError, UserError } from '../errors.ts';
import { writeFileAtomic } from '../documents/files.ts';
import { splitMergeable, mergeEdits, findStale, type Merge, type Pruning } from '../access/kubeconfig-merge.ts';
import type { KubeconfigFile } from '../access/kubeconfig-file.ts';
import { readText } from '../documents/objects.ts';
import { isObject } from '../object.ts';
import { editDocuments } from '../documents/edit-documents.ts';
import { parseDocuments } from '../documents/yaml-in.ts';

/** What a kubeconfig says. */
function parseKubeconfigFile(text: string, file: string): Record<string, unknown> {
  let documents: unknown[];
  try {
    documents = parseDocuments(text, file);
  } catch (error) {
    throw isUserError(error) ? new UserError(`${file} is not YAML`, { cause: error }) : error;
  }
  const [before = {}, ...more] = documents;
  if (!isObject(before) || (before['kind'] ?? 'Config') !== 'Config' || more.length > 0)
    throw new UserError(`${file} is not a kubeconfig`);
  return before;
}

/** The names of what `--prune` takes out: asked for before the file is locked, since a person may take their time. */
async function confirmStale(file: string, fresh: KubeconfigFile, pruning: Pruning): Promise<ReadonlySet<string>> {
  if (!existsSync(file)) return new Set();
  const before = parseKubeconfigFile(readText(file), file);
  const { stale, total } = findStale({ file, before, fresh, pruning });
  const gone = new Set(stale.filter(({ rest }) => rest === undefined).map(({ name }) => name));
  await pruning.confirm(
    [...gone].map((name) => `context ${name}`),
    total,
  );
  return new Set(stale.map(({ name }) => name));
}

interface Merged {
  text: string;
  count: number;
  /** Entries that stay as they are, since they are not ours to change. */
  refused: UserError[];
  current: unknown;
}

/** The file's text with our entries in it; comments, order and everybody else's entries stay. */
async function mergeText(text: string, merge: Omit<Merge, 'before'>, gone: ReadonlySet<string>): Promise<Merged> {
  const before = parseKubeconfigFile(text, merge.file);
  const { fresh, refused } = splitMergeable({ ...merge, before });
  const current = fresh['current-context'] || before['current-context'];
  const edits = mergeEdits({ ...merge, fresh, before }, ({ name }) => gone.has(name));
  const edited = edits.length === 0 ? text : await editDocuments(text, merge.file, new Map([[1, edits]]));
  return { text: edited, count: fresh.clusters.length, refused, current };
}

/** Holds the lock file that kubectl takes too while it changes a kubeconfig. */
async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  try {
    mkdirSync(dirname(lock), { recursive: true });
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

/** How a merge is done. */
interface MergeOptions {
  pruning?: Pruning | undefined;
  /** Does the rest where an entry is not ours, and tells of it. */
  onRefused?: ((error: UserError) => void) | undefined;
}

/**
 * Writes our entries into a kubeconfig, takes out those that stand for no profile any more where that is asked for, and
 * keeps what was there beside it in `<file>.bak`. Returns what was done.
 */
export async function mergeInto(
  file: string,
  fresh: KubeconfigFile,
  { pruning, onRefused }: MergeOptions = {},
): Promise<string> {
  const gone = pruning ? await confirmStale(file, fresh, pruning) : new Set<string>();
  return withLock(file, async () => {
    const exists = existsSync(file);
    const before = exists ? readText(file) : '';
    const { text, count, refused, current } = await mergeText(before, { file, fresh, pruning }, gone);
    for (const error of refused) {
      if (!onRefused) throw error;
      onRefused(error);
    }
    const clusters = `${count} cluster${count === 1 ? '' : 's'}`;
    if (text === before) return `${file} unchanged (${clusters})`;
    if (exists) {
      writeFileAtomic(`${file}.bak`, before, 0o600);
      chmodSync(`${file}.bak`, 0o600);
      chmodSync(file, 0o600);
    }
    writeFileAtomic(file, text, 0o600);
    const pruned = gone.size > 0 ? `, ${gone.size} pruned` : '';
    const without = typeof current === 'string' && gone.has(current) ? `; its current-context ${current} is gone` : '';
    return `${file} ${exists ? `merged, as it was: ${file}.bak` : 'created'} (${clusters}${pruned})${without}`;
  });
}
