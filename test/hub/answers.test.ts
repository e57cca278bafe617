import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { startFaultProxy, type FaultProxy } from '../support/hub/fault-proxy.ts';
import type { Fault, ProxiedRequest, Reply } from '../support/hub/faults.ts';
import { describeHub, kubeconfigFor, kubectl, namespace, request, theHub } from '../support/hub/hub.ts';
import { run, type Ran } from '../support/run.ts';
import { scratch } from '../support/paths.ts';
import { lines } from '../support/text.ts';

const html = '<!doctype html><title>Sign in LEAKCANARY</title>';
const login: Reply = { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: html };
const json = (body: unknown, status = 200): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body,
});

/** What comes from somebody in between, or from another service, where a list was asked for. */
const noLists: [what: string, reply: Reply, type: string][] = [
  ['a login page', login, 'text/html'],
  ['JSON of another service', json({ status: 'LEAKCANARY' }), 'application/json'],
  ['an empty object', json({}), 'application/json'],
  ['an array', json([]), 'application/json'],
  ['text that is no JSON', { ...login, headers: { 'content-type': 'text/plain' } }, 'text/plain'],
  ['nothing', { status: 200, headers: { 'content-type': '' }, body: '' }, 'no content type'],
  [
    'an object where a list should be',
    json({ kind: 'ClusterProfile', apiVersion: 'v1', metadata: {} }),
    'application/json',
  ],
  [
    'a list without items',
    json({ kind: 'ClusterProfileList', apiVersion: 'multicluster.x-k8s.io/v1alpha1' }),
    'application/json',
  ],
  ['a list of another API', json({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: [] }), 'application/json'],
];

const fleet = (...names: string[]): string => {
  const file = join(scratch(), 'config');
  const clusters = names.map((name) => ({ name, cluster: { server: `https://${name}.example.test` } }));
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters }));
  return file;
};

const many = Array.from({ length: 12 }, (_, index) => `prod-${index}`);

