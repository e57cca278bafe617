import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import { pool } from '../../src/util/pool.ts';
import { startFaultProxy, type FaultProxy } from '../support/hub/fault-proxy.ts';
import { hubRequest } from '../support/hub/request.ts';
import { startHub, type Hub } from '../support/hub/server.ts';
import { kubeconfigOf, profileOf, profilesOf, providersFile, specsOf } from './data.ts';
import { compare, type Command } from './measure.ts';
import { add, both, builds, command, printTable, ratios, root } from './table.ts';

let hub: Hub;
let stop: () => Promise<void>;
let proxy: FaultProxy;
let kubeconfig: string;
let slowKubeconfig: string;

const theirs = (...words: string[]): string[] => [hub.kubectl, ...words];
async function namespace(name: string): Promise<string> {
  await hubRequest(hub, '/api/v1/namespaces', {
    method: 'POST',
    token: hub.tokens.admin,
    body: JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
  });
  return name;
}

/** Fills a namespace with whole profiles, status included. */
async function fill(name: string, count: number): Promise<void> {
  const base = `/apis/multicluster.x-k8s.io/v1alpha1/namespaces/${name}/clusterprofiles`;
  const options = { method: 'PATCH', token: hub.tokens.admin, contentType: 'application/apply-patch+yaml' };
  await pool([...Array.from({ length: count }).keys()], 16, async (index) => {
    const { status, ...object } = profileOf(index, name) as { status: object };
    await hubRequest(hub, `${base}/prod-${index}?fieldManager=bench&force=true`, {
      ...options,
      body: JSON.stringify(object),
    });
    await hubRequest(hub, `${base}/prod-${index}/status?fieldManager=bench&force=true`, {
      ...options,
      body: JSON.stringify({ ...object, status }),
    });
  });
}

beforeAll(async () => {
  ({ hub, stop } = await startHub());
  proxy = await startFaultProxy(hub, { delayMs: 10 });
  kubeconfig = hub.kubeconfig;
  const { writeFileSync, readFileSync } = await import('node:fs');
  slowKubeconfig = `${hub.kubeconfig}.slow`;
  writeFileSync(slowKubeconfig, readFileSync(hub.kubeconfig, 'utf8').replaceAll(hub.url, proxy.url));
});

afterAll(async () => {
  await proxy.close();
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
  await fill(await namespace('ten'), 10);
  const env = { KUBECONFIG: kubeconfig };
  const [other, ...mine] = await compare(
    [command('get', theirs('get', 'clusterprofiles', '-n', 'ten'), { env }), ...both(['list', '-n', 'ten'], { env })],
    21,
  );
  add('G6', 'list of 10 against kubectl get', { npm: 1.75, binary: 0.7 }, ratios(mine, other));
});

it('G9, G13, G10 apply and diff of 1,000', async () => {
  let round = 0;
  const slow = { KUBECONFIG: slowKubeconfig };
  const fresh = (make: (file: string) => string[]) => async (): Promise<string[]> =>
    make(specsOf(1000, await namespace(`fresh-${round++}`)));
  const kubectlApply = (file: string): string[] => theirs('apply', '--server-side', '-f', file);
  const applies = (env: Record<string, string>, ...flags: string[]): Command[] =>
    (['npm', 'binary'] as const).map((build) =>
      command(`${build}: apply`, [], {
        env,
        before: fresh((file) => [...builds[build], 'apply', '-f', file, ...flags]),
      }),
    );
  const [other, ...all] = await compare(
    [
      command('kubectl apply', [], { env: slow, before: fresh(kubectlApply) }),
      ...applies(slow),
      ...applies(slow, '--concurrency', '32'),
    ],
    3,
  );
  const [mine, wider] = [all.slice(0, 2), all.slice(2)];
  const against = 'apply of 1,000 new, 10 ms latency, against kubectl apply --server-side';
  add('G9', against, 0.1, ratios(mine, other));
  add('G9', 'the same with --concurrency 32', 0.1, ratios(wider, other));
  add('G9', 'the same, CPU', 0.6, ratios(mine, other, 'cpu'));
  const env = { KUBECONFIG: kubeconfig };
  const [kubectlNear, ...near] = await compare(
    [command('kubectl apply', [], { env, before: fresh(kubectlApply) }), ...applies(env)],
    3,
  );
  add('G9', 'apply of 1,000 new, no latency', 0.6, ratios(near, kubectlNear));
  const same = specsOf(1000, await namespace('same'));
  await compare([command('apply', [...builds.npm, 'apply', '-f', same], { env })], 1);
  const before = proxy.requests.length;
  const [kubectlAgain, ...again] = await compare(
    [
      command('kubectl again', theirs('apply', '--server-side', '-f', same), { env }),
      ...both(['apply', '-f', same], { env: slow }),
    ],
    3,
  );
  const written = proxy.requests.slice(before).filter(({ method }) => method !== 'GET').length;
  const unchanged = 'apply of 1,000 unchanged (ours with 10 ms latency, kubectl without)';
  add('G13', unchanged, 0.1, ratios(again, kubectlAgain));
  add('G13', 'write requests of it', 0, { npm: written, binary: written }, '');
  const changed = specsOf(1000, 'same', 'Store');
  const more = { env: slow, codes: [1] };
  const [kubectlDiff, ...diff] = await compare(
    [
      command('kubectl diff', theirs('diff', '--server-side', '--force-conflicts', '-f', changed), more),
      ...both(['diff', '--force-conflicts', '-f', changed], more),
    ],
    1,
  );
  const asked = 'diff of 1,000, 10 ms latency, against kubectl diff --server-side';
  add('G10', asked, 0.1, ratios(diff, kubectlDiff));
});

it('G7, G8 list of 10,000', async () => {
  await fill(await namespace('many'), 10_000);
  const env = { KUBECONFIG: kubeconfig };
  const get = theirs('get', 'clusterprofiles', '-n', 'many');
  const [paged, whole, ...mine] = await compare(
    [
      command('get', get, { env }),
      command('get whole', [...get, '--chunk-size=0'], { env }),
      ...both(['list', '-n', 'many'], { env }),
    ],
    5,
    true,
  );
  add('G7', 'list of 10,000 against kubectl get', 0.3, ratios(mine, paged));
  add('G7', 'list of 10,000 against kubectl get --chunk-size=0', 0.8, ratios(mine, whole));
  add('G7', 'the same, CPU', { npm: 0.75, binary: 0.4 }, ratios(mine, whole, 'cpu'));
  add('G7', 'the same, peak memory', {}, ratios(mine, whole, 'rss'));
  const [kubectlYaml, ...yaml] = await compare(
    [command('get -o yaml', [...get, '-o', 'yaml'], { env }), ...both(['list', '-n', 'many', '-o', 'yaml'], { env })],
    5,
    true,
  );
  add('G8', 'list -o yaml of 10,000 against kubectl get -o yaml', 0.3, ratios(yaml, kubectlYaml));
  add('G8', 'the same, peak memory', 0.4, ratios(yaml, kubectlYaml, 'rss'));
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
  add('G12', 'the chunk that every start loads', { npm: 64 }, { npm: size / 1024 }, ' KiB');
});
