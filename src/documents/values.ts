import { isObject } from '../object.ts';

/** What stands in the place of a value that somebody has left out of a dump. */
const leftOut = /^(?:\*+|x{3,}|DATA\+OMITTED|<?redacted>?|<[^<>]*>)$/i;

const base64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;

const listValues = (object: Record<string, unknown>, field: string): unknown[] =>
  isObject(object[field]) ? Object.values(object[field]) : [];

const isSaid = (value: unknown): boolean => value !== null && value !== '';

/** One of another type is an error of whoever reads it. */
const isKept = (value: unknown): boolean => isSaid(value) && !(typeof value === 'string' && leftOut.test(value.trim()));

const isDecoded = (value: unknown): boolean => isKept(value) && (typeof value !== 'string' || base64.test(value));

/** Why nothing can be read of a Secret or a ConfigMap; `undefined` for one with a value, and for any other object. */
export function explainNoValues(object: unknown): string | undefined {
  if (!isObject(object) || object['apiVersion'] !== 'v1') return undefined;
  const { kind } = object;
  if (kind !== 'Secret' && kind !== 'ConfigMap') return undefined;
  const encoded = kind === 'Secret' ? listValues(object, 'data') : [];
  const plain = [...listValues(object, 'stringData'), ...(kind === 'ConfigMap' ? listValues(object, 'data') : [])];
  if (![...encoded, ...plain].some(isSaid)) return 'it has no data';
  if (plain.some(isKept) || encoded.some(isDecoded)) return undefined;
  return 'its values are left out of what was read';
}
