import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import { startFaultProxy } from '../support/hub/fault-proxy.ts';
import { hubRequest } from '../support/hub/request.ts';
import { startHub, type Hub } from '../support/hub/server.ts';
import { curlOf, kubeconfigOf, profilesOf, providersFile, specsOf } from './data.ts';
import { startLatency, type Latency } from './latency.ts';
import { compare, type Command } from './measure.ts';
import { add, both, builds, command, printTable, ratios, root } from './table.ts';

let hub: Hub;
let stop: () => Promise<void>;
let slow: Latency;
/** Of the hub, and of the hub behind 10 ms. */
let near: Record<'KUBECONFIG', string>;
let far: Record<'KUBECONFIG', string>;

const theirs = (...words: string[]): string[] => [hub.kubectl, ...words];

async function createNamespace(name: string): Promise<string> {
  await hubRequest(hub, '/api/v1/namespaces', {
    method: 'POST',
    token: hub.tokens.admin,
    body: JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
  });
  return name;
}

/** The hub's kubeconfig with another address. */
function kubeconfigFor(url: string, name: string): string {
  const path = join(hub.dir, `${name}.kubeconfig`);
  writeFileSync(path, readFileSync(hub.kubeconfig, 'utf8').replaceAll(hub.url, url));
  return path;
}

beforeAll(async () => {
  ({ hub, stop } = await startHub());
  slow = await startLatency(hub.url, 10);
  near = { KUBECONFIG: hub.kubeconfig };
  far = { KUBECONFIG: kubeconfigFor(slow.url, 'far') };
});

afterAll(async () => {
  slow.close();
  await stop();
  printTable();
});

it('G1 help', async () => {
  const [floor, other, ...mine] = await compare(
    [
      command('node -e 0', [process.execPath, '-e', '0']),
      command('kubectl get --help', theirs('get', '--help')),
      ...both(['--help']),
    ],
    21,
  );
  add('G1', '--help against node -e 0', { npm: 1.5 }, ratios(mine, floor));
  add('G1', '--help against kubectl get --help', { npm: 0.8, binary: 0.4 }, ratios(mine, other));
});

it('G2, G3 import kubeconfig', async () => {
  const small = kubeconfigOf(10);
  const large = kubeconfigOf(1000);
  const [floor, other, ...mine] = await compare(
    [
      command('node -e 0', [process.execPath, '-e', '0']),
      command('config view', theirs(`--kubeconfig=${small}`, 'config', 'view', '--raw')),
      ...both(['import', 'kubeconfig', small]),
    ],
    21,
  );
  add('G2', 'import kubeconfig, 10 contexts, against node -e 0', { npm: 1.6 }, ratios(mine, floor));
  add(
    'G2',
    'import kubeconfig, 10 contexts, against config view --raw',
    { npm: 0.8, binary: 0.6 },
    ratios(mine, other),
  );
  const [view, ...big] = await compare(
    [
      command('config view', theirs(`--kubeconfig=${large}`, 'config', 'view', '--raw')),
      ...both(['import', 'kubeconfig', large]),
    ],
    9,
    true,
  );
  add(
    'G3',
    'import kubeconfig, 1,000 contexts, against config view --raw',
    { npm: 0.4, binary: 0.35 },
    ratios(big, view),
  );
  add('G3', 'the same, peak memory', { npm: 1 }, ratios(big, view, 'rss'));
});

it('G6 list of 10', async () => {
  const file = specsOf(10, await createNamespace('ten'));
  await compare([command('apply', [...builds.npm, 'apply', '-f', file], { env: near })], 1);
  const [other, ...mine] = await compare(
    [
      command('get', theirs('get', 'clusterprofiles', '-n', 'ten'), { env: near }),
      ...both(['list', '-n', 'ten'], { env: near }),
    ],
    21,
  );
  add('G6', 'list of 10 against kubectl get', { npm: 1.75, binary: 0.7 }, ratios(mine, other));
});

let round = 0;

/** A command line with a file of 1,000 profiles of a namespace that is new each time. */
const fresh = (make: (namespace: string, file: string) => string[]) => async (): Promise<string[]> => {
  const namespace = await createNamespace(`fresh-${round++}`);
  return make(namespace, specsOf(1000, namespace));
};

const kubectlApply = fresh((_namespace, file) => theirs('apply', '--server-side', '-f', file));

const applies = (env: Record<string, string>, ...flags: string[]): Command[] =>
  (['npm', 'binary'] as const).map((build) =>
    command(`${build}: apply`, [], {
      env,
      before: fresh((_namespace, file) => [...builds[build], 'apply', '-f', file, ...flags]),
    }),
  );

