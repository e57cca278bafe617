/**
 * The plain block style that kubectl, Helm and our own emitter write: block maps and lists, scalars of one line, `[]`,
 * `{}`, literal blocks, comments on lines of their own. Everything else is given up on, so that js-yaml decides: what is
 * read here has to mean the same. See .github/decisions/0006-fast-yaml-reader.md.
 */

/** kubectl reads YAML 1.1, where more words than true and false are booleans. */
const plainWords = {
  y: true,
  yes: true,
  on: true,
  true: true,
  n: false,
  no: false,
  off: false,
  false: false,
  null: null,
};
const forms = (word: string): string[] => [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)];

/** What stands for something else than a string, numbers aside. */
export const words: ReadonlyMap<string, boolean | null> = new Map([
  ['~', null],
  ...Object.entries(plainWords).flatMap(([word, value]) => forms(word).map((form) => [form, value] as const)),
]);

/** What js-yaml alone is asked about: tabs, carriage returns, controls, marks, and characters of two halves. */
const unusual = /[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;

const plainStart = /^(?:[\w./+~<=$^();\\\xa0-\uffff]|-[^ ])/;
const plainKey = /^[\w./][\w./:@+=~$-]*$/;
const canonicalNumber = /^(?:0|-?[1-9]\d{0,14}|-?\d{1,15}\.\d{1,15})$/;
const number = /^[-+]?(?:\d+(?:\.\d*)?(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|0[box][\da-f]+|\.inf|\.nan)$/i;
const doubleQuoted = /^"(?:[^"\\]|\\.)*"/;
const singleQuoted = /^'(?:[^']|'')*'/;

/** Half of what the full reader allows: it is the one to refuse. */
const deepest = 50;

/** Thrown, and never seen outside. */
const givenUp = new Error('not plain block style');

function giveUp(): never {
  throw givenUp;
}

const isQuote = (line: string): boolean => line.startsWith('"') || line.startsWith("'");

/** The quoted text that a line begins with, quotes included. */
const quotedPart = (line: string): string =>
  (line.startsWith('"') ? doubleQuoted : singleQuoted).exec(line)?.[0] ?? giveUp();

function unquoted(quoted: string): string {
  if (quoted.startsWith("'")) return quoted.slice(1, -1).replaceAll("''", "'");
  // The escapes of JSON mean the same in YAML; JSON.parse refuses those that only YAML has.
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
}

function scalar(text: string): unknown {
  if (isQuote(text)) return quotedPart(text).length === text.length ? unquoted(text) : giveUp();
  if (text === '[]') return [];
  if (text === '{}') return {};
  if (!plainStart.test(text) || text.includes(': ') || text.includes(' #') || text.endsWith(':')) return giveUp();
  if (text.length > 5) return text.charCodeAt(0) < 0x3a && number.test(text) ? numeric(text) : text;
  const word = words.get(text);
  return word === undefined ? (number.test(text) ? numeric(text) : text) : word;
}

const numeric = (text: string): number => (canonicalNumber.test(text) ? Number(text) : giveUp());

/** The length of the key that a line begins with, its quotes included; -1 where it is a scalar. */
function keyLength(line: string): number {
  if (isQuote(line)) {
    const { length } = quotedPart(line);
    return line.charAt(length) === ':' && (line.length === length + 1 || line.charAt(length + 1) === ' ') ? length : -1;
  }
  const colon = line.indexOf(': ');
  return colon === -1 && line.endsWith(':') ? line.length - 1 : colon;
}

function keyOf(text: string): string {
  if (isQuote(text)) return unquoted(text);
  return plainKey.test(text) && typeof scalar(text) === 'string' ? text : giveUp();
}

/** One string for every time a key is written: engines look properties up by identity first, and a slice has none. */
const interned = (key: string): string => Object.keys({ [key]: true })[0] ?? key;

const isItem = (line: string): boolean => line === '-' || line.startsWith('- ');

class Reader {
  /** The line that comes next, without indent and trailing blanks; its indent is -1 at the end of a document. */
  line = '';
  indent = -1;
  ended = false;
  #at = 0;
  readonly #text: string;
  readonly #keys = new Map<string, string>();

  constructor(text: string) {
    this.#text = text;
    this.advance();
  }

