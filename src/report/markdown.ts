import { makeSafeLine } from '../util/safe-text.ts';
import { formatNumber } from '../util/text.ts';
import type { Share } from './counts.ts';
import { listRemarks, type Remark } from './remarks.ts';
import type { FleetReport } from './report.ts';
import type { RuleFindings } from './findings.ts';

/** A fleet for a pull request: the same as the page, in a few tables of GitHub's Markdown. */

const rowsShown = 10;

/** A text of a profile as code: no link, no mention, no markup, and no end of a table's cell. */
function formatCode(text: string): string {
  const safe = makeSafeLine(text).replaceAll('|', '\\|');
  if (safe === '') return '';
  const fence = '`'.repeat(1 + Math.max(0, ...[...safe.matchAll(/`+/g)].map(([ticks]) => ticks.length)));
  return fence.length === 1 ? `\`${safe}\`` : `${fence} ${safe} ${fence}`;
}

interface Line extends Share {
  note?: string;
}

function* formatTable(title: string, lines: readonly Line[]): Iterable<string> {
  if (lines.length === 0) return;
  yield '';
  yield `| ${title} | Clusters | |`;
  yield '|---|--:|---|';
  for (const { name, clusters, note = '' } of lines.slice(0, rowsShown))
    yield `| ${formatCode(name) || 'not said'} | ${formatNumber(clusters)} | ${note} |`;
  if (lines.length > rowsShown) yield `| ${formatNumber(lines.length - rowsShown)} more | | |`;
}

function formatRemark({ what, names }: Remark): string {
  const more = names.length > rowsShown ? ` and ${formatNumber(names.length - rowsShown)} more` : '';
  return `- **${formatNumber(names.length)}** ${what}: ${names.slice(0, rowsShown).map(formatCode).join(', ')}${more}`;
}

function* formatFindings(findings: readonly RuleFindings[]): Iterable<string> {
  if (findings.length === 0) return;
  yield '';
  yield '| Rule | Severity | Findings | First |';
  yield '|---|---|--:|---|';
  for (const { id, severity, title, findings: found } of findings)
    yield `| ${id} ${title.replaceAll('|', '\\|')} | ${severity} | ${formatNumber(found.length)} | ${formatCode(found[0]?.object ?? '')} |`;
}

/** The report of a fleet as Markdown. */
export function formatMarkdown({ fleet, findings, title, time }: FleetReport): string {
  const versions = fleet.versions.map(({ behind = 0, ...share }) => ({
    ...share,
    note: behind === 0 ? '' : `${behind} behind`,
  }));
  const lines = [
    `## Fleet report: ${formatNumber(fleet.clusters)} clusters`,
    '',
    `${formatCode(title)}, ${time}`,
    '',
    ...listRemarks(fleet).map(formatRemark),
    ...formatTable('Manager', fleet.managers),
    ...formatTable('ClusterSet', fleet.clusterSets),
    ...formatTable('Version', versions),
    ...formatTable('Region', fleet.regions),
    ...formatTable('Healthy', fleet.health),
    ...formatFindings(findings),
  ];
  return `${lines.join('\n')}\n`;
}
