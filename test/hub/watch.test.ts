import { spawn } from 'node:child_process';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadAll } from 'js-yaml';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { startFaultProxy } from '../support/hub/fault-proxy.ts';
import type { Fault, Rule } from '../support/hub/faults.ts';
import { describeHub, kubeconfigFor, namespace, request as requestOnce, theHub } from '../support/hub/hub.ts';
import { listenTo, startProgram, type Working } from '../support/program.ts';
import { environment, run } from '../support/run.ts';

/** Starts the program, which does not outlive its test. */
function start(words: readonly string[]): Working {
  const child = startProgram(words, { env: environment() });
  onTestFinished(() => void child.kill('SIGKILL'));
  return listenTo(child);
}

/** Starts the real kubectl in the same way. */
function startKubectl(words: readonly string[]): Working {
  const hub = theHub();
  const env = {
    PATH: process.env['PATH'],
    HOME: hub.dir,
    KUBECONFIG: hub.kubeconfig,
    KUBECACHEDIR: join(hub.dir, 'kubectl-cache'),
  };
  const child = spawn(hub.kubectl, words, { env });
  onTestFinished(() => void child.kill('SIGKILL'));
  return listenTo(child);
}

/** Writes share a few connections. */
const agent = new Agent({ keepAlive: true, maxSockets: 8 });
afterAll(() => agent.destroy());

const request: typeof requestOnce = (path, options) => requestOnce(path, { agent, ...options });

const pathOf = (ns: string, ...rest: string[]): string =>
  ['/apis/multicluster.x-k8s.io/v1alpha1/namespaces', ns, 'clusterprofiles', ...rest].join('/');

async function create(ns: string, name: string, labels: Record<string, string> = {}): Promise<void> {
  const body = JSON.stringify({
    apiVersion: 'multicluster.x-k8s.io/v1alpha1',
    kind: 'ClusterProfile',
    metadata: { name, namespace: ns, labels },
    spec: { displayName: name, clusterManager: { name: 'shop-fleet' } },
  });
  const answer = await request(pathOf(ns), { method: 'POST', body });
  if (answer.status !== 201) throw new Error(answer.body);
}

async function patch(ns: string, name: string, body: object, ...sub: string[]): Promise<void> {
  const contentType = 'application/merge-patch+json';
  const answer = await request(pathOf(ns, name, ...sub), { method: 'PATCH', body: JSON.stringify(body), contentType });
  if (answer.status !== 200) throw new Error(answer.body);
}

const remove = (ns: string, name: string): Promise<unknown> => request(pathOf(ns, name), { method: 'DELETE' });

const lineCount = (text: string): number => text.split('\n').length - 1;

interface Told {
  type: string;
  object: { metadata: { name: string; uid: string; resourceVersion: string } };
}

const watchWords = (...words: string[]): string[] => [...words, '-w', '-o', 'json', '--output-watch-events'];

const eventsOf = (watch: Working): Told[] =>
  watch
    .out()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Told);

const lineOf = ({ type, object: { metadata } }: Told): string =>
  `${type} ${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`;

/** What is there after all events, by name: its version. Fails for one that is told twice, late, or of nothing. */
function replay(events: readonly Told[]): Record<string, string> {
  const there = new Map<string, Told['object']['metadata']>();
  for (const event of events) {
    const { type, object } = event;
    const { name, uid, resourceVersion } = object.metadata;
    const before = there.get(name);
    expect(type === 'ADDED', lineOf(event)).toBe(before === undefined);
    if (before) expect(before.uid, lineOf(event)).toBe(uid);
    // What a relist misses was last seen at the version that is known.
    if (type === 'MODIFIED')
      expect(BigInt(resourceVersion) > BigInt(before!.resourceVersion), lineOf(event)).toBe(true);
    if (type === 'DELETED') there.delete(name);
    else there.set(name, object.metadata);
  }
  return Object.fromEntries([...there].map(([name, { resourceVersion }]) => [name, resourceVersion]));
}

/** What the hub has, in the same form. */
async function listVersions(
  ns: string,
  fits: (version: string) => boolean = () => true,
): Promise<Record<string, string>> {
  interface Listed {
    items: { metadata: Told['object']['metadata']; status?: { version?: { kubernetes?: string } } }[];
  }
  const { items } = JSON.parse((await request(pathOf(ns))).body) as Listed;
  const chosen = items.filter(({ status }) => fits(status?.version?.kubernetes ?? ''));
  return Object.fromEntries(chosen.map(({ metadata }) => [metadata.name, metadata.resourceVersion]));
}

/** Creates, changes and deletes profiles, eight at a time, each of a few names of its own. */
async function writeAtRandom(ns: string, count: number, random: () => number): Promise<void> {
  const write = async (writer: number): Promise<void> => {
    const there = new Set<string>();
    for (let done = 0; done < count / 8; done++) {
      const name = `cluster-${writer}-${Math.floor(random() * 6)}`;
      const kubernetes = `v1.${30 + Math.floor(random() * 4)}.0`;
      if (!there.has(name)) {
        await create(ns, name);
        there.add(name);
      } else if (random() < 0.3) {
        await remove(ns, name);
        there.delete(name);
      } else if (random() < 0.7) await patch(ns, name, { status: { version: { kubernetes } } }, 'status');
      else await patch(ns, name, { metadata: { labels: { step: `s${done}` } } });
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));
}