  /** Goes on to the next line that is neither blank nor a comment. */
  advance(): void {
    const text = this.#text;
    this.indent = -1;
    while (this.#at < text.length) {
      const start = this.#at;
      let first = start;
      while (text.charCodeAt(first) === 0x20) first++;
      const found = text.indexOf('\n', first);
      let end = found === -1 ? text.length : found;
      this.#at = end + 1;
      if (end === first || text.charCodeAt(first) === 0x23) continue;
      while (text.charCodeAt(end - 1) === 0x20) end--;
      this.line = text.slice(first, end);
      if (first === start && /^(?:---|\.\.\.|%)/.test(this.line)) {
        if (this.line !== '---') giveUp();
        return;
      }
      this.indent = first - start;
      return;
    }
    this.ended = true;
  }

  /** A map or a list whose first line is the current one. */
  block(depth: number): unknown {
    if (depth > deepest) giveUp();
    return isItem(this.line) ? this.#list(depth) : this.#map(depth);
  }

  #list(depth: number): unknown[] {
    const { indent } = this;
    const list: unknown[] = [];
    while (this.indent === indent && isItem(this.line)) {
      let inner = 1;
      while (this.line.charCodeAt(inner) === 0x20) inner++;
      const rest = this.line.slice(inner);
      if (rest === '') list.push(this.#below(indent, depth, false));
      else if (isItem(rest) || keyLength(rest) >= 0) {
        // What stands behind the dash is the first line of a block of its own.
        this.line = rest;
        this.indent = indent + inner;
        list.push(this.block(depth + 1));
      } else list.push(this.#value(rest, indent));
      if (this.indent > indent) giveUp();
    }
    return list;
  }

  #map(depth: number): object {
    const { indent } = this;
    const map: Record<string, unknown> = {};
    while (this.indent === indent) {
      const { line } = this;
      const length = keyLength(line);
      const key = length < 1 ? giveUp() : this.#key(line.slice(0, length));
      // A key twice, or one that every object has, `__proto__` among them.
      if (map[key] !== undefined) giveUp();
      let inner = length + 1;
      while (line.charCodeAt(inner) === 0x20) inner++;
      map[key] = inner === line.length ? this.#below(indent, depth, true) : this.#value(line.slice(inner), indent);
      if (this.indent > indent) giveUp();
    }
    return map;
  }

  #key(text: string): string {
    const known = this.#keys.get(text);
    if (known !== undefined) return known;
    const key = interned(keyOf(text));
    this.#keys.set(text, key);
    return key;
  }

  /** What stands on the lines below a key or a dash; a list may stand at the indent of its key. */
  #below(indent: number, depth: number, inMap: boolean): unknown {
    this.advance();
    const nested = this.indent > indent || (inMap && this.indent === indent && isItem(this.line));
    return nested ? this.block(depth + 1) : null;
  }

  #value(text: string, indent: number): unknown {
    if (text === '|' || text === '|-') return this.#literal(indent, text === '|');
    const value = scalar(text);
    this.advance();
    return value;
  }

  /** The lines of a literal block: those that are indented as its first one is, or empty. */
  #literal(parent: number, clip: boolean): string {
    const text = this.#text;
    const [indent = ''] = /^ */.exec(text.slice(this.#at, this.#at + 200)) ?? [];
    if (indent.length <= parent) giveUp();
    const lines: string[] = [];
    while (this.#at < text.length) {
      const found = text.indexOf('\n', this.#at);
      const end = found === -1 ? text.length : found;
      if (end > this.#at && !text.startsWith(indent, this.#at)) break;
      lines.push(text.slice(this.#at + indent.length, end));
      this.#at = end + 1;
    }
    while (lines.at(-1) === '') lines.pop();
    if (!lines[0]) giveUp();
    this.advance();
    return lines.join('\n') + (clip ? '\n' : '');
  }
}

/** Every document of a text that is in plain block style throughout, empty ones left out; else `undefined`. */
export function readPlainYaml(text: string): unknown[] | undefined {
  if (unusual.test(text)) return undefined;
  try {
    const documents: unknown[] = [];
    const reader = new Reader(text);
    for (;;) {
      if (reader.indent >= 0) documents.push(reader.block(1));
      if (reader.indent >= 0) return undefined;
      if (reader.ended) return documents;
      reader.advance();
    }
  } catch (error) {
    // A SyntaxError is of JSON.parse.
    if (error === givenUp || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
