import { createHash } from 'node:crypto';
import { readOwn } from '../../object.ts';
import { warningDays, type Ending, type Fleet, type FleetCluster } from '../fleet.ts';
import type { RuleFindings } from '../findings.ts';
import type { FleetReport } from '../report.ts';
import { formatClusters } from './clusters.ts';
import { formatNumber } from '../../util/text.ts';
import { escapeHtml, formatBars, formatSection, type Bar } from './elements.ts';
import { mark, script } from './script.ts';
import { style } from './style.ts';

/** A fleet as one page that needs nothing else: no request leaves it, and no text of a profile becomes markup. */

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing but the style and the scripts of the page; no request to anywhere. */
const policy = [
  "default-src 'none'",
  `style-src ${hash(style)}`,
  `script-src ${hash(mark)} ${hash(script)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const formatFact = (count: number, what: string): string => `<li><b>${formatNumber(count)}</b> ${what}</li>`;

function formatFacts(fleet: Fleet, findings: readonly RuleFindings[]): string {
  const count = (severity: string): number =>
    findings.reduce((sum, each) => sum + (each.severity === severity ? each.findings.length : 0), 0);
  const facts = [
    formatFact(fleet.clusters, 'clusters'),
    formatFact(fleet.managers.length, 'managers'),
    formatFact(fleet.unhealthy.length, 'not healthy'),
    formatFact(fleet.unknownHealth.length, 'of unknown health'),
    formatFact(fleet.withoutProvider.length, 'without an access provider'),
    formatFact(fleet.ending.length, `with a CA that ends within ${warningDays} days`),
    formatFact(fleet.duplicates.length, 'with several profiles'),
    formatFact(count('error'), 'errors'),
    formatFact(count('warning'), 'warnings'),
  ];
  return `<ul class="facts">${facts.join('')}</ul>`;
}

/** How dark a cell is: none for nothing, and five steps. */
const shade = (part: number, most: number): string => (part === 0 ? '' : ` class="h${Math.ceil((5 * part) / most)}"`);

/** The most rows and columns of the matrix; the rest is in the other lists. */
const matrixSize = 15;

function formatMatrix({ managers, clusterSets }: Fleet, clusters: readonly FleetCluster[]): string {
  const [rows, sets] = [managers.slice(0, matrixSize), clusterSets.slice(0, matrixSize)];
  const counts = new Map<string, number>();
  for (const { manager, clusterSet } of clusters) {
    const key = JSON.stringify([manager, clusterSet]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const most = Math.max(1, ...counts.values());
  const head = sets.map(({ name }) => `<th scope="col">${escapeHtml(name) || 'none'}</th>`);
  const body = rows.map(({ name: manager }) => {
    const cells = sets.map(({ name }) => {
      const count = counts.get(JSON.stringify([manager, name])) ?? 0;
      return `<td${shade(count, most)}>${count === 0 ? '' : formatNumber(count)}</td>`;
    });
    return `<tr><th scope="row">${escapeHtml(manager) || 'none'}</th>${cells.join('')}</tr>`;
  });
  const isCut = managers.length > matrixSize || clusterSets.length > matrixSize;
  return (
    `<div class="scroll" tabindex="0" role="region" aria-label="Counts by manager and ClusterSet"><table class="matrix"><caption>Clusters of each manager in each ClusterSet` +
    `${isCut ? `, the ${matrixSize} largest of each` : ''}</caption><thead><tr><th scope="col">Manager</th>${head.join('')}</tr></thead>` +
    `<tbody>${body.join('')}</tbody></table></div>`
  );
}

const toneOfHealth: Readonly<Record<string, string>> = { True: 'good', False: 'bad' };
const toneOfTerm: Readonly<Record<string, string>> = { ended: 'bad', '30 days': 'bad', '90 days': 'unknown' };

function formatVersions({ versions }: Fleet): string {
  const bars = versions.map(({ behind = 0, ...share }): Bar => {
    const note = behind === 0 ? '' : `${behind} behind`;
    // Kubernetes supports three minor versions at a time.
    return { ...share, note, tone: behind > 2 ? 'bad' : 'plain' };
  });
  return formatBars('Minor versions of Kubernetes, and how many behind the newest of the fleet', bars);
}

function formatEnding(ending: readonly Ending[]): string {
  if (ending.length === 0) return '';
  const rows = ending
    .slice(0, 50)
    .map(
      ({ cluster, expires }) =>
        `<tr><th scope="row">${escapeHtml(cluster)}</th><td>${escapeHtml(expires.slice(0, 10))}</td></tr>`,
    );
  return (
    `<table><caption>The first to end${ending.length > 50 ? `, 50 of ${formatNumber(ending.length)}` : ''}</caption>` +
    '<thead><tr><th scope="col">Cluster</th><th scope="col">Its CA ends on</th></tr></thead>' +
    `<tbody>${rows.join('')}</tbody></table>`
  );
}

/** The most findings that are listed of one rule. */
const findingsShown = 50;

function formatRule({ id, severity, title, findings }: RuleFindings): string {
  const shown = findings.slice(0, findingsShown).map(({ object, message, hint }) => {
    const said = [object && `${object}: `, message, hint && ` (${hint})`].join('');
    return `<li>${escapeHtml(said)}</li>`;
  });
  const more = findings.length - shown.length;
  const rest = more > 0 ? `<p class="soft">and ${formatNumber(more)} more</p>` : '';
  return (
    `<details><summary><span class="${severity}">${severity}</span> ${escapeHtml(id)} ${escapeHtml(title)}: ` +
    `${formatNumber(findings.length)}</summary><ul>${shown.join('')}</ul>${rest}</details>`
  );
}

const formatFindings = (findings: readonly RuleFindings[]): string =>
  findings.length === 0 ? '<p>No errors and no warnings.</p>' : findings.map(formatRule).join('');

/** The page of a fleet. */
export function formatPage({ fleet, clusters, findings, title, time }: FleetReport): string {
  const health = fleet.health.map((share) => ({ ...share, tone: readOwn(toneOfHealth, share.name) ?? 'unknown' }));
  const authorities = fleet.authorities.map((share) => ({ ...share, tone: readOwn(toneOfTerm, share.name) ?? 'good' }));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy.replaceAll('"', '&quot;')}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Fleet report: ${escapeHtml(title)}</title>
<style>${style}</style>
<script>${mark}</script>
</head>
<body>
<header>
<h1>Fleet report</h1>
<p class="soft">${escapeHtml(title)}, ${escapeHtml(time)}</p>
${formatFacts(fleet, findings)}
</header>
<main>
<div class="grid">
${formatSection('matrix', 'Managers and ClusterSets', formatMatrix(fleet, clusters))}
${formatSection('versions', 'Versions', formatVersions(fleet))}
${formatSection('health', 'Health', formatBars('ControlPlaneHealthy of the clusters', health))}
${formatSection('regions', 'Regions', formatBars('Clusters by region', fleet.regions))}
${formatSection('authorities', 'Certificates', formatBars('How long the CA of a cluster lasts', authorities) + formatEnding(fleet.ending))}
${formatSection('findings', 'Findings of validate', formatFindings(findings))}
</div>
${formatClusters(clusters)}
</main>
<script>${script}</script>
</body>
</html>
`;
}
