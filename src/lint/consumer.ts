import { createFindingMaker } from './index.ts';
import type { Document, Problem } from './problem.ts';
import type { Finding, Rule } from './rule.ts';

/** What a consumer of the inventory would make of the profiles: found by its exporter, and by checks of its own. */
export const consumerRules = [
  { id: 'CF001', severity: 'error', title: 'The consumer takes the profile' },
  { id: 'CF002', severity: 'error', title: 'The consumer takes the profiles together' },
  { id: 'CF003', severity: 'warning', title: 'The consumer acts on the profile, and reads it as it is meant' },
  { id: 'CF004', severity: 'info', title: 'The consumer has a place for every field' },
] as const satisfies readonly Rule[];

export type ConsumerRuleId = (typeof consumerRules)[number]['id'];

/** Makes findings of what one of these rules says. */
export function createConsumerFindingMaker(
  strict: boolean,
): (id: ConsumerRuleId, on: Document, problem: Problem) => Finding {
  const toFinding = createFindingMaker(strict);
  return (id, on, problem) => toFinding(consumerRules.find((rule) => rule.id === id) as Rule, on, problem);
}
