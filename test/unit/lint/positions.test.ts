import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPlainYaml } from '../../../src/documents/yaml/fast.ts';
import { toYaml } from '../../../src/documents/yaml-out.ts';
import { createLocator, type Position } from '../../../src/lint/positions.ts';
import type { ProblemPath } from '../../../src/lint/problem.ts';

const word = fc.constantFrom(
  'name',
  'b',
  'k8s.io/x',
  'a: b',
  "it's",
  '- a',
  '# c',
  'line\n  - a\n# b\n\nc: d',
  'v1.30',
  '',
);

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(word, tie('any'), { maxKeys: 3 }),
  ),
})).any;

/** Every path in a value, and those beside it that lead nowhere. */
function listPaths(from: unknown, at: ProblemPath = []): ProblemPath[] {
  const entries = Array.isArray(from) ? [...from.entries()] : Object.entries(from ?? {});
  const inner = typeof from === 'object' ? entries.flatMap(([key, each]) => listPaths(each, [...at, key])) : [];
  return [at, [...at, 'missing'], [...at, 9, 'missing'], ...inner];
}

/** Where a path is for the whole parser, or without it; of numbers alone, how they are written counts. */
function locate(text: string, path: ProblemPath, isPlain: boolean): Position | undefined {
  const document = { file: 'a.yaml', document: 1, chunk: { text, line: 3, nth: 0, isPlain } };
  const { source, ...place } = createLocator()(document, path) ?? { line: 0, column: 0 };
  return { ...place, ...(source !== undefined && /^[-\d.]+$/.test(source) && { source }) };
}

function comparePlaces(text: string): number {
  const [document] = readPlainYaml(text) ?? [];
  if (document === undefined) return 0;
  const paths = listPaths(document);
  for (const path of paths)
    expect(locate(text, path, true), `${path.join(' ')} in ${JSON.stringify(text)}`).toEqual(locate(text, path, false));
  return paths.length;
}

describe('positions in plain block style', () => {
  it('are those of the whole parser, for every path', () => {
    let compared = 0;
    const map = fc.dictionary(word, value, { minKeys: 1, maxKeys: 4 });
    fc.assert(
      fc.property(map, (object) => void (compared += comparePlaces(toYaml(object)))),
      { numRuns: 300 },
    );
    expect(compared).toBeGreaterThan(3000);
  });

  it.each([
    '---\n# a\na:\n# b\n- c: 1\n\n  d:\n  - e\n-   f: 2\n-\n  g: 3\n-\n  # h\n  i: 4\nj: []\n',
    '# a\n\n  a:   1\n  b:    \n  "c":  2\n  d:\n    - - x\n      - w: z\n',
    '- a: 1\n- |\n  b: 2\n  - c\n\n- d\n',
    'a: |-\n    b: 1\n  # c\nd:\n  e:\n',
  ])('are those of the whole parser in %j', (text) => {
    expect(comparePlaces(text)).toBeGreaterThan(0);
  });
});
