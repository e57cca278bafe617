import type { Document, Node } from 'yaml';
import { isObject, readOwn } from '../object.ts';
import { isPlain } from './yaml-out.ts';

type EditPath = readonly (string | number)[];

/** One change of a file that people keep: a value to set, or, where there is none, something to take out. */
export interface Edit {
  path: EditPath;
  value?: unknown;
}

/** What has to be set and taken out so that one value becomes another: only what differs, so that comments stay. */
export function diffEdits(before: unknown, after: unknown, path: EditPath = []): Edit[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (!isObject(before) || !isObject(after)) return [{ path, value: after }];
  const gone = Object.keys(before).filter((key) => readOwn(after, key) === undefined);
  const kept = Object.entries(after).filter(([, value]) => value !== undefined);
  return [
    ...gone.map((key) => ({ path: [...path, key] })),
    ...kept.flatMap(([key, value]) => diffEdits(readOwn(before, key), value, [...path, key])),
  ];
}

type Yaml = Pick<typeof import('yaml'), 'isMap' | 'visit'>;

/** In quotes wherever a reader of YAML 1.1, as kubectl is, would take it for something else. */
function createNode(document: Document, value: unknown, { visit }: Yaml): Node {
  // No anchors, even where one object stands in two places.
  const node = document.createNode(value, { aliasDuplicateObjects: false });
  visit(node, {
    Scalar(_key, scalar) {
      if (typeof scalar.value === 'string' && !isPlain(scalar.value) && !scalar.value.includes('\n'))
        scalar.type = 'QUOTE_DOUBLE';
    },
  });
  return node;
}

/** Carries edits out on a document, whose comments and quotes stay. */
export function applyEdits(document: Document, edits: readonly Edit[], yaml: Yaml): void {
  for (const { path, value } of edits) {
    const key = path.at(-1);
    const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
    if (value === undefined) document.deleteIn(path);
    else if (yaml.isMap(parent) && !parent.has(key))
      parent.add(document.createPair(createNode(document, key, yaml), createNode(document, value, yaml)));
    else document.setIn(path, createNode(document, value, yaml));
  }
}

/** A document's text in the style that a file has: its line ends, and whether lists stand further in than their key. */
export function formatLike(document: Document, text: string): string {
  const indentSeq = !/^(\s*)[^\s#-][^\n]*:[ \t]*\r?\n\1- /m.test(text);
  const written = document.toString({ lineWidth: 0, indentSeq });
  return text.includes('\r\n') ? written.replaceAll(/\r?\n/g, '\r\n') : written;
}

/** JSON stays JSON: YAML's writer would leave quotes out. */
function parseJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** With the indent that the text has. */
const formatJson = (value: unknown, text: string): string =>
  `${JSON.stringify(value, undefined, /\n([ \t]+)\S/.exec(text)?.[1])}${text.endsWith('\n') ? '\n' : ''}`;

function applyEdit(root: unknown, { path, value }: Edit): void {
  const [key, ...parents] = path.toReversed();
  const holder = parents.toReversed().reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], root);
  if (key === undefined) return;
  if (value !== undefined) (holder as Record<string | number, unknown>)[key] = value;
  else if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete (holder as Record<string | number, unknown>)[key];
}

/** A file in JSON with edits in it; `undefined` for one in YAML. */
export function applyJsonEdits(file: string, edits: readonly Edit[]): string | undefined {
  const text = file.replace(/^\ufeff/, '');
  const value = parseJson(text);
  if (value === undefined) return undefined;
  for (const edit of edits) applyEdit(value, edit);
  return formatJson(value, text);
}
