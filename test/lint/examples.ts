import type { Example } from '../../src/lint/knowledge/example.ts';
import { authority, base64, ca, merge, privateKey, profile, yamlOf, type Tree } from '../support/profiles.ts';

const expired = authority.issue({
  commonName: 'shop',
  notBefore: new Date('2020-01-01T00:00:00Z'),
  notAfter: new Date('2021-01-01T00:00:00Z'),
}).cert;

/** What stands for a value that an example cannot show. */
const placeholders: Record<string, string> = {
  '<base64 of a PEM certificate>': ca,
  '<base64 of a PEM certificate and its private key>': base64(`${authority.cert}${privateKey}`),
  '<base64 of a PEM certificate that has expired>': base64(expired),
  '<a private key>': privateKey,
};

const fill = (value: unknown): unknown => {
  if (typeof value !== 'string')
    return value !== null && typeof value === 'object'
      ? Array.isArray(value)
        ? value.map(fill)
        : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner)]))
      : value;
  const [, size] = /^<(\d+) characters>$/.exec(value) ?? [];
  return size === undefined ? (placeholders[value] ?? value) : 'a '.repeat(Number(size) / 2);
};

/** A valid profile as somebody writes it, not as the API server keeps it. */
const written = profile({ metadata: { uid: undefined, resourceVersion: undefined } });

/** An example as whole objects: the fields of a profile stand over those of a valid one. */
const expandExample = (example: Example): string | Tree[] =>
  typeof example === 'string'
    ? example
    : [example].flat().map((each) => {
        const patch = fill(each) as Tree;
        return ['Namespace', 'PlacementDecision'].includes(String(patch['kind'])) ? patch : merge(written, patch);
      });

/** The same as the text of a file. */
export const yamlOfExample = (example: Example): string => yamlOf(expandExample(example));
