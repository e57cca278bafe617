import { isTemplateError, TemplateError } from './errors.ts';
import { formatCharacter } from './go-format.ts';
import { unquoteGo } from './unquote.ts';
import { Scalar } from './values.ts';

/** `[start:end:step]`; a single index is a slice of one. */
export interface ArrayNode {
  type: 'array';
  start: number;
  /** The index behind the last one; absent for the length of the array. */
  end: number | undefined;
  step: number;
  single: boolean;
}

/** `[?(left operator right)]`, or `[?(left)]` with the operator `exists`. */
export interface FilterNode {
  type: 'filter';
  left: PathNode[];
  operator: string;
  right: PathNode[];
}

/** A part of a template (text, or a path in braces), or a step of a path. */
export type PathNode =
  | { type: 'path'; nodes: PathNode[] }
  | { type: 'text'; text: string }
  | { type: 'literal'; value: Scalar | boolean }
  | { type: 'field'; name: string }
  | { type: 'identifier'; name: string }
  | { type: 'wildcard' }
  | { type: 'recursive' }
  | { type: 'union'; paths: PathNode[][] }
  | ArrayNode
  | FilterNode;

const isEndOfLine = (char: string): boolean => char === '\r' || char === '\n';
const isDigit = (char: string): boolean => /^\p{Nd}$/u.test(char);
const isWordCharacter = (char: string): boolean => /^[\p{L}\p{Nd}_]$/u.test(char);
/** Whether a field name or a word ends before a character; the empty one is the end of the template. */
const isTerminator = (char: string): boolean => char === '' || ' \t\r\n.,[]$@{}'.includes(char);

const refuseTemplate = (message: string): never => {
  throw new TemplateError('parse', message);
};

/** A place in a template, and the start of the piece that is being read. */
class Cursor {
  readonly text: string;
  start = 0;
  position = 0;

  constructor(text: string) {
    this.text = text;
  }

  at(prefix: string): boolean {
    return this.text.startsWith(prefix, this.position);
  }

  peek(): string {
    const code = this.text.codePointAt(this.position);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  next(): string {
    const char = this.peek();
    this.position += char.length;
    return char;
  }

  /** Whether the character just read has a backslash in front of it. */
  isEscaped(): boolean {
    return this.text[this.position - 2] === '\\';
  }

  /** The text from the start of the piece up to here; the next piece starts here. */
  take(): string {
    const piece = this.text.slice(this.start, this.position);
    this.start = this.position;
    return piece;
  }
}

/**
 * Parses a template of client-go's jsonpath dialect into its parts. Throws a TemplateError with client-go's message and
 * the column of the piece it stumbled over.
 */
export function parseTemplate(template: string): PathNode[] {
  const cursor = new Cursor(template);
  const parts: PathNode[] = [];
  try {
    while (cursor.position < template.length) {
      const open = template.indexOf('{', cursor.position);
      cursor.position = open === -1 ? template.length : open;
      const text = cursor.take();
      if (text !== '') parts.push({ type: 'text', text });
      if (open !== -1) parts.push({ type: 'path', nodes: parsePath(cursor) });
    }
  } catch (error) {
    // A piece parsed on its own (the sides of a filter, the members of a union) does not know where it stands.
    if (isTemplateError(error)) throw new TemplateError('parse', error.message, { column: cursor.start + 1 });
    throw error;
  }
  return parts;
}

/** Parses what is between braces; client-go reads pieces of a path as a template of their own, so text may follow. */
function parsePiece(text: string): PathNode[] {
  const [first] = parseTemplate(`{${text}}`);
  return first?.type === 'path' ? first.nodes : [];
}

function parsePath(cursor: Cursor): PathNode[] {
  cursor.next();
  cursor.take();
  const nodes: PathNode[] = [];
  while (!cursor.at('}')) {
    for (const node of parseStep(cursor, nodes.at(-1))) nodes.push(node);
    cursor.take();
  }
  cursor.next();
  cursor.take();
  return nodes;
}

function parseStep(cursor: Cursor, previous: PathNode | undefined): PathNode[] {
  if (cursor.at('[?(')) return [parseFilter(cursor)];
  if (cursor.at('..')) return parseRecursive(cursor, previous);
  const char = cursor.peek();
  if (char === '' || isEndOfLine(char)) refuseTemplate('unclosed action');
  if (char === '[') return parseBrackets(cursor);
  if (char === '"' || char === "'") return [parseQuoted(cursor)];
  if (char === '+' || char === '-' || isDigit(char)) return [parseNumber(cursor)];
  if (isWordCharacter(char)) return [parseWord(cursor)];
  if (!' @$.'.includes(char)) refuseTemplate(`unrecognized character in action: ${formatCharacter(char)}`);
  cursor.next();
  cursor.take();
  return char === '.' ? [parseField(cursor)] : [];
}

function parseRecursive(cursor: Cursor, previous: PathNode | undefined): PathNode[] {
  if (previous?.type === 'recursive') refuseTemplate('invalid multiple recursive descent');
  cursor.position += '..'.length;
  cursor.take();
  return isWordCharacter(cursor.peek()) ? [{ type: 'recursive' }, parseField(cursor)] : [{ type: 'recursive' }];
}

function parseField(cursor: Cursor): PathNode {
  while (!isTerminator(cursor.peek())) {
    if (cursor.next() === '\\') cursor.next();
  }
  const name = cursor.take();
  return name === '*' ? { type: 'wildcard' } : { type: 'field', name: name.replaceAll('\\', '') };
}

function parseWord(cursor: Cursor): PathNode {
  while (!isTerminator(cursor.peek())) cursor.next();
  const name = cursor.take();
  return name === 'true' || name === 'false'
    ? { type: 'literal', value: name === 'true' }
    : { type: 'identifier', name };
}

/** A decimal integer as Go's Atoi reads it; undefined for anything else and for what an int64 cannot hold. */
function parseInteger(text: string): number | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const exact = BigInt(text.replace('+', ''));
  return BigInt.asIntN(64, exact) === exact ? Number(exact) : undefined;
}

