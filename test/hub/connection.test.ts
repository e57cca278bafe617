import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect as dial, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { startFaultProxy } from '../support/hub/fault-proxy.ts';
import { times, unavailable } from '../support/hub/faults.ts';
import { describeHub, kubeconfigFor, kubectl, namespace, theHub } from '../support/hub/hub.ts';
import { run } from '../support/run.ts';
import { startProgram } from '../support/program.ts';
import { scratch } from '../support/paths.ts';
import { lines } from '../support/text.ts';

const list = (kubeconfig: string, ...flags: string[]): ReturnType<typeof run> =>
  run(['list', '--kubeconfig', kubeconfig, ...flags]);

/** A CONNECT proxy of a few lines that counts who came through. */
async function connectProxy(): Promise<{ url: string; hosts: string[]; close(): Promise<void> }> {
  const hosts: string[] = [];
  const sockets = new Set<Duplex>();
  const server: Server = createServer().on('connect', (request, client, head) => {
    hosts.push(request.url ?? '');
    const [host, port] = (request.url ?? '').split(':');
    const upstream = dial(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [upstream, client]) sockets.add(socket.on('error', () => socket.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    hosts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A credential plugin: counts its runs, keeps what it was told, and prints what the test wants. */
function plugin(
  answer: string,
  more: Record<string, unknown> = {},
): { user: Record<string, unknown>; runs: () => number; info: () => { spec: { cluster?: Record<string, unknown> } } } {
  const folder = scratch();
  const command = join(folder, 'plugin.sh');
  writeFileSync(
    command,
    `#!/bin/sh\necho run >> "${folder}/runs"\nprintf '%s' "$KUBERNETES_EXEC_INFO" > "${folder}/info"\n${answer}\n`,
  );
  chmodSync(command, 0o755);
  return {
    user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never', ...more } },
    runs: () =>
      existsSync(join(folder, 'runs')) ? readFileSync(join(folder, 'runs'), 'utf8').trim().split('\n').length : 0,
    info: () =>
      JSON.parse(readFileSync(join(folder, 'info'), 'utf8')) as { spec: { cluster?: Record<string, unknown> } },
  };
}

const credential = (status: object): string =>
  `cat <<'JSON'\n${JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status })}\nJSON`;

describeHub('connecting as kubectl does', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  it('runs a credential plugin once for many requests, and tells it the cluster', async () => {
    const ns = await namespace();
    const { user, runs, info } = plugin(credential({ token: theHub().tokens.admin }), { provideClusterInfo: true });
    const kubeconfig = kubeconfigFor({
      namespace: ns,
      user,
      cluster: { extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'hub' } }] },
    });
    const clusters = Array.from({ length: 20 }, (_, index) => ({
      name: `c${index}`,
      cluster: { server: `https://c${index}.example.test` },
    }));
    const source = join(scratch(), 'source.json');
    writeFileSync(source, JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters }));
    expect(await run(['import', 'kubeconfig', source, '--apply', '--kubeconfig', kubeconfig])).toMatchObject({
      code: 0,
    });
    expect(runs()).toBe(1);
    expect(info().spec.cluster).toMatchObject({ server: theHub().url, config: { audience: 'hub' } });
  });

  it('runs it again, once, when the hub refuses the credential', async () => {
    const { user, runs } = plugin(credential({ token: 'LEAKCANARY-expired' }));
    const ran = await list(kubeconfigFor({ user, namespace: await namespace() }));
    expect(ran.code).toBe(6);
    expect(runs()).toBe(2);
    expect(ran.err).not.toContain('LEAKCANARY');
  });

  it('takes a client certificate from a plugin', async () => {
    const { cert, key } = theHub().clientCertificate;
    const { user } = plugin(
      credential({ clientCertificateData: readFileSync(cert, 'utf8'), clientKeyData: readFileSync(key, 'utf8') }),
    );
    expect(await list(kubeconfigFor({ user, namespace: await namespace() }))).toMatchObject({ code: 0 });
  });

  it('says what a plugin says, without its token and without escapes, and may be kept from running one', async () => {
    const { user, runs } = plugin(`printf 'login \\033[31mfailed: token=LEAKCANARY\\n' >&2; exit 3`);
    const kubeconfig = kubeconfigFor({ user, namespace: await namespace() });
    const { err, code } = await list(kubeconfig);
    expect(code).toBe(6);
    expect(err).toMatch(/credential plugin plugin\.sh failed \(exit 3\): login .*failed/);
    expect(err).not.toMatch(/LEAKCANARY|\u001b/);
    const before = runs();
    expect(await list(kubeconfig, '--exec-policy', 'deny')).toMatchObject({ code: 6 });
    expect(runs()).toBe(before);
  });

  it('ends a plugin that hangs with --timeout, and says so', async () => {
    const { user } = plugin('exec sleep 60');
    expect(await list(kubeconfigFor({ user }), '--timeout', '700ms')).toEqual({
      code: 8,
      out: '',
      err: 'error: credential plugin plugin.sh was not done in time\nhint: give it more time with --timeout\n',
    });
  });

  it('shows nothing of a token that is none, and says which one it is', async () => {
    const file = join(scratch(), 'token');
    writeFileSync(file, 'LEAK\nCANARY');
    const none = 'is no bearer token: it has blanks, line breaks or other characters in it';
    const ran = async (kubeconfig: string, ...flags: string[]): Promise<unknown> => list(kubeconfig, ...flags);
    expect(await ran(kubeconfigFor({ user: { token: 'LEAK\nCANARY' } }))).toEqual({
      code: 6,
      out: '',
      err: `error: the token of the kubeconfig ${none}\n`,
    });
    expect(await ran(kubeconfigFor(), '--token-file', file)).toEqual({
      code: 6,
      out: '',
      err: `error: ${file} ${none}\n`,
    });
    const { user } = plugin(credential({ token: 'LEAK CANARY' }));
    expect(await ran(kubeconfigFor({ user }))).toEqual({
      code: 6,
      out: '',
      err: `error: what plugin.sh gave ${none}\n`,
    });
  });

  it('says that a certificate is none, in the same words everywhere', async () => {
    const data = Buffer.from('LEAKCANARY').toString('base64');
    const user = { 'client-certificate-data': data, 'client-key-data': data };
    expect(await list(kubeconfigFor({ user }))).toEqual({
      code: 3,
      out: '',
      err: 'error: the client certificate, its key or the CA certificate of the kubeconfig cannot be used: it is no valid PEM, or they do not belong together\n',
    });
  });

  it('names a plugin that is not installed, with its hint', async () => {
    const user = {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: 'no-such-plugin',
        interactiveMode: 'Never',
        installHint: 'brew install it',
      },
    };
    const { err, code } = await list(kubeconfigFor({ user, namespace: await namespace() }));
    expect({ err, code }).toEqual({
      code: 6,
      err: 'error: credential plugin no-such-plugin is not installed\nhint: brew install it\n',
    });
  });

  it('refuses the auth providers that kubectl dropped, and never runs their command', async () => {
    const { err, code } = await list(
      kubeconfigFor({
        user: { 'auth-provider': { name: 'gcp', config: { 'cmd-path': 'touch', 'access-token': 'LEAKCANARY' } } },
        namespace: await namespace(),
      }),
    );
    expect(code).toBe(6);
    expect(err).toBe(
      lines(
        'error: the auth-provider "gcp" is no longer supported',
        'hint: use gke-gcloud-auth-plugin: run gcloud container clusters get-credentials again',
      ),
    );
  });

  it('reads a token file, impersonates, and forwards groups', async () => {
    const ns = await namespace();
    const tokenFile = join(scratch(), 'token');
    writeFileSync(tokenFile, `${theHub().tokens.admin}\n`);
    expect(await list(kubeconfigFor({ user: { tokenFile }, namespace: ns }))).toMatchObject({ code: 0 });
    const kubeconfig = kubeconfigFor({ namespace: ns });
    const someone = await list(kubeconfig, '--as', 'shop-viewer', '--as-group', 'shop');
    expect(someone.code).toBe(6);
    const resource = 'clusterprofiles.multicluster.x-k8s.io';
    expect(someone.err).toBe(
      lines(
        `error: cannot list clusterprofiles: ${resource} is forbidden: User "shop-viewer" cannot list resource "clusterprofiles" in API group "multicluster.x-k8s.io" in the namespace "${ns}"`,
        `hint: kubectl auth can-i list ${resource} -n ${ns} shows it; ask for that right`,
      ),
    );
    expect(await list(kubeconfig, '--as', 'shop-admin', '--as-group', 'system:masters')).toMatchObject({ code: 0 });
    expect(await list(kubeconfig, '--as-group', 'shop')).toMatchObject({ code: 2 });
  });

  it('checks the server certificate, and names what helps', async () => {
    const ns = await namespace();
    const stranger = kubeconfigFor({ namespace: ns, cluster: { 'certificate-authority': undefined } });
    const { err, code } = await list(stranger);
    expect(code).toBe(7);
    expect(err).toContain('hint: --certificate-authority');
    const insecure = await list(stranger, '--insecure-skip-tls-verify');
    expect(insecure).toMatchObject({
      code: 0,
      err: lines(
        `warning: the certificate of ${new URL(theHub().url).host} is not checked (insecure-skip-tls-verify)`,
        `No ClusterProfiles found in ${ns} namespace.`,
      ),
    });
    expect(await list(stranger, '--certificate-authority', theHub().caFile)).toMatchObject({ code: 0 });
    const renamed = kubeconfigFor({ namespace: ns, cluster: { 'tls-server-name': 'other.example.test' } });
    expect(await list(renamed)).toMatchObject({ code: 7, err: expect.stringContaining('--tls-server-name') as string });
    expect(await list(renamed, '--tls-server-name', 'hub.example.test')).toMatchObject({ code: 0 });
  });

  it('takes packed answers unless the kubeconfig says disable-compression, as kubectl does', async () => {
    const proxy = await startFaultProxy(theHub());
    try {
      const asked: unknown[][] = [];
      for (const more of [{}, { 'disable-compression': true }]) {
        const file = kubeconfigFor({ namespace: await namespace(), cluster: { server: proxy.url, ...more } });
        proxy.clear();
        await list(file);
        const ours = proxy.requests.at(-1)?.headers['accept-encoding'];
        await kubectl(['get', 'clusterprofiles'], { env: { KUBECONFIG: file } });
        asked.push([ours, proxy.requests.at(-1)?.headers['accept-encoding']]);
      }
      expect(asked).toStrictEqual([
        ['gzip', 'gzip'],
        ['identity', undefined],
      ]);
    } finally {
      await proxy.close();
    }
  });

  it('goes through the proxy of the kubeconfig, and not through that of the environment on loopback', async () => {
    const ns = await namespace();
    const proxy = await connectProxy();
    closing.push(proxy.close);
    expect(await list(kubeconfigFor({ namespace: ns, cluster: { 'proxy-url': proxy.url } }))).toMatchObject({
      code: 0,
    });
    expect(proxy.hosts).toEqual([new URL(theHub().url).host]);
    const words = ['list', '--kubeconfig', kubeconfigFor({ namespace: ns }), '--proxy-url', proxy.url];
    const ended = startProgram(words, { stdio: 'ignore', timeout: 10_000 });
    expect(await new Promise((resolve) => ended.on('close', resolve))).toBe(0);
    proxy.hosts.splice(1);
    expect(
      await run(['list', '--kubeconfig', kubeconfigFor({ namespace: ns })], { env: { HTTPS_PROXY: proxy.url } }),
    ).toMatchObject({ code: 0 });
    expect(proxy.hosts).toHaveLength(1);
  });

  it('tries again what a gateway or a lost connection cost, and gives up in time', async () => {
    const ns = await namespace();
    const proxy = await startFaultProxy(
      theHub(),
      times(1, unavailable(0)),
      times(1, { reset: 'request' }),
      times(1, { cutBodyAt: 20 }),
    );
    closing.push(() => proxy.close());
    const kubeconfig = kubeconfigFor({ namespace: ns, cluster: { server: proxy.url } });
    expect(await list(kubeconfig)).toMatchObject({ code: 0 });
    proxy.clear();
    proxy.inject({ delayMs: 6000 });
    const started = Date.now();
    expect(await list(kubeconfig, '--timeout', '1s')).toMatchObject({ code: 8 });
    expect(await list(kubeconfig, '--request-timeout', '500ms')).toMatchObject({ code: 8 });
    expect(Date.now() - started).toBeLessThan(6000);
  });

  it('stops at SIGINT: finishes what is in flight, says what is not done, and a second run does the rest', async () => {
    const ns = await namespace();
    const proxy = await startFaultProxy(theHub(), ({ method }) => (method === 'PATCH' ? { delayMs: 300 } : undefined));
    closing.push(() => proxy.close());
    const kubeconfig = kubeconfigFor({ namespace: ns, cluster: { server: proxy.url } });
    const source = join(scratch(), 'source.json');
    const clusters = Array.from({ length: 60 }, (_, index) => ({
      name: `c${index}`,
      cluster: { server: `https://c${index}.example.test` },
    }));
    writeFileSync(source, JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters }));
    const words = ['import', 'kubeconfig', source, '--apply', '--kubeconfig', kubeconfig];
    const child = startProgram(words, { stdio: ['ignore', 'pipe', 'pipe'] });
    let err = '';
    child.stderr!.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.stdout!.resume();
    const closed = once(child, 'close');
    while (!proxy.requests.some(({ method }) => method === 'PATCH')) await sleep(20);
    child.kill('SIGINT');
    const [code] = (await closed) as [number];
    expect(code).toBe(130);
    expect(err).toMatch(/\d+ created, .* not done\n/);
    proxy.clear();
    expect(await run(words)).toMatchObject({ code: 0 });
    expect((await kubectl(['get', 'clusterprofiles', '-n', ns, '-o', 'name'])).stdout.trim().split('\n')).toHaveLength(
      60,
    );
  });

  it('merges KUBECONFIG as kubectl does', async () => {
    const folder = scratch();
    const write = (name: string, content: string): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const a = write(
      'a',
      JSON.stringify({
        clusters: [{ name: 'x', cluster: { server: 'https://a' } }],
        contexts: [{ name: 'x', context: { cluster: 'x', user: 'u' } }],
      }),
    );
    const b = write(
      'b',
      'apiVersion: v1\nkind: Config\ncurrent-context: z\nclusters:\n- {name: x, cluster: {server: "https://b"}}\n- {name: z, cluster: {server: "https://z", certificate-authority: ca.crt}}\ncontexts:\n- {name: z, context: {cluster: z, user: u}}\n',
    );
    const list = [a, join(folder, 'missing'), b, write('empty', ''), a].join(':');
    const view = JSON.parse(
      execFileSync(theHub().kubectl, ['config', 'view', '--raw', '-o', 'json'], {
        env: { ...process.env, KUBECONFIG: list },
        encoding: 'utf8',
      }),
    ) as { clusters: { name: string; cluster: { server: string } }[] };
    const ours = await run(
      [
        'import',
        'kubeconfig',
        '-o',
        'jsonpath={range .items[*]}{.metadata.name}={.status.accessProviders[0].cluster.server} {end}',
      ],
      { env: { KUBECONFIG: list } },
    );
    expect(ours.out.trim()).toBe(view.clusters.map(({ name, cluster }) => `${name}=${cluster.server}`).join(' '));
    expect(ours.err).toContain('cluster "x" is set again');
  });
});
