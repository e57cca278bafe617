import { lint, rules, type Finding } from '../lint/index.ts';
import { createIgnorer } from '../lint/ignore/ignore.ts';
import type { Document } from '../lint/problem.ts';
import { groupBy } from '../util/collections.ts';

/** What `validate` finds in a fleet by one rule. */
export interface RuleFindings {
  id: string;
  severity: Finding['severity'];
  /** What should be: the rule's own words. */
  title: string;
  /** Each with its object, and without a place in a file. */
  findings: { object: string; message: string; hint: string }[];
}

const severities = ['error', 'warning'] as const;

/** The errors and warnings in a fleet by rule, errors first; without what annotations ignore. */
export async function findByRule(
  documents: readonly Document[],
  options: { now: Date; clusterSets: ReadonlyMap<string, string> },
): Promise<RuleFindings[]> {
  const ignorer = await createIgnorer(documents, [], { inline: true });
  const findings = ignorer.keep(lint(documents, options).findings);
  const titles = new Map(rules.map(({ id, title }) => [id, title]));
  const shown = findings.filter(({ severity }) => severity !== 'info');
  const groups = [...groupBy(shown, ({ id, severity }) => `${severities.indexOf(severity as 'error')} ${id}`)];
  return groups
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, [first, ...others]]) => {
      if (!first) return [];
      const { id, severity } = first;
      const all = [first, ...others].map(({ object = '', message, hint = '' }) => ({ object, message, hint }));
      return [{ id, severity, title: titles.get(id) ?? '', findings: all }];
    });
}
