import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import { pool } from '../../src/pool.ts';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { hubRequest } from '../support/hub-request.ts';
import { startHub, type Hub } from '../support/hub-server.ts';
import { kubeconfigOf, profileOf, profilesOf, providersFile, specsOf } from './data.ts';
import { compare, type Command } from './measure.ts';

const root = join(import.meta.dirname, '..', '..');
const bin = join(root, 'bin', 'clusterprofile.js');
const major = Number(process.versions.node.split('.')[0]);

interface Row {
  goal: string;
  what: string;
  limit: number;
  measured: number;
  unit?: string;
}

const rows: Row[] = [];
const add = (goal: string, what: string, limit: number, measured: number, unit = 'x'): void =>
  void rows.push({ goal, what, limit, measured, unit });

let hub: Hub;
let stop: () => Promise<void>;
let proxy: FaultProxy;
let kubeconfig: string;
let slowKubeconfig: string;

const ours = (...words: string[]): string[] => [process.execPath, bin, ...words];
const theirs = (...words: string[]): string[] => [hub.kubectl, ...words];
const command = (title: string, argv: string[], more: Partial<Command> = {}): Command => ({ title, argv, ...more });

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
  const cells = rows.map(({ goal, what, limit, measured, unit }) => [
    goal,
    what,
    `<= ${limit}${unit}`,
    `${measured.toFixed(2)}${unit}`,
    measured <= limit ? 'met' : 'NOT MET',
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  process.stdout.write(
    `\nNode ${process.versions.node}, medians of interleaved runs, ratios of one run\n${cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n')}\n`,
  );
});

it('G1 help', async () => {
  const [floor, mine, other] = await compare(
    [
      command('node -e 0', [process.execPath, '-e', '0']),
      command('help', ours('--help')),
      command('kubectl get --help', theirs('get', '--help')),
    ],
    21,
  );
  add('G1', '--help against node -e 0', 1.5, mine!.wall / floor!.wall);
  add('G1', '--help against kubectl get --help', 0.8, mine!.wall / other!.wall);
});

it('G2, G3 import kubeconfig', async () => {
  const small = kubeconfigOf(10);
  const large = kubeconfigOf(1000);
  const [floor, mine, other] = await compare(
    [
      command('node -e 0', [process.execPath, '-e', '0']),
      command('import', ours('import', 'kubeconfig', small)),
      command('config view', theirs(`--kubeconfig=${small}`, 'config', 'view', '--raw')),
    ],
    21,
  );
  add('G2', 'import kubeconfig, 10 contexts, against node -e 0', 1.6, mine!.wall / floor!.wall);
  add('G2', 'import kubeconfig, 10 contexts, against config view --raw', 0.8, mine!.wall / other!.wall);
  const [big, view] = await compare(
    [
      command('import', ours('import', 'kubeconfig', large)),
      command('config view', theirs(`--kubeconfig=${large}`, 'config', 'view', '--raw')),
    ],
    9,
    true,
  );
  add('G3', 'import kubeconfig, 1,000 contexts, against config view --raw', 0.4, big!.wall / view!.wall);
  add('G3', 'the same, peak memory', 1, big!.rss / view!.rss);
});

it('G6 list of 10', async () => {
  await fill(await namespace('ten'), 10);
  const env = { KUBECONFIG: kubeconfig };
  const [mine, other] = await compare(
    [
      command('list', ours('list', '-n', 'ten'), { env }),
      command('get', theirs('get', 'clusterprofiles', '-n', 'ten'), { env }),
    ],
    21,
  );
  add('G6', 'list of 10 against kubectl get', major >= 22 ? 1.3 : 1.6, mine!.wall / other!.wall);
});

