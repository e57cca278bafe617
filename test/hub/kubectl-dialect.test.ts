import { expect, it } from 'vitest';
import { dialectProfiles, kubectlDialectCases } from '../unit/output/kubectl-dialect-cases.ts';
import { describeHub, kubeconfigFor, kubectl, namespace } from '../support/hub/hub.ts';
import { run } from '../support/run.ts';

/** kubectl prints the header and earlier rows before a bad path fails; ours prints nothing. */
const headerFirst = (kind: string, stderr: string): boolean => kind.startsWith('custom-columns') && stderr !== '';

describeHub('templates on a real hub, against the real kubectl', () => {
  it('prints the same bytes, errors included', async () => {
    const ns = await namespace();
    const items = dialectProfiles.map((profile) => ({ ...profile, metadata: { ...profile.metadata, namespace: ns } }));
    const created = await kubectl(['create', '-f', '-'], {
      input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
    });
    expect(created.code, created.stderr).toBe(0);
    const kubeconfig = kubeconfigFor({ namespace: ns });
    for (const { title, template, kind, subject, noHeaders, unordered } of kubectlDialectCases) {
      if (unordered) continue;
      const words = [
        ...(subject === 'one' ? [items[0]!.metadata.name] : []),
        '-o',
        `${kind}=${template}`,
        ...(noHeaders ? ['--no-headers'] : []),
      ];
      const theirs = await kubectl(['get', 'clusterprofiles', '-n', ns, ...words]);
      const ours = await run(['get', '--kubeconfig', kubeconfig, ...words]);
      if (!headerFirst(kind, theirs.stderr)) expect(ours.out, title).toBe(theirs.stdout);
      expect(ours.err.trimEnd(), title).toBe(theirs.stderr.trimEnd());
    }
  }, 300_000);

  it('sorts as kubectl does, and adds its columns for labels', async () => {
    const ns = await namespace();
    const versions = ['v1.9.3', 'v1.31.0', 'v1.10.12', undefined];
    const items = ['oslo', 'lima', 'tokyo', 'quito'].map((name, index) => ({
      apiVersion: 'multicluster.x-k8s.io/v1alpha1',
      kind: 'ClusterProfile',
      metadata: {
        name,
        namespace: ns,
        labels: { 'shop.example/size': ['9', '10', '500m', '2Gi'][index], ...(index === 0 && { tier: 'prod' }) },
        annotations: { text: ['b', 'B', 'é', 'a'][index] },
      },
      spec: { displayName: name.toUpperCase(), clusterManager: { name: 'shop-fleet' } },
    }));
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    expect((await kubectl(['create', '-f', '-'], { input })).code).toBe(0);
    for (const [index, { metadata }] of items.entries()) {
      const kubernetes = versions[index];
      const body = JSON.stringify({ status: { ...(kubernetes && { version: { kubernetes } }) } });
      const patch = ['patch', 'clusterprofiles', metadata.name, '-n', ns, '--subresource=status', '--type=merge'];
      expect((await kubectl([...patch, '-p', body])).code).toBe(0);
    }
    const kubeconfig = kubeconfigFor({ namespace: ns });
    for (const path of [
      '.metadata.labels.shop\\.example/size',
      '{.metadata.annotations.text}',
      'spec.displayName',
      '.status.version.kubernetes',
      '.metadata.generation',
      '.metadata.nothing',
      '.spec.clusterManager',
      '{.metadata.name',
    ]) {
      const words = ['--sort-by', path, '-o', 'name'];
      const theirs = await kubectl(['get', 'clusterprofiles', '-n', ns, ...words]);
      const ours = await run(['get', '--kubeconfig', kubeconfig, ...words]);
      // Where it is the same in all, kubectl has no order.
      if (path !== '.metadata.generation') expect(ours.out, path).toBe(theirs.stdout);
      expect(ours.code === 0, `${path}\n${ours.err}`).toBe(theirs.code === 0);
    }
    const byVersion = await run(['get', '--kubeconfig', kubeconfig, '--sort-by', 'version', '-o', 'name']);
    expect(byVersion.out.match(/[a-z]+$/gm)).toEqual(['quito', 'oslo', 'tokyo', 'lima']);
    const words = ['-L', 'tier,shop.example/size', '--show-labels'];
    const theirs = await kubectl(['get', 'clusterprofiles', '-n', ns, ...words]);
    const ours = await run(['get', '--kubeconfig', kubeconfig, ...words]);
    const lastColumns = (text: string): string[] =>
      text.split('\n').map((line) => line.split(/ {2,}/).slice(-3).join(' '));
    // What has no value is <none> here, and nothing there.
    const whole = (text: string): string[] => lastColumns(text).filter((line) => /^TIER|^prod/.test(line));
    expect(whole(ours.out)).toEqual(whole(theirs.stdout));
    expect(whole(ours.out)).toHaveLength(2);
  }, 120_000);
});
