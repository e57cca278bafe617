import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compileColumns,
  compileColumnsFile,
  renderColumns,
  renderCustomColumns,
} from '../../../src/output/custom-columns.ts';
import { alignColumns } from '../../../src/output/tabwriter.ts';
import {
  dialectProfiles,
  dialectSubject,
  kubectlDialectCases,
  type KubectlDialectCase,
} from './kubectl-dialect-cases.ts';
import { outcomeOf, templateErrorOf } from './template-error.ts';
import { cpuTimeOf } from '../../support/cpu.ts';

const cases = kubectlDialectCases.filter(({ kind }) => kind === 'custom-columns');

function render(dialectCase: KubectlDialectCase): string {
  const { template, subject, noHeaders = false } = dialectCase;
  return renderCustomColumns(template, subject === 'one' ? [dialectSubject(dialectCase)] : dialectProfiles, {
    noHeaders,
  });
}

const printFile = (content: string): string =>
  renderColumns(compileColumnsFile(content), [{ metadata: { name: 'a' }, b: null }]);
const outcome = (spec: string, items: unknown[]): string => outcomeOf(() => renderCustomColumns(`A:.a,${spec}`, items));

describe('as kubectl', () => {
  const printed = cases.filter(({ stdout }) => stdout !== undefined);
  test.each(printed)('prints $title: $template', (dialectCase) => {
    expect(render(dialectCase)).toBe(dialectCase.stdout);
  });

  const refused = cases.filter(({ reason }) => reason !== undefined);
  test.each(refused)('refuses $title: $template', (dialectCase) => {
    expect(templateErrorOf(() => render(dialectCase))?.message).toBe(dialectCase.reason);
  });
});

test('a bad spec is told from a path that does not fit an object', () => {
  expect(templateErrorOf(() => compileColumns('NAME:.metadata['))?.stage).toBe('parse');
  const { row } = compileColumns('NAME:.metadata[0]');
  expect(templateErrorOf(() => row({ metadata: {} }))?.stage).toBe('execute');
});

test('no objects are a header', () => {
  expect(renderCustomColumns('NAME:.metadata.name,AGE:.age', [])).toBe('NAME   AGE\n');
  expect(renderCustomColumns('NAME:.metadata.name,AGE:.age', [], { noHeaders: true })).toBe('');
});

test('header and rows come as cells', () => {
  const { header, row } = compileColumns('NAME:.metadata.name,VERSION:.status.version');
  expect(header).toEqual(['NAME', 'VERSION']);
  expect(dialectProfiles.map(row)).toEqual([
    ['logs-ap', '<none>'],
    ['orders-eu', 'map[kubernetes:v1.31.4]'],
    ['orders-us', 'map[kubernetes:v1.30.9]'],
  ]);
});

describe('a file of columns', () => {
  test.each([
    ['NAME   B  C\n{metadata.name} .b\tc\n', 'NAME   B       C\na      <nil>   <none>\n'],
    ['NAME\r\n.metadata.name\r\n', 'NAME\na\n'],
    ['NAME\n.metadata.name\nmore\n', 'NAME\na\n'],
    ['\n\n', '\n\n'],
  ])('%j', (content, expected) => {
    expect(printFile(content)).toBe(expected);
  });

  const format = 'Expected format is one line of space separated headers, one line of space separated column specs.';
  test.each([
    ['', `invalid template, missing header line. ${format}`],
    ['NAME\n', `invalid template, missing spec line. ${format}`],
    ['NAME B\n.a\n', "number of headers (2) and field specifications (1) don't match"],
    ['NAME\n.a[\n', 'unterminated array'],
  ])('%j is refused', (content, message) => {
    expect(templateErrorOf(() => printFile(content))?.message).toBe(message);
  });
});

describe('columns', () => {
  test.each([
    ['a cell is six wide at least, with three blanks', 'a\tbbbb\tc\n', 'a     bbbb   c\n'],
    ['the last cell is not padded, an empty one leaves the blanks', 'a\t\nbb\tc\n', 'a     \nbb    c\n'],
    [
      'a column ends at a line without it, its width is remembered',
      'aaaaaa\tb\n-\na\tb\n',
      'aaaaaa   b\n-\na        b\n',
    ],
    ['a wider column below does not widen the one above', 'a\tb\n-\naaaaaa\tb\n', 'a     b\n-\naaaaaa   b\n'],
    ['a form feed ends all columns', 'a\tb\faaaaaa\tb\n', 'a     b\naaaaaa   b\n'],
    ['a vertical tab ends a cell', 'a\vb\n', 'a     b\n'],
    ['code points count, not columns on a screen', '\u{1F600}\u{1F600}日本\tx\n', '\u{1F600}\u{1F600}日本   x\n'],
  ])('%s', (_title, text, expected) => {
    expect(alignColumns(text)).toBe(expected);
  });

  test('a value full of tabs is no problem', () => {
    expect(alignColumns(`${'\t'.repeat(200_000)}x\n`)).toHaveLength(1_200_002);
  });
});

test('only ever throws its own error, and prints the same twice', () => {
  const pieces = [...'{}[]?()@.,:*\'"\\ ab\t\n'.split(''), 'NAME:', '.a', '[*]', '[?(@.a)]'];
  const specs = fc.array(fc.constantFrom(...pieces), { maxLength: 20 }).map((some) => some.join(''));
  const objects = fc.array(fc.object({ key: fc.constantFrom('a', 'b'), maxDepth: 3 }));
  fc.assert(
    fc.property(specs, objects, (spec, items) => {
      expect(outcome(spec, items)).toBe(outcome(spec, items));
    }),
    { numRuns: 500 },
  );
});

test('prints 10,000 profiles in well under a second', () => {
  const items = Array.from({ length: 10_000 }, (_, index) => dialectProfiles[index % dialectProfiles.length]);
  const spec =
    'NAME:.metadata.name,STATUS:.status.conditions[?(@.type=="Joined")].status,PROPERTIES:.status.properties';
  let text = '';
  expect(cpuTimeOf(() => (text = renderCustomColumns(spec, items)))).toBeLessThan(1000);
  expect(text.split('\n')).toHaveLength(10_002);
});
