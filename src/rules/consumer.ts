import { keys } from '../clusterprofile.ts';
import { isVital } from '../kubernetes/exported.ts';
import type { Field } from '../system.ts';
import { finding } from './index.ts';
import type { Finding, Path, Report, Rule } from './rule.ts';

/** What a consumer of the inventory would make of the profiles: found by its exporter, and by checks of its own. */
export const consumerRules = [
  { id: 'CF001', severity: 'error', title: 'The consumer takes the profile' },
  { id: 'CF002', severity: 'error', title: 'The consumer takes the profiles together' },
  { id: 'CF003', severity: 'warning', title: 'The consumer acts on the profile, and reads it as it is meant' },
  { id: 'CF004', severity: 'info', title: 'The consumer has a place for every field' },
] as const satisfies readonly Rule[];

export type ConsumerRuleId = (typeof consumerRules)[number]['id'];

/** A report of one of these rules as a finding. */
export const consumerFinding = (id: ConsumerRuleId, report: Report, strict: boolean): Finding =>
  finding(consumerRules.find((rule) => rule.id === id) as Rule, report, strict);

export const severityOfLoss = (field: Field): 'warning' | 'info' => (isVital(field) ? 'warning' : 'info');

const ofProfile: Partial<Record<Field, Path>> = {
  labels: ['metadata', 'labels'],
  'labels of Argo CD': ['metadata', 'labels'],
  'label app.kubernetes.io/managed-by': ['metadata', 'labels', keys.managedByLabel],
  displayName: ['spec', 'displayName'],
  version: ['status', 'version'],
  conditions: ['status', 'conditions'],
  properties: ['status', 'properties'],
};

/** Where a profile has a field; `provider` is the place of its access provider. */
export const placeOfField = (field: Field, provider: Path): Path =>
  ofProfile[field] ?? [...provider, 'cluster', /^exec|^additional|^other/.test(field) ? 'extensions' : field];
