import { byText } from '../util/text.ts';
import type { Change, Result } from '../kubernetes/change.ts';
import { isObject, type KubernetesObject } from '../object.ts';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { lockDirectory, type Lock } from '../documents/lock.ts';
import { isMarked, nameOf } from '../profile/clusterprofile.ts';
import { makeFileName } from '../profile/names.ts';
import { explainOtherOrigin, namesOrigin, notOurs, originOf, type TargetStore } from './target-store.ts';
import { usageError, UserError } from '../errors.ts';
import { assertDirectory, makePrivate, resolveInside, writeFileAtomic } from '../documents/files.ts';
import { readDocumentObjects, readText } from '../documents/objects.ts';
import { clientResult } from '../kubernetes/apply.ts';
import { toYaml } from '../documents/yaml-out.ts';

interface Files {
  /** Who writes: the consumer, and the instance where there are several. Files of others are never deleted. */
  writer: string;
  format: 'yaml' | 'json';
  /** Whether an object names who may log in where, so that its file is for its owner only. */
  isSecret(object: KubernetesObject): boolean;
}

const fileFormats = ['yaml', 'json'] as const;

const splitPath = ({ kind, metadata: { name, namespace } }: KubernetesObject, format: string): string[] => [
  ...(namespace ? [namespace] : []),
  makeFileName(`${kind.toLowerCase()}-${name}`, `.${format}`),
];

const isNamedObject = (object: unknown): object is KubernetesObject =>
  isObject(object) &&
  typeof object['kind'] === 'string' &&
  isObject(object['metadata']) &&
  typeof object['metadata']['name'] === 'string';

/** The one object of a file; `undefined` where there is no file, or it holds something else. */
function readOneObject(file: string): KubernetesObject | undefined {
  if (!existsSync(file)) return undefined;
  const [found, ...more] = [...readDocumentObjects(readText(file), file)];
  return found && more.length === 0 && isNamedObject(found.object) ? found.object : undefined;
}

/** Unlike what is only printed, this has to be known again: by its label, or by the profile that it names. */
const isMarkedOrOrigin = (object: KubernetesObject): boolean => isMarked(object) || originOf(object) !== undefined;

const listPrefix = '.clusterprofile-';

/** The paths of a list that lead to files below it; whoever can write there could have written others. */
const readWriterList = (list: string): string[] =>
  existsSync(list)
    ? readText(list)
        .split(/\r?\n/)
        .filter((path) => /^[^/]/.test(path) && !path.split('/').includes('..'))
    : [];

/** The files of one writer in a directory, by their paths inside of it. */
class OwnFiles {
  readonly #directory: string;
  readonly #files: Files;
  readonly #list: string;
  #listed = new Set<string>();
  #others: ReadonlySet<string> = new Set();
  /** What this run has put on the list, and taken from it. */
  readonly #added = new Set<string>();
  readonly #dropped = new Set<string>();
  #expected: string[] = [];

  constructor(directory: string, files: Files) {
    assertDirectory(directory);
    this.#directory = directory;
    this.#files = files;
    this.#list = resolveInside(directory, `${listPrefix}${files.writer}`);
    this.load();
  }

  /** The lists as they are now, with what this run has made of its own. */
  load(): void {
    const directory = this.#directory;
    const kept = readWriterList(this.#list).filter((path) => !this.#dropped.has(path));
    this.#listed = new Set([...kept, ...this.#added]);
    const lists = existsSync(directory) ? readdirSync(directory).filter((name) => name.startsWith(listPrefix)) : [];
    const others = lists.map((name) => join(directory, name)).filter((list) => list !== this.#list);
    this.#others = new Set(others.flatMap(readWriterList));
  }

  #add(path: string): void {
    this.#listed.add(path);
    this.#added.add(path);
    this.#dropped.delete(path);
  }

  #drop(path: string): void {
    this.#listed.delete(path);
    this.#added.delete(path);
    this.#dropped.add(path);
  }

