import { describe, expect, it } from 'vitest';
import { lint, type Finding } from '../../../src/lint/index.ts';
import { splitDocuments, locate } from '../../../src/lint/source.ts';
import { noReason, now, oslo, profile, yamlOf } from '../../support/profiles.ts';
import { lineOf } from '../../support/text.ts';

async function located(text: string): Promise<Finding[]> {
  const documents = splitDocuments(text, 'fleet.yaml');
  return locate(lint(documents, { now }).findings, documents);
}

const places = async (text: string): Promise<string[]> =>
  (await located(text)).map(
    ({ id, line, column, document, item }) =>
      `${id} ${document}${item === undefined ? '' : `.${item}`} ${line}:${column}`,
  );

const unnamed = (line: string): string => yamlOf(profile()).replace('    name: shop-fleet\n', line);

describe('positions', () => {
  it('are those of the key, or of what should hold it', async () => {
    const text = yamlOf(noReason);
    expect(await places(text)).toEqual([`CP071 1 ${lineOf(text, 'reason: ""')}:5`]);
    expect(await places(unnamed('    {}\n').replace('clusterManager:\n    {}', 'clusterManager: {}'))).toEqual([
      `CP020 1 ${lineOf(yamlOf(profile()), 'clusterManager:')}:3`,
    ]);
  });

  it('count from the top of the file, in every document of a stream', async () => {
    const text = `# a fleet\n---\n${yamlOf(profile())}---\n# nothing\n--- # more\n${yamlOf(oslo({ kind: 'Clusterprofile' }))}...\n${yamlOf(noReason)}`;
    expect(await places(text)).toEqual([
      `CP005 2 ${lineOf(text, 'kind: Clusterprofile')}:1`,
      `CP120 3 ${lineOf(text, 'name: tokyo', 1)}:3`,
      `CP071 3 ${lineOf(text, 'reason: ""')}:5`,
    ]);
  });

  it('are found in Lists of any style', async () => {
    const list = yamlOf({
      apiVersion: 'v1',
      kind: 'List',
      items: [profile(), oslo({ spec: { displayName: 'Tokyo' } })],
    });
    const line = lineOf(list, 'displayName: Tokyo', 1);
    expect(await places(list)).toEqual([`CP131 1.2 ${line}:5`]);
    const indented = list.replaceAll(/^(?=[- ])/gm, '    ');
    expect(await places(indented)).toEqual([`CP131 1.2 ${line}:9`]);
    const json = JSON.stringify(
      { apiVersion: 'v1', kind: 'List', items: [profile(), oslo({ spec: { displayName: 'Tokyo' } })] },
      undefined,
      1,
    );
    expect(await places(json)).toEqual([`CP131 1.2 ${lineOf(json, '"displayName"', 1)}:5`]);
  });

  it('are right with CRLF, a byte order mark and directives', async () => {
    const text = yamlOf(noReason);
    const line = lineOf(text, 'reason: ""');
    expect(await places(text.replaceAll('\n', '\r\n'))).toEqual([`CP071 1 ${line}:5`]);
    expect(await places(`\ufeff${text}`)).toEqual([`CP071 1 ${line}:5`]);
    expect(await places(`%YAML 1.2\n---\n${text}`)).toEqual([`CP071 1 ${line + 2}:5`]);
  });

  it('follow aliases', async () => {
    const text = yamlOf(profile())
      .replace('spec:\n', 'spec: &spec\n')
      .replace('displayName: Tokyo', 'displayName: "To\\u001bkyo"');
    const twin = yamlOf(profile({ metadata: { name: 'kyoto' } }));
    expect((await places(text))[0]).toBe(`CP028 1 ${lineOf(text, 'displayName')}:3`);
    expect(await places(twin)).toEqual([]);
  });
});

describe('broken input', () => {
  it('is one finding, and the other documents are still checked', async () => {
    const text = `${yamlOf(profile())}---\nkind: [\n---\n${yamlOf(oslo({ spec: { displayName: 'Tokyo' } }))}`;
    const broken = lineOf(text, 'kind: [');
    expect(await places(text)).toEqual([
      `CP001 2 ${broken + 1}:1`,
      `CP131 3 ${lineOf(text, 'displayName: Tokyo', 1)}:3`,
    ]);
  });

  it('has a place for duplicate keys, in YAML and JSON', async () => {
    expect(await places('a: 1\nb: 2\na: 3\n')).toEqual(['CP001 1 3:1']);
    expect(await places('{\n "a": {"b": "}"},\n "c": [{"b": 1}],\n "a": 2\n}')).toEqual(['CP001 1 4:2']);
  });

  it.each([['{"a": '], ['a: b: c'], ['\t- x'], ['&a [*a]'], ['a: *b'], ['"'], ['__proto__: 1'], ['['.repeat(500)]])(
    '%j has one finding',
    async (text) => {
      const [finding, ...others] = await located(text);
      expect(finding).toMatchObject({ id: 'CP001', document: 1, severity: 'error' });
      expect(others).toEqual([]);
    },
  );
});
