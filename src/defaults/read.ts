import { statSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { readText } from '../documents/objects.ts';
import { parseDocuments } from '../documents/yaml-in.ts';
import { readPlainYaml } from '../documents/yaml/fast.ts';
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

type Path = readonly string[];

/** A file with defaults, read. */
export interface DefaultsFile {
  path: string;
  isNear: boolean;
  entries: readonly DefaultEntry[];
  /** The commands that it names, and where. */
  commands: readonly { words: readonly string[]; origin: string }[];
}

/** Where a key stands behind a place, of those that stand behind one of these; -1 where there is none. */
function findKey(text: string, key: string, from: number, before: string): number {
  const name = key.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const pattern = new RegExp(String.raw`(?<=${before})["']?${name}["']?[ \t]*:(?=[\s{["']|$)`, 'gm');
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? -1;
}

/**
 * The line of a key, as far as its path is found, one key behind the other: in block style and in flow style, without the
 * parser that knows positions, which takes longer to load than such a file to read.
 */
function findLine(text: string, path: Path): number {
  const searched = text.replaceAll(/(?<=^|[ \t])#.*$/gm, (comment) => ' '.repeat(comment.length));
  const inside = String.raw`^|[\s{,]`;
  let at = 0;
  for (const [depth, key] of path.entries()) {
    const top = depth === 0 ? findKey(searched, key, at, '^') : -1;
    const found = top < 0 ? findKey(searched, key, at, inside) : top;
    if (found < 0) break;
    at = found;
  }
  return text.slice(0, at).split('\n').length;
}

/** Reads the one document of a text. */
function parseText(text: string, shown: string): unknown {
  const [document, another] = readPlainYaml(text) ?? parseDocuments(text, shown);
  if (another !== undefined) throw usageError(`${shown}: it has more than one document`);
  return document;
}

/** Whether a text is a file with defaults, or means to be one: a manifest of a profile may have that name too. */
const looksLikeDefaults = (text: string): boolean =>
  new RegExp(`^["']?(?:kind["']?:\\s+["']?${defaultsKind}\\b|(?:${sections.join('|')})["']?:)`, 'm').test(text) ||
  new RegExp(`"kind"\\s*:\\s*"${defaultsKind}"`).test(text) ||
  new RegExp(`^["']?apiVersion["']?:\\s+["']?${domain.replaceAll('.', '\\.')}/`, 'm').test(text);

/** What stands under one file's keys, with where it stands. */
class Reader {
  readonly entries: DefaultEntry[] = [];
  readonly commands: { words: readonly string[]; origin: string }[] = [];
  readonly #file: { shown: string; folder: string; isNear: boolean };
  readonly #text: string;

  constructor(file: { shown: string; folder: string; isNear: boolean }, text: string) {
    this.#file = file;
    this.#text = text;
  }

  originOf(path: Path): string {
    return `${this.#file.shown}:${findLine(this.#text, path)}`;
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
    for (const [key, each] of Object.entries(this.mapAt(value, path))) {
      // YAML 1.1, as kubectl reads it, has this key for `yes`.
      const flag = key === 'true' ? 'yes' : key;
      this.#add(command, flag, each, [...path, flag]);
    }
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
function readDefaultsFile(path: string, isNear: boolean): DefaultsFile | undefined {
  const shown = isNear ? relative(process.cwd(), path) : path;
  if (statSync(path).size > sizeLimit) {
    if (isNear) return undefined;
    throw usageError(`${shown}: it is larger than ${sizeLimit / 1024} KiB`);
  }
  const text = readText(path);
  if (isNear && !looksLikeDefaults(text)) return undefined;
  const reader = new Reader({ shown, folder: dirname(path), isNear }, text);
  const content = reader.mapAt(parseText(text, shown), []);
  if (Object.keys(content).length > 0) checkHead(content, reader);
  reader.addCommands(content['commands']);
  reader.addFlags([], content['defaults'], ['defaults']);
  reader.addAccepted(content['accept']);
  return { path, isNear, entries: reader.entries, commands: reader.commands };
}

/** Reads the files with defaults, the nearest first. What is wrong in them is a usage error with its line. */
export function readDefaultsFiles({ near, own }: DefaultsPlaces): DefaultsFile[] {
  const files: DefaultsFile[] = [];
  for (const path of near) {
    const file = readDefaultsFile(path, true);
    if (file) files.push(file);
    if (file) break;
  }
  const file = own === undefined ? undefined : readDefaultsFile(own, false);
  return file ? [...files, file] : files;
}
