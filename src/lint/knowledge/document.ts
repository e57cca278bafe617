import type { Knowledge } from './example.ts';

const withMetadata = (metadata: object): object => ({ metadata });

export const documentKnowledge: Knowledge = {
  CP001: {
    why: 'Of a key that is there twice, one reader takes the first value and another the last; a text that does not parse is no object at all.',
    source: 'YAML 1.2, section 3.2.1.1; kubectl and the API server refuse it',
    bad: 'kind: ClusterProfile\nkind: ClusterProfile\n',
    good: 'kind: ClusterProfile\n',
  },
  CP002: {
    why: 'The API server has no such version, and refuses the object.',
    source: 'cluster-inventory-api, apis/',
    bad: { apiVersion: 'multicluster.x-k8s.io/v1' },
    good: { apiVersion: 'multicluster.x-k8s.io/v1alpha1' },
  },
  CP003: {
    why: 'A hub with the CRDs of v0.1 does not serve v1alpha2.',
    source: 'cluster-inventory-api, release v0.2.0',
    bad: { apiVersion: 'multicluster.x-k8s.io/v1alpha2' },
    good: { apiVersion: 'multicluster.x-k8s.io/v1alpha1' },
  },
  CP004: {
    why: 'The API server drops a field that the CRD does not have, and says nothing unless it is asked to be strict.',
    source: 'CRD of ClusterProfile; Kubernetes, field pruning',
    bad: { spec: { clusterSet: 'retail' } },
    good: { status: { properties: [{ name: 'clusterset.k8s.io', value: 'retail' }] } },
  },
  CP005: {
    why: 'The API server refuses an object that does not fit the schema.',
    source: 'CRD of ClusterProfile',
    bad: { spec: { displayName: ['Tokyo'] } },
    good: { spec: { displayName: 'Tokyo' } },
  },
  CP006: {
    why: 'YAML reads 1.30 as the number 1.3 and True as a boolean; the API takes strings there, and refuses the object.',
    source: 'CRD of ClusterProfile; YAML 1.2, core schema',
    bad: { status: { version: { kubernetes: 1.34 } } },
    good: { status: { version: { kubernetes: '1.34' } } },
  },
  CP010: {
    why: 'Every object is known by its name, which has to be a DNS subdomain.',
    source: 'Kubernetes, object names and ids',
    bad: withMetadata({ name: 'Tokyo_1' }),
    good: withMetadata({ name: 'tokyo-1' }),
  },
  CP011: {
    why: 'apply, diff and GitOps find an object by its name. With generateName each run makes one more.',
    source: 'Kubernetes, server-side apply',
    bad: withMetadata({ name: null, generateName: 'tokyo-' }),
    good: withMetadata({ name: 'tokyo' }),
  },
  CP012: {
    why: 'The API server ignores generateName beside a name.',
    source: 'Kubernetes API reference, ObjectMeta',
    bad: withMetadata({ name: 'tokyo', generateName: 'tokyo-' }),
    good: withMetadata({ name: 'tokyo' }),
  },
  CP013: {
    why: 'The namespace is the inventory. Without one, the object lands where the context of whoever applies it points.',
    source: 'KEP-4322, namespaces as inventories',
    bad: withMetadata({ namespace: null }),
    good: withMetadata({ namespace: 'shop' }),
  },
  CP014: {
    why: 'A namespace is a DNS label; the API server refuses any other.',
    source: 'Kubernetes, object names and ids',
    bad: withMetadata({ namespace: 'shop.example' }),
    good: withMetadata({ namespace: 'shop' }),
  },
  CP015: {
    why: 'The API server refuses label keys, label values and annotation keys that are not legal.',
    source: 'Kubernetes, labels and selectors',
    bad: withMetadata({ labels: { site: 'tokyo 1' } }),
    good: withMetadata({ labels: { site: 'tokyo-1' } }),
  },
  CP016: {
    why: 'Consumers make label values, names of Secrets and DNS labels of it, which take 63 characters without dots.',
    source: 'exporters of this tool; Argo CD guide',
    bad: withMetadata({ name: 'shop.tokyo' }),
    good: withMetadata({ name: 'shop-tokyo' }),
  },
  CP017: {
    why: 'etcd takes requests of 1.5 MiB. From 512 KiB on, lists of such objects are slow.',
    source: 'etcd, system limits',
    bad: withMetadata({ annotations: { 'example.com/notes': '<1600000 characters>' } }),
    good: withMetadata({ annotations: { 'example.com/notes': 'moved to a ConfigMap' } }),
  },
  CP018: {
    why: 'Whoever may read a namespace reads the inventory in it, so that it is better kept apart from all else.',
    source: 'KEP-4322, namespaces as inventories',
    bad: withMetadata({ namespace: 'default' }),
    good: withMetadata({ namespace: 'shop' }),
  },
};
