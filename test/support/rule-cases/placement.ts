import { decision, slice } from '../placements.ts';
import { label, merge, oslo, profile, type RuleCase, type Tree } from './profiles.ts';

const keyLabel = 'multicluster.x-k8s.io/decision-key';
const indexLabel = 'multicluster.x-k8s.io/decision-index';
const placementLabel = 'multicluster.x-k8s.io/placement-key';

const reference = (at: number, key?: string): string =>
  `.decisions[${at}].clusterProfileRef${key === undefined ? '' : `.${key}`}`;

const web = (...chosen: (string | object)[]): Tree => ({ ...decision('web', chosen) });
const patched = (patch: Tree): Tree => merge(web('tokyo'), patch);
const labelled = (labels: Tree): Tree => patched({ metadata: { labels } });
const slices = (...indexes: number[]): Tree[] =>
  indexes.map((index, at) => ({
    ...slice('web', index, [`c${at}`]),
    metadata: { ...slice('web', index, []).metadata, name: `x${at}` },
  }));
const pair = (patch: Tree): Tree[] => [
  { ...slice('web', 0, ['tokyo']) },
  merge({ ...slice('web', 1, ['oslo']) }, patch),
];
const next = (object: Tree): Tree => ({ ...object, apiVersion: 'multicluster.x-k8s.io/v1alpha2' });
const same = { metadata: { labels: { 'multicluster.x-k8s.io/inventory-member-id': 'm-tokyo' } } };
const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `c${index}`);

const accepted: [path: string, bad: Tree, good?: Tree][] = [
  ['.decisions', patched({ decisions: undefined })],
  ['.decisions', patched({ decisions: null })],
  ['.decisions', patched({ decisions: {} }), web()],
  ['.decisions', web(...many(101)), web(...many(100))],
  ['.decisions[0]', patched({ decisions: ['tokyo'] })],
  [reference(0), patched({ decisions: [{}] })],
  [reference(0), patched({ decisions: [{ clusterProfileRef: 'tokyo' }] })],
  [reference(0, 'name'), web({ namespace: 'shop' })],
  [reference(0, 'name'), web({ name: 7 })],
  [reference(0, 'namespace'), web({ name: 'tokyo', namespace: 7 }), web({ name: 'tokyo', namespace: '' })],
  ['.decisions[0].reason', patched({ decisions: [{ clusterProfileRef: { name: 'tokyo' }, reason: 1 }] })],
  ['.schedulerName', patched({ schedulerName: 1 }), patched({ schedulerName: null })],
  ['.metadata.name', patched({ metadata: { name: 'Web' } })],
  [
    '.metadata.name',
    patched({ metadata: { name: undefined } }),
    patched({ metadata: { name: undefined, generateName: 'web-' } }),
  ],
  [label(keyLabel), labelled({ [keyLabel]: 'a b' }), labelled({ [keyLabel]: 'a_b' })],
  [label(placementLabel), labelled({ [placementLabel]: 7 }), labelled({ [placementLabel]: '7' })],
];

