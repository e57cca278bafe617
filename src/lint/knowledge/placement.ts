import type { Knowledge } from './example.ts';

const placement = { apiVersion: 'multicluster.x-k8s.io/v1alpha1', kind: 'PlacementDecision' };
const keyLabel = 'multicluster.x-k8s.io/decision-key';
const indexLabel = 'multicluster.x-k8s.io/decision-index';

const choose = (...names: readonly string[]): object[] => names.map((name) => ({ clusterProfileRef: { name } }));
const decide = (decisions: unknown, more: object = {}): object => ({
  ...placement,
  metadata: { name: 'web', namespace: 'shop' },
  decisions,
  ...more,
});
const slice = (index: string, key: string | undefined = 'web', more: object = {}): object => ({
  ...placement,
  metadata: {
    name: `web-${index}`,
    namespace: 'shop',
    labels: { ...(key !== '' && { [keyLabel]: key }), [indexLabel]: index },
  },
  decisions: choose(`cluster-${index}`),
  ...more,
});
const profile = (name: string, member: string): object => ({
  kind: 'ClusterProfile',
  metadata: { name, namespace: 'shop', labels: { 'multicluster.x-k8s.io/inventory-member-id': member } },
});
const good = decide(choose('tokyo'));

export const placementKnowledge: Knowledge = {
  PD001: {
    why: 'The API server refuses an object that does not fit the schema. A longer list is cut into slices.',
    source: 'CRD of PlacementDecision; KEP-5313',
    bad: decide([{ clusterProfileRef: { namespace: 'shop' } }]),
    good,
  },
  PD002: {
    why: 'The reference has a name and a namespace; the API server drops all else, and the example of the KEP is wrong.',
    source: 'CRD of PlacementDecision, clusterProfileRef',
    bad: decide([{ clusterProfileRef: { kind: 'ClusterProfile', name: 'tokyo' } }]),
    good,
  },
  PD003: {
    why: 'No ClusterProfile can have that name, and v1alpha2 refuses it.',
    source: 'cluster-inventory-api v1alpha2, validation of references',
    bad: decide(choose('Tokyo_1')),
    good,
  },
  PD004: {
    why: 'Consumers may place the workload twice.',
    source: 'KEP-5313, decisions',
    bad: decide(choose('tokyo', 'tokyo')),
    good: decide(choose('tokyo', 'oslo')),
  },
  PD005: {
    why: 'There is no such profile in that namespace, so that the workload goes nowhere.',
    source: 'KEP-5313, references',
    bad: [profile('tokyo', 'm-tokyo'), decide(choose('kyoto'))],
    good: [profile('tokyo', 'm-tokyo'), decide(choose('tokyo'))],
  },
  PD006: {
    why: 'Consumers put the slices in order by it.',
    source: 'KEP-5313, slices',
    bad: slice('first'),
    good: slice('0'),
  },
  PD007: {
    why: 'Where a number is missing or there twice, a reader cannot know that it has all slices.',
    source: 'KEP-5313, slices',
    bad: [slice('0'), slice('2')],
    good: [slice('0'), slice('1')],
  },
  PD008: {
    why: 'The label is what makes slices one decision; the name alone does not.',
    source: 'KEP-5313, slices',
    bad: [slice('0', ''), slice('1', '')],
    good: [slice('0'), slice('1')],
  },
  PD009: {
    why: 'One decision is made by one scheduler for one placement. Two of them use the same key here.',
    source: 'KEP-5313, slices',
    bad: [slice('0', 'web', { schedulerName: 'shop' }), slice('1', 'web', { schedulerName: 'depot' })],
    good: [slice('0', 'web', { schedulerName: 'shop' }), slice('1', 'web', { schedulerName: 'shop' })],
  },
  PD010: {
    why: 'Both profiles are one cluster, so that the workload lands there twice.',
    source: 'KEP-5313, decisions; KEP-4322, member ids',
    bad: [profile('tokyo', 'm-1'), profile('oslo', 'm-1'), decide(choose('tokyo', 'oslo'))],
    good: [profile('tokyo', 'm-1'), profile('oslo', 'm-2'), decide(choose('tokyo', 'oslo'))],
  },
  PD011: {
    why: 'A PlacementDecision has neither spec nor status. The API server drops them, and the decisions with them.',
    source: 'CRD of PlacementDecision',
    bad: decide(choose('tokyo'), { status: { decisions: choose('tokyo') } }),
    good,
  },
};
