import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toYamlStream } from '../../src/documents/yaml-out.ts';
import { parseDocuments } from '../../src/documents/yaml-in.ts';
import { scratch } from '../support/paths.ts';
import { run } from '../support/run.ts';
import { writeScratch, written } from '../support/written.ts';

/** A profile as `import kubeconfig` has made it, with comments of people. */
const stored = (name: string): string => `apiVersion: multicluster.x-k8s.io/v1alpha1
kind: ClusterProfile
metadata:
  name: ${name}
  namespace: shop
  labels:
    app.kubernetes.io/managed-by: clusterprofile
    x-k8s.io/cluster-manager: kubeconfig
spec:
  displayName: ${name}
  clusterManager:
    name: kubeconfig
status:
  accessProviders:
  - name: kubeconfig
    cluster:
      server: https://${name}.old.example.com # moves in June
`;

/** A kubeconfig with clusters of these names. */
const kubeconfig = (...names: string[]): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: names.map((name) => ({ name, cluster: { server: `https://${name}.example.com` } })),
    users: [{ name: 'shop', user: {} }],
    contexts: names.map((name) => ({ name, context: { cluster: name, user: 'shop' } })),
  });

const many = (version: string): object[] =>
  Array.from({ length: 400 }, (_, index) =>
    written(`c${index}`, 'shop', { status: { version: { kubernetes: version } } }),
  );

describe('a directory of profiles', () => {
  it('keeps a file readable that has empty documents in it', async () => {
    const at = scratch();
    const file = join(at, 'fleet.yaml');
    const text = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cm\n---\n---\n${stored('tokyo')}`;
    writeFileSync(file, text);
    writeFileSync(join(at, '.kubeconfig'), kubeconfig('tokyo'));
    const applied = await run([
      'import',
      'kubeconfig',
      '-f',
      join(at, '.kubeconfig'),
      '-n',
      'shop',
      '--apply',
      '--inventory',
      at,
    ]);
    expect(applied).toMatchObject({ code: 0, out: 'clusterprofile.multicluster.x-k8s.io/tokyo configured\n' });
    const written = readFileSync(file, 'utf8');
    expect(written).toContain('name: cm\n---\n---\napiVersion:');
    expect(written).toContain('https://tokyo.example.com # moves in June\n');
    expect(parseDocuments(written, file)).toHaveLength(2);
    expect(await run(['list', '-A', '-o', 'name', '--inventory', at])).toMatchObject({
      code: 0,
      out: 'clusterprofile.multicluster.x-k8s.io/tokyo\n',
    });
  });

  it.each([
    ['a file each', (_at: string): undefined => undefined],
    [
      'one file',
      (at: string): void => {
        writeFileSync(join(at, 'all.yaml'), toYamlStream(many('v1.30.0')));
        rmSync(join(at, 'shop'), { recursive: true });
      },
    ],
  ])('takes about as long to change as to make, with %s', async (_title, arrange) => {
    const at = scratch();
    const apply = async (version: string): Promise<number> => {
      const start = performance.now();
      const ran = await run(['apply', '-f', writeScratch('profiles.json', many(version)), '--inventory', at, '-q']);
      expect(ran).toMatchObject({ code: 0, err: '' });
      return performance.now() - start;
    };
    const first = await apply('v1.30.0');
    arrange(at);
    const second = await apply('v1.35.0');
    expect(await run(['list', '-A', '--version', '<1.35', '--inventory', at, '-o', 'name'])).toMatchObject({ out: '' });
    // Where each change reads the directory again it takes thirty times as long.
    expect(second).toBeLessThan(4 * first + 1000);
  });
});
