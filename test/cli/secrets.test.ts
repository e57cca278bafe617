import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAuthority } from '../support/certificates.ts';
import { googleError, startServer, type Answer } from '../support/cloud-servers.ts';
import { scratch } from '../support/paths.ts';
import { runQuickly, type Ran, type RunOptions } from '../support/run.ts';
import { lines } from '../support/text.ts';

/** What a run was given as a credential is in nothing that it says, in whatever form an error has it. */

const forms = /LEAKCANARY|TEVBS0NBTkFSW|xFQUtDQU5BUl|MRUFLQ0FOQVJZ/i;

async function runHidden(words: string[], options?: RunOptions): Promise<Ran> {
  const ran = await runQuickly(words, options);
  expect(`${ran.out}${ran.err}`).not.toMatch(forms);
  return ran;
}

/** The lines of errors of a run that fails, and the credential in none. */
async function failHidden(words: string[], env: RunOptions['env'] = {}): Promise<string[]> {
  const { err, code } = await runHidden(words, { env });
  expect(code).toBeGreaterThan(1);
  return err.split('\n').filter((line) => line.startsWith('error: '));
}

const write = (name: string, content: unknown): string => {
  const file = join(scratch(), name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};

const writeKubeconfig = (server: string, user: object, more: object = {}): string =>
  write('config', {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'hub',
    contexts: [{ name: 'hub', context: { cluster: 'hub', user: 'me' } }],
    clusters: [{ name: 'hub', cluster: { server, ...more } }],
    users: [{ name: 'me', user }],
  });

describe('a malformed credential is in no error', () => {
  it.each([
    'https://admin:LEAKCANARY LEAK@hub.example.com:port',
    'https://admin:LEAKCANARY@hub.example.com:port',
    'https://admin:LEAK/LEAKCANARY#1@hub.example.com:port',
    'admin:LEAKCANARY@hub.example.com:port',
    'https://admin:LEAKCANARY\n@:port',
  ])('--server %j', async (server) => {
    const { err, code } = await runHidden(['list', '--server', server, '--kubeconfig', write('config', '')]);
    expect(err).toMatch(/^error: the server "(?:https:\/\/)?\*\*\*@.*" is not a URL\n$/);
    expect(code).toBe(3);
  });

  it.each([
    ['--token=LEAKCANARY-abc'],
    ['--token', 'LEAKCANARY-abc'],
    ['--password=LEAKCANARY'],
    ['LEAKCANARY', '--client-secret', 'LEAKCANARY'],
  ])('of a flag that there is not: %s', async (...words) => {
    const { code } = await runHidden(['list', ...words]);
    expect(code).toBe(2);
  });

  it.each(['http://admin:LEAKCANARY@127.0.0.1:1', 'http://admin:LEAK CANARY@LEAKCANARY:port', 'ftp://a:LEAKCANARY@b'])(
    'a proxy of the environment and of the kubeconfig: %s',
    async (proxy) => {
      const server = 'https://hub.example.com';
      const HTTPS_PROXY = proxy;
      expect(await failHidden(['list', '--kubeconfig', writeKubeconfig(server, {})], { HTTPS_PROXY })).toHaveLength(1);
      const kubeconfig = writeKubeconfig(server, {}, { 'proxy-url': proxy });
      expect(await failHidden(['list', '--kubeconfig', kubeconfig])).toHaveLength(1);
    },
  );

  it.each(['LEAK\nCANARY-LEAKCANARY', 'LEAKCANARY\u0007', 'LEAKCANARY LEAKCANARY', 'LEAKCANARY\u202e1'])(
    'a token %j of a variable, a file and a kubeconfig, with -v and causes',
    async (token) => {
      const env = { CLUSTERPROFILE_DEBUG: '1', METADATA_SERVER_DETECTION: 'none' };
      const server = 'https://127.0.0.1:1';
      const gke = ['import', 'gke', '--project', 'p', '-v'];
      const runs: [string[], Record<string, string>][] = [
        [gke, { CLOUDSDK_AUTH_ACCESS_TOKEN: token }],
        [gke, { GOOGLE_OAUTH_ACCESS_TOKEN: token }],
        [['import', 'azure', '--subscription', 's', '-v'], { AZURE_ACCESS_TOKEN: token }],
        [['list', '--kubeconfig', writeKubeconfig(server, { token })], {}],
        [['list', '--kubeconfig', writeKubeconfig(server, {}), '--token-file', write('token', token)], {}],
        [['list', '--kubeconfig', writeKubeconfig(server, { username: token, password: token })], {}],
      ];
      for (const [words, given] of runs) expect(await failHidden(words, { ...env, ...given })).toHaveLength(1);
    },
  );

  it('keys of AWS', async () => {
    const server = await startServer(() => undefined);
    const env = {
      CLUSTERPROFILE_DEBUG: '1',
      AWS_ENDPOINT_URL_EKS: server.url,
      AWS_ACCESS_KEY_ID: 'AKIA\nLEAKCANARY',
      AWS_SECRET_ACCESS_KEY: 'LEAKCANARY\nsecret',
      AWS_SESSION_TOKEN: 'LEAKCANARY\nsession',
    };
    expect(await failHidden(['import', 'eks', '--region', 'us-east-1', '-v'], env)).toHaveLength(1);
  });
});

describe('what others say of a credential is not repeated', () => {
  const token = 'hunter2-LEAKCANARY-abc';
  /** A server that answers everything with what it was sent, as some proxies do, in several lines. */
  const quote = (authorization = ''): string =>
    `refused:\n  ${authorization}\n  ${encodeURIComponent(authorization)} ${Buffer.from(`x${authorization}`).toString('base64')} password=LEAKCANARY`;

  it('by an API server', async () => {
    const authority = createAuthority('test');
    const server = await startServer(
      ({ authorization }): Answer => {
        const status = { apiVersion: 'v1', kind: 'Status', status: 'Failure', reason: 'Forbidden', code: 403 };
        return { status: 403, body: { ...status, message: quote(authorization) } };
      },
      authority.issue({ commonName: 'hub', hosts: ['127.0.0.1', 'localhost'] }),
    );
    const ca = { 'certificate-authority-data': Buffer.from(authority.cert).toString('base64') };
    const kubeconfig = writeKubeconfig(server.url, { token }, ca);
    const { err, code } = await runHidden(['list', '--kubeconfig', kubeconfig]);
    expect(code).toBe(6);
    expect(err.split('\n').filter((line) => line.startsWith('error: '))).toHaveLength(1);
    expect(err).toContain('refused: Bearer *** ');
  });

  it('by Google Cloud', async () => {
    const server = await startServer(({ authorization }) => googleError(403, quote(authorization)));
    const { err, code } = await runHidden(['import', 'gke', '--project', 'p', '--endpoint', server.url], {
      env: { CLOUDSDK_AUTH_ACCESS_TOKEN: token },
    });
    expect(code).toBe(6);
    expect(err).toMatch(/^error: project p: refused: Bearer \*\*\* .* password=\*\*\*.*\nhint: .*\n$/);
  });

  it('by Azure', async () => {
    const server = await startServer(({ authorization }) => ({
      status: 403,
      body: { error: { code: 'Forbidden', message: quote(authorization) } },
    }));
    const { err, code } = await runHidden(['import', 'azure', '--subscription', 's', '--endpoint', server.url], {
      env: { AZURE_ACCESS_TOKEN: token },
    });
    expect(code).toBe(6);
    expect(err).toContain('refused: Bearer *** ');
  });

  it('by AWS', async () => {
    const server = await startServer(({ headers }) => ({
      status: 403,
      headers: { 'x-amzn-errortype': 'AccessDeniedException' },
      body: { message: `refused: ${String(headers['x-amz-security-token'])} X-Amz-Signature=x` },
    }));
    const { err, code } = await runHidden(['import', 'eks', '--region', 'us-east-1'], {
      env: {
        AWS_ENDPOINT_URL_EKS: server.url,
        AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'LEAKCANARY-secret-key',
        AWS_SESSION_TOKEN: token,
      },
    });
    expect(code).toBe(6);
    expect(err).toContain('AccessDeniedException: refused: *** X-Amz-Signature=x');
  });

  it('by a plugin, of its own arguments and variables', async () => {
    const plugin = write('plugin.sh', '#!/bin/sh\necho "cannot log in as $SHOP_PASSWORD with $2" >&2\nexit 1\n');
    chmodSync(plugin, 0o755);
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: plugin,
      interactiveMode: 'Never',
      args: ['--client-secret', 'hunter2-LEAKCANARY'],
      env: [{ name: 'SHOP_PASSWORD', value: 'horse-LEAKCANARY' }],
    };
    const { err, code } = await runHidden(['list', '--kubeconfig', writeKubeconfig('https://127.0.0.1:1', { exec })]);
    expect(code).toBe(6);
    expect(err).toBe(lines('error: credential plugin plugin.sh failed (exit 1): cannot log in as *** with ***'));
  });
});

