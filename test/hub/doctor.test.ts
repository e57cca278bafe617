import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeHub, kubeconfigFor, kubectl, namespace, theHub } from '../support/hub/hub.ts';
import { scratch } from '../support/paths.ts';
import { run } from '../support/run.ts';
import { writeScratch, written } from '../support/written.ts';

interface Check {
  id: string;
  result: string;
  subject: string;
  message: string;
  hint?: string;
}

/** A person without any login to a cloud. */
const env = { HOME: scratch() };

async function diagnose(flags: readonly string[]): Promise<{ code: number; checks: Check[] }> {
  const { code, out } = await run(['doctor', '-o', 'json', ...flags], { env });
  return { code, checks: JSON.parse(out) as Check[] };
}

/** Every check but those of the clouds, by code. */
const brief = (checks: readonly Check[]): string[] =>
  checks.filter(({ id }) => id !== 'DR008').map(({ id, result, subject }) => `${result} ${id} ${subject}`);

/** Types the commands of a hint that gives rights: the role, and who has it. */
async function obey(hint: string | undefined, name: string): Promise<void> {
  const commands = (hint ?? '').replaceAll('NAME', name).replace('USER', 'viewer').split(' && ');
  expect(commands).toHaveLength(2);
  for (const command of commands) await kubectl(command.split(' ').slice(1));
}

