import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';

const folder = mkdtempSync(join(tmpdir(), 'bench-data-'));

const ca = Buffer.from(
  `-----BEGIN CERTIFICATE-----\n${'MIIBszCCAVmgAwIBAgIUZmFrZS1jYS1mb3ItcHJvZC1mbGVldDAKBggqhkjOPQQD\n'.repeat(16)}-----END CERTIFICATE-----\n`,
).toString('base64');

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** A kubeconfig as kubectl writes it, about 1.9 KB a context. */
export function kubeconfigOf(count: number): string {
  const names = Array.from({ length: count }, (_, index) => `prod-${index}`);
  const clusters = names.map(
    (name) =>
      `- cluster:\n    certificate-authority-data: ${ca}\n    server: https://${name}.example.com:6443\n  name: ${name}\n`,
  );
  const contexts = names.map((name) => `- context:\n    cluster: ${name}\n    user: ${name}\n  name: ${name}\n`);
  const users = names.map((name) => `- name: ${name}\n  user:\n    token: LEAKCANARY-${name}\n`);
  return file(
    `kubeconfig-${count}.yaml`,
    `apiVersion: v1\nclusters:\n${clusters.join('')}contexts:\n${contexts.join('')}current-context: ${names[0]}\nkind: Config\npreferences: {}\nusers:\n${users.join('')}`,
  );
}

/** Profiles without a status, about 0.4 KB each. */
export const specsOf = (count: number, namespace: string, display = 'Shop'): string =>
  file(
    `spec-${count}-${namespace}-${display}.yaml`,
    Array.from(
      { length: count },
      (_, index) =>
        `apiVersion: multicluster.x-k8s.io/v1alpha1\nkind: ClusterProfile\nmetadata:\n  labels:\n    environment: production\n    team: shop\n    x-k8s.io/cluster-manager: platform\n  name: prod-${index}\n  namespace: ${namespace}\nspec:\n  clusterManager:\n    name: platform\n  displayName: ${display} ${index}\n`,
    ).join('---\n'),
  );

/** A file with whole profiles, as kubectl prints them. */
export const profilesOf = (count: number): string =>
  file(
    `profiles-${count}.yaml`,
    Array.from({ length: count }, (_, index) => stringify(profileOf(index, 'fleet'), { lineWidth: 0 })).join('---\n'),
  );

/** What gives credentials for their access provider. */
export const providersFile = (): string =>
  file(
    'providers.json',
    JSON.stringify({
      providers: [
        {
          name: 'google',
          execConfig: { apiVersion: 'client.authentication.k8s.io/v1', command: '/custom-tools/login', args: ['gcp'] },
        },
      ],
    }),
  );

/** Whole profiles, about 1.8 KB each, as objects. */
export const profileOf = (index: number, namespace: string): object => ({
  apiVersion: 'multicluster.x-k8s.io/v1alpha1',
  kind: 'ClusterProfile',
  metadata: { name: `prod-${index}`, namespace, labels: { 'x-k8s.io/cluster-manager': 'platform' } },
  spec: { displayName: `prod-${index}`, clusterManager: { name: 'platform' } },
  status: {
    version: { kubernetes: 'v1.33.2' },
    conditions: [
      {
        type: 'ControlPlaneHealthy',
        status: 'True',
        reason: 'AsExpected',
        message: '',
        lastTransitionTime: '2026-01-01T00:00:00Z',
      },
    ],
    properties: [
      { name: 'clusterset.k8s.io', value: 'prod-fleet' },
      { name: 'location', value: 'us-central1' },
    ],
    accessProviders: [
      {
        name: 'google',
        cluster: { server: `https://prod-${index}.example.com`, 'certificate-authority-data': ca },
      },
    ],
  },
});
