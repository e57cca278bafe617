import { withLabel, type Example, type Knowledge } from './example.ts';

const withManager = (name: unknown): object => ({ spec: { clusterManager: { name } } });
const managerLabel = 'x-k8s.io/cluster-manager';
const memberLabel = 'multicluster.x-k8s.io/inventory-member-id';
const shared = (name: string, manager: string): object => ({
  metadata: { name, labels: { [managerLabel]: manager } },
  ...withManager(manager),
});
const sharedNames = (second: string): Example => [shared('east-tokyo', 'east'), shared(second, 'west')];

export const specKnowledge: Knowledge = {
  CP020: {
    why: 'Every profile belongs to one cluster manager; the CRD requires its name.',
    source: 'CRD of ClusterProfile, spec.clusterManager',
    bad: withManager(null),
    good: withManager('shop-fleet'),
  },
  CP021: {
    why: 'v1alpha2 refuses a name that is empty, and blanks around it make another manager for whoever compares.',
    source: 'cluster-inventory-api v1alpha2, ClusterManager',
    bad: withManager(' shop-fleet'),
    good: withManager('shop-fleet'),
  },
  CP022: {
    why: 'The name has to stand in a label too, and v1alpha2 checks it.',
    source: 'KEP-4322, cluster manager; cluster-inventory-api v1alpha2',
    bad: withManager('shop fleet'),
    good: withManager('shop-fleet'),
  },
  CP023: {
    why: 'Consumers select the profiles of one manager by this label.',
    source: 'KEP-4322, cluster manager',
    bad: withLabel(managerLabel, null),
    good: withLabel(managerLabel, 'shop-fleet'),
  },
  CP024: {
    why: 'The label and the field have to say the same, else a selector finds the profiles of somebody else.',
    source: 'KEP-4322, cluster manager',
    bad: withLabel(managerLabel, 'depot'),
    good: withLabel(managerLabel, 'shop-fleet'),
  },
  CP025: {
    why: 'An empty id is the same id for all clusters.',
    source: 'cluster-inventory-api, LabelInventoryMemberID',
    bad: withLabel(memberLabel, ''),
    good: withLabel(memberLabel, 'm-tokyo'),
  },
  CP026: {
    why: 'The id tells that profiles of several managers are one cluster. It is optional.',
    source: 'cluster-inventory-api, LabelInventoryMemberID',
    bad: withLabel(memberLabel, null),
    good: withLabel(memberLabel, 'm-tokyo'),
  },
  CP027: {
    why: 'Where managers share a namespace, the prefix keeps them from using the same name.',
    source: 'KEP-4322, object names (recommendation)',
    bad: sharedNames('oslo'),
    good: sharedNames('west-oslo'),
  },
  CP028: {
    why: 'It is the name that people read, in tables and dashboards.',
    source: 'KEP-4322, display name',
    bad: { spec: { displayName: null } },
    good: { spec: { displayName: 'Tokyo' } },
  },
  CP029: {
    why: 'The API server refuses the change: another manager makes a profile of its own.',
    source: 'CRD of ClusterProfile: ClusterManager is immutable',
    before: {},
    bad: withManager('depot'),
    good: withManager('shop-fleet'),
  },
  CP030: {
    why: 'With another id it is another cluster for all who tell clusters apart by it.',
    source: 'cluster-inventory-api, LabelInventoryMemberID',
    before: {},
    bad: withLabel(memberLabel, 'm-kyoto'),
    good: withLabel(memberLabel, 'm-tokyo'),
  },
  CP031: {
    why: 'Readers look for this label on the namespace; on a profile nobody does.',
    source: 'KEP-4322, ClusterSets; cluster-inventory-api, LabelClusterSetKey',
    bad: withLabel('multicluster.x-k8s.io/clusterset', 'wholesale'),
    good: { status: { properties: [{ name: 'clusterset.k8s.io', value: 'retail' }] } },
  },
};
