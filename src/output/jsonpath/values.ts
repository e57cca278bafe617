/** No key of a JSON object can be equal to it. */
const brand = Symbol.for('clusterprofile.scalar');

/** A value JSON has no type for: a number written in a template, or a byte of a string. */
export class Scalar {
  readonly [brand] = true;
  readonly kind: 'int' | 'float64' | 'uint8';
  readonly value: number;

  constructor(kind: 'int' | 'float64' | 'uint8', value: number) {
    this.kind = kind;
    this.value = value;
  }
}

/** Tells a Scalar from any JSON value. */
export const isScalar = (value: unknown): value is Scalar =>
  typeof value === 'object' && value !== null && brand in value;

/** What Go's reflection calls a value; `invalid` is the absence of one, as in the body of an empty range. */
type GoKind = 'invalid' | 'nil' | 'bool' | 'int64' | 'string' | 'slice' | 'map' | Scalar['kind'];

type JsonObject = Record<string, unknown>;

const int64Limit = 2 ** 63;

// Kubernetes decodes a number to int64 if it is one, else to float64. Beyond 2^53 the digits are lost in `JSON.parse`.
const isInt64 = (number: number): boolean => Number.isInteger(number) && number >= -int64Limit && number < int64Limit;

/** The kind a JSON value (or Scalar) has in Go once Kubernetes has decoded it. */
export function findKind(value: unknown): GoKind {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return isInt64(value) ? 'int64' : 'float64';
  if (value === null) return 'nil';
  if (typeof value !== 'object') return 'invalid';
  if (isScalar(value)) return value.kind;
  return Array.isArray(value) ? 'slice' : 'map';
}

/** The name of a value's type in Go's messages. */
export function nameGoType(value: unknown): string {
  const kind = findKind(value);
  if (kind === 'map') return 'map[string]interface {}';
  return kind === 'slice' ? '[]interface {}' : kind;
}

export const isMap = (value: unknown): value is JsonObject => findKind(value) === 'map';

/** The value of a key; undefined if there is none, whatever JavaScript objects inherit. */
export const getValue = (map: JsonObject, key: string): unknown => (Object.hasOwn(map, key) ? map[key] : undefined);

/** The keys of an object in the order Go prints them; keys without a value are left out, as JSON does. */
export const sortMapKeys = (map: JsonObject): string[] =>
  Object.keys(map)
    .filter((key) => map[key] !== undefined)
    .toSorted(compareBytes);

// A surrogate is half of a character behind all others, though its code unit is smaller than U+E000 and up.
const rankUnit = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);

/** Orders texts as Go does: by their UTF-8 bytes. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return rankUnit(left) - rankUnit(right);
  }
  return a.length - b.length;
}
