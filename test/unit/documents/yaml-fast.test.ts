import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPlainYaml } from '../../../src/documents/yaml/fast.ts';
import { readYaml } from '../../../src/documents/yaml/full.ts';
import { toYaml, toYamlStream } from '../../../src/documents/yaml-out.ts';
import { fixtures, sharedData } from '../../support/paths.ts';

/** What js-yaml makes of a text; `undefined` where it refuses it. */
function full(text: string): unknown[] | undefined {
  try {
    return readYaml(text, 'test');
  } catch {
    return undefined;
  }
}

/** True if the fast reader took the text; then js-yaml has to agree. */
function agrees(text: string): boolean {
  const fast = readPlainYaml(text);
  if (fast !== undefined) expect(fast, JSON.stringify(text)).toStrictEqual(full(text));
  return fast !== undefined;
}

/** What lines of YAML are made of, and what could go wrong with each. */
const pieces = [
  'a',
  'b: ',
  'c:',
  'name: ',
  '- ',
  '-',
  '  ',
  '    ',
  ' ',
  '\n',
  '\n',
  '\n  ',
  '\n- ',
  '\n  - ',

  'x',
  'yes',
  'n',
  'null',
  '~',
  '1',
  '-1',
  '-0',
  '017',
  '1.50',
  '1e3',
  '.5',
  '0x1f',
  '0o7',
  '1_0',
  '10.0.0.1',
  '.inf',
  '"q"',
  "'s'",
  "'it''s'",
  '"a\\nb"',
  '"\\x41"',
  '"a: b"',
  '"',
  "'",
  '[]',
  '{}',
  '[',
  '{',
  ']',
  '}',
  ',',
  '[a]',
  '|',
  '|-',
  '|+',
  '>',
  '#',
  ' # c',
  '\n# c\n',
  '---',
  '\n---\n',
  '...',
  '%',
  '&a ',
  '*a',
  '!!str ',
  '? ',
  ': ',
  'https://a.example:6443',
  '__proto__: ',
  'constructor: ',
  '<<: ',
  '\t',
  '\r\n',
  'é',
  '日本語',
  '🙂',
  '\ufeff',
  '=',
  '@',
];

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'grapheme' }), fc.lorem({ mode: 'sentences' })),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom('name', 'f:spec', ...pieces), fc.string()), tie('any'), { maxKeys: 4 }),
  ),
})).any;

describe('the fast reader of YAML', () => {
  it('means what js-yaml means, wherever it does not give up', () => {
    let taken = 0;
    const text = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 14 }).map((some) => some.join(''));
    fc.assert(
      fc.property(text, (input) => void (taken += Number(agrees(input)))),
      { numRuns: 20_000 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  it('means what js-yaml means, of documents with one thing changed', () => {
    fc.assert(
      fc.property(value, fc.nat(), fc.constantFrom(...pieces), fc.nat(3), (input, at, piece, removed) => {
        const text = toYaml(input);
        const place = at % (text.length + 1);
        expect(agrees(text.slice(0, place) + piece + text.slice(place + removed))).toBeTypeOf('boolean');
      }),
      { numRuns: 5000 },
    );
  });

  it('reads what our emitter writes', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ a: value }), { maxLength: 3 }), (input) => {
        expect(agrees(toYamlStream(input))).toBeTypeOf('boolean');
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['a map', 'kind: Config\nclusters:\n- cluster:\n    server: https://a\n  name: a\npreferences: {}\nusers: []\n'],
    ['lists in lists', '- - a\n  - b\n-\n  - c\n- x: 1\n  z:\n    - w\n'],
    ['several documents', '---\n# one\na: 1\n---\n---\nb: 2\n'],
    ['literal blocks', 'a: |\n  x\n    y\n\n  z\nb:\n  - |-\n    q\n'],
    ['quoted keys and values', '"a b": \'it\'\'s\'\n\'k:{"x":1}\':\n  .: {}\n  f:y: "\\u00e9\\n"\n'],
    ['words and numbers', 'a: yes\nb: Off\nc: ~\nd:\ne: 1.33\nf: -7\ng: 10.0.0.1\nh: 2026-01-01T00:00:00Z\ni: v1\n'],
    ['other alphabets', 'a: 日本語\nb: é\n'],
    ['no line break at the end', 'a:\n  b: c'],
  ])('takes %s', (_title, text) => {
    expect(agrees(text)).toBe(true);
  });

  it.each([
    ['a key twice', 'a: 1\nb: 2\na: 3'],
    ['a poisoned key', 'a:\n  __proto__:\n    b: 1'],
    ['a quoted poisoned key', '"__proto__": 1'],
    ['an anchor', 'a: &x 1\nb: *x'],
    ['a tag', 'a: !!str 1'],
    ['flow collections', 'a: [1, 2]'],
    ['a folded block', 'a: >\n  b'],
    ['several lines of plain text', 'a: b\n  c'],
    ['odd blanks in a literal block', 'a: |\n   b\n  \n    '],
    ['an empty item', '- -\n- a'],
    ['several lines in quotes', 'a: "b\n  c"'],
    ['a comment behind a value', 'a: b # c'],
    ['a document of a scalar', 'just text'],
    ['a number that JSON does not have', 'a: .inf\n'],
    ['tabs', 'a:\tb'],
    ['a byte order mark', '\ufeffa: b'],
    ['an indent that fits nothing', 'a:\n    b: 1\n  c: 2'],
    ['bottomless nesting', Array.from({ length: 60 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ])('leaves %s to js-yaml', (_title, text) => {
    expect(readPlainYaml(text)).toBeUndefined();
  });

  it('agrees on every fixture, and takes nearly all of them', () => {
    const texts = filesIn(fixtures).filter((text) => !/^\s*[{[]/.test(text));
    // Fixtures of flow maps, block texts and broken documents are for the other reader.
    expect(texts.filter(agrees).length / texts.length).toBeGreaterThan(0.85);
  });

  it.skipIf(!existsSync(sharedData))('agrees on recorded objects', () => {
    expect(filesIn(sharedData).filter(agrees)).not.toEqual([]);
  });
});

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ya?ml$/.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
