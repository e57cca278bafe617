import { withProperties, withProvider, type Example, type Knowledge } from './example.ts';

const memberLabel = 'multicluster.x-k8s.io/inventory-member-id';
const clusterSet = 'multicluster.x-k8s.io/clusterset';
const oldClusterSet = 'clusterset.multicluster.x-k8s.io';

/** A profile by its name, with the id of its member and more. */
const named = (name: string, member: string | null, more: object = {}): object => ({
  metadata: { name, labels: { [memberLabel]: member } },
  ...more,
});
const inSet = (id: string): { status: object } =>
  withProperties(['clusterset.k8s.io', 'retail'], ['cluster.clusterset.k8s.io', id]);
const display = (displayName: string): object => ({ spec: { displayName } });
const namespace = (labels: object): object => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'shop', labels },
});
const managed = (name: string, manager: string): object => ({
  metadata: { name, labels: { 'x-k8s.io/cluster-manager': manager } },
  spec: { clusterManager: { name: manager } },
});
const at = (server: string): { status: object } => withProvider({ server });
const tokyo = named('tokyo', 'm-tokyo', { ...inSet('tokyo') });
const apart: Example = [tokyo, named('oslo', 'm-oslo', inSet('oslo'))];

export const inventoryKnowledge: Knowledge = {
  CP120: {
    why: 'Of two objects with one name, the one that is applied last stays.',
    source: 'Kubernetes, object names and ids',
    bad: [named('tokyo', 'm-tokyo'), named('tokyo', 'm-tokyo')],
    good: apart,
  },
  CP121: {
    why: 'The second apply fails, since the manager of a profile cannot change.',
    source: 'CRD of ClusterProfile: ClusterManager is immutable',
    bad: [managed('tokyo', 'east'), managed('tokyo', 'west')],
    good: [managed('east-tokyo', 'east'), managed('west-tokyo', 'west')],
  },
  CP122: {
    why: 'Consumers would act twice on one cluster.',
    source: 'cluster-inventory-api, LabelInventoryMemberID; conformance profile',
    bad: [named('tokyo', 'm-tokyo'), named('oslo', 'm-tokyo')],
    good: apart,
  },
  CP123: {
    why: 'This is normal. It tells that what is done in both inventories is done to one cluster.',
    source: 'cluster-inventory-api, LabelInventoryMemberID',
    bad: [tokyo, { metadata: { name: 'tokyo', namespace: 'depot', labels: { [memberLabel]: 'm-tokyo' } } }],
    good: apart,
  },
  CP124: {
    why: 'By one id it is the same cluster, by the other it is not. One of them is wrong.',
    source: 'KEP-2149, cluster.clusterset.k8s.io; KEP-4322, member ids',
    bad: [tokyo, named('oslo', 'm-oslo', inSet('tokyo'))],
    good: apart,
  },
  CP125: {
    why: 'The id names one cluster of a ClusterSet, in DNS names too.',
    source: 'KEP-2149, cluster.clusterset.k8s.io',
    bad: [
      tokyo,
      named('oslo', 'm-oslo', { status: { ...inSet('tokyo').status, ...at('https://oslo.example.com:6443').status } }),
    ],
    good: apart,
  },
  CP126: {
    why: 'Two profiles of one API server are most likely one cluster under two names.',
    source: 'KEP-4322: one profile for each member of an inventory',
    bad: [
      named('tokyo', 'm-tokyo', at('https://tokyo.example.com:6443')),
      named('oslo', 'm-oslo', at('https://tokyo.example.com:6443')),
    ],
    good: [
      named('tokyo', 'm-tokyo', at('https://tokyo.example.com:6443')),
      named('oslo', 'm-oslo', at('https://oslo.example.com:6443')),
    ],
  },
  CP127: {
    why: 'With gaps nobody can tell clusters apart by the id.',
    source: 'KEP-4322, member ids; conformance profile',
    bad: [tokyo, named('oslo', null)],
    good: apart,
  },
  CP128: {
    why: 'Readers of one key and readers of the other take the namespace for different ClusterSets.',
    source: 'KEP-4322, ClusterSets; cluster-inventory-api, LabelClusterSetKey',
    bad: namespace({ [clusterSet]: 'retail', [oldClusterSet]: 'depot' }),
    good: namespace({ [clusterSet]: 'retail' }),
  },
  CP129: {
    why: 'The namespace says one ClusterSet and the profile another, so that consumers disagree about its members.',
    source: 'KEP-4322, ClusterSets',
    bad: [namespace({ [clusterSet]: 'depot' }), tokyo],
    good: [namespace({ [clusterSet]: 'retail' }), tokyo],
  },
  CP130: {
    why: 'The key is that of an earlier text of the KEP; no code reads it.',
    source: 'cluster-inventory-api, LabelClusterSetKey',
    bad: namespace({ [oldClusterSet]: 'retail' }),
    good: namespace({ [clusterSet]: 'retail' }),
  },
  CP131: {
    why: 'People cannot tell the clusters apart.',
    source: 'KEP-4322, display name',
    bad: [named('tokyo', 'm-tokyo', display('Japan')), named('kyoto', 'm-kyoto', display('Japan'))],
    good: [named('tokyo', 'm-tokyo', display('Tokyo')), named('kyoto', 'm-kyoto', display('Kyoto'))],
  },
  CP132: {
    why: 'Consumers that replace dots make one Secret or label of both.',
    source: 'exporters of this tool',
    bad: [named('shop.tokyo', 'm-tokyo'), named('shop-tokyo', 'm-kyoto')],
    good: apart,
  },
};
