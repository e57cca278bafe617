import { isObject } from '../object.ts';

/** What stands in the place of a value that somebody has left out of a dump. */
const leftOut = /^(?:\*+|x{3,}|DATA\+OMITTED|<?redacted>?|<[^<>]*>)$/i;

/** True for what the API server takes under `data` of a Secret; blanks do not count. */
export function isBase64(encoded: string): boolean {
  const dense = encoded.replaceAll(/\s/g, '');
  return dense.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(dense);
}

const listValues = (object: Record<string, unknown>, field: string): unknown[] =>
  isObject(object[field]) ? Object.values(object[field]) : [];

const isSaid = (value: unknown): boolean => value !== null && value !== '';

/** One of another type is an error of whoever reads it. */
const isKept = (value: unknown): boolean => isSaid(value) && !(typeof value === 'string' && leftOut.test(value.trim()));

const isDecoded = (value: unknown): boolean => isKept(value) && (typeof value !== 'string' || isBase64(value));

/** Why nothing can be read of a Secret or a ConfigMap; `undefined` for one with a value, and for any other object. */
export function explainNoValues(object: unknown): string | undefined {
  if (!isObject(object) || object['apiVersion'] !== 'v1') return undefined;
  const { kind } = object;
  if (kind !== 'Secret' && kind !== 'ConfigMap') return undefined;
  const encoded = kind === 'Secret' ? listValues(object, 'data') : [];
  const plain = [...listValues(object, 'stringData'), ...(kind === 'ConfigMap' ? listValues(object, 'data') : [])];
  if (![...encoded, ...plain].some(isSaid)) return 'it has no data';
  if (plain.some(isKept) || encoded.some(isDecoded)) return undefined;
  return encoded.some(isKept)
    ? 'its data is no base64 (plain text goes into stringData)'
    : 'its values are left out of what was read';
}
