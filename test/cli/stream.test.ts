import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeOrigin, readDocumentObjects } from '../../src/documents/objects.ts';
import { parseDocuments } from '../../src/documents/yaml-in.ts';
import { scratch } from '../support/paths.ts';
import { run } from '../support/run.ts';

const profile = (name: string, displayName = name): object => ({
  apiVersion: 'multicluster.x-k8s.io/v1alpha1',
  kind: 'ClusterProfile',
  metadata: { name, namespace: 'fleet' },
  spec: { displayName, clusterManager: { name: 'platform' } },
});
const lines = (...profiles: object[]): string => profiles.map((each) => `${JSON.stringify(each)}\n`).join('');

describe('a JSON stream', () => {
  it('is what -o ndjson prints, and input again', async () => {
    const input = lines(profile('a'), profile('b'));
    const listed = await run(['list', '-f', '-', '-o', 'ndjson'], { stdin: input });
    expect(listed).toEqual({ code: 0, out: input, err: '' });
    const { out } = await run(['validate', '-f', '-'], { stdin: input });
    const warning = (at: string, name: string): string =>
      `standard input:${at}: warning CP023: label x-k8s.io/cluster-manager is missing (fleet/${name} .metadata.labels["x-k8s.io/cluster-manager"]); add it with the value "platform"\n`;
    expect(out).toBe(warning('1:72', 'a') + warning('2:72', 'b'));
  });

  it('keeps its other values when one is edited or taken out of a directory', async () => {
    const directory = scratch();
    const file = join(directory, 'all.json');
    writeFileSync(file, lines(profile('a'), profile('b'), profile('c')));
    const changed = join(scratch(), 'b.json');
    writeFileSync(changed, JSON.stringify(profile('b', 'Berlin')));
    expect(await run(['apply', '-f', changed, '--inventory', directory, '-q'])).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).toBe(lines(profile('a'), profile('b', 'Berlin'), profile('c')));
    const remove = ['delete', '-n', 'fleet', '--inventory', directory, '--any-manager', '-q'];
    expect(await run([...remove, 'a'])).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).toBe(lines(profile('b', 'Berlin'), profile('c')));
    expect(await run([...remove, 'b', 'c'])).toMatchObject({ code: 0 });
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is an error with its place where one of the values is broken', () => {
    expect(() => parseDocuments('{"a": 1}\n{"b": }', 'dump')).toThrow(/^dump:2:1: not valid YAML: /);
  });
});

describe('lists in lists', () => {
  const inner = {
    apiVersion: 'v1',
    kind: 'List',
    items: [profile('a'), { apiVersion: 'v1', kind: 'List', items: [profile('b')] }],
  };
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [profile('x'), inner] });

  it('count as their items at every depth, each with its place', () => {
    expect([...readDocumentObjects(text, 'dump')].map(({ origin }) => describeOrigin(origin))).toEqual([
      'dump, document 1, item 1',
      'dump, document 1, item 2, item 1',
      'dump, document 1, item 2, item 2, item 1',
    ]);
  });

  it('are edited where they stand, and validated with lines', async () => {
    const directory = scratch();
    writeFileSync(join(directory, 'list.json'), text);
    const changed = join(scratch(), 'b.json');
    writeFileSync(changed, JSON.stringify(profile('b', 'Berlin')));
    expect(await run(['apply', '-f', changed, '--inventory', directory, '-q'])).toMatchObject({ code: 0 });
    expect(readFileSync(join(directory, 'list.json'), 'utf8').trimEnd()).toBe(
      text.replace('"displayName":"b"', '"displayName":"Berlin"'),
    );
    mkdirSync(join(directory, 'yaml'));
    const file = join(directory, 'yaml', 'list.yaml');
    writeFileSync(
      file,
      'kind: List\nitems:\n- kind: List\n  items:\n  - apiVersion: multicluster.x-k8s.io/v1alpha1\n    kind: ClusterProfile\n    metadata: {name: a, namespace: fleet}\n    spec:\n      displayName: 5\n      clusterManager: {name: m}\n',
    );
    const { out } = await run(['validate', '-f', file]);
    expect(out).toContain(`${file}:9:7: error CP006: displayName must be a string, YAML reads this as a number`);
  });
});

describe('merge keys of YAML', () => {
  it.each([
    ['a text', 'a: {<<: x}', 'dump: the merge key << takes a map or a list of maps'],
    ['a list with a text', 'a: {<<: [x]}', 'dump: the merge key << takes a map or a list of maps'],
    ['numbers of JSON', 'a: .inf', 'dump: .inf and .nan are no numbers of JSON'],
  ])('are refused with %s', (_title, text, message) => {
    expect(() => parseDocuments(text, 'dump')).toThrow(message);
  });

  it('stop at a limit, since each may bring in many keys', () => {
    const keys = Array.from({ length: 1000 }, (_, index) => `k${index}: 1`).join(', ');
    const text = `base: &b {${keys}}\n${Array.from({ length: 200 }, (_, index) => `m${index}: {<<: *b}\n`).join('')}`;
    expect(() => parseDocuments(text, 'dump')).toThrow(
      'dump: its merge keys bring in more than 100000 keys (limit against YAML bombs)',
    );
  });
});

it('takes short flags with =, as kubectl does', async () => {
  const input = lines(
    { ...profile('a'), metadata: { name: 'a', namespace: 'fleet', labels: { env: 'prod' } } },
    profile('b'),
  );
  const words = ['list', '-f=-', '-o=name', '-l=env=prod', '-q=false', '-A=true'];
  expect(await run(words, { stdin: input })).toEqual({
    code: 0,
    out: 'clusterprofile.multicluster.x-k8s.io/a\n',
    err: '',
  });
});

it.each(['table', 'wide', 'csv', 'yaml'])('lists what is no profile but by its kind, as %s', async (output) => {
  const broken = {
    apiVersion: 'multicluster.x-k8s.io/v1alpha1',
    kind: 'ClusterProfile',
    metadata: { name: 7, annotations: null },
    spec: { clusterManager: { name: 'platform' } },
    status: { conditions: [null], properties: [null, 5], accessProviders: [null, 5] },
  };
  expect(await run(['list', '-f', '-', '-o', output], { stdin: JSON.stringify(broken) })).toMatchObject({
    code: 0,
    err: '',
  });
});

it.each(['?PassWord=LEAKCANARY;x=1', '?a=b;token=LEAKCANARY', '?X-Amz-Signature=LEAKCANARY'])(
  'cuts a credential out of a server: %s',
  async (query) => {
    const cluster = {
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name: 'oslo' },
      spec: { apiEndpoint: `https://oslo.example.test/${query}` },
    };
    const { out, err } = await run(['import', 'karmada', '-f', '-'], { stdin: JSON.stringify(cluster) });
    expect(out).toContain('https://oslo.example.test');
    expect(out + err).not.toContain('LEAKCANARY');
  },
);
