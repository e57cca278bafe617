import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratch } from '../support/paths.ts';
import { run } from '../support/run.ts';
import { writeScratch, written } from '../support/written.ts';

const yaml = `# The shop's clusters.
apiVersion: "multicluster.x-k8s.io/v1alpha1" # since 2025
kind: ClusterProfile
metadata: {name: tokyo, namespace: shop}
spec: {clusterManager: {name: shop-fleet}}
status:
  # How it is reached.
  credentialProviders: # one
  - name: google
    cluster: {server: 'https://tokyo.example.com'}   # by the gateway
---
# multicluster.x-k8s.io/v1alpha1 is said here too.
apiVersion: v1
kind: ConfigMap
metadata: {name: notes}
data: {text: "multicluster.x-k8s.io/v1alpha1, credentialProviders"}
---
kind: List
apiVersion: v1
items:
  - kind: ClusterProfile
    apiVersion:   multicluster.x-k8s.io/v1alpha1
    metadata: {name: oslo}
    spec: {clusterManager: {name: shop-fleet}}
  - {apiVersion: multicluster.x-k8s.io/v1alpha1, kind: PlacementDecision, metadata: {name: web}, decisions: []}
`;

const migrated = yaml
  .replace('"multicluster.x-k8s.io/v1alpha1" # since', '"multicluster.x-k8s.io/v1alpha2" # since')
  .replace('  credentialProviders: #', '  accessProviders: #')
  .replace('apiVersion:   multicluster.x-k8s.io/v1alpha1', 'apiVersion:   multicluster.x-k8s.io/v1alpha2')
  .replace('{apiVersion: multicluster.x-k8s.io/v1alpha1', '{apiVersion: multicluster.x-k8s.io/v1alpha2');

it('changes the words and nothing else, and nothing a second time', async () => {
  const file = writeScratch('fleet.yaml', yaml);
  const differs = await run(['migrate', '-f', file, '--diff']);
  expect(differs).toMatchObject({ code: 1, err: '' });
  expect(differs.out.split('\n').filter((line) => /^[-+]/.test(line))).toEqual([
    `--- ${file}`,
    `+++ ${file}`,
    '-apiVersion: "multicluster.x-k8s.io/v1alpha1" # since 2025',
    '+apiVersion: "multicluster.x-k8s.io/v1alpha2" # since 2025',
    '-  credentialProviders: # one',
    '+  accessProviders: # one',
    '-    apiVersion:   multicluster.x-k8s.io/v1alpha1',
    '+    apiVersion:   multicluster.x-k8s.io/v1alpha2',
    '-  - {apiVersion: multicluster.x-k8s.io/v1alpha1, kind: PlacementDecision, metadata: {name: web}, decisions: []}',
    '+  - {apiVersion: multicluster.x-k8s.io/v1alpha2, kind: PlacementDecision, metadata: {name: web}, decisions: []}',
  ]);
  expect(readFileSync(file, 'utf8')).toBe(yaml);
  expect(await run(['migrate', '-f', file])).toEqual({ code: 0, out: `${file} migrated\n`, err: '' });
  expect(readFileSync(file, 'utf8')).toBe(migrated);
  const again = { code: 0, out: '', err: 'note: nothing of multicluster.x-k8s.io/v1alpha1 is there\n' };
  expect(await run(['migrate', '-f', file])).toEqual(again);
});

it.each([
  ['CRLF', yaml.replaceAll('\n', '\r\n'), migrated.replaceAll('\n', '\r\n')],
  ['a byte order mark', `\ufeff${yaml}`, `\ufeff${migrated}`],
  [
    'JSON in lines',
    `${JSON.stringify(written('tokyo', 'shop'))}\n${JSON.stringify(written('oslo', 'shop'))}\n`,
    `${JSON.stringify(written('tokyo', 'shop'))}\n${JSON.stringify(written('oslo', 'shop'))}\n`.replaceAll(
      'multicluster.x-k8s.io/v1alpha1',
      'multicluster.x-k8s.io/v1alpha2',
    ),
  ],
])('keeps %s', async (_what, before, after) => {
  const file = writeScratch('fleet.yaml', before);
  expect(await run(['migrate', '-f', file])).toMatchObject({ code: 0, err: '' });
  expect(readFileSync(file, 'utf8')).toBe(after);
});