/** Ends watches anywhere in a line, or by a reset; `other` goes first. */
const cutWatches =
  (random: () => number, other: () => Fault | undefined): Rule =>
  ({ query }) => {
    if (!query.has('watch')) return undefined;
    const fault = other();
    if (fault) return fault;
    return random() < 0.2 ? { reset: 'body' } : { cutBodyAt: Math.floor(random() * 40_000) };
  };

/** Numbers from 0 to 1, the same in every run (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = createRandom(20261128);

describeHub('list --watch', () => {
  it('prints what kubectl prints, in every format that both have', async () => {
    const ns = await namespace();
    const kubeconfig = kubeconfigFor({ namespace: ns });
    await create(ns, 'tokyo', { tier: 'prod' });
    await create(ns, 'oslo');
    const forms: string[][] = [
      ['-o', 'name'],
      ['-o', 'json'],
      ['-o', 'yaml'],
      ['-o', 'jsonpath={.metadata.name}/{.metadata.labels.tier}{"\\n"}'],
      ['-o', 'custom-columns=NAME:.metadata.name,TIER:.metadata.labels.tier'],
      ['-o', 'name', '-l', 'tier=prod'],
      ['-o', 'name', '--watch-only'],
      ['-o', 'name', '--output-watch-events'],
      ['-o', 'yaml', '--output-watch-events', '--show-managed-fields'],
      ['-o', 'json', '--output-watch-events', '--show-managed-fields'],
      ['-o', 'jsonpath={.type} {.object.metadata.name}{"\\n"}', '--output-watch-events'],
      ['-o', 'custom-columns=EVENT:.type,NAME:.object.metadata.name', '--output-watch-events', '-l', 'tier'],
    ];
    const pairs = forms.map((form) => ({
      form,
      theirs: startKubectl(['get', 'clusterprofiles', '-n', ns, '-w', ...form]),
      ours: start(['list', '--kubeconfig', kubeconfig, '-w', ...form]),
    }));
    // Those that print nothing of what there is are at work when the others are.
    for (const { form, theirs, ours } of pairs)
      if (!form.includes('--watch-only')) await Promise.all([theirs.shows(/tokyo/), ours.shows(/tokyo/)]);
    await sleep(2000);
    await create(ns, 'a-much-longer-name', { tier: 'prod' });
    await patch(ns, 'oslo', { metadata: { labels: { tier: 'prod' } } });
    await patch(ns, 'oslo', { status: { version: { kubernetes: 'v1.34.2' } } }, 'status');
    await patch(ns, 'tokyo', { metadata: { labels: { tier: 'test' } } });
    await remove(ns, 'oslo');
    await patch(ns, 'a-much-longer-name', { metadata: { labels: { tier: null, end: 'now' } } });
    for (const { theirs, ours } of pairs)
      for (let left = 500; left > 0 && lineCount(ours.out()) < lineCount(theirs.out()); left--) await sleep(10);
    await sleep(500);
    for (const { form, theirs, ours } of pairs) {
      const [printed, expected] = [ours.out(), theirs.out()];
      // A text that YAML 1.1 would read as something else is quoted otherwise.
      if (form.includes('yaml')) expect(loadAll(printed), form.join(' ')).toEqual(loadAll(expected));
      else expect(printed, form.join(' ')).toBe(expected);
      expect(lineCount(ours.out()), form.join(' ')).toBeGreaterThan(4);
      expect(ours.err(), form.join(' ')).toBe('');
    }
    for (const { ours } of pairs) {
      const { code, ms } = await ours.interrupt();
      expect({ code, err: ours.err() }).toEqual({ code: 130, err: '' });
      expect(ms).toBeLessThan(1000);
    }
  });

  it('tells of 2,000 random writes what the hub did, over connections that are cut', async () => {
    const ns = await namespace();
    const proxy = await startFaultProxy(
      theHub(),
      cutWatches(random, () => undefined),
    );
    onTestFinished(() => proxy.close());
    const truth = startKubectl(watchWords('get', 'clusterprofiles', '-n', ns));
    const words = watchWords('list', '--kubeconfig', kubeconfigFor({ namespace: ns, cluster: { server: proxy.url } }));
    const [all, some] = [start(words), start([...words, '--version', '>=1.31'])];
    await create(ns, 'first');
    for (const each of [truth, all]) await each.shows(/"first"/);
    await writeAtRandom(ns, 2000, random);
    await create(ns, 'last');
    await patch(ns, 'last', { status: { version: { kubernetes: 'v1.34.0' } } }, 'status');
    for (const each of [truth, all]) await each.shows(/"last"[^\n]*v1\.34\.0/, 30_000);
    await some.shows(/"last"/, 30_000);
    const told = eventsOf(all);
    expect(told.map(lineOf)).toEqual(eventsOf(truth).map(lineOf));
    expect(told.length).toBeGreaterThan(1500);
    const live = replay(told);
    expect(live).toEqual(await listVersions(ns));
    expect(replay(eventsOf(some))).toEqual(await listVersions(ns, (version) => Number(version.slice(3)) >= 31));
    const watches = proxy.requests.filter(({ query }) => query.has('watch'));
    expect(watches.length).toBeGreaterThan(20);
  }, 120_000);

  it('tells the difference where the hub has forgotten what was between', async () => {
    const ns = await namespace();
    let forgotten = 0;
    const forget = (): Fault | undefined => {
      if (random() > 0.3) return undefined;
      forgotten++;
      const status = {
        kind: 'Status',
        apiVersion: 'v1',
        status: 'Failure',
        reason: 'Expired',
        code: 410,
        message: 'too old',
      };
      return random() < 0.5
        ? { reply: { status: 410, body: status } }
        : { reply: { status: 200, body: `${JSON.stringify({ type: 'ERROR', object: status })}\n` } };
    };
    const proxy = await startFaultProxy(theHub(), cutWatches(random, forget));
    onTestFinished(() => proxy.close());
    const words = watchWords('list', '--kubeconfig', kubeconfigFor({ namespace: ns, cluster: { server: proxy.url } }));
    const [all, some] = [start(words), start([...words, '--version', '>=1.31'])];
    await create(ns, 'first');
    await all.shows(/"first"/);
    await writeAtRandom(ns, 2000, random);
    await create(ns, 'last');
    await patch(ns, 'last', { status: { version: { kubernetes: 'v1.34.0' } } }, 'status');
    for (const each of [all, some]) await each.shows(/"last"[^\n]*v1\.34\.0/, 30_000);
    expect(replay(eventsOf(all))).toEqual(await listVersions(ns));
    expect(replay(eventsOf(some))).toEqual(await listVersions(ns, (version) => Number(version.slice(3)) >= 31));
    expect(forgotten).toBeGreaterThan(5);
  }, 120_000);

  it('goes on for as long as it is wanted: after the hub ends it, and after the hub was away', async () => {
    const ns = await namespace();
    let isAway = false;
    const proxy = await startFaultProxy(theHub(), () => (isAway ? { reset: 'request' } : { watchSeconds: 1 }));
    onTestFinished(() => proxy.close());
    const kubeconfig = kubeconfigFor({ namespace: ns, cluster: { server: proxy.url } });
    const watch = start(['list', '--kubeconfig', kubeconfig, '--watch-only', '-o', 'name', '--request-timeout', '1s']);
    const countWatches = (): number => proxy.requests.filter(({ query }) => query.has('watch')).length;
    for (let left = 3000; left > 0 && countWatches() < 4; left--) await sleep(10);
    expect(countWatches()).toBeGreaterThan(3);
    await create(ns, 'oslo');
    await watch.shows(/oslo\n$/);
    expect(watch.err()).toBe('');
    isAway = true;
    await create(ns, 'tokyo');
    for (let left = 3000; left > 0 && watch.err() === ''; left--) await sleep(10);
    expect(watch.err()).toMatch(/^warning: cannot reach [^\n]*; the watch goes on when it answers again\n$/);
    isAway = false;
    await watch.shows(/oslo\n.*tokyo\n$/, 40_000);
    expect((await watch.interrupt()).code).toBe(130);
    expect(watch.out().match(/[a-z]+$/gm)).toEqual(['oslo', 'tokyo']);
  }, 120_000);

  it('needs the right to watch, and a profile that is named', async () => {
    const ns = await namespace();
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'lister', namespace: ns } };
    const rules = [{ apiGroups: ['multicluster.x-k8s.io'], resources: ['clusterprofiles'], verbs: ['list'] }];
    const subjects = [{ kind: 'User', name: 'viewer', apiGroup: 'rbac.authorization.k8s.io' }];
    const roleRef = { kind: 'Role', name: 'lister', apiGroup: 'rbac.authorization.k8s.io' };
    for (const [kind, more] of [
      ['Role', { rules }],
      ['RoleBinding', { subjects, roleRef }],
    ] as const) {
      const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${ns}/${kind.toLowerCase()}s`;
      await request(path, { method: 'POST', body: JSON.stringify({ ...role, kind, ...more }) });
    }
    await create(ns, 'oslo');
    const kubeconfig = kubeconfigFor({ namespace: ns, user: 'viewer' });
    const refused = await run(['list', '--kubeconfig', kubeconfig, '-w', '-o', 'name']);
    expect(refused).toMatchObject({ code: 6, out: 'clusterprofile.multicluster.x-k8s.io/oslo\n' });
    expect(refused.err).toMatch(/^error: cannot watch clusterprofiles: .*forbidden/);
    expect(refused.err).toContain(`hint: kubectl auth can-i watch clusterprofiles.multicluster.x-k8s.io -n ${ns}`);
    const absent = await run(['list', 'tokyo', '--kubeconfig', kubeconfigFor({ namespace: ns }), '-w']);
    expect(absent).toMatchObject({ code: 9, out: '' });
    expect(absent.err).toContain(`error: not found: tokyo (in the ${ns} namespace)\n`);
  });
});
