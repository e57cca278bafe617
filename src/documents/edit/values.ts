import type { Document, Node, Scalar } from 'yaml';
import { isObject, readOwn } from '../../object.ts';
import { fitsBlock, isPlain, toYaml } from '../yaml-out.ts';

type EditPath = readonly (string | number)[];

/** One change of a file that people keep: a value to set, or, where there is none, something to take out. */
export interface Edit {
  path: EditPath;
  value?: unknown;
}

/** What has to be set and taken out so that one value becomes another: only what differs, so that comments stay. */
export function diffEdits(before: unknown, after: unknown, path: EditPath = []): Edit[] {
  if (before === after) return [];
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return after.flatMap((value: unknown, index) => diffEdits(before[index], value, [...path, index]));
  if (!isObject(before) || !isObject(after)) return [{ path, value: after }];
  const gone = Object.keys(before).filter((key) => readOwn(after, key) === undefined);
  const kept = Object.entries(after).filter(([, value]) => value !== undefined);
  return [
    ...gone.map((key) => ({ path: [...path, key] })),
    ...kept.flatMap(([key, value]) => diffEdits(readOwn(before, key), value, [...path, key])),
  ];
}

/** Carries an edit out on plain data. `own` gives the copy that may be changed of what an edit leads through. */
function applyToValue(root: Holder, { path, value }: Edit, own: (holder: Holder) => Holder): void {
  const key = path.at(-1);
  if (key === undefined) return;
  let holder = root;
  for (const part of path.slice(0, -1)) {
    const inner = own(holder[part] as Holder);
    holder[part] = inner;
    holder = inner;
  }
  if (value !== undefined) holder[key] = value;
  else if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
}

type Holder = Record<string | number, unknown>;

const copyJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

/** Plain data with edits in it. What was given stays as it is: only what an edit leads through is copied, once. */
export function editValue(value: unknown, edits: readonly Edit[]): unknown {
  const copies = new Set<Holder>();
  const own = (holder: Holder): Holder => {
    if (copies.has(holder)) return holder;
    const copy = (Array.isArray(holder) ? [...(holder as unknown[])] : { ...holder }) as Holder;
    copies.add(copy);
    return copy;
  };
  const root = own(value as Holder);
  for (const edit of edits) applyToValue(root, 'value' in edit ? { ...edit, value: copyJson(edit.value) } : edit, own);
  return root;
}

type Yaml = typeof import('yaml');

/** In quotes wherever a reader of YAML 1.1, as kubectl is, would take it for something else. */
function createScalar(text: string, { Scalar }: Yaml): Scalar {
  const scalar = new Scalar(text);
  if (!isPlain(text) && !fitsBlock(text)) scalar.type = 'QUOTE_DOUBLE';
  return scalar;
}

/** No anchors, even where one object stands in two places. */
function createNode(value: unknown, yaml: Yaml): Node {
  if (typeof value === 'string') return createScalar(value, yaml);
  if (typeof value !== 'object' || value === null) return new yaml.Scalar(JSON.stringify(value ?? null));
  if (Array.isArray(value)) {
    const list = new yaml.YAMLSeq();
    list.items = value.map((item) => createNode(item, yaml));
    return list;
  }
  const map = new yaml.YAMLMap();
  for (const [key, inner] of Object.entries(value))
    if (inner !== undefined) map.items.push(new yaml.Pair(createScalar(key, yaml), createNode(inner, yaml)));
  return map;
}

/** A scalar in the place of another takes over the comments beside it. */
function replaceNode(old: unknown, node: Node, { isScalar }: Yaml): Node {
  if (isScalar(old) && isScalar(node)) {
    node.comment = old.comment ?? null;
    node.commentBefore = old.commentBefore ?? null;
  }
  return node;
}

function applyToDocument(document: Document, edits: readonly Edit[], yaml: Yaml): void {
  for (const { path, value } of edits) {
    const key = path.at(-1);
    const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
    if (value === undefined) document.deleteIn(path);
    else if (yaml.isMap(parent) && !parent.has(key))
      parent.items.push(new yaml.Pair(createScalar(String(key), yaml), createNode(value, yaml)));
    else document.setIn(path, replaceNode(document.getIn(path, true), createNode(value, yaml), yaml));
  }
}

/**
 * The content of one YAML document with edits in it, whose comments and quotes stay; `undefined` where they leave no room.
 * It is in the style that the text has: its line ends, and whether lists stand further in than their key.
 */
async function editYaml(text: string, edits: readonly Edit[]): Promise<string | undefined> {
  const yaml = await import('yaml');
  // Every scalar is a text here, so that those that are not edited stay as they were written: 017, 6_443, 1.10.
  const document = yaml.parseDocument(text.replaceAll('\r\n', '\n'), { schema: 'failsafe' });
  if (document.errors.length > 0) return undefined;
  const indentSeq = !/^(\s*)[^\s#-][^\n]*:[ \t]*\r?\n\1- /m.test(text);
  try {
    applyToDocument(document, edits, yaml);
    const written = document.toString({ lineWidth: 0, indentSeq, directives: false });
    return text.includes('\r\n') ? written.replaceAll(/\r?\n/g, '\r\n') : written;
  } catch {
    // An alias where entries would go, or to a value that is replaced.
    return undefined;
  }
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

/** A document as it reads before and after edits. */
export interface EditedValue {
  before: unknown;
  after: unknown;
}

/** With the indent and the line ends that the text has. */
function editJson(text: string, after: unknown): string | undefined {
  if (parseJson(text) === undefined) return undefined;
  const written = JSON.stringify(after, undefined, /\n([ \t]+)\S/.exec(text)?.[1]);
  return text.includes('\r\n') ? written.replaceAll('\n', '\r\n') : written;
}

/** What this tool wrote itself has nothing but its value. */
const editOwn = (text: string, { before, after }: EditedValue): string | undefined =>
  toYaml(before) === (text.endsWith('\n') ? text : `${text}\n`) ? toYaml(after) : undefined;

/** The content of a document with edits in it, which come to that value. */
export const editContent = async (
  text: string,
  value: EditedValue,
  edits: readonly Edit[],
): Promise<string | undefined> => editOwn(text, value) ?? editJson(text, value.after) ?? (await editYaml(text, edits));
