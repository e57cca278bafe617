import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lint, rules, type Finding } from '../src/lint/index.ts';
import { testCases } from '../src/lint/report.ts';
import { documentsIn, locate } from '../src/lint/source.ts';
import { junit } from '../src/output/findings/junit.ts';
import { sarif } from '../src/output/findings/sarif.ts';
import { condition, now, oslo, profile, property, yamlOf } from './support/rule-cases/profiles.ts';
import { run } from './support/run.ts';

async function located(text: string): Promise<Finding[]> {
  const documents = documentsIn(text, 'fleet.yaml');
  return locate(lint(documents, { now }).findings, documents);
}

const places = async (text: string): Promise<string[]> =>
  (await located(text)).map(
    ({ id, line, column, document, item }) =>
      `${id} ${document}${item === undefined ? '' : `.${item}`} ${line}:${column}`,
  );

const unnamed = (line: string): string => yamlOf(profile()).replace('    name: shop-fleet\n', line);
const noReason = profile({
  status: { conditions: [condition('ControlPlaneHealthy'), condition('Joined', { reason: '' })] },
});

/** The line of a text that starts with this, counted from 1. */
const lineOf = (text: string, start: string, nth = 0): number =>
  text.split('\n').flatMap((line, index) => (line.trimStart().startsWith(start) ? [index + 1] : []))[nth] ?? -1;

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

/** Enough of an XML parser to tell that a text is well-formed: tags nest, attributes are quoted, no stray `<` or `&`. */
function assertXml(text: string): void {
  const tag = /<(\/?)([\w-]+)(?:\s+[\w-]+="[^"<]*")*\s*(\/?)>/g;
  const body = text.replace(/^<\?xml [^?]*\?>\s*/, '');
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, close, name = '', empty] of body.matchAll(tag)) {
    if (close && open.pop() !== name) wrong.push(name);
    if (!close && !empty) open.push(name);
  }
  expect({ open, wrong }).toEqual({ open: [], wrong: [] });
  expect(body.replaceAll(tag, '')).not.toMatch(/[<>]/);
  expect(text).not.toMatch(/&(?!(?:lt|gt|amp|quot|apos|#\d+);)/);
  // eslint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
}

describe('reporters', () => {
  const nasty = profile({
    metadata: { name: 'a<b>&"c\'\u0001', labels: { '<&"\u0007>': ']]>' } },
    spec: { '<x>\n': 1 },
    status: { properties: [property('<&\ud800>.k8s.io', 'x')] },
  });

  it('junit: a test case for each object, well-formed whatever the names are', () => {
    const documents = documentsIn(yamlOf([profile(), nasty]), 'a&b.yaml');
    const result = lint(documents, { now });
    const xml = junit(testCases(result, result.findings));
    assertXml(xml);
    expect(xml).toContain('tests="2" failures="1"');
    expect(xml).toContain('<testcase name="ClusterProfile shop/tokyo" classname="a&amp;b.yaml" file="a&amp;b.yaml"/>');
    expect(xml).toMatch(/<failure type="CP004|<failure type="CP010/);
    assertXml(junit([]));
  });

  it('sarif: what the standard and code scanning require', async () => {
    const findings = await located(yamlOf([nasty, noReason]));
    const log = JSON.parse(sarif(findings, rules)) as {
      version: string;
      $schema: string;
      runs: { tool: { driver: { name: string; rules: { id: string }[] } }; results: Record<string, any>[] }[];
    };
    expect(log).toMatchObject({ version: '2.1.0', $schema: expect.stringContaining('sarif-schema-2.1.0') as string });
    const [run] = log.runs;
    const listed = run!.tool.driver.rules.map(({ id }) => id);
    expect(run!.tool.driver.name).toBe('clusterprofile');
    expect(listed).toEqual(rules.map(({ id }) => id));
    expect(run!.results).toHaveLength(findings.length);
    for (const result of run!.results) {
      expect(listed[result['ruleIndex'] as number]).toBe(result['ruleId']);
      expect(['error', 'warning', 'note']).toContain(result['level']);
      expect(result).toMatchObject({
        message: { text: expect.any(String) as string },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'fleet.yaml' },
              region: { startLine: expect.any(Number) as number },
            },
          },
        ],
      });
    }
    const prints = run!.results.map((result) => JSON.stringify(result['partialFingerprints']));
    expect(new Set(prints).size).toBe(prints.length);
  });

  it('sarif: names files as relative URIs, and objects of a hub without one', () => {
    const [finding] = lint(documentsIn(yamlOf(noReason), './flotte/größe 1.yaml'), { now }).findings;
    expect(sarif([{ ...finding!, line: 3 }], rules)).toContain('"uri": "flotte/gr%C3%B6%C3%9Fe%201.yaml"');
    expect(sarif([{ ...finding!, file: 'hub https://hub.example.com' }], rules)).not.toContain('physicalLocation');
  });
});