it('G9, G13, G10 apply and diff of 1,000', async () => {
  let round = 0;
  const slow = { KUBECONFIG: slowKubeconfig };
  const fresh = (make: (file: string) => string[]) => async (): Promise<string[]> =>
    make(specsOf(1000, await namespace(`fresh-${round++}`)));
  const apply = (file: string): string[] => ours('apply', '-f', file);
  const kubectlApply = (file: string): string[] => theirs('apply', '--server-side', '-f', file);
  const wide = (file: string): string[] => [...apply(file), '--concurrency', '32'];
  const [mine, other, wider] = await compare(
    [
      command('apply', [], { env: slow, before: fresh(apply) }),
      command('kubectl apply', [], { env: slow, before: fresh(kubectlApply) }),
      command('apply, 32 in flight', [], { env: slow, before: fresh(wide) }),
    ],
    3,
  );
  add('G9', 'the same with --concurrency 32', 0.1, wider!.wall / other!.wall);
  add('G9', 'apply of 1,000 new, 10 ms latency, against kubectl apply --server-side', 0.1, mine!.wall / other!.wall);
  add('G9', 'the same, CPU', 0.6, mine!.cpu / other!.cpu);
  const env = { KUBECONFIG: kubeconfig };
  const [near, kubectlNear] = await compare(
    [
      command('apply', [], { env, before: fresh(apply) }),
      command('kubectl apply', [], { env, before: fresh(kubectlApply) }),
    ],
    3,
  );
  add('G9', 'apply of 1,000 new, no latency', 0.6, near!.wall / kubectlNear!.wall);
  const same = specsOf(1000, await namespace('same'));
  await compare([command('apply', ours('apply', '-f', same), { env })], 1);
  const before = proxy.requests.length;
  const [again, kubectlAgain] = await compare(
    [
      command('apply again', ours('apply', '-f', same), { env: slow }),
      command('kubectl again', theirs('apply', '--server-side', '-f', same), { env }),
    ],
    3,
  );
  const written = proxy.requests.slice(before).filter(({ method }) => method !== 'GET').length;
  add(
    'G13',
    'apply of 1,000 unchanged (ours with 10 ms latency, kubectl without)',
    0.1,
    again!.wall / kubectlAgain!.wall,
  );
  add('G13', 'write requests of it', 0, written, '');
  const changed = specsOf(1000, 'same', 'Store');
  const [diff, kubectlDiff] = await compare(
    [
      command('diff', ours('diff', '--force-conflicts', '-f', changed), { env: slow, codes: [1] }),
      command('kubectl diff', theirs('diff', '--server-side', '--force-conflicts', '-f', changed), {
        env: slow,
        codes: [1],
      }),
    ],
    1,
  );
  add('G10', 'diff of 1,000, 10 ms latency, against kubectl diff --server-side', 0.1, diff!.wall / kubectlDiff!.wall);
});

it('G7, G8 list of 10,000', async () => {
  await fill(await namespace('many'), 10_000);
  const env = { KUBECONFIG: kubeconfig };
  const [mine, paged, whole] = await compare(
    [
      command('list', ours('list', '-n', 'many'), { env }),
      command('get', theirs('get', 'clusterprofiles', '-n', 'many'), { env }),
      command('get whole', theirs('get', 'clusterprofiles', '-n', 'many', '--chunk-size=0'), { env }),
    ],
    5,
  );
  add('G7', 'list of 10,000 against kubectl get', 0.3, mine!.wall / paged!.wall);
  add('G7', 'list of 10,000 against kubectl get --chunk-size=0', 0.8, mine!.wall / whole!.wall);
  add('G7', 'the same, CPU', 0.75, mine!.cpu / whole!.cpu);
  const [yaml, kubectlYaml] = await compare(
    [
      command('list -o yaml', ours('list', '-n', 'many', '-o', 'yaml'), { env }),
      command('get -o yaml', theirs('get', 'clusterprofiles', '-n', 'many', '-o', 'yaml'), { env }),
    ],
    5,
    true,
  );
  add('G8', 'list -o yaml of 10,000 against kubectl get -o yaml', 0.3, yaml!.wall / kubectlYaml!.wall);
  add('G8', 'the same, peak memory', 0.4, yaml!.rss / kubectlYaml!.rss);
  add('G8', 'peak memory', 160, yaml!.rss, ' MiB');
});

it('fan-out of 1,000 profiles', async () => {
  const file = profilesOf(1000);
  const [mine, other] = await compare(
    [
      command('export argocd', ours('export', 'argocd', '-q', '-f', file, '--provider-file', providersFile())),
      command('annotate --local', theirs('annotate', '--local', '-f', file, 'x=y', '-o', 'yaml')),
    ],
    7,
  );
  add('export', '1,000 profiles to Argo CD Secrets against kubectl annotate --local', 0.4, mine!.wall / other!.wall);
});

it('G12 structure', () => {
  add('G12', 'the chunk that every start loads', 64, statSync(join(root, 'dist', 'cli.cjs')).size / 1024, ' KiB');
});
