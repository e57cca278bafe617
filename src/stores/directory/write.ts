import { existsSync, rmSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { setImmediate } from 'node:timers/promises';
import { editDocuments, type DocumentChange } from '../../documents/edit/documents.ts';
import { assertInside, writeFileAtomic } from '../../documents/files.ts';
import type { Lock } from '../../documents/lock.ts';
import { readText } from '../../documents/objects.ts';
import { diffEdits, type Edit } from '../../documents/edit/values.ts';
import { parseDocuments } from '../../documents/yaml-in.ts';
import { toYaml } from '../../documents/yaml-out.ts';
import { refusal, UserError } from '../../errors.ts';
import { subjectOfChange, type Change, type Result } from '../../kubernetes/change.ts';
import { nameOf, type ClusterProfile } from '../../profile/clusterprofile.ts';
import { groupBy } from '../../util/collections.ts';
import { indexProfiles, type Stored } from './read.ts';

/** A change that writes. */
export type Writing = Exclude<Change, { action: 'unchanged' | 'refused' | 'release' }>;

/** A change that waits for its file to be written. */
interface Waiting {
  change: Writing;
  done(result: Result): void;
  failed(error: unknown): void;
}

/** What a change comes to in a file as it is now. */
interface Step {
  waiting: Waiting;
  stored: Stored;
  after: ClusterProfile | undefined;
}

function findStored(file: string, there: ReadonlyMap<string, Stored>, change: Writing): Stored {
  const stored = there.get(nameOf(subjectOfChange(change)));
  if (!stored) {
    if (change.action === 'create') throw new UserError(`${file} is there already and holds something else`);
    throw new UserError(`${nameOf(subjectOfChange(change))} is gone from ${file}`);
  }
  // What another run has made of it since it was listed was not looked at.
  if (change.action === 'delete' && !isDeepStrictEqual(stored.profile, change.before))
    throw refusal(`${nameOf(change.before)} has changed since it was read, it is not deleted`, 'run it again');
  return stored;
}

const listPath = ({ items = [] }: Stored['origin']): (string | number)[] =>
  items.flatMap((item) => ['items', item - 1]);

/** Items are taken out of a list from its end, so that the places of the others stay what they are. */
function compareRemovals(a: Edit, b: Edit): number {
  const different = a.path.findIndex((part, index) => part !== b.path[index]);
  return Number(b.path[different] ?? 0) - Number(a.path[different] ?? 0);
}

/** What becomes of one document by all steps that are about it. */
function mergeSteps(steps: readonly Step[]): DocumentChange {
  const removals: Edit[] = [];
  const edits: Edit[] = [];
  for (const { stored, after } of steps) {
    const path = listPath(stored.origin);
    if (after) edits.push(...diffEdits(stored.profile, after, path));
    else if (path.length === 0) return 'remove';
    else removals.push({ path });
  }
  return [...edits, ...removals.toSorted(compareRemovals)];
}

/** Changes that are about a file which is not there. */
function createFile(file: string, [first, ...more]: readonly Waiting[], head: string): void {
  const { change, done, failed } = first as Waiting;
  if (change.action !== 'create') failed(new UserError(`${nameOf(subjectOfChange(change))} is gone from ${file}`));
  else {
    writeFileAtomic(file, head + toYaml(change.after));
    done('created');
  }
  for (const other of more) other.failed(new UserError(`${file} is there already and holds something else`));
}

/** What can be done of the changes of a file; what cannot fails at once. */
function listSteps(file: string, documents: readonly unknown[], waiting: readonly Waiting[]): Step[] {
  const there = indexProfiles(documents, file);
  return waiting.flatMap((each) => {
    try {
      const stored = findStored(file, there, each.change);
      return [{ waiting: each, stored, after: each.change.action === 'delete' ? undefined : each.change.after }];
    } catch (error) {
      each.failed(error);
      return [];
    }
  });
}

/** Changes of the profiles in one file, by one write of it. */
async function editFile(file: string, waiting: readonly Waiting[]): Promise<void> {
  const text = readText(file);
  const documents = parseDocuments(text, file);
  const groups = groupBy(listSteps(file, documents, waiting), ({ stored }) => stored.origin.document);
  const changes = new Map([...groups].map(([document, steps]) => [document, mergeSteps(steps)]));
  const { edited, refused } = await editDocuments(text, file, changes, documents);
  if (edited === undefined) rmSync(file);
  else if (edited !== text) writeFileAtomic(file, edited);
  for (const [document, steps] of groups)
    for (const step of steps) {
      const error = refused.get(document);
      if (error) step.waiting.failed(error);
      else step.waiting.done(step.after ? 'configured' : 'deleted');
    }
}

/** Writes the files of a directory: all changes of one by one write. */
export class FileWriter {
  readonly #directory: string;
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #head: string;
  /** Absent where a test needs none. */
  lock: Lock | undefined;

  /** `head`: lines of comment that a new file begins with. */
  constructor(directory: string, head = '') {
    this.#directory = directory;
    this.#head = head;
  }

  /** What is handed in for one file before the event loop turns is written together. */
  async write(file: string, change: Writing): Promise<Result> {
    const waiting = this.#waiting.get(file) ?? [];
    const result = new Promise<Result>((done, failed) => waiting.push({ change, done, failed }));
    if (waiting.length === 1) {
      this.#waiting.set(file, waiting);
      // A signal is heard between two files.
      await setImmediate();
      await this.#flush(file, waiting);
    }
    return result;
  }

  async #flush(file: string, waiting: readonly Waiting[]): Promise<void> {
    this.#waiting.delete(file);
    try {
      this.lock?.assertHeld();
      assertInside(this.#directory, file);
      if (existsSync(file)) await editFile(file, waiting);
      else createFile(file, waiting, this.#head);
    } catch (error) {
      for (const { failed } of waiting) failed(error);
    }
  }
}
