import { UserError } from '../errors.ts';
import { isObject } from '../object.ts';

/** A stretch of a text: a JSON value in it. */
export interface Stretch {
  start: number;
  end: number;
}

/** Where the map or list ends that begins at `start`; -1 where it does not. */
function findEnd(text: string, start: number): number {
  const marks = /["{}[\]]/g;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    if (mark[0] === '"') {
      const end = findEndOfString(text, mark.index);
      if (end < 0) return -1;
      marks.lastIndex = end;
    } else if (mark[0] === '{' || mark[0] === '[') depth += 1;
    else if (--depth === 0) return mark.index + 1;
  }
  return -1;
}

/** The offset behind a JSON string that begins at `start`; -1 where it does not end. */
function findEndOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === 0x5c) escapes += 1;
    if (escapes % 2 === 0) return at + 1;
  }
  return -1;
}

/** Blanks and `---` lines, which may stand between the values of a stream. */
const gap = /(?:[ \t\r\n\ufeff]|(?<=^|\n)---(?=[ \t\r\n]|$))*/y;

const skipGap = (text: string, at: number): number => {
  gap.lastIndex = at;
  gap.test(text);
  return gap.lastIndex;
};

/**
 * The maps and lists of a JSON stream, one after the other, as `jq` and `-o ndjson` print them and kubectl reads them;
 * `undefined` for a text that is anything else. The values themselves are not checked.
 */
export function splitJsonStream(text: string): Stretch[] | undefined {
  const values: Stretch[] = [];
  for (let start = skipGap(text, 0); start < text.length; start = skipGap(text, start)) {
    if (text.charAt(start) !== '{' && text.charAt(start) !== '[') return undefined;
    const end = findEnd(text, start);
    if (end < 0) return undefined;
    values.push({ start, end });
    start = end;
  }
  return values;
}

/** Characters that stand before a quote within a text, or before one that begins a text: the backslash, marks and blanks. */
const isBeforeQuote = (code: number): boolean =>
  code <= 0x20 || code === 0x5c || code === 0x3a || code === 0x2c || code === 0x5b || code === 0x7b;

/** The keys of all maps in a value; -1 where one ends with a character that a quote may follow without ending a key. */
function countKeys(value: unknown): number {
  const open = [value];
  let keys = 0;
  const add = (inner: unknown): void => {
    if (typeof inner === 'object' && inner !== null) open.push(inner);
  };
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (Array.isArray(at)) {
      for (const inner of at) add(inner);
      continue;
    }
    const map = at as Record<string, unknown>;
    for (const key in map) {
      if (isBeforeQuote(key.charCodeAt(key.length - 1))) return -1;
      keys += 1;
      add(map[key]);
    }
  }
  return keys;
}

/** The quotes before a colon that end a key, but for keys that end with a character of `isBeforeQuote`. */
function countKeyEnds(text: string, { start, end }: Stretch): number {
  let ends = 0;
  for (let colon = text.indexOf(':', start); colon >= 0 && colon < end; colon = text.indexOf(':', colon + 1)) {
    let at = colon - 1;
    while (text.charCodeAt(at) <= 0x20) at -= 1;
    if (text.charCodeAt(at) === 0x22 && !isBeforeQuote(text.charCodeAt(at - 1))) ends += 1;
  }
  return ends;
}

/** The first key that its map has already. */
function findRepeatedKey(text: string, { start, end }: Stretch): { key: string; at: number } | undefined {
  const marks = /["{}[\]:]/g;
  marks.lastIndex = start;
  const open: (Set<string> | undefined)[] = [];
  let last = start;
  for (let mark = marks.exec(text); mark && mark.index < end; mark = marks.exec(text)) {
    if (mark[0] === '"') {
      last = mark.index;
      marks.lastIndex = findEndOfString(text, last);
    } else if (mark[0] === ':') {
      const key = JSON.parse(text.slice(last, findEndOfString(text, last))) as string;
      if (open.at(-1)?.has(key)) return { key, at: last };
      open.at(-1)?.add(key);
    } else if (mark[0] === '{') open.push(new Set());
    else if (mark[0] === '[') open.push(undefined);
    else open.pop();
  }
  return undefined;
}

/**
 * The value of a JSON text. A key that a map has twice is an error, as in YAML: readers differ in which of them counts.
 * Throws a SyntaxError for what is no JSON, which may show the input.
 */
export function parseJson(text: string, where: string, stretch: Stretch = { start: 0, end: text.length }): unknown {
  const { start, end } = stretch;
  const value: unknown = JSON.parse(text.slice(start, end));
  const twice = countKeys(value) === countKeyEnds(text, stretch) ? undefined : findRepeatedKey(text, stretch);
  if (!twice) return value;
  const before = text.slice(0, twice.at).split('\n');
  const position = `${before.length}:${(before.at(-1) ?? '').length + 1}`;
  throw new UserError(`${where}:${position}: not valid JSON: the key ${JSON.stringify(twice.key)} is there twice`);
}

/** Fields by their names, `true` for those whose values are taken as they are. */
export interface JsonFields {
  [name: string]: JsonFields | true;
}

/** Fields under their own names. Two keys of one field are one key twice. */
function nameFields(value: unknown, fields: JsonFields | true, where: string): unknown {
  if (fields === true || !isObject(value)) return value;
  // Both `i` and `u`: simple case folding, as in Go.
  const names = Object.keys(fields).map((name) => ({ name, key: new RegExp(`^${name}$`, 'iu') }));
  const named: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    const name = Object.hasOwn(fields, key) ? key : names.find((each) => each.key.test(key))?.name;
    if (name === undefined) continue;
    if (Object.hasOwn(named, name))
      throw new UserError(`${where}: not valid JSON: the key ${name} is there twice, in other cases of letters`);
    named[name] = nameFields(inner, fields[name] ?? true, where);
  }
  return named;
}

/**
 * The fields of a JSON text that a system reads with Go's encoding/json, for which the case of a key does not count;
 * `undefined` for what is no JSON, since the parser's message would show it.
 */
export function parseGoJson(text: string, fields: JsonFields, where: string): unknown {
  try {
    return nameFields(parseJson(text, where), fields, where);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
