import fc from 'fast-check';
import { parseDocuments } from '../../../src/documents/yaml-in.ts';

/** The field that an edit changes. */
const old = 'server: https://old.example.test';

/** One document as somebody may have written it; those without content are not counted. */
const comment = fc.constantFrom('# kept', '# --- kept', '#', '# a: b', "# 'quoted");
const blankLines = fc.constantFrom('', '', '\n', '\n\n');
const entry = fc.constantFrom(
  'a: 1',
  'list:\n- x # first\n- y',
  'list:\n  - x\n  # between\n  - {k: v}',
  'text: |\n  one\n  ---\n  # no comment\n  two',
  'text: |+\n  kept\n\n',
  'text: >-\n  folded\n  ...\n\n  again',
  'text: |2\n    indented\n  less',
  'quoted: "--- # \\" x"',
  "single: 'it''s'",
  'long: plain\n  and more',
  'flow: {a: [1, 2], "b": null}',
  'flow: [\n  a, # one\n  b\n  ]',
  'null-value:',
  'octal: 017',
  'yes: no',
  '? complex\n: value',
  '"quoted key": 1',
  'map:\n  # inside\n  inner: 1   # aligned\n\n  other: 2',
);
const distinct = (lines: readonly string[]): string[] => [
  ...new Map(lines.map((line) => [/^(?:\? )?("[^"]*"|[\w-]+)/.exec(line)?.[1] ?? '', line])).values(),
];
const filled = fc
  .tuple(fc.array(entry, { maxLength: 5 }), fc.option(comment, { nil: undefined }), blankLines)
  .map(([entries, note, blank]) => [...(note ? [note] : []), ...distinct([...entries, old]), blank].join('\n'));
const json = fc.constantFrom('{"server": "https://old.example.test", "n": [1, {"a": null}]}', `{${old}, k: [a, b]}`);
const empty = fc.constantFrom('', '# nothing here\n', '\n', 'null\n', '~ # nothing\n');
const body = fc.oneof({ weight: 4, arbitrary: filled }, json, empty);
const mark = fc.constantFrom(
  '---\n',
  '---\n',
  '--- # next\n',
  '...\n---\n',
  '... # end\n# between\n---\n',
  '...\n%YAML 1.1\n---\n',
  '---   \n\n',
);
const head = fc.constantFrom('', '', '\ufeff', '# top\n', '---\n', '# top\n\n---\n', '%YAML 1.1\n---\n', '\n');
const tail = fc.constantFrom(
  '',
  '\n',
  '\n---\n',
  '\n...\n',
  '\n# the end',
  '\n---\n---\n# the end\n',
  '\n...\n# the end\n',
);
const yamlFile = fc
  .tuple(head, fc.array(fc.tuple(body, mark), { maxLength: 4 }), body, tail, fc.boolean())
  .map(([first, documents, last, end, crlf]) => {
    const text =
      first + documents.map(([each, between]) => `${each.replace(/\n?$/, '\n')}${between}`).join('') + last + end;
    return crlf ? text.replaceAll('\n', '\r\n') : text;
  });
const jsonStream = fc
  .array(fc.constantFrom('{"a": 1}', '{\n  "server": "x",\n  "list": [1]\n}', '{"text": "--- }"}'), {
    minLength: 1,
    maxLength: 4,
  })
  .chain((values) => fc.constantFrom('\n', '\r\n', '\n---\n', ' ').map((between) => values.join(between)));

export const isReadable = (text: string): boolean => {
  try {
    return parseDocuments(text, 'fleet.yaml').length > 0;
  } catch {
    return false;
  }
};
export const commentsOf = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .filter((line) => /^\s*#/.test(line))
    .map((line) => line.trim());
export const marksOf = (text: string): string[] => text.split(/\r?\n/).filter((line) => /^(?:---|\.\.\.|%)/.test(line));

/** A readable file, the number of one of its documents, and what the edit gives it. */
export const editing = fc
  .tuple(fc.oneof({ weight: 5, arbitrary: yamlFile }, jsonStream).filter(isReadable), fc.nat())
  .map(([text, any]) => ({ text, number: (any % parseDocuments(text, 'fleet.yaml').length) + 1 }));
/** What an edit may give to a map. */
export const newFields = fc.dictionary(
  fc.constantFrom('server', 'text', 'list', 'a', 'map', 'new', 'yes', 'octal'),
  fc.oneof(
    fc.constantFrom<unknown>(
      'https://new.example.test',
      'line\n---\nline\n',
      '- a',
      'yes',
      '017',
      null,
      true,
      1.5,
      [],
      {},
    ),
    fc.array(fc.constantFrom('x', 'y # z', '')),
    fc.dictionary(fc.constantFrom('inner', 'b c'), fc.constantFrom('1', '\n')),
  ),
  { maxKeys: 4 },
);
