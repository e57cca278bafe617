import { formatValue } from './go-format.ts';
import { isScalar, isMap, findKind, sortMapKeys } from './values.ts';

// Go's encoder escapes these so that JSON can stand inside HTML and JavaScript.
const goEscapes = new Map(
  Object.entries({ '<': '\\u003c', '>': '\\u003e', '&': '\\u0026', '\u2028': '\\u2028', '\u2029': '\\u2029' }),
);

/** Texts that need no escape, as most do. */
const plainJson = /^[ !#-%'-;=?-[\]-~]*$/;

function formatJsonString(text: string): string {
  if (plainJson.test(text)) return `"${text}"`;
  // JSON.stringify escapes half a surrogate pair; Go has replaced it when it read the object.
  const wellFormed = text.replace(/\p{Surrogate}/gu, '\uFFFD');
  return JSON.stringify(wellFormed).replace(/[<>&\u2028\u2029]/g, (char) => goEscapes.get(char) ?? char);
}

/** A value as Go's encoding/json writes it: on one line, or, if `line` is a line break and an indentation, over many. */
function toJson(value: unknown, line = ''): string {
  if (typeof value === 'string') return formatJsonString(value);
  const inner = line === '' ? '' : `${line}    `;
  if (Array.isArray(value)) {
    const items = value.map((item) => inner + toJson(item, inner));
    return items.length === 0 ? '[]' : `[${items.join(',')}${line}]`;
  }
  if (isMap(value)) {
    const colon = line === '' ? ':' : ': ';
    const entries = sortMapKeys(value).map((key) => inner + formatJsonString(key) + colon + toJson(value[key], inner));
    return entries.length === 0 ? '{}' : `{${entries.join(',')}${line}}`;
  }
  if (isScalar(value)) return String(value.value);
  return findKind(value) === 'invalid' ? 'null' : String(value);
}

function toText(value: unknown): string {
  const kind = findKind(value);
  if (kind === 'map' || kind === 'slice') return toJson(value);
  if (kind === 'nil') return 'null';
  return kind === 'invalid' ? '<no value>' : formatValue(value);
}

/** What `-o jsonpath` prints for the results of one part of a template. */
export const printValues = (results: unknown[]): string => results.map(toText).join(' ');

/** What `-o jsonpath-as-json` prints for the results of one part of a template: an indented array. */
export const printResultsAsJson = (results: unknown[]): string => `${toJson(results, '\n')}\n`;
