import { chmodSync, existsSync, rmSync } from 'node:fs';
import { isUserError, UserError } from '../errors.ts';
import { inspectPath, writeFileAtomic } from '../documents/files.ts';
import { lockFile, type LockOptions } from '../documents/lock.ts';
import type { Io } from '../io.ts';
import { splitMergeable, mergeEdits, findStale, type Merge, type Pruning } from '../access/kubeconfig-merge.ts';
import type { KubeconfigFile } from '../access/kubeconfig-file.ts';
import { readText } from '../documents/objects.ts';
import { isObject } from '../object.ts';
import { editDocuments } from '../documents/edit/documents.ts';
import { parseDocuments } from '../documents/yaml-in.ts';

/** What a kubeconfig says; nothing where the file is empty. */
function parseKubeconfigFile(text: string, file: string): [Record<string, unknown>] | [] {
  let documents: unknown[];
  try {
    documents = parseDocuments(text, file);
  } catch (error) {
    throw isUserError(error) ? new UserError(`${file} is not YAML`, { cause: error }) : error;
  }
  if (documents.length === 0) return [];
  const [before, ...more] = documents;
  if (!isObject(before) || (before['kind'] ?? 'Config') !== 'Config' || more.length > 0)
    throw new UserError(`${file} is not a kubeconfig`);
  return [before];
}

/** The names of what `--prune` takes out: asked for before the file is locked, since a person may take their time. */
async function confirmStale(file: string, fresh: KubeconfigFile, pruning: Pruning): Promise<ReadonlySet<string>> {
  if (!existsSync(file)) return new Set();
  const [before = {}] = parseKubeconfigFile(readText(file), file);
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
  const documents = parseKubeconfigFile(text, merge.file);
  const [before = {}] = documents;
  const { fresh, refused } = splitMergeable({ ...merge, before });
  const current = fresh['current-context'] || before['current-context'];
  const edits = mergeEdits({ ...merge, fresh, before }, ({ name }) => gone.has(name));
  const said = { count: fresh.clusters.length, refused, current };
  if (edits.length === 0) return { text, ...said };
  const { edited = '', refused: noRoom } = await editDocuments(text, merge.file, new Map([[1, edits]]), documents);
  for (const error of noRoom.values()) throw error;
  return { text: edited, ...said };
}

/** For its owner only, as the file is from now on. A link of that name is not followed. */
function keepBackup(file: string, text: string): void {
  const backup = `${file}.bak`;
  if (inspectPath(backup)?.isSymbolicLink()) rmSync(backup);
  writeFileAtomic(backup, text, 0o600);
  chmodSync(backup, 0o600);
  chmodSync(file, 0o600);
}

/** How a merge is done. */
interface MergeOptions {
  pruning?: Pruning | undefined;
  /** Does the rest where an entry is not ours, and tells of it. */
  onRefused?: ((error: UserError) => void) | undefined;
  /** How long the lock of the file is waited for. */
  limits: LockOptions;
  io: Io;
}

/**
 * Writes our entries into a kubeconfig, takes out those that stand for no profile any more where that is asked for, and
 * keeps what was there beside it in `<file>.bak`. Returns what was done.
 */
export async function mergeInto(
  file: string,
  fresh: KubeconfigFile,
  { pruning, onRefused, limits, io }: MergeOptions,
): Promise<string> {
  const gone = pruning ? await confirmStale(file, fresh, pruning) : new Set<string>();
  const lock = await lockFile(file, limits, io);
  try {
    const exists = existsSync(file);
    const before = exists ? readText(file) : '';
    const { text, count, refused, current } = await mergeText(before, { file, fresh, pruning }, gone);
    for (const error of refused) {
      if (!onRefused) throw error;
      onRefused(error);
    }
    const clusters = `${count} cluster${count === 1 ? '' : 's'}`;
    if (text === before) return `${file} unchanged (${clusters})`;
    lock.assertHeld();
    if (exists) keepBackup(file, before);
    writeFileAtomic(file, text, 0o600);
    const pruned = gone.size > 0 ? `, ${gone.size} pruned` : '';
    const without = typeof current === 'string' && gone.has(current) ? `; its current-context ${current} is gone` : '';
    return `${file} ${exists ? `merged, as it was: ${file}.bak` : 'created'} (${clusters}${pruned})${without}`;
  } finally {
    lock.release();
  }
}
