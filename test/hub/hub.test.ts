import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, get } from 'node:https';
import { expect, onTestFinished, test } from 'vitest';
import { createAuthority } from '../support/certificates.ts';
import { startFaultProxy, type FaultProxy } from '../support/hub/fault-proxy.ts';
import { expiredPages, times, tooManyRequests, unavailable, type Fault, type Rule } from '../support/hub/faults.ts';
import { hubRequest, type RequestOptions } from '../support/hub/request.ts';
import { describeHub, kubeconfigFor, kubectl, namespace, request, theHub } from '../support/hub/hub.ts';

const group = '/apis/multicluster.x-k8s.io/v1alpha1';
const profiles = (space: string): string => `${group}/namespaces/${space}/clusterprofiles`;

const profile = (name: string, manager = 'gke-fleet'): string =>
  JSON.stringify({
    apiVersion: 'multicluster.x-k8s.io/v1alpha1',
    kind: 'ClusterProfile',
    metadata: { name, labels: { 'x-k8s.io/cluster-manager': manager } },
    spec: { displayName: name, clusterManager: { name: manager } },
  });

const apply = (space: string, input: string, ...more: string[]) =>
  kubectl(['apply', '--server-side', '-n', space, '-f', '-', ...more], { input });

const withServerName = (name: string) =>
  kubectl(['get', 'ns'], { env: { KUBECONFIG: kubeconfigFor({ cluster: { 'tls-server-name': name } }) } });

describeHub('hub', () => {
  test('is the real Kubernetes 1.36.3, and so is kubectl', async () => {
    const { stdout, code } = await kubectl(['version', '-o', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      clientVersion: { gitVersion: 'v1.36.3', major: '1', minor: '36' },
      serverVersion: { gitVersion: 'v1.36.3' },
    });
    expect(JSON.parse((await request('/version')).body)).toMatchObject({ gitVersion: 'v1.36.3' });
  });

  test('kubectl reads it', async () => {
    const { stdout } = await kubectl(['get', 'namespaces', '-o', 'name']);
    expect(stdout).toContain('namespace/kube-system');
  });

  test('stores a ClusterProfile by server-side apply, and its status apart', async () => {
    const space = await namespace();
    expect(await apply(space, profile('orders-eu'))).toMatchObject({
      code: 0,
      stdout: 'clusterprofile.multicluster.x-k8s.io/orders-eu serverside-applied\n',
    });
    const status = JSON.stringify({
      ...(JSON.parse(profile('orders-eu')) as object),
      status: { version: { kubernetes: '1.36.3' } },
    });
    expect(await apply(space, status, '--subresource=status')).toMatchObject({ code: 0 });
    const stored = JSON.parse((await request(`${profiles(space)}/orders-eu`)).body) as {
      metadata: { managedFields: { operation: string; subresource?: string }[] };
    };
    expect(stored).toMatchObject({ status: { version: { kubernetes: '1.36.3' } } });
    expect(stored.metadata.managedFields.map(({ operation, subresource }) => [operation, subresource])).toEqual([
      ['Apply', undefined],
      ['Apply', 'status'],
    ]);
  });

  test('runs the CEL rules of the CRD', async () => {
    const space = await namespace();
    await apply(space, profile('orders-eu'));
    const { code, stderr } = await apply(space, profile('orders-eu', 'karmada'), '--force-conflicts');
    expect(code).toBe(1);
    expect(stderr).toContain('spec.clusterManager: Invalid value: ClusterManager is immutable');
  });

  let earlier = '';
  test('gives a test a namespace of its own', async () => {
    earlier = await namespace();
    expect(await namespace()).not.toBe(earlier);
    await apply(earlier, profile('orders-eu'));
    expect((await request(`${profiles(earlier)}/orders-eu`)).status).toBe(200);
  });

  test('and takes it away afterwards', async () => {
    expect((await request(`/api/v1/namespaces/${earlier}`)).status).toBe(404);
    expect((await request(`${profiles(earlier)}/orders-eu`)).status).toBe(404);
  });

  test.for(['admin', 'viewer', 'nobody', 'certificate'] as const)('%s authenticates', async (user) => {
    const KUBECONFIG = kubeconfigFor({ user });
    const { stdout } = await kubectl(['auth', 'whoami', '-o', 'json'], { env: { KUBECONFIG } });
    const name = user === 'certificate' ? 'certificate-admin' : user;
    expect(JSON.parse(stdout)).toMatchObject({ status: { userInfo: { username: name } } });
    const may = await kubectl(['auth', 'can-i', 'list', 'clusterprofiles', '-A'], { env: { KUBECONFIG } });
    expect(may.stdout).toBe(user === 'admin' || user === 'certificate' ? 'yes\n' : 'no\n');
  });

  test('RBAC grants a user what a test says', async () => {
    const space = await namespace();
    const role = 'clusterprofiles.multicluster.x-k8s.io';
    await kubectl(['create', 'role', 'reader', '-n', space, '--verb=get,list', `--resource=${role}`]);
    await kubectl(['create', 'rolebinding', 'reader', '-n', space, '--role=reader', '--user=viewer']);
    const env = { KUBECONFIG: kubeconfigFor({ user: 'viewer', namespace: space }) };
    expect(await kubectl(['get', 'clusterprofiles'], { env })).toMatchObject({ code: 0, stdout: '' });
    const denied = await kubectl(['delete', 'clusterprofile', 'orders-eu'], { env });
    expect(denied.stderr).toContain('User "viewer" cannot delete resource "clusterprofiles"');
  });

  test('an unknown token, a foreign CA and a wrong name are refused', async () => {
    expect((await request('/version', { token: 'stranger' })).status).toBe(401);
    const foreign = kubeconfigFor({
      cluster: {
        'certificate-authority': undefined,
        'certificate-authority-data': Buffer.from(createAuthority('stranger').cert).toString('base64'),
      },
    });
    expect((await kubectl(['get', 'ns'], { env: { KUBECONFIG: foreign } })).stderr).toContain('unknown authority');
    expect(await withServerName('hub.example.test')).toMatchObject({ code: 0 });
    expect((await withServerName('other.example.test')).stderr).toContain('not other.example.test');
  });
});

