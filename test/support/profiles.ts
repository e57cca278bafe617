import { toYamlStream } from '../../src/documents/yaml-out.ts';
import { createAuthority, keyPair, pemOf } from './certificates.ts';

/** The clock of these tests. */
export const now = new Date('2026-06-01T12:00:00Z');
export const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Valid for whatever clock a test has. */
export const authority = createAuthority('shop-ca', {
  notBefore: new Date('2020-01-01T00:00:00Z'),
  notAfter: new Date('2049-01-01T00:00:00Z'),
});
export const ca = base64(authority.cert);
export const privateKey = pemOf(keyPair().privateKey);

export type Tree = Record<string, unknown>;
export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lays a patch over a tree: maps are merged, `undefined` takes a field out. */
export function merge(base: Tree, patch: Tree): Tree {
  const merged = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    const below = merged[key];
    merged[key] = isTree(value) && isTree(below) ? merge(below, value) : value;
  }
  return merged;
}

export const condition = (type: string, more: Tree = {}): Tree => ({
  type,
  status: 'True',
  reason: 'AsExpected',
  message: '',
  lastTransitionTime: '2026-01-31T12:00:00Z',
  ...more,
});

export const property = (name: string, value: unknown, more: Tree = {}): Tree => ({
  name,
  value,
  lastObservedTime: '2026-01-31T12:00:00Z',
  ...more,
});

export const server = (name: string): string => `https://${name}.example.com:6443`;

export const provider = (name: string, cluster: Tree = {}): Tree => ({
  name,
  cluster: { server: server('tokyo'), 'certificate-authority-data': ca, ...cluster },
});

const clean: Tree = {
  apiVersion: 'multicluster.x-k8s.io/v1alpha1',
  kind: 'ClusterProfile',
  metadata: {
    name: 'tokyo',
    namespace: 'shop',
    uid: '7d1c5b0e-4f6b-4a39-9c0e-0d3d4f5a6b7c',
    resourceVersion: '42',
    generation: 3,
    labels: { 'x-k8s.io/cluster-manager': 'shop-fleet', 'multicluster.x-k8s.io/inventory-member-id': 'm-tokyo' },
  },
  spec: { displayName: 'Tokyo', clusterManager: { name: 'shop-fleet' } },
  status: {
    version: { kubernetes: 'v1.34.2' },
    properties: [property('clusterset.k8s.io', 'retail'), property('cluster.clusterset.k8s.io', 'tokyo')],
    conditions: [condition('ControlPlaneHealthy'), condition('Joined')],
    accessProviders: [provider('google')],
  },
};

/** A profile that breaks no rule, with a patch laid over it. */
export const profile = (patch: Tree = {}): Tree => merge(clean, patch);

/** A profile with a condition that has no reason: one error. */
export const noReason = profile({
  status: { conditions: [condition('ControlPlaneHealthy'), condition('Joined', { reason: '' })] },
});

/** Another cluster, which shares nothing with the first one but the inventory. */
export const oslo = (patch: Tree = {}): Tree =>
  profile(
    merge(
      {
        metadata: { name: 'oslo', labels: { 'multicluster.x-k8s.io/inventory-member-id': 'm-oslo' } },
        spec: { displayName: 'Oslo' },
        status: {
          properties: [property('clusterset.k8s.io', 'retail'), property('cluster.clusterset.k8s.io', 'oslo')],
          accessProviders: [provider('google', { server: server('oslo') })],
        },
      },
      patch,
    ),
  );

export type Source = string | Tree | Tree[];

export const yamlOf = (source: Source): string =>
  typeof source === 'string' ? source : toYamlStream(Array.isArray(source) ? source : [source]);

export const jwt = `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.LEAKCANARY`;
