import { isScalar, isMap, findKind, sortMapKeys } from './values.ts';

/** The mark Go puts for a value that is not there. */
const noValue = '<invalid reflect.Value>';

/** A float as Go's `%v` prints it: the fewest digits that tell it from others, with an exponent where `%g` has one. */
function formatFloat(value: number): string {
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

function formatNumber(value: unknown): string {
  const number = isScalar(value) ? value.value : Number(value);
  return findKind(value) === 'float64' ? formatFloat(number) : String(number);
}

/** A value as Go's `%v` prints it: `map[a:1 b:[x y]]`, `<nil>`, texts without quotes. */
export function formatValue(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(formatValue).join(' ')}]`;
  if (isMap(value))
    return `map[${sortMapKeys(value)
      .map((key) => `${key}:${formatValue(value[key])}`)
      .join(' ')}]`;
  return findKind(value) === 'invalid' ? noValue : formatNumber(value);
}

/** A value as Go's `%#v` prints it: source code that makes the value. */
export function formatSource(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(formatSource).join(', ')}}`;
  if (isMap(value)) {
    const entries = sortMapKeys(value).map((key) => `${quote(key)}:${formatSource(value[key])}`);
    return `map[string]interface {}{${entries.join(', ')}}`;
  }
  return value === null || value === undefined ? 'interface {}(nil)' : formatNumber(value);
}

/** Whether Go prints a character as itself; of all spaces only the ASCII one. */
const isPrintable = (char: string): boolean => /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(char);

const shortEscapes = new Map(
  Object.entries({
    '\u0007': 'a',
    '\b': 'b',
    '\f': 'f',
    '\n': 'n',
    '\r': 'r',
    '\t': 't',
    '\v': 'v',
    '\\': '\\',
    '"': '"',
  }),
);

const formatHex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');

function escapeCharacter(char: string): string {
  const short = shortEscapes.get(char);
  if (short !== undefined) return `\\${short}`;
  const code = char.codePointAt(0) ?? 0;
  if (/\p{Surrogate}/u.test(char)) return '\uFFFD';
  if (isPrintable(char)) return char;
  if (code < 0x20 || code === 0x7f) return `\\x${formatHex(code, 2)}`;
  return code < 0x10000 ? `\\u${formatHex(code, 4)}` : `\\U${formatHex(code, 8)}`;
}

/** Characters that may need an escape. */
const unusualCharacter = /[^ !#-[\]-~]/gu;

/** A text as Go's `%q` prints it. */
export const quote = (text: string): string => `"${text.replace(unusualCharacter, escapeCharacter)}"`;

/** A character as Go's `%#U` prints it: `U+007B '{'`. */
export function formatCharacter(char: string): string {
  const code = formatHex(char.codePointAt(0) ?? 0, 4).toUpperCase();
  return isPrintable(char) ? `U+${code} '${char}'` : `U+${code}`;
}