function parseNumber(cursor: Cursor): PathNode {
  cursor.next();
  while (cursor.at('.') || isDigit(cursor.peek())) cursor.next();
  const text = cursor.take();
  const integer = parseInteger(text);
  if (integer !== undefined) return { type: 'literal', value: new Scalar('int', integer) };
  const float = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(float)
    ? { type: 'literal', value: new Scalar('float64', float) }
    : refuseTemplate(`cannot parse number ${text}`);
}

function parseQuoted(cursor: Cursor): PathNode {
  const quote = cursor.next();
  let char = '';
  do {
    char = cursor.next();
    if (char === '' || char === '\n') refuseTemplate('unterminated quoted string');
  } while (char !== quote || cursor.isEscaped());
  const quoted = cursor.text.slice(cursor.start, cursor.position);
  const text = unquoteGo(quoted) ?? refuseTemplate(`unquote string ${quoted} error invalid syntax`);
  return { type: 'text', text };
}

function parseBrackets(cursor: Cursor): PathNode[] {
  const length = cursor.text.slice(cursor.position).search(/[\]\n]/);
  const end = cursor.position + length;
  if (length === -1 || cursor.text[end] === '\n') refuseTemplate('unterminated array');
  const text = cursor.text.slice(cursor.position + 1, end);
  const members = text.split(',');
  const nodes: PathNode[] =
    members.length > 1
      ? [{ type: 'union', paths: members.map((member) => parsePiece(`[${member.replace(/^ +| +$/g, '')}]`)) }]
      : parseSubscript(text);
  cursor.position = end + 1;
  return nodes;
}

/** `['key']`, which is the path `.key` and may hold more of one, or an index or slice. */
function parseSubscript(text: string): PathNode[] {
  const key = /^'([^']*)'$/.exec(text)?.[1];
  if (key !== undefined) return parsePiece(`.${key}`);
  const slice = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(text === '*' ? ':' : text);
  if (slice === null) return refuseTemplate(`invalid array index ${text}`);
  const [start, end, step] = [slice[1], slice[2]?.slice(1), slice[3]?.slice(1)].map(parseIndex);
  const single = slice[2] === undefined;
  return [{ type: 'array', start: start ?? 0, end: single ? (start ?? 0) + 1 : end, step: step ?? 1, single }];
}

function parseIndex(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  return parseInteger(text) ?? refuseTemplate(`array index ${text} is not a number`);
}

function parseFilter(cursor: Cursor): PathNode {
  cursor.position += '[?('.length;
  cursor.take();
  let quote = '';
  let closed = false;
  for (;;) {
    const char = cursor.next();
    if (char === '' || char === '\n') refuseTemplate('unterminated filter');
    // Only one pair of quotes counts: that of the text a filter compares with.
    if (char === ')' && closed === (quote !== '')) break;
    if (char !== '"' && char !== "'") continue;
    if (quote === '') quote = char;
    else if (char === quote && !cursor.isEscaped()) closed = true;
  }
  if (!cursor.at(']')) refuseTemplate('unclosed array expect ]');
  const text = cursor.text.slice(cursor.start, cursor.position - 1);
  cursor.next();
  const [, left, operator, right] = /^([^!<>=]+)([!<>=]+)([^\n]+)$/.exec(text) ?? [];
  return left === undefined || operator === undefined || right === undefined
    ? { type: 'filter', left: parsePiece(text), operator: 'exists', right: [] }
    : { type: 'filter', left: parsePiece(left), operator, right: parsePiece(right) };
}
