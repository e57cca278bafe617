import type { ClusterProfile } from '../../src/profile/clusterprofile.ts';

export type Labels = Record<string, string>;

// A type, as an interface is no map of anything to the compiler.
type Decision = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace: string; labels?: Labels };
  decisions: object[];
};

const referenceTo = (text: string): object => {
  const [name, namespace] = text.split('/').toReversed();
  return { name, ...(namespace && { namespace }) };
};

/** A PlacementDecision in namespace `shop` that chose these profiles: by name, `namespace/name`, or as it is written. */
export const decision = (name: string, chosen: (string | object)[], labels?: Labels): Decision => ({
  apiVersion: 'multicluster.x-k8s.io/v1alpha1',
  kind: 'PlacementDecision',
  metadata: { name, namespace: 'shop', ...(labels && { labels }) },
  decisions: chosen.map((each) => ({ clusterProfileRef: typeof each === 'string' ? referenceTo(each) : each })),
});

/** One of several slices, as a scheduler labels them. */
export const slice = (key: string, index: number, chosen: string[], labels: Labels = {}): Decision =>
  decision(`${key}-${index}`, chosen, {
    'multicluster.x-k8s.io/decision-key': key,
    'multicluster.x-k8s.io/decision-index': String(index),
    ...labels,
  });

/** The kind of the same name that Open Cluster Management has. */
export const ocmDecision = (name: string): Record<string, unknown> => ({
  apiVersion: 'cluster.open-cluster-management.io/v1beta1',
  kind: 'PlacementDecision',
  metadata: { name, namespace: 'shop' },
  status: { decisions: [{ clusterName: 'tokyo', reason: '' }] },
});

/** A ClusterProfile that can be reached. */
export const clusterOf = (
  name: string,
  { namespace = 'shop', member, health = 'True' }: { namespace?: string; member?: string; health?: string } = {},
): object => ({
  apiVersion: 'multicluster.x-k8s.io/v1alpha1',
  kind: 'ClusterProfile',
  metadata: { name, namespace, labels: member ? { 'multicluster.x-k8s.io/inventory-member-id': member } : {} },
  spec: { displayName: name, clusterManager: { name: 'shop-fleet' } },
  status: {
    conditions: [
      {
        type: 'ControlPlaneHealthy',
        status: health,
        reason: 'Probed',
        message: '',
        lastTransitionTime: '2026-06-01T08:00:00Z',
      },
    ],
    accessProviders: [{ name: 'google', cluster: { server: `https://${name}.example.com` } }],
  },
});

/** One of several profiles of the same member, in the same inventory. */
export const twin = (name: string, created: string | undefined, more: object = {}): ClusterProfile => ({
  apiVersion: 'multicluster.x-k8s.io/v1alpha1',
  kind: 'ClusterProfile',
  metadata: {
    name,
    namespace: 'fleet',
    labels: { 'multicluster.x-k8s.io/inventory-member-id': 'one' },
    ...(created && { creationTimestamp: created }),
  },
  spec: { clusterManager: { name: 'shop' } },
  status: { accessProviders: [{ name: 'google', cluster: { server: 'https://tokyo.example.test' } }], ...more },
});
