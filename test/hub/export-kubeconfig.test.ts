import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { toYamlStream } from '../../src/documents/yaml-out.ts';
import { describeHub, kubeconfigFor, kubectl, namespace, theHub } from '../support/hub/hub.ts';
import { fixtures, scratch } from '../support/paths.ts';
import { run } from '../support/run.ts';

describeHub('export kubeconfig, with kubectl and a plugin', () => {
  it('reaches the cluster by the command of the provider file', async () => {
    const ns = await namespace();
    const at = scratch();
    const command = join(at, 'plugin.sh');
    const answer = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: theHub().tokens.admin },
    };
    writeFileSync(
      command,
      `#!/bin/sh\nprintf '%s %s %s' "$1" "$SHOP" "$KUBERNETES_EXEC_INFO" > "${at}/told"\ncat <<'JSON'\n${JSON.stringify(answer)}\nJSON\n`,
    );
    chmodSync(command, 0o755);
    const execConfig = { apiVersion: answer.apiVersion, command, args: ['hub'], provideClusterInfo: true };
    const providers = join(at, 'providers.json');
    const envs = { profileSourcedEnvVarsPolicy: 'Replace' };
    writeFileSync(providers, JSON.stringify({ providers: [{ name: 'shop', execConfig, ...envs }] }));
    const extensions = [
      { name: 'client.authentication.k8s.io/exec', extension: { clusterName: 'tokyo' } },
      { name: 'clusterprofiles.multicluster.x-k8s.io/exec/additional-envs', extension: { SHOP: 'tokyo' } },
    ];
    const ca = readFileSync(theHub().caFile).toString('base64');
    const cluster = { server: theHub().url, 'certificate-authority-data': ca, extensions };
    const profile = {
      apiVersion: 'multicluster.x-k8s.io/v1alpha1',
      kind: 'ClusterProfile',
      metadata: { name: 'tokyo', namespace: ns, labels: { 'x-k8s.io/cluster-manager': 'shop' } },
      spec: { clusterManager: { name: 'shop' } },
      status: { accessProviders: [{ name: 'shop', cluster }] },
    };
    writeFileSync(join(at, 'profile.json'), JSON.stringify(profile));
    const hub = ['--kubeconfig', kubeconfigFor({ namespace: ns })];
    expect(await run(['apply', '-f', join(at, 'profile.json'), ...hub])).toMatchObject({ code: 0 });
    const made = await run(['export', 'kubeconfig', ...hub, '--provider-file', providers, '--current-context=tokyo']);
    expect(made.code).toBe(0);
    writeFileSync(join(at, 'config'), made.out);
    const got = await kubectl(['--kubeconfig', join(at, 'config'), 'get', 'namespace', ns, '-o', 'name']);
    expect(got).toMatchObject({ code: 0, stdout: `namespace/${ns}\n` });
    const [arg, env, ...info] = readFileSync(join(at, 'told'), 'utf8').split(' ');
    expect([arg, env]).toEqual(['hub', 'tokyo']);
    expect(JSON.parse(info.join(' '))).toMatchObject({ spec: { cluster: { config: { clusterName: 'tokyo' } } } });
  });
});

describeHub('export kubeconfig --merge, read by kubectl', () => {
  it('has names that YAML 1.1 takes for something else', async () => {
    const names = ['no', 'on', 'y', 'off', '1', '0x1f', '1e3', 'null', 'true'];
    const profiles = names.map((name) => ({
      apiVersion: 'multicluster.x-k8s.io/v1alpha1',
      kind: 'ClusterProfile',
      metadata: { name, namespace: 'fleet' },
      spec: { clusterManager: { name: 'platform' } },
      status: { accessProviders: [{ name: 'secretreader', cluster: { server: `https://${name}.example.test` } }] },
    }));
    const target = join(scratch(), 'config');
    const providers = join(fixtures, 'kubeconfig', 'export-three-clouds', 'providers.json');
    const words = ['export', 'kubeconfig', '-f', '-', '--provider-file', providers, '--merge', target];
    expect(await run(words, { stdin: toYamlStream(profiles) })).toMatchObject({ code: 0 });
    const { stdout, stderr } = await kubectl(['--kubeconfig', target, 'config', 'get-contexts', '-o', 'name']);
    expect([stderr, stdout.trim().split('\n').toSorted()]).toEqual(['', names.toSorted()]);
  });
});