const curlApply = fresh((namespace) => {
  const server = { url: slow.url, caFile: hub.caFile, token: hub.tokens.admin };
  return ['curl', '-Z', '--parallel-max', '32', '-K', curlOf(1000, namespace, server)];
});

it('G9 apply of 1,000 new', async () => {
  const [other, floor, ...all] = await compare(
    [
      command('kubectl apply', [], { env: far, before: kubectlApply }),
      command('curl', [], { before: curlApply }),
      ...applies(far),
      ...applies(far, '--concurrency', '32'),
    ],
    3,
  );
  const [mine, wider] = [all.slice(0, 2), all.slice(2)];
  const { npm: least } = ratios([floor, floor], other);
  const reason = `the server has the same 1,000 requests from curl -Z, 32 in flight, in ${least.toFixed(2)}x of kubectl's time`;
  const against = 'apply of 1,000 new, 10 ms latency, against kubectl apply --server-side';
  add('G9', against, 0.1, ratios(mine, other), { reason });
  add('G9', 'the same with --concurrency 32', 0.1, ratios(wider, other), { reason });
  const client =
    'a bare client of node:https takes 0.7x to 0.8x of kubectl for the same 1,000 requests; one of node:http2, which this program does not speak, a quarter less';
  add('G9', 'the same, CPU', 0.7, ratios(mine, other, 'cpu'), { reason: client });
  add('G9', 'the same requests by curl -Z, 32 in flight', {}, { npm: least, binary: least });
  const [kubectlNear, ...nearer] = await compare(
    [command('kubectl apply', [], { env: near, before: kubectlApply }), ...applies(near)],
    3,
  );
  add('G9', 'apply of 1,000 new, no latency', 0.6, ratios(nearer, kubectlNear));
});

it('G13, G10 apply of what is there, and diff', async () => {
  const same = specsOf(1000, await createNamespace('same'));
  await compare([command('apply', [...builds.npm, 'apply', '-f', same], { env: near })], 1);
  const [kubectlAgain, ...again] = await compare(
    [
      command('kubectl again', theirs('apply', '--server-side', '-f', same), { env: far }),
      ...both(['apply', '-f', same], { env: far }),
    ],
    3,
  );
  add('G13', 'apply of 1,000 unchanged, 10 ms latency, against kubectl', 0.06, ratios(again, kubectlAgain));
  add('G13', 'the same, CPU', {}, ratios(again, kubectlAgain, 'cpu'));
  const proxy = await startFaultProxy(hub);
  const written: number[] = [];
  for (const each of both(['apply', '-f', same], { env: { KUBECONFIG: kubeconfigFor(proxy.url, 'counted') } })) {
    proxy.clear();
    await compare([each], 1);
    written.push(proxy.requests.filter(({ method }) => method !== 'GET').length);
  }
  await proxy.close();
  const [npm = Number.NaN, binary = Number.NaN] = written;
  add('G13', 'write requests of it', 0, { npm, binary }, { unit: '' });
  const changed = specsOf(1000, 'same', 'Store');
  const more = { env: far, codes: [1] };
  const [kubectlDiff, ...diff] = await compare(
    [
      command('kubectl diff', theirs('diff', '--server-side', '--force-conflicts', '-f', changed), more),
      ...both(['diff', '--force-conflicts', '-f', changed], more),
    ],
    1,
  );
  const asked = 'diff of 1,000, 10 ms latency, against kubectl diff --server-side';
  add('G10', asked, 0.04, ratios(diff, kubectlDiff));
  add('G10', 'the same, CPU', {}, ratios(diff, kubectlDiff, 'cpu'));
});

it('fan-out of 1,000 profiles', async () => {
  const file = profilesOf(1000);
  const [other, ...mine] = await compare(
    [
      command('annotate --local', theirs('annotate', '--local', '-f', file, 'x=y', '-o', 'yaml')),
      ...both(['export', 'argocd', '-q', '-f', file, '--provider-file', providersFile()]),
    ],
    7,
  );
  add('export', '1,000 profiles to Argo CD Secrets against kubectl annotate --local', 0.4, ratios(mine, other));
});

it('G12 structure', () => {
  const { size } = statSync(join(root, 'dist', 'main.cjs'));
  add('G12', 'the chunk that every start loads', { npm: 64 }, { npm: size / 1024 }, { unit: ' KiB' });
});
