import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDocuments } from '../../src/documents/yaml-in.ts';
import { run } from '../support/run.ts';
import { sharedData } from '../support/paths.ts';

/**
 * KubeFleet and OCM write ClusterProfiles themselves. For their own objects `--compat` writes the same, and without it
 * everything they write is still in there. The cases, the expected objects and the rules of comparison (numbered below)
 * come with the shared data.
 */
const systems = ['kubefleet', 'ocm'];
const missing = systems.map((system) => join(sharedData, system, 'cases.yaml')).filter((path) => !existsSync(path));

interface Case {
  id: string;
  input: string;
  asOf: string;
  heartbeatTimeoutSeconds?: number;
  expected?: string;
  expectedAfterPR849?: string;
  expectNone?: boolean;
}

interface Cases {
  defaults: { namespace?: string };
  cases: Case[];
}

type Json = Record<string, unknown>;

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

const documentsOf = (path: string): unknown[] => parseDocuments(readFileSync(path, 'utf8'), path);

/** Rule 2: what every hub sets anew. */
const ignored = new Set([
  'metadata.uid',
  'metadata.resourceVersion',
  'metadata.generation',
  'metadata.creationTimestamp',
  'metadata.managedFields',
  'metadata.finalizers',
  'metadata.annotations',
  'status.conditions.*.lastTransitionTime',
  'status.conditions.*.observedGeneration',
]);

/** Rule 1: these lists are keyed, whatever their order. */
const listKeys: Record<string, string> = {
  'status.conditions': 'type',
  'status.properties': 'name',
  'status.accessProviders': 'name',
  'status.accessProviders.*.cluster.extensions': 'name',
};

/** An object with its keyed lists as maps, without what is ignored, and without null, {} and [] (rule 3). */
function normal(value: unknown, path = ''): unknown {
  if (value === null || value === undefined || ignored.has(path)) return undefined;
  const key = listKeys[path];
  if (Array.isArray(value)) {
    if (value.length === 0) return undefined;
    if (!key) return value.map((item) => normal(item, `${path}.*`));
    const names = value.map((item) => String((item as Json)[key]));
    expect(new Set(names).size, `${path} has every ${key} once`).toBe(names.length);
    return Object.fromEntries(value.map((item) => [String((item as Json)[key]), normal(item, `${path}.*`)]));
  }
  if (!isMap(value)) return value;
  const entries = Object.entries(value)
    .map(([name, inner]) => [name, normal(inner, path === '' ? name : `${path}.${name}`)])
    .filter(([, inner]) => inner !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Rule 1: profiles by namespace and name. */
function byName(documents: unknown[]): Json {
  const entries = documents.map((document) => {
    const { metadata } = document as { metadata: { namespace?: string; name: string } };
    return [`${metadata.namespace}/${metadata.name}`, normal(document)] as const;
  });
  expect(new Set(entries.map(([name]) => name)).size).toBe(entries.length);
  return Object.fromEntries(entries);
}

const caKey = 'certificate-authority-data';

/** Of what a system's own controller writes, what the default takes for read: a CA that is no certificate is not. */
const withoutUnread = (expected: Json): Json =>
  JSON.parse(
    JSON.stringify(expected, (key, value: unknown) =>
      key === caKey && !Buffer.from(String(value), 'base64').toString().includes('BEGIN CERTIFICATE')
        ? undefined
        : value,
    ),
  ) as Json;

async function imported(system: string, each: Case, { namespace }: Cases['defaults'], mode: string[]): Promise<Json> {
  const timeout = each.heartbeatTimeoutSeconds;
  const { out, err, code } = await run([
    'import',
    system,
    '-f',
    join(sharedData, system, each.input),
    ...(namespace ? ['-n', namespace] : []),
    ...mode,
    '--as-of',
    each.asOf,
    ...(timeout === undefined ? [] : ['--heartbeat-timeout', `${timeout}s`]),
    '-o',
    'yaml',
  ]);
  const said = err.replaceAll(/^(warning|note): .*\n/gm, '');
  const unread = said.match(/^error: .*: its CA is not a PEM certificate, not read\n/gm) ?? [];
  expect({ code, said }).toEqual({ code: unread.length > 0 && mode.length === 0 ? 4 : 0, said: unread.join('') });
  return byName(parseDocuments(out, 'stdout'));
}

if (missing.length > 0) {
  const reason = `the shared data is not here: ${missing.join(', ')}`;
  it.skipIf(process.env['CI'] !== 'true')('compares with the shared data', () => {
    expect.fail(reason);
  });
  if (process.env['CI'] !== 'true') console.warn(`compat.test.ts is skipped: ${reason}`);
} else {
  for (const system of systems) {
    const [{ defaults, cases }] = documentsOf(join(sharedData, system, 'cases.yaml')) as [Cases];
    const expectedOf = (file: string | undefined): Json | undefined =>
      file === undefined ? undefined : byName(documentsOf(join(sharedData, system, file)));

    describe(system, () => {
      it.each(cases)('$id: --compat writes the same', async (each) => {
        const actual = await imported(system, each, defaults, ['--compat']);
        if (each.expectNone) {
          expect(actual).toEqual({});
          return;
        }
        // Rule 5: either version of KubeFleet, where they differ; the newer one is meant.
        expect(actual).toEqual(expectedOf(each.expectedAfterPR849 ?? each.expected));
      });

      it.each(cases.filter(({ expectNone }) => !expectNone))('$id: the default has all of it', async (each) => {
        const actual = await imported(system, each, defaults, []);
        expect(actual).toMatchObject(withoutUnread(expectedOf(each.expectedAfterPR849 ?? each.expected) ?? {}));
      });
    });
  }
}
