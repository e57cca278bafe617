import { CORE_SCHEMA, loadAll, Type, YAMLException } from 'js-yaml';
import { UserError } from '../errors.ts';
import { booleans } from './yaml-fast.ts';

/** Limits that no honest input reaches; each is named in the error it gives. */
const limits = { depth: 100, aliasedNodes: 100_000 };

const booleanWord = new Type('tag:yaml.org,2002:bool', {
  kind: 'scalar',
  resolve: (text: string | null) => text !== null && booleans.has(text),
  construct: (text: string) => booleans.get(text),
});

/** Like kubectl, and unlike the default schema of js-yaml: no timestamps, no binary, no merge of types. */
const schema = CORE_SCHEMA.extend({ implicit: [booleanWord] });

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const tooDeep = (where: string): UserError =>
  new UserError(`${where}: it is nested deeper than ${limits.depth} levels (limit)`);

/** Walks a document once: refuses bombs made of aliases, bottomless nesting, and keys that poison objects. */
function guard(document: unknown, budget: number, where: string): void {
  let nodes = 0;
  const walk = (value: unknown, depth: number): void => {
    if (!isObject(value)) return;
    if (++nodes > budget)
      throw new UserError(`${where}: its aliases expand to more than ${budget} nodes (limit against YAML bombs)`);
    if (depth > limits.depth) throw tooDeep(where);
    // Such a key would set a prototype as soon as the object is copied.
    if (!Array.isArray(value) && Object.hasOwn(value, '__proto__'))
      throw new UserError(`${where}: the key __proto__ is not allowed`);
    for (const inner of Object.values(value)) walk(inner, depth + 1);
  };
  walk(document, 0);
}

/** Nesting that would overflow the parser's stack shows as a run of brackets or as a deep indent. */
function assertShallow(text: string, where: string): void {
  const deepFlow = /[[{](?:\s*[[{]){100}/.test(text);
  const deepBlock = /(?:^|\n)(?:[-?] ?){100}/.test(text) || /\n {2000}/.test(text);
  if (deepFlow || deepBlock) throw tooDeep(where);
}

/** `file:line:column: what` without the source line: it may hold a secret. */
function syntaxError(error: YAMLException, where: string): UserError {
  const mark = error.mark as { line: number; column: number } | undefined;
  const position = mark ? `:${mark.line + 1}:${mark.column + 1}` : '';
  return new UserError(`${where}${position}: not valid YAML: ${reasonOf(error.reason)}`);
}

/** js-yaml shows pieces of the input in quotes, in angle brackets or behind a colon: nothing from there on is passed on. */
const reasonOf = (reason: string): string => (/^[^"'<:\n]*/.exec(reason)?.[0] ?? '').trim();

function parseJson(text: string): unknown[] | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return [JSON.parse(text)];
  } catch {
    return undefined; // Flow-style YAML, several documents, or an error that the YAML parser can place.
  }
}

function parseYaml(text: string, where: string): unknown[] {
  const documents: unknown[] = [];
  try {
    loadAll(text, (document) => documents.push(document), { schema, json: false });
  } catch (error) {
    if (error instanceof YAMLException) throw syntaxError(error, where);
    if (error instanceof RangeError) throw tooDeep(where);
    throw error;
  }
  return documents.filter((document) => document !== null && document !== undefined);
}

/** Reads JSON and all of YAML, with limits on what hostile input could make of it. */
export function parseFull(text: string, where: string): unknown[] {
  assertShallow(text, where);
  const documents = parseJson(text) ?? parseYaml(text, where);
  // Only an alias makes more of a text than is there; without one its own size is the limit.
  const budget = /(?:^|[\s[{,:-])\*[^\s,[\]{}]/m.test(text) ? limits.aliasedNodes : Number.POSITIVE_INFINITY;
  for (const document of documents) guard(document, budget, where);
  return documents;
}