describeHub('doctor', () => {
  const admin = (ns: string): string[] => ['--kubeconfig', kubeconfigFor({ namespace: ns })];

  it('finds nothing wrong on a hub where all is well', async () => {
    const { code, checks } = await diagnose([...admin(await namespace()), '--for', 'argocd']);
    expect(code).toBe(0);
    expect([...new Set(checks.map(({ result }) => result))].toSorted()).toEqual(['note', 'ok']);
    expect(checks.filter(({ id }) => id === 'DR005').map(({ message }) => message)).toContain(
      'enough for export --apply --prune of secrets',
    );
  });

  it('says which rights are missing, as kubectl auth can-i does, and the command that gives them', async () => {
    const ns = await namespace();
    const resource = '--resource=clusterprofiles.multicluster.x-k8s.io';
    await kubectl(['create', 'role', 'reader', '-n', ns, '--verb=get,list', resource]);
    await kubectl(['create', 'rolebinding', 'reader', '-n', ns, '--role=reader', '--user=viewer']);
    const viewer = ['--kubeconfig', kubeconfigFor({ namespace: ns, user: { token: theHub().tokens.viewer } })];
    const { code, checks } = await diagnose(viewer);
    expect(code).toBe(0);
    const rights = checks.filter(({ id }) => id === 'DR005');
    expect(rights.map(({ result }) => result)).toEqual(['ok', 'warning', 'warning', 'warning']);
    expect(rights[2]).toMatchObject({
      message:
        'not enough for import --apply, apply: create clusterprofiles.multicluster.x-k8s.io, ' +
        'patch clusterprofiles.multicluster.x-k8s.io, patch clusterprofiles.multicluster.x-k8s.io/status',
    });
    // The commands that it names give what is missing.
    await obey(rights[2]?.hint, 'writer');
    const mended = await diagnose(viewer);
    expect(mended.checks.filter(({ id, result }) => id === 'DR005' && result === 'ok')).toHaveLength(2);
    const forArgocd = await diagnose([...viewer, '--for', 'argocd']);
    expect(forArgocd.code).toBe(1);
    expect(brief(forArgocd.checks)).toContain('error DR005 rights');
  });

  it('says that a namespace, a login or the server is not there', async () => {
    const lost = await diagnose([...admin('nowhere')]);
    expect(lost).toMatchObject({ code: 1 });
    expect(lost.checks).toContainEqual({
      id: 'DR004',
      result: 'error',
      subject: 'namespace',
      message: 'nowhere does not exist',
      hint: 'kubectl create namespace nowhere',
    });
    const stranger = await diagnose(['--kubeconfig', kubeconfigFor({ user: { token: 'LEAKCANARY' } })]);
    expect(stranger.code).toBe(1);
    expect(brief(stranger.checks)).toEqual(['ok DR001 connection', 'error DR002 hub']);
    expect(JSON.stringify(stranger.checks)).not.toContain('LEAKCANARY');
    const none = await diagnose(['--kubeconfig', join(scratch(), 'nowhere')]);
    expect(none).toMatchObject({ code: 1 });
    expect(brief(none.checks)).toEqual(['error DR001 connection']);
  });

  it('looks for the plugin of each provider, and asks each server by its name and its CA', async () => {
    const { url, caFile } = theHub();
    const reached = { server: url, 'certificate-authority-data': readFileSync(caFile, 'base64') };
    const inventory = scratch();
    mkdirSync(join(inventory, 'fleet'));
    const keep = (name: string, provider: string, cluster: object): void =>
      writeFileSync(
        join(inventory, 'fleet', `${name}.json`),
        JSON.stringify(written(name, 'fleet', { status: { accessProviders: [{ name: provider, cluster }] } })),
      );
    keep('oslo', 'inhouse', reached);
    keep('lima', 'google', { server: url });
    keep('tokyo', 'other', { server: 'https://127.0.0.1:1' });
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'no-such-plugin' };
    const providers = [
      { name: 'inhouse', execConfig: { ...exec, command: process.execPath } },
      { name: 'google', execConfig: exec },
    ];
    const file = writeScratch('providers.json', JSON.stringify({ providers }));
    const { code, checks } = await diagnose(['--inventory', inventory, '--provider-file', file, '--reach']);
    expect(code).toBe(1);
    expect(brief(checks).toSorted()).toEqual(
      [
        'warning DR007 provider google',
        'ok DR007 provider inhouse',
        'error DR006 provider other',
        'ok DR009 fleet/oslo',
        'warning DR009 fleet/lima',
        'warning DR009 fleet/tokyo',
      ].toSorted(),
    );
    expect(checks.find(({ subject }) => subject === 'fleet/lima')?.message).toMatch(/certificate/);
  });

  it('asks plugins that many have for their version, and runs no other program', async () => {
    const bin = scratch();
    const plugin = (name: string, script: string): void =>
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    plugin('kubelogin', '[ "$*" = --version ] && printf "kubelogin version \\n git hash: v0.2.10/abc\\n"');
    plugin('gke-gcloud-auth-plugin', 'sleep 60');
    plugin('aws-iam-authenticator', 'echo "no such word" >&2; exit 1');
    plugin('inhouse', `touch ${bin}/was-run`);
    const inventory = scratch();
    mkdirSync(join(inventory, 'fleet'));
    const providers = ['kubelogin', 'gke-gcloud-auth-plugin', 'aws-iam-authenticator', 'inhouse'];
    for (const name of providers)
      writeFileSync(
        join(inventory, 'fleet', `${name}.json`),
        JSON.stringify(
          written(name, 'fleet', { status: { accessProviders: [{ name, cluster: { server: 'https://x' } }] } }),
        ),
      );
    const exec = { apiVersion: 'client.authentication.k8s.io/v1' };
    const entries = providers.map((name) => ({ name, execConfig: { ...exec, command: join(bin, name) } }));
    const file = writeScratch('providers.json', JSON.stringify({ providers: entries }));
    const { checks, code } = await diagnose(['--inventory', inventory, '--provider-file', file]);
    expect(code).toBe(0);
    expect(checks.filter(({ id }) => id === 'DR010').toSorted((a, b) => (a.subject < b.subject ? -1 : 1))).toEqual([
      {
        id: 'DR010',
        result: 'warning',
        subject: 'provider aws-iam-authenticator',
        message: 'aws-iam-authenticator does not say its version, so that it may give no login either',
        hint: `${bin}/aws-iam-authenticator version shows what is wrong`,
      },
      {
        id: 'DR010',
        result: 'warning',
        subject: 'provider gke-gcloud-auth-plugin',
        message: 'gke-gcloud-auth-plugin has not said its version within 5s, so that it may give no login either',
        hint: `${bin}/gke-gcloud-auth-plugin --version shows what is wrong`,
      },
      { id: 'DR010', result: 'ok', subject: 'provider kubelogin', message: 'kubelogin is version v0.2.10' },
    ]);
    expect(existsSync(join(bin, 'was-run'))).toBe(false);
  });

  it('looks for the Secrets that plugins read on the hub, and never into them', async () => {
    const ns = await namespace();
    const exec = (config: object): object => ({ name: 'client.authentication.k8s.io/exec', extension: config });
    const keep = async (name: string, provider: string, config: object): Promise<void> => {
      const cluster = { server: `https://${name}.example.com`, extensions: [exec(config)] };
      const file = writeScratch(
        `${name}.json`,
        JSON.stringify(written(name, ns, { status: { accessProviders: [{ name: provider, cluster }] } })),
      );
      expect(await run(['apply', '-f', file, ...admin(ns)])).toMatchObject({ code: 0 });
    };
    await keep('oslo', 'secretreader', { clusterName: 'oslo' });
    await keep('lima', 'secretreader', { clusterName: 'lima' });
    await keep('tokyo', 'kubeconfig-secretreader', { name: 'tokyo-config', key: 'kubeconfig' });
    await kubectl(['create', 'secret', 'generic', 'oslo', '-n', ns, '--from-literal=token=LEAKCANARY']);
    const secretsOf = (checks: readonly Check[]): Check[] => checks.filter(({ id }) => id === 'DR011');
    const found = await diagnose(admin(ns));
    expect(found.code).toBe(1);
    expect(JSON.stringify(found.checks)).not.toContain('LEAKCANARY');
    expect(secretsOf(found.checks)).toEqual([
      { id: 'DR011', result: 'ok', subject: 'secrets', message: '1 Secret that plugins look for, there and readable' },
      {
        id: 'DR011',
        result: 'error',
        subject: 'secrets',
        message: `not there, and secretreader logs in to ${ns}/lima by what is in it: ${ns}/lima`,
        hint: `kubectl create secret generic lima -n ${ns} --from-file=token=FILE`,
      },
      {
        id: 'DR011',
        result: 'error',
        subject: 'secrets',
        message: `not there, and kubeconfig-secretreader logs in to ${ns}/tokyo by what is in it: ${ns}/tokyo-config`,
        hint: `kubectl create secret generic tokyo-config -n ${ns} --from-file=KEY=FILE`,
      },
    ]);
    // Whoever may not read them is told so, with the command that gives the right.
    await kubectl([
      'create',
      'role',
      'reader',
      '-n',
      ns,
      '--verb=get,list',
      '--resource=clusterprofiles.multicluster.x-k8s.io',
    ]);
    await kubectl(['create', 'rolebinding', 'reader', '-n', ns, '--role=reader', '--user=viewer']);
    const viewer = ['--kubeconfig', kubeconfigFor({ namespace: ns, user: { token: theHub().tokens.viewer } })];
    const [forbidden] = secretsOf((await diagnose(viewer)).checks);
    expect(forbidden).toMatchObject({
      result: 'warning',
      message: `this login may not read ${ns}/lima, ${ns}/oslo, ${ns}/tokyo-config; whoever runs secretreader has to`,
    });
    await obey(forbidden?.hint, 'secrets');
    expect(secretsOf((await diagnose(viewer)).checks).map(({ result }) => result)).toEqual(['ok', 'error', 'error']);
  });

  it('prints lines for people, and JUnit for a pipeline', async () => {
    const words = ['doctor', ...admin('nowhere')];
    const lines = await run(words, { env });
    expect(lines).toMatchObject({ code: 1, err: expect.stringMatching(/^1 error, 0 warnings\n$/) as string });
    expect(lines.out).toMatch(/^error +DR004 +namespace +nowhere does not exist; kubectl create namespace nowhere$/m);
    const junit = await run([...words, '-o', 'junit'], { env });
    expect(junit.out).toMatch(/<failure type="DR004" message="nowhere does not exist">/);
    expect(junit.out).toContain('<testsuite name="clusterprofile doctor"');
  });
});