it('says what it cannot rewrite, and rewrites the rest', async () => {
  const provider = [{ name: 'google', cluster: { server: 'https://tokyo.example.com' } }];
  const both = written('tokyo', 'shop', { status: { credentialProviders: provider } });
  const file = writeScratch('fleet.json', [both, written('oslo', 'shop')]);
  const alias = writeScratch(
    'alias.yaml',
    'x: &v multicluster.x-k8s.io/v1alpha1\napiVersion: *v\nkind: ClusterProfile\nmetadata: {name: bergen}\n',
  );
  const broken = writeScratch('broken.yaml', 'a: [multicluster.x-k8s.io/v1alpha1\nb: c\n');
  const ran = await run(['migrate', '-f', file, '-f', alias, '-f', broken]);
  expect(ran).toMatchObject({ code: 4, out: `${file} migrated\n` });
  const [first, second, third] = ran.err.split('\n');
  expect(first).toContain('it has accessProviders and credentialProviders: make one list of them');
  expect(second).toMatch(/alias\.yaml.*: its apiVersion is not written out where it stands$/);
  expect(third).toMatch(/^error: not migrated: .*broken\.yaml: /);
  const [kept, changed] = readFileSync(file, 'utf8').split('\n');
  expect(kept).toContain('/v1alpha1');
  expect(changed).toContain('/v1alpha2');
});

it('makes of every profile one that v1alpha2 takes', async () => {
  const file = writeScratch('fleet.json', [written('tokyo', 'shop')]);
  await run(['migrate', '-f', file]);
  expect(await run(['validate', '-f', file, '--target', 'v1alpha2', '--strict'])).toMatchObject({ code: 0 });
  expect(await run(['migrate', '-f', join(scratch(), 'nothing')])).toMatchObject({ code: 3 });
  expect(await run(['migrate'])).toMatchObject({ code: 2 });
});

it.each([
  ['v1alpha1', [['v1alpha1', true]]],
  [
    'v1alpha1,v1alpha2',
    [
      ['v1alpha1', true],
      ['v1alpha2', false],
    ],
  ],
  ['v1alpha2', [['v1alpha2', true]]],
])('prints the CRD with %s', async (versions, expected) => {
  const { out, code } = await run(['crd', 'print', '-o', 'json', '--versions', versions]);
  const { spec } = JSON.parse(out) as { spec: { versions: { name: string; storage: boolean }[] } };
  expect(code).toBe(0);
  expect(spec.versions.map(({ name, storage }) => [name, storage])).toEqual(expected);
  expect(await run(['crd', 'print', '--versions', 'v1beta1'])).toMatchObject({ code: 2 });
});

it('is no difference in a directory, which keeps the version that its files have', async () => {
  const directory = scratch();
  const target = ['--inventory', directory];
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'tokyo', cluster: { server: 'https://a.example.com' } }],
  };
  const source = writeScratch('config.json', JSON.stringify(config));
  const imported = ['import', 'kubeconfig', '-f', source, ...target];
  expect(await run([...imported, '--apply'])).toMatchObject({ code: 0 });
  const older = await run(['list', '-o', 'json', 'tokyo', ...target]);
  expect(await run(['migrate', '-f', directory])).toMatchObject({ code: 0 });
  expect(await run([...imported, '--diff'])).toEqual({ code: 0, out: '', err: '' });
  const given = writeScratch('older.json', older.out);
  expect(await run(['diff', '-f', given, ...target])).toEqual({ code: 0, out: '', err: '' });
  const moved = { ...config, clusters: [{ name: 'tokyo', cluster: { server: 'https://b.example.com' } }] };
  const [, , , ...rest] = imported;
  const again = ['import', 'kubeconfig', '-f', writeScratch('config.json', JSON.stringify(moved)), ...rest.slice(1)];
  expect((await run([...again, '--apply'])).out).toContain('configured');
  expect((await run(['list', 'tokyo', '-o', 'yaml', ...target])).out).toMatch(/^apiVersion: \S+\/v1alpha2$/m);
});

it('names files of a directory that may hold profiles and are not read', async () => {
  const at = scratch();
  writeFileSync(join(at, 'fleet.ndjson'), '{"apiVersion":"multicluster.x-k8s.io/v1alpha1","kind":"ClusterProfile"}\n');
  writeFileSync(join(at, 'notes.txt'), 'kind: nothing of Kubernetes\n');
  writeFileSync(join(at, 'a.yaml'), yaml);
  const reason = 'it is not read, its name does not end in .yaml, .yml or .json';
  expect(await run(['migrate', '-f', at])).toEqual({
    code: 4,
    out: `${join(at, 'a.yaml')} migrated\n`,
    err: `error: not migrated: ${join(at, 'fleet.ndjson')}: ${reason}\n`,
  });
});

it('reads UTF-16 as PowerShell writes it', async () => {
  const file = writeScratch('fleet.yaml', '');
  writeFileSync(file, Buffer.from(`\uFEFF${yaml}`, 'utf16le'));
  expect(await run(['migrate', '-f', file])).toMatchObject({ code: 0 });
  expect(readFileSync(file, 'utf8')).toBe(migrated);
});
