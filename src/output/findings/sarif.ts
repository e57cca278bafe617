import type { Severity } from '../../lint/problem.ts';
import type { Finding, Rule } from '../../lint/index.ts';
import { hashText } from '../../profile/names.ts';

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

/** A relative URI reference for a path, as code scanning wants it. */
const toUri = (file: string): string =>
  file.replaceAll('\\', '/').replace(/^\.\//, '').split('/').map(encodeURIComponent).join('/');

const isFile = (finding: Finding): boolean => finding.line !== undefined;

/** Where a finding is: in a file when a line is known, and always in an object. */
const buildLocation = (finding: Finding): object => ({
  ...(isFile(finding) && {
    physicalLocation: {
      artifactLocation: { uri: toUri(finding.file) },
      region: { startLine: finding.line, startColumn: finding.column ?? 1 },
    },
  }),
  logicalLocations: [{ fullyQualifiedName: [finding.object ?? finding.file, finding.path].join(' '), kind: 'object' }],
});

const buildResult = (finding: Finding, ruleIndex: number): object => ({
  ruleId: finding.id,
  ruleIndex,
  level: levels[finding.severity],
  message: { text: finding.hint ? `${finding.message}; ${finding.hint}` : finding.message },
  locations: [buildLocation(finding)],
  // Stays when lines move, so that a finding keeps its state in code scanning.
  partialFingerprints: {
    'clusterProfile/v1': hashText([finding.id, finding.object ?? finding.file, finding.path].join('\0'), 32),
  },
});

/** What code scanning shows of a rule when it is opened. */
const describeAtLength = (known: { why: string; source: string } | undefined): object =>
  known ? { fullDescription: { text: known.why }, help: { text: `${known.why} Source: ${known.source}.` } } : {};

/** SARIF 2.1.0, for code scanning. Every rule is listed, found or not. */
export function formatSarif(
  findings: readonly Finding[],
  rules: readonly Rule[],
  knowledge: Readonly<Record<string, { why: string; source: string }>> = {},
): string {
  const index = new Map(rules.map(({ id }, at) => [id, at]));
  const driver = {
    name: 'clusterprofile',
    rules: rules.map(({ id, title, severity }) => ({
      id,
      shortDescription: { text: title },
      ...describeAtLength(knowledge[id]),
      defaultConfiguration: { level: levels[severity] },
    })),
  };
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => buildResult(finding, index.get(finding.id) ?? -1)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}
