import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { run } from '../../support/run.ts';
import { scratch } from '../../support/paths.ts';

const eks = 'https://0A1B2C3D4E5F.gr7.eu-west-1.eks.amazonaws.com';

interface Login {
  command: string;
  args?: string[];
  env?: object[];
}

/** A kubeconfig of one cluster, as the programs of its system write it. */
const kubeconfig = (server: string, { command, args, env }: Login, extension?: object): object => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [
    {
      name: 'tokyo',
      cluster: {
        server,
        ...(extension && { extensions: [{ name: 'client.authentication.k8s.io/exec', extension }] }),
      },
    },
  ],
  users: [
    {
      name: 'tokyo',
      user: { exec: { apiVersion: 'client.authentication.k8s.io/v1beta1', command, args: args ?? [], env: env ?? [] } },
    },
  ],
  contexts: [{ name: 'tokyo', context: { cluster: 'tokyo', user: 'tokyo' } }],
});

async function imported(given: object): Promise<string> {
  const file = join(scratch(), 'config.yaml');
  writeFileSync(file, stringify(given));
  const { out, err, code } = await run(['import', 'kubeconfig', '-f', file]);
  expect({ err, code }).toMatchObject({ code: 0 });
  return out;
}

/** What logs in after the way through a profile and a provider file. */
async function roundTrip(given: object, ...plugin: string[]): Promise<Login> {
  const folder = scratch();
  const profiles = join(folder, 'profiles.yaml');
  writeFileSync(profiles, await imported(given));
  const file = await run(['export', 'provider-file', '-f', profiles, '-q', '--output-dir', folder, ...plugin]);
  expect(file).toMatchObject({ code: 0 });
  const providers = join(folder, 'clusterprofile-provider-file.json');
  const words = ['-f', profiles, '-q', '--provider-file', providers, '-o', 'json'];
  const { out, err, code } = await run(['export', 'kubeconfig', ...words]);
  expect({ err, code }).toEqual({ err: '', code: 0 });
  const { command, args } = (JSON.parse(out) as { users: [{ user: { exec: Login } }] }).users[0].user.exec;
  return { command, ...(args && { args }) };
}

describe('a login on its way from a kubeconfig into a profile and back', () => {
  const awsLogin = { command: 'aws', args: ['eks', 'get-token', '--cluster-name', 'tokyo', '--region', 'eu-west-1'] };
  const authenticator = { command: 'aws-iam-authenticator', args: ['token', '--cluster-id', 'tokyo'] };
  const tsh = ['kube', 'credentials', '--proxy=teleport.example.com:443'];
  const teleport = { command: 'tsh', args: [...tsh, '--kube-cluster', 'tokyo', '--teleport-cluster', 'east'] };
  const google = { command: 'gke-gcloud-auth-plugin' };

  it.each([
    ['EKS', eks, awsLogin, []],
    ['the authenticator of AWS', eks, authenticator, []],
    ['Teleport', 'https://teleport.example.com:443', teleport, [`--plugin=tsh=tsh ${tsh.join(' ')}`]],
    ['GKE', 'https://203.0.113.7', google, []],
  ])('is told its cluster as before: %s', async (_title, server, login, plugin) => {
    expect(await roundTrip(kubeconfig(server, login), ...plugin)).toEqual(login);
  });

  it.each([
    ['aws', awsLogin, ['eks', 'get-token']],
    ['aws-iam-authenticator', authenticator, ['token']],
  ])('is told no cluster for a host that is none of the cloud, in words: %s', async (command, login, args) => {
    const folder = scratch();
    const profiles = join(folder, 'profiles.yaml');
    const config = kubeconfig('https://tunnel.example.com:8443', login);
    writeFileSync(profiles, await imported(config));
    expect(await roundTrip(config)).toEqual({ command, args });
    const from = ['-f', profiles];
    await run(['export', 'provider-file', ...from, '--output-dir', folder]);
    const file = ['--provider-file', join(folder, 'clusterprofile-provider-file.json')];
    const words = ['export', 'kubeconfig', ...from, ...file];
    const { err, code } = await run(words);
    expect({ err: err.replaceAll(/^note: .*\n/gm, ''), code }).toEqual({
      code: 0,
      err: 'warning: tokyo: its plugin is not told its cluster: tunnel.example.com is no host of aws, and would be sent a token of it (--allow-host tunnel.example.com, where you know that it is)\n',
    });
    for (const [consumer, ...flags] of [['kubeconfig'], ['istio', '--credentials', 'exec'], ['kiali']]) {
      const hosts = ['--allow-host', 'tunnel.example.com', ...flags];
      const allowed = await run(['export', consumer as string, ...from, ...file, ...hosts]);
      expect(allowed.code).toBe(0);
      expect(allowed.out).toMatch(/--cluster-(?:name|id)"?\n +- tokyo\n/);
      expect(allowed.err).not.toContain('not told');
    }
    const self = await run([...words, '--exec', 'self', '--allow-host', 'tunnel.example.com']);
    expect(self.out).toContain('      - "--allow-host"\n      - tunnel.example.com\n');
  });

  it('says by name which variables of it no profile has', async () => {
    const file = join(scratch(), 'config.json');
    const env = ['AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE', 'HTTPS_PROXY', 'NO_PROXY'].map((name) => ({
      name,
      value: 'LEAKCANARY',
    }));
    const config = kubeconfig(eks, { ...awsLogin, env });
    writeFileSync(file, JSON.stringify(config));
    const ran = await run(['import', 'kubeconfig', '-f', file]);
    expect(ran.code).toBe(0);
    expect(ran.err).toBe(
      'warning: tokyo: its user sets AWS_PROFILE, AWS_SECRET_ACCESS_KEY, HTTPS_PROXY and 1 more for its plugin, left out: who runs the plugin sets them\n',
    );
    expect(`${ran.out}${ran.err}`).not.toContain('LEAKCANARY');
  });

  it('is told a cluster by nothing that is no name', async () => {
    const untold = { command: 'aws', args: ['eks', 'get-token'] };
    const flag = { ...awsLogin, args: ['eks', 'get-token'] };
    expect(await roundTrip(kubeconfig(eks, flag, { clusterId: '--profile=other' }))).toEqual(untold);
    expect(await roundTrip(kubeconfig(eks, flag, { clusterId: ['tokyo'] }))).toEqual(untold);
  });

  it('keeps the cluster that the provider file names', async () => {
    const told = ['eks', 'get-token', '--cluster-name=oslo'];
    expect(await roundTrip(kubeconfig(eks, awsLogin), `--plugin=aws=aws ${told.join(' ')}`)).toEqual({
      command: 'aws',
      args: told,
    });
  });

  it.each([
    ['secretreader-plugin', 'secretreader'],
    ['kubeconfig-secretreader-plugin', 'kubeconfig-secretreader'],
    ['cp-creds', 'open-cluster-management'],
    ['argocd-agent-creds', 'argocd-agent'],
    ['eks-aws-auth-plugin', 'eks'],
  ])('names the access provider that %s is for', async (program, provider) => {
    const out = await imported(kubeconfig(eks, { command: `/plugins/${program}` }, { clusterName: 'tokyo' }));
    expect(out).toContain(`accessProviders:\n  - name: ${provider}\n`);
  });
});
