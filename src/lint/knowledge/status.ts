import { withCondition, withProperties, type Example, type Knowledge } from './example.ts';

const withVersion = (kubernetes: string): object => ({ status: { version: { kubernetes } } });
const versions = (second: string): Example => [
  withVersion('v1.34.2'),
  { metadata: { name: 'oslo' }, ...withVersion(second) },
];
const withConditions = (...types: readonly string[]): object => ({
  status: {
    conditions: types.map((type) => ({
      type,
      status: 'True',
      reason: 'AsExpected',
      message: '',
      lastTransitionTime: '2026-01-31T12:00:00Z',
    })),
  },
});

export const statusKnowledge: Knowledge = {
  CP040: {
    why: 'The status is a subresource: kubectl apply drops it on create and ignores it on update. `apply` of this tool writes it.',
    source: 'CRD of ClusterProfile, subresources; Kubernetes, status subresource',
    bad: withVersion('v1.34.2'),
    good: { status: null },
  },
  CP041: {
    why: 'Consumers compare versions, and cannot compare any other text.',
    source: 'KEP-4322, version',
    bad: withVersion('latest'),
    good: withVersion('v1.34.2'),
  },
  CP042: {
    why: 'With a v in front in some and not in others, a comparison of texts is wrong.',
    source: 'KEP-4322, version (both spellings are in use)',
    bad: versions('1.34.2'),
    good: versions('v1.33.0'),
  },
  CP050: {
    why: 'The list is a map by name: the API server refuses a name that is there twice, older CRDs stored both.',
    source: 'CRD of ClusterProfile, x-kubernetes-list-map-keys',
    bad: withProperties(['site.example.com', 'a'], ['site.example.com', 'b']),
    good: withProperties(['site.example.com', 'a']),
  },
  CP051: {
    why: 'The CRD takes names of 1 to 253 and values of 1 to 1024 characters.',
    source: 'CRD of ClusterProfile, status.properties',
    bad: withProperties(['site.example.com', '']),
    good: withProperties(['site.example.com', 'a']),
  },
  CP052: {
    why: 'Names under k8s.io and kubernetes.io are given by the projects, and may get another meaning.',
    source: 'KEP-2149 and KEP-4322, property names',
    bad: withProperties(['site.k8s.io', 'a']),
    good: withProperties(['site.example.com', 'a']),
  },
  CP053: {
    why: 'Two managers may use a bare name for different things. A domain of your own tells them apart.',
    source: 'KEP-2149, property names',
    bad: withProperties(['site', 'a']),
    good: withProperties(['site.example.com', 'a']),
  },
  CP054: {
    why: 'The name of a ClusterProperty is a DNS subdomain, so no member could have reported this one.',
    source: 'KEP-2149, ClusterProperty',
    bad: withProperties(['example.com/site', 'a']),
    good: withProperties(['site.example.com', 'a']),
  },
  CP055: {
    why: 'The id becomes a part of DNS names of multi-cluster services.',
    source: 'KEP-2149, cluster.clusterset.k8s.io',
    bad: withProperties(['clusterset.k8s.io', 'retail'], ['cluster.clusterset.k8s.io', 'Tokyo_1']),
    good: withProperties(['clusterset.k8s.io', 'retail'], ['cluster.clusterset.k8s.io', 'tokyo-1']),
  },
  CP056: {
    why: 'As long as a cluster is a member of a ClusterSet, it must have an id in it.',
    source: 'KEP-2149, cluster.clusterset.k8s.io',
    bad: withProperties(['clusterset.k8s.io', 'retail']),
    good: withProperties(['clusterset.k8s.io', 'retail'], ['cluster.clusterset.k8s.io', 'tokyo']),
  },
  CP057: {
    why: 'A cluster is in one ClusterSet; a list in the value is the name of a set that nobody knows.',
    source: 'KEP-2149, clusterset.k8s.io',
    bad: withProperties(['clusterset.k8s.io', 'retail,depot'], ['cluster.clusterset.k8s.io', 'tokyo']),
    good: withProperties(['clusterset.k8s.io', 'retail'], ['cluster.clusterset.k8s.io', 'tokyo']),
  },
  CP058: {
    why: 'The name was in a draft and was not adopted, so that no reader knows it.',
    source: 'KEP-2149, history of well-known names',
    bad: withProperties(['id.k8s.io', 'tokyo']),
    good: withProperties(['clusterset.k8s.io', 'retail'], ['cluster.clusterset.k8s.io', 'tokyo']),
  },
  CP059: {
    why: 'Properties are for facts that hardly change. Measurements rewrite the object again and again, and wake all who watch it.',
    source: 'KEP-4322, non-goals and scalability',
    bad: withProperties(['available-cpu.resources.example.com', '4']),
    good: withProperties(['region.example.com', 'tokyo']),
  },
  CP060: {
    why: 'A time of observation tells how old the fact is. One in the future is a wrong clock.',
    source: 'CRD of ClusterProfile, lastObservedTime',
    bad: withProperties(['site.example.com', 'a', { lastObservedTime: '2199-01-01T00:00:00Z' }]),
    good: withProperties(['site.example.com', 'a']),
  },
  CP070: {
    why: 'The list is a map by type; the API server refuses a type that is there twice.',
    source: 'CRD of ClusterProfile, x-kubernetes-list-map-keys',
    bad: withConditions('Joined', 'Joined'),
    good: withConditions('Joined'),
  },
  CP071: {
    why: 'metav1.Condition requires a reason, which the examples of the KEP forget.',
    source: 'CRD of ClusterProfile, status.conditions; metav1.Condition',
    bad: withCondition('Joined', { reason: '' }),
    good: withCondition('Joined'),
  },
  CP072: {
    why: 'Consumers look for ControlPlaneHealthy and Joined. Types of your own get a domain.',
    source: 'KEP-4322, conditions',
    bad: withCondition('Ready'),
    good: withCondition('ControlPlaneHealthy'),
  },
  CP073: {
    why: 'Without them, nobody can tell whether the cluster is healthy and still part of the inventory. They are optional.',
    source: 'KEP-4322, conditions; conformance profile',
    bad: withConditions('Joined'),
    good: withConditions('ControlPlaneHealthy', 'Joined'),
  },
  CP074: {
    why: 'The time tells since when the status holds. One in the future, or the zero time, tells nothing.',
    source: 'metav1.Condition',
    bad: withCondition('Joined', { lastTransitionTime: '2199-01-01T00:00:00Z' }),
    good: withCondition('Joined'),
  },
  CP075: {
    why: 'A condition cannot come from a generation that the object does not have yet.',
    source: 'metav1.Condition',
    bad: { metadata: { generation: 3 }, ...withCondition('Joined', { observedGeneration: 4 }) },
    good: { metadata: { generation: 3 }, ...withCondition('Joined', { observedGeneration: 3 }) },
  },
  CP076: {
    why: 'Upstream has not settled what AllNodesHealthy means, or whether it stays.',
    source: 'KEP-4322, conditions (unresolved)',
    bad: withCondition('AllNodesHealthy'),
    good: withCondition('ControlPlaneHealthy'),
  },
};
