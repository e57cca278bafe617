import { measureWidth, type WidthOf } from '../output/text.ts';
import { makeSafeLine } from '../util/safe-text.ts';
import { formatLargeAmount, formatNumber } from '../util/text.ts';
import type { Share, VersionShare } from './counts.ts';
import type { Fleet } from './fleet.ts';
import { listRemarks } from './remarks.ts';

/** A fleet on one screen of 80 columns, the same on a terminal and in a file. */

/** Columns of one of the two halves. */
const half = 38;
/** Lines of a block, its title and what it leaves out among them. */
const height = 7;
const barWidth = 8;

/** A text of exactly that many columns. */
function fit(text: string, width: number, widthOf: WidthOf): string {
  const safe = makeSafeLine(text);
  const wide = widthOf(safe);
  if (wide <= width) return safe + ' '.repeat(width - wide);
  let cut = safe;
  while (widthOf(cut) > width - 1) cut = cut.slice(0, -1);
  return `${cut}…${' '.repeat(width - 1 - widthOf(cut))}`;
}

const formatBar = (clusters: number, most: number): string =>
  '█'.repeat(Math.max(1, Math.round((clusters / most) * barWidth))).padEnd(barWidth);

interface Row extends Share {
  note?: string;
}

function formatBlock(title: string, rows: readonly Row[], widthOf: WidthOf): string[] {
  const isCut = rows.length > height - 1;
  const shown = isCut ? rows.slice(0, height - 2) : rows;
  const most = Math.max(1, ...rows.map(({ clusters }) => clusters));
  const lines = shown.map(({ name, clusters, note }) => {
    const count = formatNumber(clusters).padStart(7);
    const label = fit(`${name || '<none>'}${note ? ` ${note}` : ''}`, half - barWidth - count.length - 2, widthOf);
    return ` ${label}${count} ${formatBar(clusters, most)}`;
  });
  const rest = rows.slice(shown.length).reduce((sum, { clusters }) => sum + clusters, 0);
  const more = isCut
    ? [` … ${formatNumber(rows.length - shown.length)} more, with ${formatLargeAmount(rest, 'cluster')}`]
    : [];
  return [title, ...lines, ...more].map((line) => line.padEnd(half));
}

function placeSideBySide(left: readonly string[], right: readonly string[]): string[] {
  const lines = Math.max(left.length, right.length);
  return Array.from({ length: lines }, (_line, index) =>
    `${left[index] ?? ' '.repeat(half)}   ${right[index] ?? ''}`.trimEnd(),
  );
}

const describeBehind = ({ behind = 0 }: VersionShare): string => (behind === 0 ? '' : `(${behind} behind)`);

/** The first few of many names, as far as they fit. */
function listFew(names: readonly string[], room: number, shown = 2): string {
  const few = names.slice(0, shown).map((name) => makeSafeLine(name));
  const more = names.length - few.length;
  const text = `${few.join(', ')}${more > 0 ? ` and ${formatNumber(more)} more` : ''}`;
  if (text.length <= room) return text;
  return shown > 1 ? listFew(names, room, shown - 1) : `${text.slice(0, room - 1)}…`;
}

function formatRemarks(fleet: Fleet, room: number): string[] {
  const found = listRemarks(fleet);
  if (fleet.clusters === 0) return [];
  if (found.length === 0) return ['Nothing is missing.'];
  return [
    'TO LOOK AT',
    ...found.map(({ what, names }) => {
      const title = ` ${formatNumber(names.length).padStart(6)} ${what}: `;
      return `${title}${listFew(names, room - title.length)}`;
    }),
  ];
}

/** The summary of a fleet as text, for a terminal with room for so many columns, if one shows it. */
export async function formatSummary(fleet: Fleet, room = Number.POSITIVE_INFINITY): Promise<string> {
  const { managers, clusterSets, regions, versions, health, namespaces, clusters } = fleet;
  const widthOf = await measureWidth([[...managers, ...clusterSets, ...regions].map(({ name }) => makeSafeLine(name))]);
  const block = (title: string, rows: readonly Row[]): string[] => formatBlock(title, rows, widthOf);
  const healths = health.map(({ name, clusters: count }) => `${name} ${formatNumber(count)}`).join(', ');
  const shares = versions.map((share) => ({ ...share, note: describeBehind(share) }));
  const lines = [
    `${formatLargeAmount(clusters, 'cluster')} in ${formatLargeAmount(namespaces.length, 'namespace')}, ${formatLargeAmount(managers.length, 'manager')}; healthy: ${healths}`,
    '',
    ...placeSideBySide(block('MANAGER', managers), block('VERSION', shares)),
    '',
    ...placeSideBySide(block('CLUSTERSET', clusterSets), block('REGION', regions)),
    '',
    ...formatRemarks(fleet, room),
  ];
  return `${lines.join('\n')}\n`;
}
