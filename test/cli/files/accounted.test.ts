import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../support/paths.ts';
import { run } from '../../support/run.ts';
import { lines } from '../../support/text.ts';
import { writeScratch, written } from '../../support/written.ts';

const unknownVersion = { ...written('oslo', 'fleet'), apiVersion: 'multicluster.x-k8s.io/v9' };
const fault = 'ClusterProfile fleet/oslo: multicluster.x-k8s.io/v9 is not read, v1alpha2 and v1alpha1 are';

/** A directory with one profile of a known version and one of an unknown one. */
function writeFleet(): string {
  const at = scratch();
  mkdirSync(join(at, 'fleet'));
  for (const object of [unknownVersion, written('tokyo', 'fleet')] as { metadata: { name: string } }[])
    writeFileSync(join(at, 'fleet', `${object.metadata.name}.yaml`), JSON.stringify(object));
  return at;
}

describe('a ClusterProfile in a version that is not known', () => {
  it('is no part of what is listed, and is said', async () => {
    const at = writeFleet();
    const partly = { code: 4, err: `error: ${fault}\n` };
    for (const from of [
      ['--inventory', at],
      ['-f', at, '-R'],
    ]) {
      const listed = await run(['list', '-A', '-o', 'name', ...from]);
      expect(listed).toEqual({ ...partly, out: 'clusterprofile.multicluster.x-k8s.io/tokyo\n' });
      expect(await run(['summary', '-A', ...from])).toMatchObject(partly);
    }
  });

  it('is not applied, not written over and not pruned', async () => {
    const at = writeFleet();
    const file = writeScratch('oslo.json', [unknownVersion]);
    expect(await run(['apply', '-f', file, '--inventory', scratch()])).toEqual({
      code: 3,
      out: '',
      err: `error: ${file}: ${fault}\n`,
    });
    const cluster = {
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name: 'oslo' },
      spec: { syncMode: 'Push', apiEndpoint: 'https://oslo.example.com' },
    };
    const source = writeScratch('karmada.json', [cluster]);
    const before = readFileSync(join(at, 'fleet', 'oslo.yaml'), 'utf8');
    const write = ['-n', 'fleet', '--apply', '--prune', '--yes', '--max-delete=100%', '-q', '--inventory', at];
    const { code, err } = await run(['import', 'karmada', '-f', source, ...write]);
    expect([code, err]).toEqual([
      3,
      lines(`error: ${fault}`, `error: ${join(at, 'fleet', 'oslo.yaml')} is there already and holds something else`),
    ]);
    expect(readdirSync(join(at, 'fleet'))).toEqual(['oslo.yaml', 'tokyo.yaml']);
    expect(readFileSync(join(at, 'fleet', 'oslo.yaml'), 'utf8')).toBe(before);
  });
});

describe('an object that is given more than once', () => {
  const cluster = (server: string): object => ({
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name: 'oslo' },
    spec: { syncMode: 'Push', apiEndpoint: server },
  });

  it('counts once where it is the same, in one file or in two', async () => {
    const twice = writeScratch('twice.json', [
      cluster('https://oslo.example.com'),
      cluster('https://oslo.example.com'),
    ]);
    const once = writeScratch('once.json', [cluster('https://oslo.example.com')]);
    const whole = { code: 0, out: 'clusterprofile.multicluster.x-k8s.io/oslo\n' };
    const quiet = ['-n', 'fleet', '-o', 'name'];
    expect(await run(['import', 'karmada', '-f', twice, ...quiet])).toMatchObject({
      ...whole,
      err: expect.stringMatching(/^note: 1 object given again left out \(each is used once\)\n/) as string,
    });
    expect(await run(['import', 'karmada', '-f', twice, '-f', once, ...quiet])).toMatchObject({
      ...whole,
      err: expect.stringMatching(/^note: 2 objects given again left out \(each is used once\)\n/) as string,
    });
    expect(await run(['import', 'auto', '-f', twice, ...quiet, '--on-collision', 'hash'])).toMatchObject(whole);
  });

  it.each([[[]], [['--on-collision', 'hash']]])('names both places where they differ: %j', async (flags) => {
    const one = writeScratch('one.json', [cluster('https://oslo.example.com')]);
    const other = writeScratch('other.json', [{}, cluster('https://oslo.example.org')].slice(1));
    expect(await run(['import', 'karmada', '-f', one, '-f', other, ...flags])).toEqual({
      code: 3,
      out: '',
      err: lines(
        `error: Cluster oslo is given twice, and differs: ${one} and ${other}`,
        'hint: keep one of them; clusters of two hubs are imported one after the other, each with its own --prefix',
      ),
    });
  });
});

describe('files without a ClusterProfile', () => {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'tokyo', cluster: { server: 'https://tokyo.example.com' } }],
    contexts: [{ name: 'tokyo', context: { cluster: 'tokyo' } }],
  };

  it.each([
    ['list', ['list']],
    ['export', ['export', 'argocd']],
    ['validate', ['validate']],
    ['tree', ['tree']],
  ])('are said with what they hold and what reads that: %s', async (_verb, words) => {
    const file = writeScratch('clusters.json', [
      config,
      { apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster' },
    ]);
    const { code, err } = await run([...words, '-f', file]);
    expect(code).toBe(0);
    expect(err).toContain(
      `note: no ClusterProfile of multicluster.x-k8s.io is in the input, but 1 Config, 1 Cluster of cluster.karmada.io; clusterprofile import auto -f ${file} prints profiles of lists of clusters\n`,
    );
    expect((await run([...words, '-f', file, '-q'])).err).not.toContain('import auto');
  });
});

it('says of a profile that is applied from a file that it was being deleted where it was read', async () => {
  const leaving = written('oslo', 'fleet', {
    metadata: { deletionTimestamp: '2026-03-01T10:00:00Z', finalizers: ['example.com/wait'] },
  });
  const file = writeScratch('oslo.json', [leaving]);
  for (const verb of ['diff', 'apply'])
    expect((await run([verb, '-f', file, '--inventory', scratch()])).err).toContain(
      'warning: being deleted when they were read, and given here to stay: fleet/oslo\n',
    );
});
