import type { ProblemPath, Problem } from './problem.ts';
import { isObject } from '../object.ts';
import { getClusterProfileSchema, getPlacementDecisionSchema, type Schema } from '../profile/crd.ts';
import { showBare, show, formatShape } from './paths.ts';
import { findNearest } from './suggest.ts';

type SchemaKind = 'unknown' | 'type' | 'quote' | 'required' | 'short' | 'length' | 'syntax' | 'format' | 'duplicate';

/** A violation of the schema, with the rule that reports it. */
export interface Fault extends Problem {
  id: string;
}

type Found = (kind: SchemaKind, at: ProblemPath, message: string, hint?: string) => void;

/** The path of the value that is being checked: one array for the whole walk, copied only for a fault. */
type Walk = (string | number)[];

const openSchemas: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const texts: Schema = { type: 'object', additionalProperties: { type: 'string' } };

/** ObjectMeta, which the API server checks although no CRD says so. */
const objectMeta: Schema = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    generateName: { type: 'string' },
    namespace: { type: 'string' },
    labels: texts,
    annotations: texts,
    uid: { type: 'string' },
    resourceVersion: { type: 'string' },
    generation: { type: 'integer' },
    creationTimestamp: { type: 'string', format: 'date-time' },
    deletionTimestamp: { type: 'string', format: 'date-time' },
    deletionGracePeriodSeconds: { type: 'integer' },
    finalizers: { type: 'array', items: { type: 'string' } },
    ownerReferences: { type: 'array', items: openSchemas },
    managedFields: { type: 'array', items: openSchemas },
    selfLink: { type: 'string' },
  },
};

const requireWhole = (schema: Schema): Schema => ({
  ...schema,
  required: ['apiVersion', 'kind', ...(schema.required ?? [])],
  properties: { ...schema.properties, metadata: objectMeta },
});
const rootPath = requireWhole(getClusterProfileSchema());
const decisionRoot = requireWhole(getPlacementDecisionSchema());

const providers = String.raw`^\.status\.(?:access|credential)Providers\[\]`;

/** Violations with a rule of their own; all others are CP004 (unknown), CP006 (quotes) or CP005. */
const routes: readonly (readonly [id: string, kinds: readonly SchemaKind[], shape: RegExp])[] = [
  ['CP006', ['quote'], /^/],
  ['CP096', ['type'], /\.extensions\[\]\.extension$/],
  ['CP004', ['unknown'], /^/],
  ['CP020', ['required'], /^\.spec(?:\.clusterManager(?:\.name)?)?$/],
  ['CP050', ['duplicate'], /^\.status\.properties\[\]/],
  ['CP051', ['short', 'length', 'type'], /^\.status\.properties\[\]\.(?:name|value)$/],
  ['CP070', ['duplicate'], /^\.status\.conditions\[\]/],
  ['CP071', ['required', 'short'], /^\.status\.conditions\[\]\.reason$/],
  ['CP080', ['duplicate'], new RegExp(providers)],
  ['CP082', ['required'], new RegExp(String.raw`${providers}\.cluster\.server$`)],
  ['CP088', ['format'], /\.certificate-authority-data$/],
];

/** Limits of v1alpha2 that no rule of their own covers. */
const stricter: readonly (readonly [shape: RegExp, least: number, most: number])[] = [
  [new RegExp(String.raw`${providers}\.cluster\.tls-server-name$`), 0, 253],
  [new RegExp(String.raw`${providers}\.cluster\.extensions\[\]\.name$`), 1, 253],
];

/** What the last key of a path names. */
const nameSubject = (at: ProblemPath): string => {
  const last = at.at(-1);
  return typeof last === 'number'
    ? `item ${last + 1} of ${String(at.at(-2))}`
    : last === undefined
      ? 'the object'
      : showBare(last);
};

const typeNames = {
  object: 'a map',
  array: 'a list',
  string: 'a string',
  boolean: 'true or false',
  integer: 'a whole number',
};
const nameOfType = (value: unknown): string =>
  Array.isArray(value)
    ? 'a list'
    : typeof value === 'object'
      ? value === null
        ? 'null'
        : 'a map'
      : `a ${typeof value}`;

function hasType(value: unknown, type: Schema['type']): boolean {
  if (type === 'object') return isObject(value);
  if (type === 'array') return Array.isArray(value);
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

/** The hint for a scalar that lost its quotes. */
export const quoteHint = 'put it in quotes';

function checkType(value: unknown, { type, enum: words }: Schema, at: ProblemPath, found: Found): void {
  const scalar = typeof value === 'boolean' || typeof value === 'number';
  if (type !== 'string' || !scalar) {
    const unquote = typeof value === 'string' && (type === 'boolean' || type === 'integer');
    found(
      'type',
      at,
      `${nameSubject(at)} must be ${typeNames[type]}, it is ${nameOfType(value)}`,
      unquote ? 'take the quotes off' : undefined,
    );
    return;
  }
  const word = words?.find((each) => each.toLowerCase() === String(value));
  const hint = word ? `write "${word}", with the quotes` : quoteHint;
  found('quote', at, `${nameSubject(at)} must be a string, YAML reads this as a ${typeof value}`, hint);
}

const compiledPatterns = new Map<string, RegExp>();
function matchesPattern(pattern: string, value: string): boolean {
  const known = compiledPatterns.get(pattern) ?? new RegExp(pattern);
  compiledPatterns.set(pattern, known);
  return known.test(value);
}

/** RFC 3339, as the API server takes it: the time zone must be there, the day must exist. */
const timeSyntax =
  /^(\d{4})-(0[1-9]|1[0-2])-(\d\d)[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

function isTime(value: string): boolean {
  const [, year, month, day = ''] = timeSyntax.exec(value) ?? [];
  if (day <= '28') return day >= '01';
  // JavaScript takes the 30th of February for the 1st of March.
  return new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
}

/** Base64 without line breaks, with its padding, and not empty: what the API server means by format byte. */
const isBase64 = (value: string): boolean =>
  value !== '' && value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value);

function checkText(value: string, schema: Schema, at: ProblemPath, found: Found): void {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern, enum: words, format } = schema;
  if (value.length < minLength) found('short', at, `${nameSubject(at)} is empty`);
  // Kubernetes counts characters; JavaScript counts those outside the basic plane twice.
  else if (value.length > maxLength && Array.from(value).length > maxLength)
    found('length', at, `${nameSubject(at)} is longer than ${maxLength} characters`);
  else if (words && !words.includes(value))
    found('syntax', at, `${nameSubject(at)} must be one of ${words.join(', ')}`);
  else if (pattern && !matchesPattern(pattern, value)) found('syntax', at, `${nameSubject(at)} must match ${pattern}`);
  else if (format === 'date-time' && !isTime(value))
    found('syntax', at, `${nameSubject(at)} is no RFC 3339 time`, 'write it like 2026-01-31T12:00:00Z');
  else if (format === 'byte' && !isBase64(value)) found('format', at, `${nameSubject(at)} is not base64`);
}

