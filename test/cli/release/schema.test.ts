import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { fixtures, root, scratch } from '../../support/paths.ts';
import { run } from '../../support/run.ts';
import { writeProviders, written } from '../../support/written.ts';

const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const ajv = new Ajv({ strict: true, strictTypes: false, formats: { 'date-time': dateTime } });

async function compile(...words: string[]): Promise<ValidateFunction> {
  const { out, err, code } = await run(['schema', ...words]);
  expect([err, code]).toEqual(['', 0]);
  return ajv.compile(JSON.parse(out) as object);
}

/** Every file of that name below the fixtures. */
const filesOf = (pattern: RegExp): string[] =>
  readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
    .filter((file) => pattern.test(file))
    .map((file) => join(fixtures, file));

describe('schema', () => {
  it('takes every ClusterProfile that an import prints, in its version and in both', async () => {
    const [both, first] = [await compile('clusterprofile'), await compile('clusterprofile', '--version', 'v1alpha1')];
    const files = filesOf(/clusterprofiles\.yaml$/);
    expect(files.length).toBeGreaterThan(100);
    for (const file of files)
      for (const document of parseAllDocuments(readFileSync(file, 'utf8'))) {
        const object: unknown = document.toJS();
        if (object === null) continue;
        for (const validate of [both, first])
          expect([file, validate(object), validate.errors]).toEqual([file, true, null]);
      }
  });

  it.each([
    ['no manager', { spec: { displayName: 'oslo', clusterManager: undefined } }],
    ['an unknown field', { spec: { region: 'eu' } }],
    ['a number for a text', { spec: { displayName: 7 } }],
    ['an unknown version', { apiVersion: 'multicluster.x-k8s.io/v9' }],
    ['another kind', { kind: 'Cluster' }],
    ['a name that is none', { metadata: { name: 'Oslo_1' } }],
    [
      'a time that is none',
      { status: { conditions: [{ type: 'Joined', status: 'True', lastTransitionTime: 'now' }] } },
    ],
  ])('refuses %s', async (_name, patch) => {
    const validate = await compile('clusterprofile');
    expect(validate(JSON.parse(JSON.stringify(written('oslo', 'fleet'))))).toBe(true);
    expect(validate(JSON.parse(JSON.stringify(written('oslo', 'fleet', patch))))).toBe(false);
  });

  it('tells the versions apart: v1alpha2 has no credentialProviders', async () => {
    const validate = await compile('clusterprofile');
    const status = { credentialProviders: [{ name: 'google' }], accessProviders: undefined };
    const older = JSON.parse(JSON.stringify(written('oslo', 'fleet', { status }))) as object;
    expect(validate(older)).toBe(true);
    expect(validate({ ...older, apiVersion: 'multicluster.x-k8s.io/v1alpha2' })).toBe(false);
    expect((await compile('clusterprofile', '--version', 'v1alpha2'))(older)).toBe(false);
  });

  it('takes the provider files and placement decisions of the fixtures', async () => {
    const [providers, decisions] = [await compile('provider-file'), await compile('placementdecision')];
    for (const file of [writeProviders(), ...filesOf(/providers\.json$/)]) {
      const content = parse(readFileSync(file, 'utf8')) as object;
      expect([file, providers(content), providers.errors]).toEqual([file, true, null]);
    }
    expect(providers({ providers: [{ name: 'google' }] })).toBe(false);
    const decision = {
      apiVersion: 'multicluster.x-k8s.io/v1alpha1',
      kind: 'PlacementDecision',
      metadata: { name: 'web' },
    };
    expect(decisions({ ...decision, decisions: [{ clusterProfileRef: { name: 'oslo' } }] })).toBe(true);
    expect(decisions(decision)).toBe(false);
  });

  it('is told to editors by --schema-comment: in YAML that is printed, and in new files alone', async () => {
    const input = join(fixtures, 'kubeconfig', 'token-user-and-ca', 'import.yaml');
    const words = [
      'import',
      'kubeconfig',
      '-f',
      input,
      '-q',
      '-n',
      'fleet',
      '--schema-comment',
      'https://example.com/s.json',
    ];
    const line = '# yaml-language-server: $schema=https://example.com/s.json\n';
    const printed = await run(words);
    expect(printed.out.startsWith(`${line}apiVersion: `)).toBe(true);
    expect((await run([...words, '-o', 'json'])).out.startsWith('{')).toBe(true);
    const directory = scratch();
    expect(await run([...words, '--output-dir', directory])).toMatchObject({ code: 0 });
    const file = join(directory, 'fleet', 'prod-us.yaml');
    const text = readFileSync(file, 'utf8');
    expect(text.startsWith(`${line}apiVersion: `)).toBe(true);
    writeFileSync(file, text.slice(line.length).replace('displayName: prod-us', 'displayName: other'));
    expect(await run([...words, '--output-dir', directory])).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).toBe(text.slice(line.length));
    expect(await run([...words.slice(0, -1), 'a\nb: c'])).toMatchObject({ code: 2, out: '' });
  });

  it('names what there is a schema of', async () => {
    expect(await run(['schema', 'cluster'])).toEqual({
      code: 2,
      out: '',
      err: 'error: no schema of "cluster"\nhint: there are clusterprofile, placementdecision and provider-file\n',
    });
    expect(await run(['schema', 'provider-file', '--version', 'v1alpha1'])).toMatchObject({ code: 2 });
    expect(readFileSync(join(root, 'docs', 'reference', 'commands', 'schema.md'), 'utf8')).toContain('provider-file');
  });
});
