import { giveUp, givenUp, measureKey, readKey, readScalar } from './scalars.ts';

/**
 * The plain block style that kubectl, Helm and our own emitter write: block maps and lists, scalars of one line, `[]`,
 * `{}`, literal blocks, comments on lines of their own. Everything else is given up on, so that js-yaml decides: what is
 * read here has to mean the same. See .github/decisions/0006-fast-yaml-reader.md.
 */

/** What js-yaml alone is asked about: tabs, carriage returns, controls, marks, and characters of two halves. */
const unusualText = /[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;

/** Half of what the full reader allows: it is the one to refuse. */
const fastDepth = 50;

export const isListItem = (line: string): boolean => line === '-' || line.startsWith('- ');

/** The length of the dash of a list item, with the blanks behind it. */
export function measureDash(line: string): number {
  let inner = 1;
  while (line.charCodeAt(inner) === 0x20) inner++;
  return inner;
}

/** The lines of a text that are neither blank nor a comment, one after the other. */
export class PlainLines {
  /** The line that comes next, without indent and trailing blanks; its indent is -1 at the end of a document. */
  line = '';
  indent = -1;
  ended = false;
  /** Where the text of the line begins. */
  offset = 0;
  /** Where the line after it begins. */
  protected after = 0;
  protected readonly text: string;

  constructor(text: string) {
    this.text = text.endsWith('\n') ? text : `${text}\n`;
    this.advance();
  }

  /** Goes on to the next line that is neither blank nor a comment. */
  advance(): void {
    const { text } = this;
    this.indent = -1;
    while (this.after < text.length) {
      const start = this.after;
      let first = start;
      while (text.charCodeAt(first) === 0x20) first++;
      let end = text.indexOf('\n', first);
      this.after = end + 1;
      if (end === first || text.charCodeAt(first) === 0x23) continue;
      while (text.charCodeAt(end - 1) === 0x20) end--;
      this.line = text.slice(first, end);
      this.offset = first;
      if (first === start && this.line === '---') return;
      if (first === start && /^(?:---|\.\.\.|%)/.test(this.line)) giveUp();
      this.indent = first - start;
      return;
    }
    this.ended = true;
  }

  /** Goes on to what stands behind a dash, as a line of its own; `inner` blanks and dashes are left behind. */
  enter(inner: number): void {
    this.line = this.line.slice(inner);
    this.indent += inner;
    this.offset += inner;
  }
}

class Reader extends PlainLines {
  /** A map or a list whose first line is the current one. */
  block(depth: number): unknown {
    if (depth > fastDepth) giveUp();
    return isListItem(this.line) ? this.#list(depth) : this.#map(depth);
  }

  #list(depth: number): unknown[] {
    const { indent } = this;
    const list: unknown[] = [];
    while (this.indent === indent && isListItem(this.line)) {
      const inner = measureDash(this.line);
      const rest = this.line.slice(inner);
      if (rest === '') list.push(this.#below(indent, depth, false));
      else if (isListItem(rest) || measureKey(rest) >= 0) {
        // What stands behind the dash is the first line of a block of its own.
        this.enter(inner);
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
      const length = measureKey(line);
      const key = length < 1 ? giveUp() : readKey(line.slice(0, length));
      // A key twice, or one that every object has, `__proto__` among them.
      if (map[key] !== undefined) giveUp();
      let inner = length + 1;
      while (line.charCodeAt(inner) === 0x20) inner++;
      map[key] = inner === line.length ? this.#below(indent, depth, true) : this.#value(line.slice(inner), indent);
      if (this.indent > indent) giveUp();
    }
    return map;
  }

  /** What stands on the lines below a key or a dash; a list may stand at the indent of its key. */
  #below(indent: number, depth: number, inMap: boolean): unknown {
    this.advance();
    const nested = this.indent > indent || (inMap && this.indent === indent && isListItem(this.line));
    // js-yaml has its own view of what follows an empty item.
    return nested ? this.block(depth + 1) : inMap ? null : giveUp();
  }

  #value(text: string, indent: number): unknown {
    if (text === '|' || text === '|-') return this.#literal(indent, text === '|');
    const value = readScalar(text);
    this.advance();
    return value;
  }

  /** The lines of a literal block: those that are indented as its first one is, or empty. */
  #literal(parent: number, clip: boolean): string {
    const { text } = this;
    const [indent = ''] = /^ */.exec(text.slice(this.after, this.after + 200)) ?? [];
    if (indent.length <= parent) giveUp();
    const lines: string[] = [];
    while (this.after < text.length) {
      const end = text.indexOf('\n', this.after);
      // A line of too few blanks would be part of the block.
      if (end > this.after && !text.startsWith(indent, this.after)) {
        if (text.slice(this.after, end).trim() === '') giveUp();
        break;
      }
      lines.push(text.slice(this.after + indent.length, end));
      this.after = end + 1;
    }
    while (lines.at(-1) === '') lines.pop();
    if (!lines[0]) giveUp();
    this.advance();
    return lines.join('\n') + (clip ? '\n' : '');
  }
}

/** Every document of a text that is in plain block style throughout, empty ones left out; else `undefined`. */
export function readPlainYaml(text: string): unknown[] | undefined {
  if (unusualText.test(text)) return undefined;
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
