import { isObject, type KubernetesObject } from '../object.ts';
import { readBundle } from '../profile/endpoint/certificates.ts';
import { formatAmount } from '../util/text.ts';

/** The longest text that a diff shows whole. */
const longest = 200;

/** The same text has the same mark, another one another. */
function markOf(text: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  return `sha256 ${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
}

/** What a long text is, in a few words that tell it from others. */
function describeText(text: string): string {
  const { validity } = readBundle(text);
  const ends = validity.map(({ to }) => to).toSorted((a, b) => a - b);
  if (ends[0] === undefined) return `<${formatAmount(text.length, 'character')}, ${markOf(text)}>`;
  const end = new Date(ends[0]).toISOString().slice(0, 10);
  const what = ends.length === 1 ? `certificate until ${end}` : `${ends.length} certificates, the first until ${end}`;
  return `<${what}, ${markOf(text)}>`;
}

function foldValue(value: unknown): unknown {
  if (typeof value === 'string') return value.length > longest ? describeText(value) : value;
  if (Array.isArray(value)) return value.map(foldValue);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, foldValue(each)]));
}

/** An object as a person reads it in a diff: certificates and other long texts are folded. */
export const foldLongValues = <T extends KubernetesObject>(object: T): T => foldValue(object) as T;
