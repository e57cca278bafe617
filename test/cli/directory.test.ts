import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDocuments } from '../../src/documents/yaml-in.ts';
import { scratch } from '../support/paths.ts';
import { run } from '../support/run.ts';

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
});
