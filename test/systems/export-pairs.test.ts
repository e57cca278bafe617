import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { listSystemsFor } from '../../src/systems/index.ts';
import { run, runQuickly, type Ran } from '../support/run.ts';
import { fixtures, scratch } from '../support/paths.ts';

const canary = /LEAKCANARY|TEVBS0NBTkFSW|xFQUtDQU5BUl|MRUFLQ0FOQVJZ/;

const providers = join(scratch(), 'providers.json');

const inputsOf = (system: string): string[] =>
  readdirSync(join(fixtures, system)).flatMap((name) =>
    ['import.yaml', 'import.json'].map((file) => join(fixtures, system, name, file)).filter(existsSync),
  );

/** `import SYSTEM -f FILE | export CONSUMER -f -` */
async function piped(source: string[], consumer: string[]): Promise<Ran> {
  const imported = await run(['import', ...source, '-q']);
  return run(['export', ...consumer, '-f', '-', '-q'], { stdin: imported.out });
}

const sources = listSystemsFor('import').map(([name]) => name);
const consumers = listSystemsFor('export').map(([name]) => name);

beforeAll(() => {
  const names = [
    ...sources,
    'argo-cd-builtin-gcp',
    'google',
    'kubelogin',
    'eks',
    'open-cluster-management',
    'KubeFleet',
  ];
  const execConfig = { apiVersion: 'client.authentication.k8s.io/v1', command: '/plugins/login' };
  writeFileSync(providers, JSON.stringify({ providers: names.map((name) => ({ name, execConfig })) }));
});

describe('import X | export Y', () => {
  const withFile = ['--provider-file', providers];
  it.each<[source: string, fixture: string, consumer: string[], objects: number, holds: RegExp]>([
    ['gke', 'fleet-with-gke-clusters', ['kubeconfig', ...withFile], 1, /command: "?\/plugins\/login/],
    ['gke', 'fleet-with-gke-clusters', ['argocd', '--argocd-builtin'], 2, /argocd-k8s-auth/],
    ['azure', 'fleet-with-aks-clusters', ['argocd', '--argocd-builtin', '--skip-refused'], 2, /argocd-k8s-auth.*azure/],
    ['eks', 'one-name-in-two-regions-and-accounts', ['flux'], 3, /provider: aws/],
    ['karmada', 'push-with-ca-from-its-secret', ['kubeconfig', ...withFile], 1, /member1/],
    ['ocm', 'ready', ['kueue', '--kueue-namespace', 'open-cluster-management'], 2, /name: prod-us/],
    ['kubefleet', 'authority-as-pem', ['kiali', ...withFile], 1, /kiali\.io\/cluster/],
    [
      'cluster-api',
      'available-in-the-middle-of-an-upgrade-with-its-kubeconfig',
      ['backstage', '--format=app-config'],
      1,
      /serviceAccountToken: /,
    ],
    ['kubeconfig', 'token-user-and-ca', ['istio', '--credentials=exec', ...withFile], 1, /istio\/multiCluster/],
    ['rancher', 'management-and-provisioning-object-are-one', ['clusterpedia'], 1, /apiserver: https/],
    [
      'argocd',
      'exec-provider-names-the-access-provider',
      ['kubevela', ...withFile, '--skip-refused'],
      1,
      /cluster-gateway|credential-type/,
    ],
    ['gke', 'fleet-with-gke-clusters', ['sveltos', '--skip-refused'], 1, /workloadIdentity/],
  ])('%s (%s) | %s', async (source, fixture, consumer, objects, holds) => {
    const input = inputsOf(source).find((file) => file.includes(`/${fixture}/`)) ?? inputsOf(source)[0]!;
    const { out, err } = await piped([source, '-f', input], consumer);
    expect(err).toBe('');
    expect(parseAllDocuments(out).length).toBeGreaterThanOrEqual(objects);
    expect(out).toMatch(holds);
    expect(out).not.toMatch(canary);
  });
});

describe('no credential of a source reaches a consumer', () => {
  it.each(consumers)('%s', async (consumer) => {
    const planted = sources.flatMap((source) =>
      inputsOf(source)
        .filter((file) => canary.test(readFileSync(file, 'utf8')))
        .map((file) => [source, file] as const),
    );
    expect(planted.length).toBeGreaterThan(5);
    const all = ['--provider-file', providers, '--skip-refused', '--allow-insecure'];
    for (const [source, file] of planted) {
      const imported = await runQuickly(['import', source, '-f', file, '-q']);
      for (const more of [[], [...all, ...(consumer === 'istio' ? ['--credentials=exec'] : [])]]) {
        const words = ['export', consumer, '-f', '-', '-A', ...more];
        const { out, err } = await runQuickly(words, { stdin: imported.out });
        expect(`${out}${err}`, file).not.toMatch(canary);
        // The source's own objects are no ClusterProfiles, and nothing of them is echoed.
        const raw = await runQuickly(['export', consumer, '-f', file, ...more]);
        expect(`${raw.out}${raw.err}`, file).not.toMatch(canary);
      }
    }
  });
});
