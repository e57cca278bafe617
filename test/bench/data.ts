import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { createAuthority } from '../support/certificates.ts';

const folder = mkdtempSync(join(tmpdir(), 'bench-data-'));

/** As long as the CA of a cluster is, and a certificate: one that cannot be read is read twice, and warned of. */
const hosts = Array.from({ length: 20 }, (_, index) => `prod-${index}.fleet.example.com`);
const ca = Buffer.from(createAuthority('fleet').issue({ commonName: 'prod', hosts }).cert).toString('base64');

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

/** Objects as a YAML stream, made from the text of the first: `stringify` would take most of the time. */
export function streamOf(
  count: number,
  sample: object,
  change = (text: string, _index: number): string => text,
): string {
  const text = stringify(sample, { lineWidth: 0 });
  return Array.from({ length: count }, (_, index) => change(text, index).replaceAll('prod-0', `prod-${index}`)).join(
    '---\n',
  );
}

/** A file with whole profiles, as kubectl prints them; every so many of them changed. */
export const profilesOf = (count: number, namespace = 'fleet', changedEvery = Infinity): string =>
  file(
    `profiles-${count}-${namespace}-${changedEvery}.yaml`,
    streamOf(count, profileOf(0, namespace), (text, index) =>
      (index + 1) % changedEvery === 0 ? text.replace('.example.com', '.example.net') : text,
    ),
  );

const karmadaCluster = {
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: {
    name: 'prod-0',
    uid: '53c133ab-264e-4e8e-ab63-a21611f7fae8',
    creationTimestamp: '2026-03-01T10:00:00Z',
    finalizers: ['karmada.io/cluster-controller'],
    labels: { environment: 'production', team: 'platform' },
  },
  spec: {
    id: 'id-of-prod-0',
    syncMode: 'Push',
    apiEndpoint: 'https://prod-0.example.com:6443',
    secretRef: { namespace: 'karmada-cluster', name: 'prod-0' },
    impersonatorSecretRef: { namespace: 'karmada-cluster', name: 'prod-0-impersonator' },
    provider: 'huaweicloud',
    region: 'ap-southeast-1',
    zones: ['az-1', 'az-2'],
    resourceModels: [
      {
        grade: 0,
        ranges: [
          { name: 'cpu', min: '0', max: '1' },
          { name: 'memory', min: '0', max: '4Gi' },
        ],
      },
    ],
  },
  status: {
    kubernetesVersion: 'v1.31.4',
    apiEnablements: [{ groupVersion: 'apps/v1', resources: [{ kind: 'Deployment', name: 'deployments' }] }],
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'ClusterReady',
        message: 'cluster is healthy and ready to accept workloads',
        lastTransitionTime: '2026-03-01T10:05:00Z',
      },
    ],
    nodeSummary: { totalNum: 1, readyNum: 1 },
    resourceSummary: {
      allocatable: { cpu: '4', 'ephemeral-storage': '206291924Ki', memory: '16265856Ki', pods: '110' },
      allocated: { cpu: '950m', memory: '290Mi', pods: '11' },
    },
  },
};

/** A file with clusters of Karmada, as kubectl prints them. */
export const karmadaOf = (count: number): string => file(`karmada-${count}.yaml`, streamOf(count, karmadaCluster));

/** A kubeconfig of its own for each run, which is written into. */
export const copyOf = (path: string): string => {
  const copy = `${path}.copy`;
  copyFileSync(path, copy);
  return copy;
};

/** Settings for curl: requests that apply what `specsOf` has, one a profile. */
export function curlOf(count: number, namespace: string, { url, caFile, token }: CurlServer): string {
  const quote = (text: string): string => JSON.stringify(text);
  const requests = Array.from({ length: count }, (_, index) => {
    const { status: _status, ...object } = profileOf(index, namespace) as { status: object };
    const path = `/apis/multicluster.x-k8s.io/v1alpha1/namespaces/${namespace}/clusterprofiles/prod-${index}?fieldManager=bench&force=false`;
    return `${[
      `url = ${quote(url + path)}`,
      'request = "PATCH"',
      `cacert = ${quote(caFile)}`,
      `header = ${quote(`Authorization: Bearer ${token}`)}`,
      'header = "Content-Type: application/apply-patch+yaml"',
      `data = ${quote(JSON.stringify(object))}`,
      'output = "/dev/null"',
      'silent',
    ].join('\n')}\n`;
  });
  return file(`curl-${namespace}`, requests.join('next\n'));
}

interface CurlServer {
  url: string;
  caFile: string;
  token: string;
}

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
