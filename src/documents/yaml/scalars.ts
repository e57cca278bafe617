/** Scalars and keys of one line, for the fast reader of YAML. */

/** kubectl reads YAML 1.1, where more words than true and false are booleans. */
const plainWords = {
  y: true,
  yes: true,
  on: true,
  true: true,
  n: false,
  no: false,
  off: false,
  false: false,
  null: null,
};
const listForms = (word: string): string[] => [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)];

/** What stands for something else than a string, numbers aside. */
export const yamlWords: ReadonlyMap<string, boolean | null> = new Map([
  ['~', null],
  ...Object.entries(plainWords).flatMap(([word, value]) => listForms(word).map((form) => [form, value] as const)),
]);

const plainStart = /^(?:[\w./+~<=$^();\\\xa0-\uffff]|-[^ ])/;
const plainKey = /^[\w./][\w./:@+=~$-]*$/;
const canonicalNumber = /^(?:0|-?[1-9]\d{0,14}|-?\d{1,15}\.\d{1,15})$/;
/** The integers and floats of YAML 1.1 as go-yaml reads them, whose underscores are taken out first. */
const integer = /^[-+]?(?:0x[\da-f]+|0b[01]+|0o[0-7]+|0[0-7]*|[1-9]\d*)$/i;
const float = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?$/i;
const notFinite = /^[-+]?\.inf$|^\.nan$/i;
const doubleQuoted = /^"(?:[^"\\]|\\.)*"/;
const singleQuoted = /^'(?:[^']|'')*'/;

/** Thrown where only js-yaml can decide; the fast reader catches it. */
export const givenUp = new Error('not plain block style');

export function giveUp(): never {
  throw givenUp;
}

const isQuote = (line: string): boolean => line.startsWith('"') || line.startsWith("'");

/** The quoted text that a line begins with, quotes included. */
const matchQuoted = (line: string): string =>
  (line.startsWith('"') ? doubleQuoted : singleQuoted).exec(line)?.[0] ?? giveUp();

function unquoteYaml(quoted: string): string {
  if (quoted.startsWith("'")) return quoted.slice(1, -1).replaceAll("''", "'");
  // The escapes of JSON mean the same in YAML; JSON.parse refuses those that only YAML has.
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
}

export function readScalar(text: string): unknown {
  if (isQuote(text)) return matchQuoted(text).length === text.length ? unquoteYaml(text) : giveUp();
  if (text === '[]') return [];
  if (text === '{}') return {};
  if (!plainStart.test(text) || text.includes(': ') || text.includes(' #') || text.endsWith(':')) return giveUp();
  if (text.length > 5) return text.charCodeAt(0) < 0x3a ? numberOr(text) : text;
  const word = yamlWords.get(text);
  return word === undefined ? numberOr(text) : word;
}

/** A number where a plain scalar is one, else its text. */
function numberOr(text: string): number | string {
  if (canonicalNumber.test(text)) return Number(text);
  return notFinite.test(text) ? giveUp() : (readNumber(text) ?? text);
}

/** An integer of Go, whose base is told by its prefix: a leading 0 alone means octal. */
function readInteger(text: string): number {
  const digits = text.replace(/^[-+]/, '');
  const octal = /^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits;
  const amount = Number(octal.toLowerCase());
  return text.startsWith('-') ? -amount || 0 : amount;
}

/** The number that kubectl reads a plain scalar as (`017` is 15, `6_443` is 6443); `undefined` where it is none. */
export function readNumber(text: string): number | undefined {
  if (!/^(?:[-+\d]|\.[^_]*$)/.test(text)) return undefined;
  const plain = text.replaceAll('_', '');
  if (integer.test(plain)) return readInteger(plain);
  const number = float.test(plain) ? Number(plain) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** The length of the key that a line begins with, its quotes included; -1 where it is a scalar. */
export function measureKey(line: string): number {
  if (isQuote(line)) {
    const { length } = matchQuoted(line);
    return line.charAt(length) === ':' && (line.length === length + 1 || line.charAt(length + 1) === ' ') ? length : -1;
  }
  const colon = line.indexOf(': ');
  return colon === -1 && line.endsWith(':') ? line.length - 1 : colon;
}

function parseKey(text: string): string {
  if (isQuote(text)) return unquoteYaml(text);
  return plainKey.test(text) && typeof readScalar(text) === 'string' ? text : giveUp();
}

/** One string for every time a key is written: engines look properties up by identity first, and a slice has none. */
const internKey = (key: string): string => Object.keys({ [key]: true })[0] ?? key;

/** Keys of a fleet repeat from document to document; of more than these, keys are of somebody's own making. */
const mostKnownKeys = 4096;
const knownKeys = new Map<string, string>();

/** Reads a key as it is written, each spelling once. */
export function readKey(text: string): string {
  const known = knownKeys.get(text);
  if (known !== undefined) return known;
  const key = internKey(parseKey(text));
  if (knownKeys.size >= mostKnownKeys) knownKeys.clear();
  knownKeys.set(text, key);
  return key;
}
