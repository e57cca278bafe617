import {
  inCluster,
  label,
  managed,
  memberLabel,
  merge,
  meta,
  namespace,
  oldSetLabel,
  oslo,
  profile,
  properties,
  property,
  provider,
  setLabel,
  url,
  type RuleCase,
  type Tree,
} from './profiles.ts';

const member = (id: string | undefined): Tree => ({ metadata: { labels: { [memberLabel]: id } } });
const samePair = {
  status: { properties: [property('clusterset.k8s.io', 'retail'), property('cluster.clusterset.k8s.io', 'tokyo')] },
};
const sameServer = { status: { accessProviders: [provider('google')] } };

/** Cases for the rules of `src/rules/inventory.ts`. */
export const inventoryCases: readonly RuleCase[] = [
  {
    id: 'CP120',
    severity: 'error',
    path: '.metadata.name',
    bad: [profile(), profile()],
    good: [profile(), meta({ namespace: 'depot' })],
  },
  {
    id: 'CP121',
    severity: 'warning',
    path: '.metadata.name',
    bad: [profile(), managed('depot')],
    good: [profile(), profile()],
  },
  {
    id: 'CP122',
    severity: 'warning',
    path: label(memberLabel),
    bad: [profile(), oslo(member('m-tokyo'))],
    good: [profile(), oslo()],
  },
  {
    id: 'CP123',
    severity: 'info',
    path: label(memberLabel),
    bad: [profile(), meta({ namespace: 'depot' })],
    good: [profile(), oslo()],
  },
  {
    id: 'CP124',
    severity: 'warning',
    path: '.status.properties[1].value',
    bad: [profile(), oslo(merge(samePair, sameServer))],
    good: [profile(), oslo()],
  },
  {
    id: 'CP124',
    severity: 'warning',
    path: label(memberLabel),
    bad: [profile(), oslo(member('m-tokyo'))],
    good: [profile(), meta({ namespace: 'depot' })],
  },
  {
    id: 'CP125',
    severity: 'error',
    path: '.status.properties[1].value',
    bad: [profile(), oslo(samePair)],
    good: [profile(), oslo(merge(samePair, member('m-tokyo')))],
  },
  {
    id: 'CP125',
    severity: 'warning',
    path: '.status.properties[1].value',
    bad: [profile(), oslo(merge(samePair, member(undefined)))],
    good: [
      profile(merge(member(undefined), {})),
      profile(merge(member(undefined), { metadata: { namespace: 'depot' } })),
    ],
  },
  {
    id: 'CP126',
    severity: 'warning',
    path: inCluster('server'),
    bad: [profile(), oslo(sameServer)],
    good: [
      url('https://gateway.example.com/tokyo'),
      oslo({ status: { accessProviders: [provider('google', { server: 'https://gateway.example.com/oslo' })] } }),
    ],
  },
  {
    id: 'CP127',
    severity: 'info',
    path: label(memberLabel),
    bad: [profile(), oslo(member(undefined))],
    good: [profile(member(undefined)), oslo(member(undefined))],
  },
  {
    id: 'CP128',
    severity: 'warning',
    path: label(oldSetLabel),
    bad: [namespace({ [setLabel]: 'retail', [oldSetLabel]: 'depot' })],
    good: [namespace({ [setLabel]: 'retail', [oldSetLabel]: 'retail' })],
  },
  {
    id: 'CP129',
    severity: 'warning',
    path: '.status.properties[0].value',
    bad: [namespace({ [setLabel]: 'depot' }), profile()],
    good: [namespace({ [setLabel]: 'retail' }), profile()],
  },
  {
    id: 'CP129',
    severity: 'info',
    path: '.status.properties',
    bad: [properties()],
    good: profile(),
    options: { clusterSets: new Map([['shop', 'retail']]) },
  },
  {
    id: 'CP130',
    severity: 'info',
    path: label(oldSetLabel),
    bad: [namespace({ [oldSetLabel]: 'retail' })],
    good: [namespace({ [setLabel]: 'retail' })],
  },
  {
    id: 'CP131',
    severity: 'warning',
    path: '.spec.displayName',
    bad: [profile(), oslo({ spec: { displayName: 'Tokyo' } })],
    good: [profile(), oslo()],
  },
  {
    id: 'CP132',
    severity: 'warning',
    path: '.metadata.name',
    bad: [meta({ name: 'shop.tokyo' }), oslo({ metadata: { name: 'shop-tokyo' } })],
    good: [meta({ name: 'shop.tokyo' }), oslo({ metadata: { name: 'shoptokyo' } })],
  },
];
