import { statSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { readText } from '../documents/objects.ts';
import { parseDocuments } from '../documents/yaml-in.ts';
import { readPlainYaml } from '../documents/yaml/fast.ts';
import { findPlace } from '../documents/yaml/place.ts';
import { usageError, type UserError } from '../errors.ts';
import { findClosest } from '../lint/suggest.ts';
import { isObject } from '../object.ts';
import { domain } from '../profile/clusterprofile.ts';
import type { DefaultEntry } from './entry.ts';
import type { DefaultsPlaces } from './find.ts';
import { assertNoCredential } from './value.ts';

export const defaultsVersion = `${domain}/v1alpha1`;
export const defaultsKind = 'Defaults';

/** What a file with defaults may have beside its apiVersion and kind. */
const sections = ['defaults', 'commands', 'accept'] as const;

/** Many times what anybody writes by hand. A larger file of that name is a dump of something else. */
const sizeLimit = 256 * 1024;

type Path = readonly (string | number)[];

/** A file with defaults, read. */
export interface DefaultsFile {
  path: string;
  isNear: boolean;
  entries: readonly DefaultEntry[];
  /** The commands that it names, and where. */
  commands: readonly { words: readonly string[]; origin: string }[];
}

/** Finds the lines of a text. */
type Locate = (path: Path) => number | undefined;

/** Reads the one document of a text, and says where its parts stand. */
async function parseText(text: string, shown: string): Promise<{ document: unknown; locate: Locate }> {
  const plain = readPlainYaml(text);
  const [document, another] = plain ?? parseDocuments(text, shown);
  if (another !== undefined) throw usageError(`${shown}: it has more than one document`);
  if (plain) {
    const locate: Locate = (path) => text.slice(0, findPlace(text, path).offset).split('\n').length;
    return { document, locate };
  }
  const { createLocator } = await import('../lint/positions.ts');
  const find = createLocator();
  const chunk = { text, line: 0, nth: 0 };
  return { document, locate: (path) => find({ file: shown, document: 1, object: document, chunk }, [...path])?.line };
}

/** Whether a text is a file with defaults, or means to be one: a manifest of a profile may have that name too. */
const looksLikeDefaults = (text: string): boolean =>
  new RegExp(`^["']?(?:kind["']?:\\s+["']?${defaultsKind}\\b|(?:${sections.join('|')})["']?:)`, 'm').test(text) ||
  new RegExp(`"kind"\\s*:\\s*"${defaultsKind}"`).test(text);

/** What stands under one file's keys, with where it stands. */
class Reader {
  readonly entries: DefaultEntry[] = [];
  readonly commands: { words: readonly string[]; origin: string }[] = [];
  readonly #file: { shown: string; folder: string; isNear: boolean };
  readonly #locate: Locate;

  constructor(file: { shown: string; folder: string; isNear: boolean }, locate: Locate) {
    this.#file = file;
    this.#locate = locate;
  }

  originOf(path: Path): string {
    const line = this.#locate(path);
    return line === undefined ? this.#file.shown : `${this.#file.shown}:${line}`;
  }

  fail(path: Path, message: string, hint?: string): UserError {
    return usageError(`${this.originOf(path)}: ${message}`, hint);
  }

  /** A map, or nothing. */
  mapAt(value: unknown, path: Path): Record<string, unknown> {
    if (value === undefined || value === null) return {};
    if (isObject(value)) return value;
    throw this.fail(path, `${path.join('.') || 'a file with defaults'} must be a map`);
  }

  #add(command: readonly string[], flag: string, value: unknown, path: Path): void {
    const entry = { command, flag, value, origin: this.originOf(path), file: this.#file };
    assertNoCredential(entry);
    this.entries.push(entry);
  }

  addFlags(command: readonly string[], value: unknown, path: Path): void {
    for (const [flag, each] of Object.entries(this.mapAt(value, path))) this.#add(command, flag, each, [...path, flag]);
  }

  addCommands(value: unknown): void {
    for (const [name, flags] of Object.entries(this.mapAt(value, ['commands']))) {
      const path = ['commands', name];
      const words = name.split(/\s+/).filter(Boolean);
      this.commands.push({ words, origin: this.originOf(path) });
      this.addFlags(words, flags, path);
    }
  }

  /** The rules with the names that their warnings are accepted for, together what `--accept` takes. */
  addAccepted(value: unknown): void {
    const words = Object.entries(this.mapAt(value, ['accept'])).flatMap(([id, names]) => {
      const patterns: unknown[] = Array.isArray(names) ? names : [names];
      if (patterns.length > 0 && patterns.every((each) => typeof each === 'string' && /^[^\s,]+$/.test(each)))
        return patterns.map((each) => `${id}=${String(each)}`);
      throw this.fail(['accept', id], `${id} must be a list of names, in which * and ? stand for others`);
    });
    if (words.length > 0) this.#add([], 'accept', words, ['accept']);
  }
}

function checkHead(document: Record<string, unknown>, reader: Reader): void {
  const unknown = Object.keys(document).find((key) => !['apiVersion', 'kind', ...sections].includes(key));
  if (unknown !== undefined) {
    const near = findClosest(unknown, sections);
    throw reader.fail([unknown], `unknown key ${JSON.stringify(unknown)}`, near && `did you mean ${near}?`);
  }
  if (document['kind'] !== defaultsKind)
    throw reader.fail(['kind'], `kind must be ${defaultsKind}`, `kind: ${defaultsKind}`);
  if (document['apiVersion'] !== defaultsVersion)
    throw reader.fail(['apiVersion'], `apiVersion must be ${defaultsVersion}`, `apiVersion: ${defaultsVersion}`);
}

/** Reads a file; `undefined` for one of a directory that has the name and is something else. */
async function readDefaultsFile(path: string, isNear: boolean): Promise<DefaultsFile | undefined> {
  const shown = isNear ? relative(process.cwd(), path) : path;
  if (statSync(path).size > sizeLimit) {
    if (isNear) return undefined;
    throw usageError(`${shown}: it is larger than ${sizeLimit / 1024} KiB`);
  }
  const text = readText(path);
  if (isNear && !looksLikeDefaults(text)) return undefined;
  const { document, locate } = await parseText(text, shown);
  const reader = new Reader({ shown, folder: dirname(path), isNear }, locate);
  const content = reader.mapAt(document, []);
  if (Object.keys(content).length > 0) checkHead(content, reader);
  reader.addCommands(content['commands']);
  reader.addFlags([], content['defaults'], ['defaults']);
  reader.addAccepted(content['accept']);
  return { path, isNear, entries: reader.entries, commands: reader.commands };
}

/** Reads the files with defaults, the nearest first. What is wrong in them is a usage error with its line. */
export async function readDefaultsFiles({ near, own }: DefaultsPlaces): Promise<DefaultsFile[]> {
  const files: DefaultsFile[] = [];
  for (const path of near) {
    const file = await readDefaultsFile(path, true);
    if (file) files.push(file);
    if (file) break;
  }
  const file = own === undefined ? undefined : await readDefaultsFile(own, false);
  return file ? [...files, file] : files;
}
