import type { Chunk, Document, ProblemPath } from './problem.ts';
import { findPlace } from '../documents/yaml/place.ts';
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Document as Yaml,
  type Node,
} from 'yaml';

export interface Position {
  line: number;
  column: number;
  /** The scalar as it is written, without quotes. */
  source?: string;
}

/** A text with the document of it that counts; lines are counted from the top of the file. */
interface Parsed {
  document: Yaml | undefined;
  lines: LineCounter;
  line: number;
}

/** Flow style, and so JSON, is read as a whole to find one item; beyond this it takes longer than it helps. */
const wholeLimit = 4 * 1024 * 1024;

function parseForPositions({ text, line, nth }: Chunk): Parsed {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    uniqueKeys: false,
    strict: false,
    logLevel: 'silent',
    prettyErrors: false,
  });
  const filled = [...documents].filter(
    ({ contents }) => contents !== null && !(isScalar(contents) && contents.value === null),
  );
  return { document: filled[nth], lines, line };
}

/** Where the items of a block-style List start, by their dashes, and where the last one ends. */
function locateItems(text: string): { offset: number; line: number }[] | undefined {
  const head = /^items:[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*(?=( *)-\s)/m.exec(text);
  if (!head) return undefined;
  const [{ length }, indent = ''] = head;
  const starts: { offset: number; line: number }[] = [];
  let [line, counted] = [0, 0];
  const add = (offset: number): void => {
    for (let at = text.indexOf('\n', counted); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
    counted = offset;
    starts.push({ offset, line });
  };
  const lines = new RegExp(`^(?:(${indent}-)(?=\\s)|( *)[^\\s#])`, 'gm');
  lines.lastIndex = head.index + length;
  for (const { 1: dash, 2: deep = '', index } of text.matchAll(lines)) {
    if (dash === undefined && deep.length > indent.length) continue;
    add(index);
    if (dash === undefined) return starts;
  }
  add(text.length);
  return starts;
}

/** Follows a path as far as it exists; what is missing is where it would be. */
function walk({ document }: Parsed, at: ProblemPath): { offset: number; node: Node } | undefined {
  let node = document?.contents;
  if (!node) return undefined;
  let offset = node.range?.[0] ?? 0;
  for (const key of at) {
    const target: unknown = isAlias(node) && document ? node.resolve(document) : node;
    let next: unknown;
    if (isMap(target)) {
      const pair = target.items.find((each) => isScalar(each.key) && String(each.key.value) === String(key));
      if (!pair) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      next = pair.value;
    } else if (isSeq(target) && typeof key === 'number') {
      next = target.items[key];
      offset = (next as Node | undefined)?.range?.[0] ?? offset;
    }
    if (typeof next !== 'object' || next === null) break;
    node = next as Node;
  }
  return { offset, node };
}

function locatePath(parsed: Parsed, at: ProblemPath): Position | undefined {
  const found = walk(parsed, at);
  if (!found) return undefined;
  const { line, col } = parsed.lines.linePos(found.offset);
  const source = isScalar(found.node) ? found.node.source : undefined;
  return { line: parsed.line + line, column: col, ...(source !== undefined && { source }) };
}

/** The same in a text in plain block style, without a tree of it. */
function locatePlain({ text, line }: Chunk, path: ProblemPath): Position {
  const { offset, written } = findPlace(text, path);
  let row = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) row++;
  const column = offset - (offset === 0 ? -1 : text.lastIndexOf('\n', offset - 1));
  return { line: line + row, column, ...(written !== undefined && { source: written }) };
}

/** Remembers one value, the last; findings come sorted, so that those of a document follow each other. */
function rememberLast<T>(): (key: string, make: () => T) => T {
  let last: { key: string; value: T } | undefined;
  return (key, make) => {
    if (last?.key !== key) last = { key, value: make() };
    return last.value;
  };
}

/** Finds lines and columns of paths in documents, fastest for paths of one document after the other. */
export function createLocator(): (document: Document, at: ProblemPath) => Position | undefined {
  const remember = rememberLast<Parsed>();
  const rememberItems = rememberLast<ReturnType<typeof locateItems>>();

  /** A dump of a fleet is one List: only the items with findings are read, where dashes tell them apart. */
  function cutItem({ text, line, ...chunk }: Chunk, item: number, key: string): Chunk | undefined {
    const [start, end] = rememberItems(key, () => locateItems(text))?.slice(item - 1, item + 1) ?? [];
    return start && end && { ...chunk, text: text.slice(start.offset, end.offset), line: line + start.line };
  }

  const find = (chunk: Chunk, path: ProblemPath, key: string): Position | undefined =>
    chunk.isPlain
      ? locatePlain(chunk, path)
      : locatePath(
          remember(key, () => parseForPositions(chunk)),
          path,
        );

  return ({ file, document, item, inner = [], chunk }, at) => {
    if (!chunk) return undefined;
    const path = [...inner.flatMap((each) => ['items', each - 1]), ...at];
    const key = `${file}\0${document}`;
    if (item === undefined) return find(chunk, path, key);
    const part = cutItem(chunk, item, key);
    if (part) return find({ ...part, nth: 0 }, [0, ...path], `${key}\0${item}`);
    return chunk.text.length > wholeLimit ? undefined : find(chunk, ['items', item - 1, ...path], key);
  };
}
