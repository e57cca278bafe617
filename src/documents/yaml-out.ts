import { memoiseText } from '../util/collections.ts';

/**
 * Writes JSON-like objects as YAML that means the same to YAML 1.1 readers (kubectl) and 1.2 readers: block style, no
 * anchors, nothing folded, and a string stays plain only where no reader could take it for something else.
 */

/** Starts with a letter or `/` and holds only characters without a meaning in YAML; a colon only inside a word. */
const plainText =
  /^[A-Za-z/][A-Za-z0-9_./@+=,-]*(?::[A-Za-z0-9_./@+=,-]+)*(?: [A-Za-z0-9_./@+=(-][A-Za-z0-9_./@+=(),-]*)*$/;

/** What some reader of YAML 1.1 or 1.2 takes for something other than a string, in any case. */
const reserved = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf|e[-+]?\d+)$/i;

const plainYamlKey = /^[A-Za-z/][A-Za-z0-9_./-]*$/;

/** C1 controls, byte order mark, line separators and bidi controls, which JSON leaves as they are. */
const unprintable = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;

const escapeUnicode = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

const quoteText = (text: string): string =>
  // A lone surrogate cannot be encoded; JSON.stringify has escaped it already.
  JSON.stringify(text).replace(unprintable, escapeUnicode);

/** What a literal block cannot carry: odd blanks at its ends, and unprintable characters. */
const blockUnsafe =
  /^[\s]|[ \t]\n|[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]|\n\n$/;

/** No reader takes it for something else than this text, without quotes. */
export const isPlain = (text: string): boolean => plainText.test(text) && !reserved.test(text);

/** A text of several lines that a literal block can carry. */
export const fitsBlock = (text: string): boolean => text.includes('\n') && !blockUnsafe.test(text);

function formatScalar(text: string, indent: string): string {
  if (isPlain(text)) return text;
  if (!fitsBlock(text)) return quoteText(text);
  const chomp = text.endsWith('\n') ? '|' : '|-';
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  return `${chomp}\n${lines.map((line) => (line === '' ? '' : `${indent}${line}`)).join('\n')}`;
}

const formatKey = memoiseText((key) => (plainYamlKey.test(key) && !reserved.test(key) ? key : quoteText(key)));

const isEmptyValue = (value: object): boolean =>
  Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;

/** What follows `key:` or `-`: a blank and a scalar, or a line break and a block. */
function formatValue(value: unknown, indent: string, inList: boolean): string {
  if (value === null || value === undefined) return ' null';
  if (typeof value === 'string') return ` ${formatScalar(value, `${indent}  `)}`;
  if (typeof value !== 'object') return ` ${JSON.stringify(value)}`;
  if (isEmptyValue(value)) return Array.isArray(value) ? ' []' : ' {}';
  // The first line of a list item stands behind its dash.
  const deeper = `${indent}  `;
  if (!Array.isArray(value)) return formatMapping(value, deeper, inList ? ' ' : `\n${deeper}`);
  return inList ? formatItems(value, deeper, ' ') : formatItems(value, indent, `\n${indent}`);
}

/** `lead` stands before the first line, where the others have their indent. Joined texts would be copied at every level. */
function formatItems(list: unknown[], indent: string, lead: string): string {
  let text = '';
  for (const item of list) text += `${text === '' ? lead : `\n${indent}`}-${formatValue(item, indent, true)}`;
  return text;
}

function formatMapping(object: object, indent: string, lead: string): string {
  let text = '';
  for (const [key, value] of Object.entries(object))
    if (value !== undefined)
      text += `${text === '' ? lead : `\n${indent}`}${formatKey(key)}:${formatValue(value, indent, false)}`;
  return text === '' ? `${lead}{}` : text;
}

/** One document, ending with a line break. Lists are written at the indent of their key, as kubectl does. */
export function toYaml(value: unknown, indent = ''): string {
  if (Array.isArray(value) && value.length > 0) return `${formatItems(value, indent, indent)}\n`;
  if (typeof value === 'object' && value !== null && !isEmptyValue(value))
    return `${formatMapping(value, indent, indent)}\n`;
  return `${indent}${formatValue(value, indent, false).trimStart()}\n`;
}

/** A stream of documents, `---` between them. */
export const toYamlStream = (documents: unknown[]): string =>
  documents.map((document) => toYaml(document)).join('---\n');
