import type { FleetCluster } from '../fleet.ts';
import { escapeHtml, formatSection } from './elements.ts';

/** The table of all clusters, which the reader's browser filters and sorts. */

const columns: readonly [key: keyof FleetCluster, title: string, isChoice?: boolean][] = [
  ['name', 'Cluster'],
  ['manager', 'Manager', true],
  ['clusterSet', 'ClusterSet', true],
  ['region', 'Region', true],
  ['version', 'Version', true],
  ['health', 'Healthy', true],
  ['server', 'Server'],
];

/** The most values that a list to choose from has; what has more is searched for. */
const choices = 200;

function formatChoice(title: string, at: number, values: readonly string[]): string {
  const distinct = [...new Set(values)].toSorted((a, b) => (a < b ? -1 : 1));
  if (distinct.length < 2 || distinct.length > choices) return '';
  // A value is marked, so that the empty one is told from no choice.
  const options = distinct.map(
    (value) => `<option value="=${escapeHtml(value)}">${escapeHtml(value) || 'not said'}</option>`,
  );
  return `<label>${title}<select data-column="${at}"><option value="">all</option>${options.join('')}</select></label>`;
}

function formatRow(cluster: FleetCluster): string {
  const cells = columns.slice(1).map(([key]) => {
    const tone = key === 'health' ? ` class="${/^(?:True|False)$/.exec(cluster.health)?.[0] ?? 'Unknown'}"` : '';
    return `<td${tone}>${escapeHtml(cluster[key])}</td>`;
  });
  return `<tr><th scope="row">${escapeHtml(cluster.name)}</th>${cells.join('')}</tr>`;
}

/** Every cluster with a search, filters and sorting. */
export function formatClusters(clusters: readonly FleetCluster[]): string {
  const filters = columns.map(([key, title, isChoice], at) =>
    isChoice
      ? formatChoice(
          title,
          at,
          clusters.map((cluster) => cluster[key]),
        )
      : '',
  );
  const headers = columns.map(([, title]) => `<th scope="col"><button type="button">${title}</button></th>`);
  return formatSection(
    'clusters',
    'Clusters',
    `<form id="filter" class="live" role="search"><label>Search<input name="search" type="search" autocomplete="off"></label>` +
      `${filters.join('')}<output id="shown" role="status"></output><button id="all" type="button" hidden>Show all</button></form>` +
      '<div class="scroll"><table id="clusters-table"><caption>Every cluster of the inventory</caption>' +
      `<thead><tr>${headers.join('')}</tr></thead><tbody class="rows">${clusters.map(formatRow).join('\n')}</tbody></table></div>`,
  );
}
