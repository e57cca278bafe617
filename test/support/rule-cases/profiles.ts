import type { Severity } from '../../../src/lint/problem.ts';
import type { LintOptions } from '../../../src/lint/index.ts';
import { toYamlStream } from '../../../src/documents/yaml-out.ts';
import { createAuthority, keyPair, pemOf } from '../certificates.ts';

/** The clock of these tests. */
export const now = new Date('2026-06-01T12:00:00Z');
export const hour = 3_600_000;
export const at = (hours: number): string => `${new Date(now.getTime() + hours * hour).toISOString().slice(0, 19)}Z`;
export const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Valid for whatever clock a test has. */
export const authority = createAuthority('shop-ca', {
  notBefore: new Date('2020-01-01T00:00:00Z'),
  notAfter: new Date('2049-01-01T00:00:00Z'),
});
export const ca = base64(authority.cert);
export const caUntil = (notAfter: Date): string =>
  base64(authority.issue({ commonName: 'old', notBefore: new Date('2020-01-01T00:00:00Z'), notAfter }).cert);
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
export const conditions = [condition('ControlPlaneHealthy'), condition('Joined')];

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

export const exec = (config: unknown, name = 'client.authentication.k8s.io/exec'): Tree => ({
  name,
  extension: config,
});

export const clean: Tree = {
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
    conditions,
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

export const namespace = (labels: Tree): Tree => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'shop', labels },
});

export const meta = (metadata: Tree): Tree => profile({ metadata });
export const status = (patch: Tree): Tree => profile({ status: patch });
export const spec = (patch: Tree): Tree => profile({ spec: patch });
export const properties = (...list: Tree[]): Tree => status({ properties: list });
export const withConditions = (...list: Tree[]): Tree => status({ conditions: list });
export const access = (...list: unknown[]): Tree => status({ accessProviders: list });
export const cluster = (patch: Tree, name = 'google'): Tree => access(provider(name, patch));
export const url = (address: string): Tree => cluster({ server: address });
export const extensions = (...list: unknown[]): Tree => cluster({ extensions: list });
export const v1alpha2 = (object: Tree): Tree => ({ ...object, apiVersion: 'multicluster.x-k8s.io/v1alpha2' });
export const labelled = (labels: Tree): Tree => meta({ labels });
export const managed = (name: string): Tree =>
  profile({ metadata: { labels: { 'x-k8s.io/cluster-manager': name } }, spec: { clusterManager: { name } } });

export const managerLabel = 'x-k8s.io/cluster-manager';
export const memberLabel = 'multicluster.x-k8s.io/inventory-member-id';
export const setLabel = 'multicluster.x-k8s.io/clusterset';
export const oldSetLabel = 'clusterset.multicluster.x-k8s.io';
export const args = 'clusterprofiles.multicluster.x-k8s.io/exec/additional-args';
export const envs = 'clusterprofiles.multicluster.x-k8s.io/exec/additional-envs';
export const before = (object: Tree): Partial<LintOptions> => ({ against: [object] });
export const label = (key: string): string => `.metadata.labels["${key}"]`;
export const pathOf = (...parts: string[]): string => `.status.${parts.join('.')}`;
export const inCluster = (key: string): string => `.status.accessProviders[0].cluster.${key}`;

export type Source = string | Tree | Tree[];

export interface RuleCase {
  id: string;
  severity: Severity;
  path: string;
  bad: Source;
  good: Source;
  options?: Partial<LintOptions>;
}

export const yamlOf = (source: Source): string =>
  typeof source === 'string' ? source : toYamlStream(Array.isArray(source) ? source : [source]);

export const jwt = `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.LEAKCANARY`;
