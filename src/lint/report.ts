import type { Document } from './problem.ts';
import { count, describeLinted, type Finding, type LintResult } from './index.ts';

/** What was found, without what somebody ignores. */
export interface JudgedResult extends LintResult {
  /** How many findings are left out. */
  ignored: number;
}

/** `file:line:column`, as far as it is known. */
function place({ file, line, column = 1 }: Finding): string {
  const name = file.replaceAll('\n', String.raw`\n`);
  return line === undefined ? name : `${name}:${line}:${column}`;
}

/** `(shop/tokyo .status.conditions[0])` */
export const describeSubject = ({ object, path }: Finding): string => {
  const parts = [object?.replace(/^ClusterProfile /, ''), path === '.' ? undefined : path].filter(Boolean);
  return parts.length > 0 ? ` (${parts.join(' ')})` : '';
};

/** A finding as a line in two parts, what it begins with and what comes behind its severity. */
export const splitLine = (finding: Finding): [start: string, rest: string] => [
  `${place(finding)}: `,
  ` ${finding.id}: ${finding.message}${describeSubject(finding)}${finding.hint ? `; ${finding.hint}` : ''}`,
];

/** One line a finding: `file:line:column: error CP071: reason is missing (shop/tokyo .status…); the fix`. */
export const formatLine = (finding: Finding): string => splitLine(finding).join(finding.severity);

const formatCount = (amount: number, one: string): string => `${amount} ${one}${amount === 1 ? '' : 's'}`;

/** `3 ClusterProfiles, 1 PlacementDecision` */
function countSubjects({ checked, placements }: LintResult): string {
  const profiles = checked.length - placements;
  const decisions = placements > 0 ? [formatCount(placements, 'PlacementDecision')] : [];
  return [...(profiles > 0 || placements === 0 ? [formatCount(profiles, 'ClusterProfile')] : []), ...decisions].join(
    ', ',
  );
}

/** What to say at the end: `2 errors, 1 warning in 3 ClusterProfiles`, or `3 ClusterProfiles valid`. */
export function summarise(result: JudgedResult, shown: readonly Finding[]): string {
  const { findings } = result;
  const [errors, warnings] = [count(findings, 'error'), count(findings, 'warning')];
  const checked = countSubjects(result);
  const hidden = findings.length - shown.length;
  const more = [
    hidden > 0 && ` (${formatCount(hidden, 'note')} not shown, -v shows them)`,
    result.ignored > 0 && `, ${result.ignored} ignored`,
  ]
    .filter(Boolean)
    .join('');
  if (errors + warnings === 0) return `${checked} valid${more}`;
  const found = [errors > 0 && formatCount(errors, 'error'), warnings > 0 && formatCount(warnings, 'warning')].filter(
    Boolean,
  );
  return `${found.join(', ')} in ${checked}${more}`;
}

/** A JSON array of findings, with the same keys in the same order each time. */
export function buildJsonReport(findings: readonly Finding[]): string {
  const plain = findings.map(({ id, severity, message, hint, file, document, item, line, column, path, object }) => ({
    id,
    severity,
    message,
    hint,
    file,
    document,
    item,
    line,
    column,
    path,
    object,
  }));
  return `${JSON.stringify(plain, null, 2)}\n`;
}

/** A checked object as a test: errors fail it, the rest is its output. */
export interface TestCase {
  name: string;
  file: string;
  failures: { id: string; message: string; line: string }[];
  output: string[];
}

const keyOfDocument = ({ file, document, item = 0 }: Pick<Document, 'file' | 'document' | 'item'>): string =>
  `${file}\0${document}\0${item}`;

/** Every checked object as a test, in the order they were read. */
export function testCases({ checked }: LintResult, findings: readonly Finding[]): TestCase[] {
  const cases = new Map<string, TestCase>();
  for (const document of checked) {
    const name = document.problem ? `document ${document.document}` : describeLinted(document.object);
    cases.set(keyOfDocument(document), { name, file: document.file, failures: [], output: [] });
  }
  for (const finding of findings) {
    const { id, message, file, object = `document ${finding.document}` } = finding;
    const known = cases.get(keyOfDocument(finding)) ?? { name: object, file, failures: [], output: [] };
    if (finding.severity === 'error') known.failures.push({ id, message, line: formatLine(finding) });
    else known.output.push(formatLine(finding));
    cases.set(keyOfDocument(finding), known);
  }
  return [...cases.values()];
}