async function proxyWith(...rules: (Rule | Fault)[]) {
  const proxy = await startFaultProxy(theHub(), ...rules);
  const agent = new Agent({ keepAlive: true });
  onTestFinished(async () => {
    agent.destroy();
    await proxy.close();
  });
  const { caFile, tokens } = theHub();
  const call = (path = '/version', options: RequestOptions = {}) =>
    hubRequest({ url: proxy.url, caFile }, path, { token: tokens.admin, agent, ...options });
  return { proxy, call };
}
const seen = ({ requests }: FaultProxy) => requests.map(({ status, forwarded }) => [status, forwarded]);

describeHub('fault proxy', () => {
  test('passes requests on and records them', async () => {
    const space = await namespace();
    const { proxy, call } = await proxyWith();
    await call();
    const body = profile('orders-eu');
    const created = await call(`${profiles(space)}?dryRun=All`, { method: 'POST', body });
    expect(created.status).toBe(201);
    expect(proxy.connections).toBe(1);
    expect(proxy.requests).toMatchObject([
      { index: 0, connection: 1, method: 'GET', path: '/version', status: 200, forwarded: true },
      { index: 1, connection: 1, method: 'POST', path: `${profiles(space)}?dryRun=All`, status: 201, body },
    ]);
    expect(proxy.requests[1]?.headers['authorization']).toBe('Bearer …');
    expect(JSON.stringify(proxy.requests)).not.toContain(theHub().tokens.admin);
  });

  test('serves kubectl', async () => {
    const { proxy } = await proxyWith();
    const KUBECONFIG = kubeconfigFor({ cluster: { server: proxy.url } });
    expect(await kubectl(['get', 'clusterprofiles', '-A'], { env: { KUBECONFIG } })).toMatchObject({ code: 0 });
    expect(proxy.requests.map(({ path }) => path)).toContain(`${group}/clusterprofiles?limit=500`);
  });

  test('a watch delivers events long before it ends', async () => {
    const space = await namespace();
    const { proxy } = await proxyWith();
    const { caFile, tokens } = theHub();
    const headers = { authorization: `Bearer ${tokens.admin}` };
    const watch = get(`${proxy.url}${profiles(space)}?watch=true`, { ca: readFileSync(caFile), headers });
    const [response] = (await once(watch, 'response')) as [IncomingMessage];
    await request(profiles(space), { method: 'POST', body: profile('orders-eu') });
    const [event] = (await once(response, 'data')) as [Buffer];
    watch.destroy();
    expect(JSON.parse(event.toString())).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'orders-eu' } } });
  });

  test('429 and 503 with Retry-After in seconds and as a date', async () => {
    const at = new Date('2031-05-06T07:08:09Z');
    const { proxy, call } = await proxyWith(times(1, tooManyRequests(7)), times(1, unavailable(at)));
    const throttled = await call();
    expect(throttled).toMatchObject({ status: 429, headers: { 'retry-after': '7' } });
    expect(JSON.parse(throttled.body)).toMatchObject({ kind: 'Status', reason: 'TooManyRequests', code: 429 });
    expect(await call()).toMatchObject({ status: 503, headers: { 'retry-after': 'Tue, 06 May 2031 07:08:09 GMT' } });
    expect((await call()).status).toBe(200);
    expect(seen(proxy)).toEqual([
      [429, false],
      [503, false],
      [200, true],
    ]);
  });

  test.for(['request', 'response', 'body'] as const)('a reset of the %s', async (reset) => {
    const { proxy, call } = await proxyWith(times(1, { reset }));
    await expect(call()).rejects.toMatchObject({ code: 'ECONNRESET', syscall: 'read' });
    expect((await call()).status).toBe(200);
    expect(proxy.connections).toBe(2);
    expect(seen(proxy)[0]).toEqual([reset === 'body' ? 200 : undefined, reset !== 'request']);
  });

  test('a cut body', async () => {
    const { call } = await proxyWith(times(1, { cutBodyAt: 10 }));
    await expect(call()).rejects.toMatchObject({ code: 'ECONNRESET', message: 'aborted' });
    expect((await call()).status).toBe(200);
  });

  test('latency and a slow body', async () => {
    const { call } = await proxyWith(
      times(1, { delayMs: 150 }),
      times(1, { reply: { status: 200, body: 'abcdef' }, slowBody: { bytes: 2, everyMs: 60 } }),
    );
    const timed = async () => {
      const start = performance.now();
      const { body } = await call();
      return { ms: performance.now() - start, body };
    };
    expect((await timed()).ms).toBeGreaterThan(140);
    const slow = await timed();
    expect(slow.body).toBe('abcdef');
    expect(slow.ms).toBeGreaterThan(170);
  });

  test('410 on the pages after the first one', async () => {
    const { call } = await proxyWith(expiredPages('go-on'));
    const first = JSON.parse((await call('/api/v1/namespaces?limit=1')).body) as { metadata: { continue: string } };
    const page = `/api/v1/namespaces?limit=1&continue=${encodeURIComponent(first.metadata.continue)}`;
    const second = await call(page);
    expect(second.status).toBe(410);
    expect(JSON.parse(second.body)).toMatchObject({ reason: 'Expired', metadata: { continue: 'go-on' } });
  });

  test('rules come and go', async () => {
    const { proxy, call } = await proxyWith();
    const remove = proxy.inject({ reply: { status: 200, body: { gitVersion: 'v1.20.0' } } });
    expect((await call()).body).toBe('{"gitVersion":"v1.20.0"}');
    remove();
    expect((await call()).body).toContain('v1.36.3');
    proxy.clear();
    expect(proxy).toMatchObject({ requests: [], connections: 0 });
  });
});