describe('validate repeats no credential of a profile', () => {
  const profile = (name: string, proxy: string, note: string): object => ({
    apiVersion: 'multicluster.x-k8s.io/v1alpha1',
    kind: 'ClusterProfile',
    metadata: { name, namespace: 'fleet', labels: { [note]: note }, annotations: { [note]: note } },
    spec: { displayName: note, clusterManager: { name: note } },
    status: {
      version: { kubernetes: note },
      conditions: [{ type: note, status: note, reason: note, message: note, lastTransitionTime: note }],
      properties: [{ name: note, value: note }],
      accessProviders: [{ name: note, cluster: { server: note, 'proxy-url': proxy, 'tls-server-name': note } }],
    },
  });

  it.each(['text', 'json', 'sarif', 'junit', 'argocd', 'kubeconfig'])('%s', async (format) => {
    const words = format === 'argocd' || format === 'kubeconfig' ? ['--for', format] : ['-o', format];
    for (const note of [
      'password=LEAKCANARY',
      'https://admin:LEAKCANARY@shop.example.com',
      'glpat-LEAKCANARYbbbbbbbbbb',
      'Authorization: Bearer LEAKCANARY0',
      '-----BEGIN PRIVATE KEY-----\nLEAKCANARY\n',
    ])
      for (const object of [
        profile(note, 'http://proxy:1', 'x'),
        profile('tokyo', note, 'x'),
        profile('tokyo', note, note),
      ]) {
        const { code } = await runHidden(['validate', '-f', write('profile.json', object), ...words]);
        expect(code).toBe(1);
      }
  });
});

it('prints what was asked for as it is', async () => {
  const profile = {
    apiVersion: 'multicluster.x-k8s.io/v1alpha1',
    kind: 'ClusterProfile',
    metadata: { name: 'tokyo', annotations: { note: 'correct-horse-battery' } },
    spec: { displayName: 'tokyo', clusterManager: { name: 'shop' } },
  };
  const { out } = await runQuickly(['list', '-f', write('profile.json', profile), '-o', 'yaml'], {
    env: { SHOP_TOKEN: 'correct-horse-battery' },
  });
  expect(out).toContain('note: correct-horse-battery');
});