  #inside = (object: KubernetesObject): string => splitPath(object, this.#files.format).join('/');
  #fileOf = (object: KubernetesObject): string =>
    resolveInside(this.#directory, ...splitPath(object, this.#files.format));

  /** Where an object was written, in this format or in the other one of an earlier run. */
  #listedPaths = (object: KubernetesObject): string[] =>
    fileFormats.map((format) => splitPath(object, format).join('/')).filter((path) => this.#listed.has(path));

  /** An object that was moved, or written by somebody else, is not listed. */
  has = (object: KubernetesObject): boolean => this.#listedPaths(object).length > 0;

  /** Another writer has written it too. */
  isShared = (object: KubernetesObject): boolean => this.#listedPaths(object).some((path) => this.#others.has(path));

  forget(object: KubernetesObject): void {
    for (const path of this.#listedPaths(object)) this.#drop(path);
  }

  /** An object as it is now where it belongs; else as an earlier run has written it in the other format. */
  find(object: KubernetesObject): KubernetesObject[] {
    const there = this.#objectAt(this.#inside(object), object);
    if (there && namesOrigin(there, object)) this.#add(this.#inside(object));
    const earlier = this.#listedPaths(object).filter((path) => path !== this.#inside(object));
    const found = [there, ...earlier.map((path) => this.#objectAt(path, object))];
    return found.filter((each) => each !== undefined).slice(0, 1);
  }

  /** Whether an object is as it should be, but in a file of the other format. */
  isElsewhere = (object: KubernetesObject): boolean => !existsSync(this.#fileOf(object)) && this.has(object);

  #objectAt(path: string, object: KubernetesObject): KubernetesObject | undefined {
    const file = resolveInside(this.#directory, ...path.split('/'));
    const there = readOneObject(file);
    if (there?.kind === object.kind && nameOf(there) === nameOf(object)) return there;
    if (existsSync(file)) throw new UserError(`${file} is there already and holds something else`);
    return undefined;
  }

  /** What was written before and is none of these objects. */
  others(objects: readonly KubernetesObject[]): KubernetesObject[] {
    // By both formats: what is wanted in another one than it has is made anew.
    const wanted = new Set(
      objects.flatMap((object) => fileFormats.map((format) => splitPath(object, format).join('/'))),
    );
    return [...this.#listed]
      .filter((path) => !wanted.has(path))
      .flatMap((path) => readOneObject(resolveInside(this.#directory, ...path.split('/'))) ?? []);
  }

  write(object: KubernetesObject): void {
    if (this.#expected.length > 0) this.#keep(new Set([...this.#listed, ...this.#expected.splice(0)]));
    const file = this.#fileOf(object);
    // A file system may take two names for one, and another run may have written since this one has read.
    this.#objectAt(this.#inside(object), object);
    const secret = this.#files.isSecret(object);
    if (secret) makePrivate(file);
    const text = this.#files.format === 'json' ? `${JSON.stringify(object, null, 2)}\n` : toYaml(object);
    writeFileAtomic(file, text, secret ? 0o600 : 0o644);
    // Its file in the other format would stand for a second object of this name; that of another writer is theirs.
    for (const path of this.#listedPaths(object)) if (path !== this.#inside(object)) this.#delete(path);
    this.#add(this.#inside(object));
  }

  remove(object: KubernetesObject): void {
    for (const path of this.#listedPaths(object)) this.#delete(path);
  }

  #delete(path: string): void {
    if (!this.#others.has(path)) rmSync(resolveInside(this.#directory, ...path.split('/')), { force: true });
    this.#drop(path);
  }

  /** Objects that may be written: listed before the first of them is, so that all are known after a run was killed too. */
  expect(objects: readonly KubernetesObject[]): void {
    this.#expected = objects.filter((object) => !existsSync(this.#fileOf(object))).map(this.#inside);
  }

  #keep(paths: Iterable<string>): void {
    const text = `${[...paths].toSorted(byText).join('\n')}\n`;
    if (!existsSync(this.#list) || readText(this.#list) !== text) writeFileAtomic(this.#list, text);
  }

  /** Keeps the list, without what is gone. */
  remember(): void {
    this.load();
    const there = [...this.#listed].filter((path) => existsSync(join(this.#directory, path)));
    if (there.length === 0) rmSync(this.#list, { force: true });
    else this.#keep(there);
  }
}

function placeObjects(documents: readonly object[]): KubernetesObject[] {
  const objects = JSON.parse(JSON.stringify(documents)) as unknown[];
  if (objects.every(isNamedObject)) return objects;
  throw usageError(
    'what these flags make is one file, which is written whole',
    '--output-dir without --diff and --prune',
  );
}

/**
 * What a consumer reads as files in a directory, one an object: for GitOps repositories. A list beside them says which
 * files a writer has made, since nothing in an object does.
 */
export function openTargetDirectory(directory: string, options: Files): TargetStore {
  const files = new OwnFiles(directory, options);
  let held: Lock | undefined;
  const carryOut = (change: Change<KubernetesObject>): Result => {
    if (change.action === 'unchanged' || change.action === 'refused') return 'unchanged';
    if (change.action === 'release') files.forget(change.before);
    else if (change.action === 'delete') files.remove(change.before);
    else files.write(change.after);
    return clientResult[change.action];
  };
  return {
    title: `directory ${directory}`,
    place: placeObjects,
    read(objects) {
      files.expect(objects);
      return Promise.resolve([...objects.flatMap((object) => files.find(object)), ...files.others(objects)]);
    },
    // What is in a file of the other format is written anew, although nothing of it changes.
    compare: (live, wanted, { forceConflicts }) => ({
      before: live,
      owned: !files.isElsewhere(live),
      conflicts: [],
      refusal: namesOrigin(live, wanted) ? explainOtherOrigin(live, wanted, forceConflicts) : notOurs,
    }),
    retire: (live) =>
      isMarkedOrOrigin(live) && files.has(live) ? (files.isShared(live) ? 'release' : 'delete') : 'keep',
    isWhole: () => true,
    async apply(change) {
      // A signal is heard between two files.
      await setImmediate();
      held?.assertHeld();
      return carryOut(change);
    },
    async lock(limits, io) {
      held = await lockDirectory(directory, limits, io);
      files.load();
    },
    close() {
      try {
        files.remember();
      } finally {
        held?.release();
      }
    },
  };
}