const scratch = (files: Record<string, string>): string => {
  const directory = mkdtempSync(join(tmpdir(), 'clusterprofile-validate-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(directory, name, '..'), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return directory;
};

describe('clusterprofile validate', () => {
  it('says on stderr that all is well', async () => {
    const directory = scratch({
      'a.yaml': yamlOf(profile()),
      'b.json': JSON.stringify(oslo()),
      'deep/c.yaml': yamlOf(noReason),
    });
    expect(await run(['validate', '-f', directory])).toEqual({ code: 0, out: '', err: '2 ClusterProfiles valid\n' });
    const { code } = await run(['validate', '-R', '-f', directory]);
    expect(code).toBe(1);
  });

  it('prints one line a finding, and exits with 1 on errors', async () => {
    const directory = scratch({ 'tokyo.yaml': yamlOf(noReason) });
    const file = join(directory, 'tokyo.yaml');
    const line = lineOf(yamlOf(noReason), 'reason: ""');
    expect(await run(['validate', '-f', file])).toEqual({
      code: 1,
      out: `${file}:${line}:5: error CP071: reason is empty (shop/tokyo .status.conditions[1].reason)\n`,
      err: '1 error in 1 ClusterProfile\n',
    });
  });

  it('reads standard input, and shows notes only when asked', async () => {
    const stdin = yamlOf(profile({ metadata: { name: 'shop.tokyo' } }));
    const quiet = await run(['validate', '-f', '-'], { stdin });
    expect(quiet).toEqual({ code: 0, out: '', err: '1 ClusterProfile valid (1 note not shown, -v shows them)\n' });
    const verbose = await run(['validate', '-f', '-', '-v'], { stdin });
    expect(verbose).toMatchObject({ code: 0, err: '1 ClusterProfile valid\n' });
    expect(verbose.out).toMatch(/^standard input:4:3: info CP016: /);
  });

  it('--strict makes errors of warnings', async () => {
    const stdin = yamlOf(profile({ metadata: { namespace: 'default' } }));
    expect(await run(['validate', '-f', '-'], { stdin })).toMatchObject({
      code: 0,
      err: '1 warning in 1 ClusterProfile\n',
    });
    const strict = await run(['validate', '-f', '-', '--strict'], { stdin });
    expect(strict).toMatchObject({ code: 1, err: '1 error in 1 ClusterProfile\n' });
    expect(strict.out).toContain(' error CP018: ');
  });

  it('--target judges by the rules of a version', async () => {
    const stdin = yamlOf(profile({ status: { accessProviders: [{ name: 'google', cluster: { server: '' } }] } }));
    expect(await run(['validate', '-f', '-'], { stdin })).toMatchObject({ code: 0 });
    expect(await run(['validate', '-f', '-', '--target', 'v1alpha2'], { stdin })).toMatchObject({ code: 1 });
  });

  it('--against finds what may not change, in files and in a directory inventory', async () => {
    const before = scratch({ 'tokyo.yaml': yamlOf(profile()) });
    const stdin = yamlOf(
      profile({
        metadata: { labels: { 'x-k8s.io/cluster-manager': 'depot' } },
        spec: { clusterManager: { name: 'depot' } },
      }),
    );
    for (const words of [
      ['--against', before],
      ['--against', join(before, 'tokyo.yaml')],
      ['--against', 'hub', '--inventory', before],
    ]) {
      const { code, out } = await run(['validate', '-f', '-', ...words], { stdin });
      expect({ code, out }).toEqual({
        code: 1,
        out: expect.stringMatching(/^standard input:\d+:5: error CP029: /) as string,
      });
    }
  });

  it('checks an inventory, without positions', async () => {
    const directory = scratch({ 'shop/tokyo.yaml': yamlOf(noReason), 'shop/oslo.yaml': yamlOf(oslo()) });
    const { code, out, err } = await run(['validate', '--inventory', directory]);
    expect({ code, err }).toEqual({ code: 1, err: '1 error in 2 ClusterProfiles\n' });
    expect(out).toMatch(/^inventory .*: error CP071: reason is empty \(shop\/tokyo /);
  });

  it('goes on when a file cannot be read, and exits with 3', async () => {
    const directory = scratch({ 'tokyo.yaml': yamlOf(noReason) });
    const { code, out, err } = await run(['validate', '-f', join(directory, 'gone.yaml'), '-f', directory]);
    expect(code).toBe(3);
    expect(out).toContain('error CP071');
    expect(err).toMatch(/^error: cannot read .*gone\.yaml: no such file or directory\n/);
  });

  it('says what it skipped', async () => {
    const foreign = {
      apiVersion: 'config.projectsveltos.io/v1beta1',
      kind: 'ClusterProfile',
      metadata: { name: 'deploy\u001b[2J' },
    };
    const stdin = yamlOf([foreign, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } }]);
    expect(await run(['validate', '-f', '-'], { stdin })).toEqual({
      code: 0,
      out: '',
      err: 'note: standard input: ClusterProfile deploy\\u001b[2J is a kind of another API group, skipped\nnote: 1 object of other kinds skipped\nwarning: no ClusterProfile found\n',
    });
    expect(await run(['validate', '-f', '-', '-q'], { stdin })).toEqual({ code: 0, out: '', err: '' });
  });

  it.each([
    ['json', JSON.parse],
    ['sarif', JSON.parse],
    ['junit', assertXml],
  ])('-o %s prints nothing else on stdout', async (format, parse) => {
    const words = ['validate', '-f', '-', '-o', format];
    for (const [source, code] of [
      [noReason, 1],
      [profile(), 0],
    ] as const) {
      const ran = await run(words, { stdin: yamlOf(source) });
      expect(ran.code).toBe(code);
      parse(ran.out);
    }
  });

  it('-o json has the same keys each time', async () => {
    const { out } = await run(['validate', '-f', '-', '-o', 'json'], { stdin: yamlOf(noReason) });
    expect(JSON.parse(out)).toEqual([
      {
        id: 'CP071',
        severity: 'error',
        message: 'reason is empty',
        file: 'standard input',
        document: 1,
        line: lineOf(yamlOf(noReason), 'reason: ""'),
        column: 5,
        path: '.status.conditions[1].reason',
        object: 'ClusterProfile shop/tokyo',
      },
    ]);
  });

  it.each([
    [[], /what is to be validated/],
    [['fleet'], /validate -f fleet/],
    [['hub', '-f', 'x.yaml'], /exclude each other/],
    [['-f', 'x.yaml', '-o', 'xml'], /formats: text json junit sarif/],
    [['-f', 'x.yaml', '--target', 'v1'], /v1alpha1 or v1alpha2/],
    [['-f', 'x.yaml', '--as-of', 'now'], /RFC 3339/],
  ])('%j is a usage error', async (words, message) => {
    const { code, out, err } = await run(['validate', ...words]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
  });
});
