import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileJsonPath, compileJsonPathAsJson } from '../../../src/output/jsonpath.ts';
import {
  dialectProfiles,
  dialectSubject,
  kubectlDialectCases,
  type KubectlDialectCase,
} from './kubectl-dialect-cases.ts';
import { outcomeOf, templateErrorOf } from './template-error.ts';
import { cpuTimeOf } from '../../support/cpu.ts';

const cases = kubectlDialectCases.filter(({ kind }) => kind !== 'custom-columns');
const compile = ({ kind, template }: KubectlDialectCase) =>
  kind === 'jsonpath' ? compileJsonPath(template) : compileJsonPathAsJson(template);

const print = (template: string, object: unknown): string => compileJsonPath(template)(object);
const strict = (template: string) => compileJsonPath(template, { allowMissingKeys: false });
const outcome = (template: string, object: unknown): string =>
  outcomeOf(() => print(template, object) + compileJsonPathAsJson(template)(object));

describe('as kubectl', () => {
  const printed = cases.filter(({ stdout }) => stdout !== undefined);
  test.each(printed)('$kind prints $title: $template', (dialectCase) => {
    expect(compile(dialectCase)(dialectSubject(dialectCase))).toBe(dialectCase.stdout);
  });

  const refused = cases.filter(({ reason }) => reason !== undefined);
  test.each(refused)('$kind refuses $title: $template', (dialectCase) => {
    const error = templateErrorOf(() => compile(dialectCase)(dialectSubject(dialectCase)));
    expect(error?.reason).toBe(dialectCase.reason);
  });
});

describe('errors', () => {
  test('a bad template: the message, and where it goes wrong', () => {
    expect(templateErrorOf(() => compileJsonPath('{.items[}'))).toMatchObject({
      name: 'TemplateError',
      stage: 'parse',
      message: 'error parsing jsonpath {.items[}, unterminated array',
      reason: 'unterminated array',
      column: 8,
    });
    expect(templateErrorOf(() => compileJsonPath('{.a}{.b[?(@.c==$~)]}'))).toMatchObject({
      reason: "unrecognized character in action: U+007E '~'",
      column: 11,
    });
  });

  test('an object that does not fit: template and object are in the message', () => {
    const object = {
      ratio: 1.5,
      load: 2e7 + 0.5,
      items: [{ name: 'é"\t\u001b\u202e\u{1F600}\u{E0001}', count: 3 }, null, true],
      empty: {},
    };
    const error = templateErrorOf(() => compileJsonPath('{.items[9]}{"\\n"}')(object));
    expect(error).toMatchObject({ stage: 'execute', reason: 'array index out of bounds: index 9, length 3' });
    expect(error?.message).toBe(
      String.raw`error executing jsonpath "{.items[9]}{\"\\n\"}": Error executing template: array index out of bounds: index 9, length 3. Printing more information for debugging the template:
	template was:
		{.items[9]}{"\n"}
	object given to jsonpath engine was:
		map[string]interface {}{"empty":map[string]interface {}{}, "items":[]interface {}{map[string]interface {}{"count":3, "name":"é\"\t\x1b\u202e😀\U000e0001"}, interface {}(nil), true}, "load":2.00000005e+07, "ratio":1.5}


`,
    );
  });

  test('a missing key, where it is not allowed', () => {
    expect(templateErrorOf(() => strict('{.metadata.uid}')({ metadata: {} }))?.reason).toBe('uid is not found');
    expect(strict('{.items[*].metadata.uid}')({ items: [] })).toBe('');
    // The body of an empty range runs over nothing, in which every key is missing.
    expect(templateErrorOf(() => strict('{range .items[*]}{.uid}{end}')({ items: [] }))?.reason).toBe(
      'uid is not found',
    );
  });
});

describe('values', () => {
  test('what JavaScript objects inherit is no key', () => {
    expect(print('{.constructor}{.__proto__}{.toString}{.a.length}', { a: [] })).toBe('');
    const hostile: unknown = JSON.parse('{"__proto__":"a","constructor":"b"}');
    expect(print('{.__proto__}{.constructor} {@}', hostile)).toBe('ab {"__proto__":"a","constructor":"b"}');
  });

  test('a key without a value is no key', () => {
    expect(print('{.uid}{@}', { uid: undefined, name: 'a' })).toBe('{"name":"a"}');
  });

  test('keys are sorted by bytes, numbers as text', () => {
    expect(print('{@}', { '\uFFFD': 1, '\u{1F600}': 2, é: 3, z: 4, '10': 5, '9': 6 })).toBe(
      '{"10":5,"9":6,"z":4,"é":3,"\uFFFD":1,"\u{1F600}":2}',
    );
  });

  test('null is a value in an object, and none in a range', () => {
    expect(print('{.a}|{.a.b}|{range .list[*]}{@};{end}', { a: null, list: [null, 1] })).toBe('null||<no value>;1;');
  });

  test('half a surrogate pair prints as Go has read it', () => {
    expect(print('{@}', ['a\uD800b'])).toBe('["a\uFFFDb"]');
  });

  test('an index into nothing prints nothing, where kubectl crashes', () => {
    expect(print('{range .items[*]}{[0]}{end}', { items: [] })).toBe('');
  });
});

describe('properties', () => {
  const pieces = [
    ...'{}[]()?@.$*\'"\\,:-+019ab \t\n=<>!é'.split(''),
    '{range ',
    '{end}',
    '[?(@.',
    ')]',
    '..',
    '[*]',
    '{.',
    '.a',
  ];
  const templates = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 30 }).map((some) => some.join(''));
  const objects = fc.object({ key: fc.constantFrom('a', 'b', 'items', '__proto__'), maxDepth: 3 });

  test('only ever throws its own error, and prints the same twice', () => {
    fc.assert(
      fc.property(templates, objects, (template, object) => {
        expect(outcome(template, object)).toBe(outcome(template, object));
      }),
      { numRuns: 1000 },
    );
  });

  test('whole objects are their own JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const object = { value };
        expect(JSON.parse(compileJsonPath('{@}')(object))).toEqual(JSON.parse(JSON.stringify(object)));
        expect(JSON.parse(compileJsonPathAsJson('{@}')(object))).toEqual([JSON.parse(JSON.stringify(object))]);
      }),
    );
  });
});

test('prints 10,000 profiles in well under a second', () => {
  const items = Array.from({ length: 10_000 }, (_, index) => dialectProfiles[index % dialectProfiles.length]);
  const printAll = compileJsonPath(
    String.raw`{range .items[*]}{.metadata.name}{"\t"}{.status.conditions[?(@.type=="Joined")].status}{"\n"}{end}`,
  );
  let text = '';
  expect(cpuTimeOf(() => (text = printAll({ items })))).toBeLessThan(1000);
  expect(text.split('\n')).toHaveLength(10_001);
});