/** Cases for the rules of `src/rules/placement.ts`. */
export const placementCases: readonly RuleCase[] = [
  ...accepted.map(([path, bad, good = web('tokyo')]): RuleCase => ({
    id: 'PD001',
    severity: 'error',
    path,
    bad,
    good,
  })),
  {
    id: 'PD002',
    severity: 'warning',
    path: reference(0, 'kind'),
    bad: web({ name: 'tokyo', kind: 'ClusterProfile' }),
    good: web({ name: 'tokyo', namespace: 'shop' }),
  },
  { id: 'PD003', severity: 'warning', path: reference(0, 'name'), bad: web('Legacy_Name'), good: web('tokyo.shop') },
  { id: 'PD003', severity: 'warning', path: reference(0, 'name'), bad: web({ name: '' }), good: web('tokyo') },
  {
    id: 'PD003',
    severity: 'error',
    path: reference(0, 'name'),
    bad: next(web('Legacy_Name')),
    good: next(web('tokyo')),
  },
  {
    id: 'PD003',
    severity: 'error',
    path: reference(0, 'name'),
    bad: web('Legacy_Name'),
    good: web('tokyo'),
    options: { target: 'v1alpha2' },
  },
  {
    id: 'PD003',
    severity: 'error',
    path: reference(1, 'namespace'),
    bad: next(web('tokyo', 'legacy.namespace/oslo')),
    good: next(web('tokyo', { name: 'oslo', namespace: '' })),
  },
  {
    id: 'PD004',
    severity: 'warning',
    path: reference(2),
    bad: web('tokyo', 'oslo', 'shop/tokyo'),
    good: web('tokyo', 'oslo', 'depot/tokyo'),
  },
  {
    id: 'PD004',
    severity: 'warning',
    path: reference(0),
    bad: [{ ...slice('web', 0, ['tokyo']) }, { ...slice('web', 1, ['tokyo']) }],
    good: [{ ...slice('web', 0, ['tokyo']) }, { ...slice('api', 0, ['tokyo']) }],
  },
  {
    id: 'PD005',
    severity: 'warning',
    path: reference(1),
    bad: [profile(), web('tokyo', 'oslo')],
    good: [profile(), web('tokyo', 'depot/oslo')],
  },
  {
    id: 'PD006',
    severity: 'error',
    path: label(indexLabel),
    bad: labelled({ [keyLabel]: 'web', [indexLabel]: 'first' }),
    good: labelled({ [keyLabel]: 'web', [indexLabel]: '0' }),
  },
  ...['1.5', '-1', '', 0].map((index): RuleCase => ({
    id: 'PD006',
    severity: 'error',
    path: label(indexLabel),
    bad: labelled({ [indexLabel]: index }),
    good: labelled({ [indexLabel]: '12' }),
  })),
  { id: 'PD007', severity: 'warning', path: label(indexLabel), bad: slices(0, 2), good: slices(1, 0) },
  { id: 'PD007', severity: 'warning', path: label(indexLabel), bad: slices(1), good: slices(0) },
  { id: 'PD007', severity: 'warning', path: label(indexLabel), bad: slices(0, 1, 1), good: slices(2, 0, 1) },
  {
    id: 'PD008',
    severity: 'warning',
    path: label(keyLabel),
    bad: pair({ metadata: { labels: { [keyLabel]: undefined } } }),
    good: [labelled({ [indexLabel]: '0' }), ...pair({})],
  },
  {
    id: 'PD009',
    severity: 'warning',
    path: '.schedulerName',
    bad: pair({ schedulerName: 'shop' }),
    good: pair({ schedulerName: null }),
  },
  {
    id: 'PD009',
    severity: 'warning',
    path: label(placementLabel),
    bad: pair({ metadata: { labels: { [placementLabel]: 'web' } } }),
    good: [...pair({}), { ...decision('api', [], { [placementLabel]: 'api' }) }],
  },
  {
    id: 'PD010',
    severity: 'warning',
    path: reference(1),
    bad: [profile(), oslo(same), web('tokyo', 'oslo')],
    good: [profile(), oslo(), web('tokyo', 'oslo')],
  },
  {
    id: 'PD010',
    severity: 'warning',
    path: reference(0),
    bad: [profile(), oslo(same), ...pair({})],
    good: [profile(), oslo(same), web('tokyo', 'tokyo')],
  },
  { id: 'PD011', severity: 'warning', path: '.spec', bad: patched({ spec: { decisions: [] } }), good: web() },
  {
    id: 'PD011',
    severity: 'warning',
    path: '.status',
    bad: patched({ status: {} }),
    good: patched({ schedulerName: 'shop' }),
  },
  {
    id: 'PD011',
    severity: 'warning',
    path: '.decisions[0].clusterName',
    bad: patched({ decisions: [{ clusterProfileRef: { name: 'tokyo' }, clusterName: 'tokyo' }] }),
    good: patched({ decisions: [{ clusterProfileRef: { name: 'tokyo' }, reason: 'near' }] }),
  },
];
