import { readOwn } from '../../object.ts';
import { makeSafeLine } from '../../util/safe-text.ts';
import { formatNumber } from '../../util/text.ts';
import type { Share } from '../counts.ts';

/** Parts of the page. Whatever comes from a profile goes through `escapeHtml`. */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text of a profile as text of the page: no markup, and nothing invisible. */
export const escapeHtml = (text: unknown): string =>
  makeSafeLine(typeof text === 'string' ? text : JSON.stringify(text ?? '')).replace(
    /[&<>"']/g,
    (character) => readOwn(entities, character) ?? '',
  );

/** A section with a heading that the page can be navigated by. */
export const formatSection = (id: string, title: string, content: string): string =>
  `<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${content}</section>`;

/** A bar as wide as its share of the largest; its meaning stands beside it as text. */
const formatBar = (part: number, whole: number, tone: string): string =>
  `<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="${tone}" width="${(
    (100 * part) /
    Math.max(1, whole)
  ).toFixed(2)}" height="10"></rect></svg>`;

export interface Bar extends Share {
  note?: string;
  tone?: string;
}

const barsShown = 12;

/** Shares as a table with a bar in each row; of many the largest, and the rest as one. */
export function formatBars(caption: string, shares: readonly Bar[]): string {
  if (shares.length === 0) return '<p>None.</p>';
  const shown = shares.length > barsShown + 1 ? shares.slice(0, barsShown) : shares;
  const rest = shares.slice(shown.length);
  const others = rest.reduce((sum, { clusters }) => sum + clusters, 0);
  const all: Bar[] =
    rest.length > 0 ? [...shown, { name: `${rest.length} others`, clusters: others, tone: 'rest' }] : [...shown];
  const most = Math.max(...all.map(({ clusters }) => clusters));
  const rows = all.map(
    ({ name, clusters, note = '', tone = 'plain' }) =>
      `<tr><th scope="row">${escapeHtml(name) || 'not said'}</th><td class="number">${formatNumber(clusters)}</td>` +
      `<td>${formatBar(clusters, most, tone)}</td><td>${escapeHtml(note)}</td></tr>`,
  );
  return (
    `<table class="bars"><caption>${caption}</caption><thead class="unseen"><tr><th scope="col">Name</th>` +
    '<th scope="col">Clusters</th><th scope="col">Share</th><th scope="col">Note</th></tr></thead>' +
    `<tbody>${rows.join('')}</tbody></table>`
  );
}
