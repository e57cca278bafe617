import type { Chunk, Document, ProblemPath } from './problem.ts';
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
  /** Where the object is in the document. */
  root: ProblemPath;
}

/** Flow style, and so JSON, is read as a whole to find one item; beyond this it takes longer than it helps. */
const wholeLimit = 4 * 1024 * 1024;

function parseForPositions(text: string, nth: number, place: { line: number; root: ProblemPath }): Parsed {
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
  return { document: filled[nth], lines, ...place };
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
function walk({ document, root }: Parsed, at: ProblemPath): { offset: number; node: Node } | undefined {
  let node = document?.contents;
  if (!node) return undefined;
  let offset = node.range?.[0] ?? 0;
  for (const key of [...root, ...at]) {
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

/** Finds lines and columns of paths in documents; remembers what it has parsed. */
export function createLocator(): (document: Document, at: ProblemPath) => Position | undefined {
  const lists = new Map<string, ReturnType<typeof locateItems>>();
  const texts = new Map<string, Parsed>();

  const listOf = (key: string, text: string): ReturnType<typeof locateItems> => {
    if (!lists.has(key)) lists.set(key, locateItems(text));
    return lists.get(key);
  };

  const remembered = (key: string, make: () => Parsed): Parsed => {
    const parsed = texts.get(key) ?? make();
    texts.set(key, parsed);
    return parsed;
  };

  /** A dump of a fleet is one List: only the items with findings are read, where dashes tell them apart. */
  function itemIn({ text, line, nth }: Chunk, item: number, key: string): Parsed | undefined {
    const [start, end] = listOf(key, text)?.slice(item - 1, item + 1) ?? [];
    if (start && end)
      return remembered(`${key}\0${item}`, () =>
        parseForPositions(text.slice(start.offset, end.offset), 0, { line: line + start.line, root: [0] }),
      );
    if (text.length > wholeLimit) return undefined;
    return { ...remembered(key, () => parseForPositions(text, nth, { line, root: [] })), root: ['items', item - 1] };
  }

  return ({ file, document, item, inner = [], chunk }, at) => {
    if (!chunk) return undefined;
    const { text, line, nth } = chunk;
    const key = `${file}\0${document}`;
    const parsed =
      item === undefined
        ? remembered(key, () => parseForPositions(text, nth, { line, root: [] }))
        : itemIn(chunk, item, key);
    return parsed && locatePath(parsed, [...inner.flatMap((each) => ['items', each - 1]), ...at]);
  };
}
