import { maskCredentials } from '../redact/credential-patterns.ts';
import type { Document, Problem, Severity } from './problem.ts';
import { memoise, memoiseText } from '../util/collections.ts';
import { byText } from '../util/text.ts';
import { profileKind } from '../profile/clusterprofile.ts';
import { accessRules } from './rules/access.ts';
import { documentRules } from './rules/document.ts';
import { buildInput, toMap, type LintOptions } from './input.ts';
import { inventoryRules } from './rules/inventory.ts';
import { showBare, formatFieldPath } from './paths.ts';
import { placementRules } from './rules/placement.ts';
import { noProblem, type Finding, type Rule } from './rule.ts';
import { secretRules } from './rules/secrets.ts';
import { specRules } from './rules/spec.ts';
import { statusRules } from './rules/status.ts';

export type { LintOptions } from './input.ts';
export type { Finding, Rule } from './rule.ts';

/** Every rule, group by group. A new group is a file and a line here. */
export const rules: readonly Rule[] = [
  ...documentRules,
  ...specRules,
  ...statusRules,
  ...accessRules,
  ...secretRules,
  ...inventoryRules,
  ...placementRules,
];

export interface LintResult {
  findings: Finding[];
  /** What was checked: ClusterProfiles, PlacementDecisions, and documents that could not be read. */
  checked: Document[];
  /** How many of these are PlacementDecisions. */
  placements: number;
  /** Objects of other kinds, and ClusterProfiles of other API groups: there are no rules for them. */
  skipped: Document[];
}

/** `Kind namespace/name` of an object, safe to print. */
export function describeLinted(object: unknown): string {
  const { kind: named, metadata } = toMap(object);
  const { namespace, name, generateName } = toMap(metadata);
  const parts = [namespace, name ?? (typeof generateName === 'string' ? `${generateName}*` : undefined)];
  const text = parts.filter((part) => typeof part === 'string' && part !== '').join('/');
  return [typeof named === 'string' && named !== '' ? showBare(named) : profileKind, text && showBare(text)]
    .filter(Boolean)
    .join(' ');
}

/** Makes reports what is shown: with the severity of its rule, where it has none of its own. */
export function createFindingMaker(strict = false): (rule: Rule, on: Document, problem: Problem) => Finding {
  // Rules show values by `show`; what a consumer's own code says may quote them whole. A fleet has the same said of each.
  const mask = memoiseText(maskCredentials);
  const describe = memoise((document: Document) => describeLinted(document.object));
  return ({ id, severity }, on, { severity: given = severity, message, hint, line, column, at }) => ({
    id,
    severity: strict && given === 'warning' ? 'error' : given,
    ...(strict && given === 'warning' && { isRaised: true }),
    message: mask(message),
    ...(hint !== undefined && { hint: mask(hint) }),
    file: on.file,
    document: on.document,
    ...(on.item !== undefined && { item: on.item }),
    ...(on.inner !== undefined && { inner: on.inner }),
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
    path: formatFieldPath(at),
    at,
    ...(on.problem === undefined && { object: describe(on) }),
  });
}

/** By file, document, line, rule: the order of every output. */
export const byPlace = (a: Finding, b: Finding): number =>
  byText(a.file, b.file) ||
  a.document - b.document ||
  (a.item ?? 0) - (b.item ?? 0) ||
  (a.line ?? 0) - (b.line ?? 0) ||
  byText(a.id, b.id) ||
  (a.column ?? 0) - (b.column ?? 0) ||
  byText(a.path, b.path);

/** How many findings there are of each severity. */
export const count = (findings: readonly Finding[], severity: Severity): number =>
  findings.reduce((sum, each) => sum + (each.severity === severity ? 1 : 0), 0);

/**
 * Checks objects against every rule. Pure: the clock and earlier versions are handed in. Never throws, whatever the
 * objects are, and no finding holds a credential.
 */
export function lint(documents: readonly Document[], options: LintOptions): LintResult {
  const input = buildInput(documents, options);
  const findings: Finding[] = [];
  const toFinding = createFindingMaker(options.strict);
  // One rule after the other, and nothing done for `none`: that makes it twice as fast as the other way round.
  for (const rule of rules) {
    const { check, checkInput } = rule;
    for (const report of checkInput?.(input) ?? noProblem) findings.push(toFinding(rule, report.on, report));
    for (const profile of check ? input.profiles : noProblem) {
      const found = check?.(profile, input) ?? noProblem;
      if (found !== noProblem) for (const each of found) findings.push(toFinding(rule, profile.document, each));
    }
  }
  const others = new Set([...input.others, ...input.namespaces.map(({ document }) => document)]);
  return {
    findings: findings.toSorted(byPlace),
    checked: documents.filter((document) => !others.has(document)),
    placements: input.decisions.length,
    skipped: input.others,
  };
}
