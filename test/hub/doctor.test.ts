import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
    // The command that it names gives what is missing.
    const command = (rights[2]?.hint ?? '').replace('NAME', 'writer').split(' ').slice(1);
    await kubectl(command);
    await kubectl(['create', 'rolebinding', 'writer', '-n', ns, '--role=writer', '--user=viewer']);
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