describeHub('an answer that is none of an API server', () => {
  let proxy: FaultProxy;

  afterEach(() => proxy.close());

  /** A namespace with profiles of ours, reached through a proxy that does something wrong to some requests. */
  async function fleetBehind(fault: (request: Readonly<ProxiedRequest>) => Fault | undefined): Promise<{
    ns: string;
    reach: string[];
    host: string;
    left(): Promise<string[]>;
  }> {
    const ns = await namespace();
    const words = ['import', 'kubeconfig', fleet(...many), '--apply', '--kubeconfig', kubeconfigFor({ namespace: ns })];
    expect(await run(words)).toMatchObject({ code: 0 });
    proxy = await startFaultProxy(theHub(), fault);
    return {
      ns,
      reach: ['--kubeconfig', kubeconfigFor({ namespace: ns, cluster: { server: proxy.url } })],
      host: new URL(proxy.url).host,
      left: async () =>
        (await kubectl(['get', 'clusterprofiles', '-n', ns, '-o', 'name'])).stdout.trim().split('\n').filter(Boolean),
    };
  }

  const error = (what: string, host: string, type: string, status = ''): string =>
    `error: ${what}: ${host} answered${status} with ${type}, not with the Kubernetes API\n` +
    'hint: is this the address of the API server, and is nothing in between that wants a login?\n';

  it.each(noLists)(
    'is no empty inventory, and nothing is pruned or written after it: %s',
    async (_what, reply, type) => {
      const { reach, host, left } = await fleetBehind(({ method }) => (method === 'GET' ? { reply } : undefined));
      const expected: Ran = { code: 7, out: '', err: error('cannot list clusterprofiles', host, type) };
      expect(await run(['list', ...reach])).toEqual(expected);
      const one = ['import', 'kubeconfig', fleet('prod-0'), ...reach];
      expect(await run([...one, '--diff'])).toEqual(expected);
      expect(await run([...one, '--apply', '--prune', '--yes', '--max-delete', '100%'])).toEqual(expected);
      expect(await run(['export', 'argocd', '--argocd-builtin', ...reach])).toEqual(expected);
      expect(proxy.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
      expect(await left()).toHaveLength(many.length);
    },
  );

  it('is no end of a list: its second page', async () => {
    const { ns, reach, host, left } = await fleetBehind(() => undefined);
    const path = `/apis/multicluster.x-k8s.io/v1alpha1/namespaces/${ns}/clusterprofiles?limit=5`;
    const page = JSON.parse((await request(path)).body) as object;
    proxy.inject(({ method, path: asked, query }) => {
      if (method !== 'GET' || !asked.includes('/clusterprofiles')) return undefined;
      return { reply: query.has('continue') ? login : json(page) };
    });
    const one = ['import', 'kubeconfig', fleet('prod-0'), ...reach];
    expect(await run([...one, '--apply', '--prune', '--yes', '--max-delete', '100%'])).toEqual({
      code: 7,
      out: '',
      err: error('cannot list clusterprofiles', host, 'text/html'),
    });
    expect(proxy.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET']);
    expect(await left()).toHaveLength(many.length);
  });

  const firstPage = { kind: 'ClusterProfileList', apiVersion: 'multicluster.x-k8s.io/v1alpha1', items: [] };

  it.each([
    ['null', null],
    ['a text', 'LEAKCANARY'],
    ['without metadata', {}],
    ['without a name', { metadata: { namespace: 'x' } }],
    ['with a name that is none', { metadata: { name: 7 } }],
  ])('has items that are objects with names: one is %s', async (_what, item) => {
    const list = { ...firstPage, metadata: {}, items: [{ metadata: { name: 'prod-0' } }, item] };
    const { reach, host } = await fleetBehind(({ path }) =>
      path.includes('/clusterprofiles') ? { reply: json(list) } : undefined,
    );
    expect(await run(['list', ...reach])).toEqual({
      code: 7,
      out: '',
      err: `error: cannot list clusterprofiles: item 2 of what ${host} answered is no object with a name\n`,
    });
  });

  it('is no CRD that is missing: a 404 of somebody else', async () => {
    const { reach, host } = await fleetBehind(() => ({ reply: { ...login, status: 404 } }));
    const foreign = (what: string): Ran => ({ code: 7, out: '', err: error(what, host, 'text/html', ' 404') });
    expect(await run(['list', ...reach])).toEqual(foreign('cannot list clusterprofiles'));
    expect(await run(['crd', 'install', ...reach])).toEqual(foreign('cannot read the CRD'));
    // The words of Go's router, and not those of an API server, which come with an audit id.
    proxy.clear();
    proxy.inject({ reply: { status: 404, headers: { 'content-type': 'text/plain' }, body: '404 page not found\n' } });
    expect((await run(['list', ...reach])).err).toBe(error('cannot list clusterprofiles', host, 'text/plain', ' 404'));
    expect(proxy.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('is a CRD that is missing: what an API server says of a group that it does not serve', async () => {
    const { reach } = await fleetBehind(() => undefined);
    const { status, headers, body } = await request('/apis/nowhere.example.com/v1/clusterprofiles');
    expect(headers['content-type']).toMatch(/^text\/plain/);
    const kept = Object.entries(headers).filter(([name]) => name === 'audit-id' || name === 'content-type');
    const answer = { status, body, headers: Object.fromEntries(kept) as Record<string, string> };
    proxy.inject({ reply: answer });
    expect(await run(['list', ...reach])).toEqual({
      code: 7,
      out: '',
      err: 'error: the hub does not have the ClusterProfile CRD\nhint: clusterprofile crd install\n',
    });
  });

  it.each([
    ['a login page', login],
    ['JSON of another service', json({ status: 'LEAKCANARY' })],
    ['another object', json({ kind: 'Pod', apiVersion: 'v1', metadata: { name: 'prod-new' } })],
  ])('is no write that was done: %s', async (_what, reply) => {
    const { reach, host } = await fleetBehind(({ method }) => (method === 'PATCH' ? { reply } : undefined));
    const { code, out, err } = await run(['import', 'kubeconfig', fleet('prod-new'), '--apply', ...reach]);
    expect({ code, out }).toEqual({ code: 7, out: '' });
    expect(err).toMatch(new RegExp(`^error: cannot apply .*/prod-new: ${host} answered with `));
    expect(err).not.toContain('LEAKCANARY');
  });

  it.each([
    ['a login page', login, 'text/html'],
    ['another object', json({ kind: 'Pod', apiVersion: 'v1', metadata: { name: 'prod-0' } }), 'application/json'],
  ])('is no deletion that was done: %s', async (_what, reply, type) => {
    const { ns, reach, host, left } = await fleetBehind(({ method }) => (method === 'DELETE' ? { reply } : undefined));
    expect(await run(['delete', 'prod-0', '-n', ns, ...reach])).toMatchObject({
      code: 7,
      out: '',
      err: lines(
        `error: cannot delete ${ns}/prod-0: ${host} answered with ${type}, not with the Kubernetes API`,
        'hint: is this the address of the API server, and is nothing in between that wants a login?',
        '0 created, 0 configured, 0 unchanged, 0 deleted, 1 failed',
      ),
    });
    expect(await left()).toHaveLength(many.length);
  });
});
