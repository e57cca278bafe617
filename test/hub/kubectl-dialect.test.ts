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
});
