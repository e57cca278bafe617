import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseDocuments } from '../../../src/documents/yaml-in.ts';
import { toYamlStream } from '../../../src/documents/yaml-out.ts';
import { fixtures } from '../paths.ts';
import { listPaths, replaceAt, wrongValues } from './damage.ts';
import { nastyTexts } from './values.ts';

/** A file of the fixtures: its system, and what it holds. */
export interface Sample {
  system: string;
  file: string;
  text: string;
  documents: unknown[];
}

/** A file of documents may be no YAML on purpose; then it is damaged as a text only. */
function readDocuments(text: string, file: string): unknown[] {
  try {
    return parseDocuments(text, file);
  } catch {
    return [];
  }
}

const readSample = (file: string): Sample => {
  const text = readFileSync(join(fixtures, file), 'utf8');
  return { system: file.split(/[\\/]/)[0] ?? '', file, text, documents: readDocuments(text, file) };
};

/** Every file of the fixtures that matches, but the largest: they cost time and show nothing else. */
export const readSamples = (wanted: RegExp): Sample[] =>
  readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
    .filter((file) => wanted.test(file))
    .toSorted()
    .map(readSample)
    .filter(({ text }) => text.length < 20_000);

/** What is put into a text: marks of YAML and JSON, and what steers a reader. */
const pieces = [
  ...nastyTexts,
  '\n',
  '\n  ',
  '\n- ',
  '\n---\n',
  '\n...\n',
  '"',
  "'",
  ': ',
  '{',
  '}',
  '[',
  ']',
  ',',
  '\t',
  '\r',
  '\0',
  '&a ',
  '*a',
  '<<: *a',
  '!!binary ',
  '!!js/function ',
  '__proto__: ',
  '"constructor":',
  '%YAML 9.9\n',
  '? ',
  '|9\n',
  '>-\n',
  '1e999',
  '-0',
  '9'.repeat(400),
  '[['.repeat(120),
  '- '.repeat(120),
];

/** One cut in a text: where, as a share of it, how much goes, what comes. */
const cut = fc.tuple(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.oneof({ weight: 4, arbitrary: fc.nat(4) }, fc.nat(400)),
  fc.oneof({ weight: 4, arbitrary: fc.constantFrom('', ...pieces) }, fc.string({ unit: 'binary', maxLength: 4 })),
);

const applyCuts = (text: string, cuts: readonly [number, number, string][]): string =>
  cuts.reduce((before, [share, length, piece]) => {
    const at = Math.floor(share * before.length);
    return before.slice(0, at) + piece + before.slice(at + length);
  }, text);

/** A text with a few cuts. */
export const damagedText = (samples: readonly Sample[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...samples), fc.array(cut, { maxLength: 3 }))
    .map(([{ text }, cuts]) => applyCuts(text, cuts));

/** Documents with wrong values in some places. */
export const damagedDocuments = (
  samples: readonly Sample[],
  values: fc.Arbitrary<unknown> = fc.constantFrom(...wrongValues, ...nastyTexts),
): fc.Arbitrary<{ sample: Sample; documents: unknown[] }> =>
  fc
    .tuple(
      fc.constantFrom(...samples.filter(({ documents }) => documents.length > 0)),
      fc.array(fc.tuple(fc.nat(), fc.nat(), values), { maxLength: 3 }),
    )
    .map(([sample, changes]) => {
      let { documents } = sample;
      for (const [which, at, value] of changes) {
        const index = which % documents.length;
        const paths = listPaths(documents[index]);
        documents = documents.with(index, replaceAt(documents[index], paths[at % paths.length] ?? [], value));
      }
      return { sample, documents };
    });

type Writing = (documents: readonly unknown[]) => string;

/** The ways in which documents come as a text. */
const writings: Writing[] = [
  (documents) => toYamlStream([...documents]),
  (documents) => documents.map((each) => JSON.stringify(each ?? null)).join('\n'),
  (documents) => documents.map((each) => JSON.stringify(each ?? null, undefined, 2)).join('\n---\n'),
  (documents) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items: documents }),
  (documents) => toYamlStream([{ apiVersion: 'v1', kind: 'List', metadata: {}, items: documents }]),
  (documents) => toYamlStream([...documents]).replaceAll('\n', '\r\n'),
];

export const writing: fc.Arbitrary<Writing> = fc.constantFrom(...writings);

const swapped = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();

/** The ways in which a text comes as bytes; the last ones are no text. */
export const encoding: fc.Arbitrary<(text: string) => Buffer> = fc.constantFrom(
  (text: string) => Buffer.from(text),
  (text: string) => Buffer.from(`\ufeff${text}`),
  (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  swapped,
  (text: string) => swapped(text).subarray(0, -1),
  (text: string) => Buffer.from(text, 'latin1'),
  (text: string) => process.getBuiltinModule('node:zlib').gzipSync(text, { level: 1 }),
);