function checkList(list: readonly unknown[], schema: Schema, at: Walk, found: Found): void {
  const [key] = schema['x-kubernetes-list-map-keys'] ?? [];
  const seen = new Map<unknown, number>();
  const { maxItems = list.length } = schema;
  if (list.length > maxItems) found('length', at, `${nameSubject(at)} has more than ${maxItems} items`);
  for (const [index, item] of list.entries()) {
    if (schema.items) checkStep(index, item, schema.items, { at, found });
    const id = key !== undefined && isObject(item) ? item[key] : undefined;
    if (id === undefined || id === null) continue;
    const first = seen.get(id);
    if (first === undefined) seen.set(id, index);
    else
      found(
        'duplicate',
        [...at, index, String(key)],
        `${nameSubject(at)} has this ${key} already, in item ${first + 1}`,
      );
  }
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

function checkMap(value: Record<string, unknown>, schema: Schema, at: Walk, found: Found): void {
  const { properties = {}, required = [], additionalProperties } = schema;
  for (const key of required)
    if (isAbsent(value[key])) found('required', [...at, key], `${nameSubject([...at, key])} is missing`);
  if (schema['x-kubernetes-preserve-unknown-fields']) return;
  for (const key of Object.keys(value)) {
    const inner = value[key];
    const known = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    if (!known) {
      const message = `unknown field ${show(key)}, the API server drops it`;
      found('unknown', [...at, key], message, findNearest(key, properties, rootPath));
    }
    // The API server drops a null where the schema does not allow it.
    else if (!isAbsent(inner)) checkStep(key, inner, known, { at, found });
  }
}

/** Checks what is one step further in. */
function checkStep(
  key: string | number,
  value: unknown,
  schema: Schema,
  { at, found }: { at: Walk; found: Found },
): void {
  at.push(key);
  checkValue(value, schema, at, found);
  at.pop();
}

function checkValue(value: unknown, schema: Schema, at: Walk, found: Found): void {
  if (!hasType(value, schema.type)) checkType(value, schema, at, found);
  else if (typeof value === 'string') checkText(value, schema, at, found);
  else if (typeof value === 'number' && value < (schema.minimum ?? value))
    found('syntax', at, `${nameSubject(at)} must be at least ${schema.minimum}`);
  else if (Array.isArray(value)) checkList(value, schema, at, found);
  else if (isObject(value)) checkMap(value, schema, at, found);
}

function checkStricter(object: Record<string, unknown>, found: Found): void {
  const walk = (value: unknown, at: ProblemPath): void => {
    if (typeof value === 'string') {
      const [, least = 0, most = Number.POSITIVE_INFINITY] =
        stricter.find(([shape]) => shape.test(formatShape(at))) ?? [];
      if (value.length < least || value.length > most)
        found('syntax', at, `${nameSubject(at)} must have ${least} to ${most} characters in v1alpha2`);
    } else if (Array.isArray(value)) for (const [index, item] of value.entries()) walk(item, [...at, index]);
    // An extension is as deep as its writer likes, and of no concern here.
    else if (isObject(value))
      for (const [key, inner] of Object.entries(value)) if (key !== 'extension') walk(inner, [...at, key]);
  };
  walk(object['status'], ['status']);
}

/** Every violation of the CRD's schema, and of what the API server checks besides, each with its rule. */
export function listFaults(object: Record<string, unknown>, target: 'v1alpha1' | 'v1alpha2'): Fault[] {
  const faults: Fault[] = [];
  const found: Found = (kind, at, message, hint) => {
    const shape = formatShape(at);
    const id = routes.find(([, kinds, place]) => kinds.includes(kind) && place.test(shape))?.[0] ?? 'CP005';
    faults.push({ id, at: [...at], message, hint });
  };
  checkValue(object, rootPath, [], found);
  if (target === 'v1alpha2') checkStricter(object, found);
  return faults;
}

/** The same of a PlacementDecision (KEP-5313). Only the rule for what the API drops is told from the others. */
export function listDecisionFaults(object: Record<string, unknown>): Fault[] {
  const faults: Fault[] = [];
  checkValue(object, decisionRoot, [], (kind, at, message, hint) => {
    const inReference = formatShape(at).startsWith('.decisions[].clusterProfileRef.');
    const id = kind === 'unknown' ? (inReference ? 'PD002' : 'PD011') : 'PD001';
    faults.push({ id, at: [...at], message, hint });
  });
  return faults;
}
