import { afterAll, beforeAll, it } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { hubRequest } from '../support/hub/request.ts';
import { startHub, type Hub } from '../support/hub/server.ts';
import { profilesOf, providersFile } from './data.ts';
import { copyInEtcd } from './etcd.ts';
import { compare } from './measure.ts';
import { add, addSize, both, builds, command, patient, printTable, ratios, readGrowth } from './table.ts';

const sizes = [1000, 5000, 10_000, 50_000];

let hub: Hub;
let stop: () => Promise<void>;
let env: Record<'KUBECONFIG', string>;

const pathOf = (namespace: string): string =>
  `/apis/multicluster.x-k8s.io/v1alpha1/namespaces/${namespace}/clusterprofiles`;

/** Fills a namespace with whole profiles: one by the program itself, the others as copies of it. */
async function fill(namespace: string, count: number): Promise<void> {
  const { admin: token } = hub.tokens;
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await hubRequest(hub, '/api/v1/namespaces', { method: 'POST', token, body });
  await compare([command('apply', [...builds.npm, 'apply', '-f', profilesOf(1, namespace)], { env })], 1);
  const copies = Array.from({ length: count - 1 }, (_, index) => `prod-${index + 1}`);
  await copyInEtcd(hub.etcd, `/registry/multicluster.x-k8s.io/clusterprofiles/${namespace}`, 'prod-0', copies);
}

/** Until the server has heard of etcd what it has not written itself, it refuses lists. */
async function waitForCopies(): Promise<void> {
  const { admin: token } = hub.tokens;
  const list = pathOf('size-1000');
  const { metadata } = JSON.parse((await hubRequest(hub, `${list}?limit=1`, { token })).body) as {
    metadata: { resourceVersion: string };
  };
  const newest = `${list}?resourceVersion=${metadata.resourceVersion}&resourceVersionMatch=NotOlderThan`;
  while ((await hubRequest(hub, newest, { token })).status !== 200) await sleep(500);
}

/** One reply with everything, as curl gets it: the server's own time. */
const readAll = (namespace: string): string[] => {
  const authorization = `Authorization: Bearer ${hub.tokens.admin}`;
  return ['curl', '-sS', '--cacert', hub.caFile, '-H', authorization, hub.url + pathOf(namespace)];
};

beforeAll(async () => {
  ({ hub, stop } = await startHub());
  env = { KUBECONFIG: hub.kubeconfig };
  for (const size of sizes) await fill(`size-${size}`, size);
  await waitForCopies();
});

afterAll(async () => {
  await stop();
  printTable();
});

it('G7, G8 list of 10,000', async () => {
  const get = [hub.kubectl, 'get', 'clusterprofiles', '-n', 'size-10000'];
  const [floor, paged, whole, ...mine] = await compare(
    [
      command('curl', readAll('size-10000')),
      command('get', get, { env }),
      command('get whole', [...get, '--chunk-size=0'], { env }),
      ...both(['list', '-n', 'size-10000'], { env }),
    ],
    3,
    true,
  );
  const { npm: least } = ratios([paged, paged], floor);
  const reason = `curl reads nothing of the one reply that it gets; kubectl takes ${least.toFixed(2)}x of its time`;
  add('G7', 'list of 10,000 against curl, unpaged', 1.15, ratios(mine, floor), { reason });
  add('G7', 'list of 10,000 against kubectl get', 0.3, ratios(mine, paged));
  add('G7', 'list of 10,000 against kubectl get --chunk-size=0', 0.8, ratios(mine, whole));
  add('G7', 'the same, CPU', { npm: 0.75, binary: 0.35 }, ratios(mine, whole, 'cpu'));
  add('G7', 'the same, peak memory', {}, ratios(mine, whole, 'rss'));
  const [kubectlYaml, ...yaml] = await compare(
    [
      command('get -o yaml', [...get, '-o', 'yaml'], { env }),
      ...both(['list', '-n', 'size-10000', '-o', 'yaml'], { env }),
    ],
    3,
    true,
  );
  add('G8', 'list -o yaml of 10,000 against kubectl get -o yaml', 0.3, ratios(yaml, kubectlYaml));
  add('G8', 'the same, peak memory', 0.4, ratios(yaml, kubectlYaml, 'rss'));
});

it('a hub of 1,000 to 50,000', async () => {
  const providers = providersFile();
  for (const size of sizes) {
    const place = ['-n', `size-${size}`];
    for (const [what, words, codes] of [
      ['list', ['list', ...place], [0]],
      ['list -o yaml', ['list', ...place, '-o', 'yaml'], [0]],
      ['list -o ndjson', ['list', ...place, '-o', 'ndjson'], [0]],
      ['diff, 1 % changed', ['diff', '-f', profilesOf(size, `size-${size}`, 100)], [1]],
      ['validate hub', ['validate', 'hub', ...place], [0, 1]],
      ['export argocd', ['export', 'argocd', '-q', ...place, '--provider-file', providers], [0]],
    ] as const)
      addSize(
        `hub: ${what}`,
        size,
        await compare(both([...words, ...patient], { env, codes: [...codes] }), size < 5000 ? 3 : 1, size >= 10_000),
      );
  }
  for (const what of ['list', 'list -o yaml', 'list -o ndjson', 'diff, 1 % changed', 'validate hub', 'export argocd']) {
    add('growth', `hub: ${what}, CPU a profile of 50,000 against 10,000`, 1.3, readGrowth(`hub: ${what}`, 'cpu'));
    if (what.includes('-o')) add('growth', 'the same, peak memory', 1.3, readGrowth(`hub: ${what}`, 'rss'));
  }
});
