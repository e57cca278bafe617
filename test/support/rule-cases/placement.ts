import { memberLabel, meta, profile, type RuleCase, type Tree } from './profiles.ts';

const key = 'multicluster.x-k8s.io/decision-key';
const index = 'multicluster.x-k8s.io/decision-index';
const placement = 'multicluster.x-k8s.io/placement-key';

const tokyo = { name: 'tokyo' };

/** A slice of the decision for the web shop. */
const decision = (references: Tree[], more: Tree = {}, labels: Tree = {}, name = 'web'): Tree => ({
  apiVersion: 'multicluster.x-k8s.io/v1alpha1',
  kind: 'PlacementDecision',
  metadata: { name, namespace: 'shop', labels },
  decisions: references.map((clusterProfileRef) => ({ clusterProfileRef })),
  ...more,
});
const slice = (number: number, labels: Tree, more: Tree = {}): Tree =>
  decision([{ name: `tokyo-${number}` }], more, { [index]: String(number), ...labels }, `web-${number}`);
const web = { [key]: 'web' };
const many = (count: number): Tree[] => Array.from({ length: count }, (_, each) => ({ name: `tokyo-${each}` }));
const ofMember = (name: string, id: string): Tree => meta({ name, labels: { [memberLabel]: id } });

/** Cases for the rules of `src/rules/placement.ts`. */
export const placementCases: readonly RuleCase[] = [
  { id: 'PD001', severity: 'error', path: '.decisions', bad: [decision(many(101))], good: [decision(many(100))] },
  {
    id: 'PD001',
    severity: 'error',
    path: '.decisions',
    bad: [decision([], { decisions: undefined })],
    good: [decision([])],
  },
  {
    id: 'PD002',
    severity: 'warning',
    path: '.decisions[0].clusterProfileRef.kind',
    bad: [decision([{ ...tokyo, kind: 'ClusterProfile' }])],
    good: [decision([{ ...tokyo, namespace: 'shop' }])],
  },
  {
    id: 'PD003',
    severity: 'warning',
    path: '.decisions[0].clusterProfileRef.name',
    bad: [decision([{ name: 'Tokyo_1' }])],
    good: [decision([{ name: 'tokyo.eu' }])],
  },
  {
    id: 'PD003',
    severity: 'error',
    path: '.decisions[0].clusterProfileRef.namespace',
    bad: [decision([{ ...tokyo, namespace: 'a.b' }], { apiVersion: 'multicluster.x-k8s.io/v1alpha2' })],
    good: [decision([{ ...tokyo, namespace: '' }], { apiVersion: 'multicluster.x-k8s.io/v1alpha2' })],
  },
  {
    id: 'PD004',
    severity: 'warning',
    path: '.decisions[0].clusterProfileRef',
    bad: [decision([tokyo], {}, web, 'web-0'), decision([{ ...tokyo, namespace: 'shop' }], {}, web, 'web-1')],
    good: [decision([tokyo], {}, web, 'web-0'), decision([tokyo], {}, { [key]: 'mail' }, 'mail-0')],
  },
  {
    id: 'PD005',
    severity: 'warning',
    path: '.decisions[0].clusterProfileRef',
    bad: [profile(), decision([{ name: 'paris' }])],
    good: [profile(), decision([tokyo]), decision([{ name: 'paris', namespace: 'elsewhere' }], {}, {}, 'mail')],
  },
  {
    id: 'PD006',
    severity: 'error',
    path: `.metadata.labels["${index}"]`,
    bad: [decision([tokyo], {}, { [index]: '-1' })],
    good: [decision([tokyo], {}, { [index]: '0' })],
  },
  {
    id: 'PD007',
    severity: 'warning',
    path: `.metadata.labels["${index}"]`,
    bad: [slice(0, web), slice(2, web)],
    good: [slice(1, web), slice(0, web)],
  },
  {
    id: 'PD007',
    severity: 'warning',
    path: `.metadata.labels["${index}"]`,
    bad: [slice(0, web), slice(1, { ...web, [index]: '0' })],
    good: [slice(0, web), slice(1, { [key]: 'mail', [index]: '0' })],
  },
  {
    id: 'PD008',
    severity: 'warning',
    path: `.metadata.labels["${index}"]`,
    bad: [slice(0, {}), slice(1, {})],
    good: [slice(0, {})],
  },
  {
    id: 'PD009',
    severity: 'warning',
    path: '.schedulerName',
    bad: [slice(0, web, { schedulerName: 'a' }), slice(1, web, { schedulerName: 'b' })],
    good: [slice(0, web, { schedulerName: 'a' }), slice(1, web, { schedulerName: 'a' })],
  },
  {
    id: 'PD009',
    severity: 'warning',
    path: `.metadata.labels["${placement}"]`,
    bad: [slice(0, { ...web, [placement]: 'a' }), slice(1, { ...web, [placement]: 'b' })],
    good: [slice(0, web), slice(1, web)],
  },
  {
    id: 'PD010',
    severity: 'warning',
    path: '.decisions[1].clusterProfileRef',
    bad: [ofMember('tokyo', 'one'), ofMember('osaka', 'one'), decision([tokyo, { name: 'osaka' }])],
    good: [ofMember('tokyo', 'one'), ofMember('osaka', 'two'), decision([tokyo, { name: 'osaka' }])],
  },
  {
    id: 'PD011',
    severity: 'warning',
    path: '.spec',
    bad: [decision([tokyo], { spec: {} })],
    good: [decision([tokyo])],
  },
];
