import { UserError } from '../errors.ts';
import { parseJson, splitJsonStream, type Stretch } from './json.ts';
import { readPlainYaml } from './yaml/fast.ts';
import { readYaml } from './yaml/full.ts';
import { resolveMergeKeys } from './yaml/merge-keys.ts';

/** Limits that no honest input reaches; each is named in the error it gives. */
const limits = { depth: 100, aliasedNodes: 100_000, documents: 250_000 };

const isMapping = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** What js-yaml makes of a key that is a map. */
const mapAsKey = '[object Object]';

const describeTooDeep = (where: string): UserError =>
  new UserError(`${where}: it is nested deeper than ${limits.depth} levels (limit)`);

/** Walks a document once: refuses bombs made of aliases, bottomless nesting, and keys that poison objects. */
function guard(document: unknown, budget: number, where: string): void {
  let nodes = 0;
  const walk = (value: unknown, depth: number): void => {
    if (Number.isNaN(value)) throw new UserError(`${where}: .inf and .nan are no numbers of JSON`);
    if (!isMapping(value)) return;
    if (++nodes > budget)
      throw new UserError(`${where}: its aliases expand to more than ${budget} nodes (limit against YAML bombs)`);
    if (depth > limits.depth) throw describeTooDeep(where);
    // Such a key would set a prototype as soon as the object is copied.
    if (!Array.isArray(value) && Object.hasOwn(value, '__proto__'))
      throw new UserError(`${where}: the key __proto__ is not allowed`);
    if (Object.hasOwn(value, mapAsKey)) throw new UserError(`${where}: a key is a map, JSON has texts only`);
    for (const inner of Object.values(value)) walk(inner, depth + 1);
  };
  walk(document, 0);
}

/** Nesting that would overflow the parser's stack shows as a run of brackets or as a deep indent. */
function assertShallow(text: string, where: string): void {
  const deepFlow = /[[{](?:\s*[[{]){100}/.test(text);
  const deepBlock = /(?:^|\n)(?:[-?] ?){100}/.test(text) || /\n {2000}/.test(text);
  if (deepFlow || deepBlock) throw describeTooDeep(where);
}

/** The marks between documents, and the ends of lines of NDJSON, are counted before anything is made of the documents. */
export function assertFewDocuments(text: string, where: string): void {
  const mark = isJsonText(text) ? '}\n' : '\n---';
  let marks = 0;
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1))
    // Of JSON only a line that begins an object again is a mark.
    if ((mark === '\n---' || text.charCodeAt(at + 2) === 0x7b) && ++marks >= limits.documents)
      throw new UserError(`${where}: it has more than ${limits.documents} documents (limit)`);
}

const isJsonText = (text: string): boolean => /^\s*(?:---\s+)?[{[]/.test(text);

function tryJson(text: string, where: string, stretch?: Stretch): unknown[] | undefined {
  try {
    return [parseJson(text, where, stretch)];
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // Flow-style YAML, several values, or an error that the YAML parser can place.
    throw error;
  }
}

/** The values of a JSON text, one or several; `undefined` where one of them is no JSON. */
function parseJsonStream(text: string, where: string): unknown[] | undefined {
  const values: unknown[] = [];
  for (const stretch of splitJsonStream(text) ?? []) {
    const value = tryJson(text, where, stretch);
    if (value === undefined) return undefined;
    values.push(...value);
  }
  return values.length > 0 ? values : undefined;
}

/** JSON and all of YAML, with limits on what hostile input could make of it. */
function parseGuarded(text: string, where: string): unknown[] {
  if (text.includes('\0')) throw new UserError(`${where}: not valid YAML: it has null bytes`);
  assertShallow(text, where);
  // Only an alias makes more of a text than is there; without one its own size is the limit.
  const budget = /(?:^|[\s[{,:-])\*[^\s,[\]{}]/m.test(text) ? limits.aliasedNodes : Number.POSITIVE_INFINITY;
  try {
    const documents =
      (isJsonText(text) ? (tryJson(text, where) ?? parseJsonStream(text, where)) : undefined) ?? readYaml(text, where);
    for (const document of documents) guard(document, budget, where);
    if (!text.includes('<<')) return documents;
    return documents.map((document) => resolveMergeKeys(document, limits.aliasedNodes, where));
  } catch (error) {
    throw error instanceof RangeError ? describeTooDeep(where) : error;
  }
}

/**
 * Every document of a YAML or JSON text, empty ones left out, as kubectl would read them.
 * Throws a UserError that names `where`, line and column, and shows no value of the input: it may be a Secret.
 */
export function parseDocuments(text: string, where: string): unknown[] {
  assertFewDocuments(text, where);
  return (isJsonText(text) ? undefined : readPlainYaml(text)) ?? parseGuarded(text, where);
}
