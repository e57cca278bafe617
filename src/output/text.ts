import type { Io } from '../io.ts';
import { isPrintableAscii, makeSafeLine } from '../util/safe-text.ts';

export type WidthOf = (text: string) => number;

/** Columns of the terminal that shows the data; `undefined` where none does, so that a line may be as wide as it is. */
export const roomOf = (io: Io): number | undefined => (io.terminal.out ? io.columns : undefined);

/** Columns a text takes in a terminal. The library knows them all, but takes its time to load: not for ASCII. */
export async function measureWidth(rows: readonly (readonly string[])[]): Promise<WidthOf> {
  if (rows.every((row) => row.every(isPrintableAscii))) return (text) => text.length;
  const { default: stringWidth } = await import('string-width');
  return (text) => (isPrintableAscii(text) ? text.length : stringWidth(text));
}

const makeCells = (rows: readonly (readonly string[])[]): string[][] =>
  rows.map((row) => row.map((cell) => makeSafeLine(cell)));

/** How wide the widest cell of each column is. */
export async function measureColumns(rows: readonly (readonly string[])[]): Promise<number[]> {
  const cells = makeCells(rows);
  return widenColumns(cells, await measureWidth(cells), []);
}

function widenColumns(cells: readonly (readonly string[])[], widthOf: WidthOf, widths: number[]): number[] {
  for (const row of cells)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
  return widths;
}

/**
 * Rows as kubectl prints them: columns padded to their widest cell and three blanks, none behind the last one. `widths`
 * keeps how wide they are, for rows that follow.
 */
export async function formatColumns(rows: readonly (readonly string[])[], widths: number[] = []): Promise<string> {
  const cells = makeCells(rows);
  const widthOf = await measureWidth(cells);
  widenColumns(cells, widthOf, widths);
  const padded = (cell: string, index: number, last: number): string =>
    index === last ? cell : cell + ' '.repeat((widths[index] ?? 0) - widthOf(cell) + 3);
  // A cell that has nothing to say leaves no blanks at the end of its line.
  const lineOf = (row: readonly string[], last: number): string =>
    `${row
      .slice(0, last + 1)
      .map((cell, index) => padded(cell, index, last))
      .join('')}\n`;
  return cells
    .map((row) =>
      lineOf(
        row,
        row.findLastIndex((cell) => cell !== ''),
      ),
    )
    .join('');
}

/**
 * A text of words as lines that fit, each behind `indent`; a word that is longer than a line has one of its own. None of an
 * empty text.
 */
export function wrapText(text: string, room = Number.POSITIVE_INFINITY, indent = ''): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${indent}${word}`);
  }
  return lines;
}

/** An age as kubectl shows it (apimachinery `HumanDuration`): `42s`, `3m20s`, `5h`, `2d4h`, `400d`, `3y10d`. */
export function formatAge(since: string | undefined, now: number): string {
  const started = since === undefined ? Number.NaN : Date.parse(since);
  if (Number.isNaN(started)) return '<unknown>';
  const seconds = Math.floor((now - started) / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(seconds / 3600);
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return formatPair(seconds, 60, 'm', 's');
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return formatPair(minutes, 60, 'h', 'm');
  if (hours < 48) return `${hours}h`;
  if (hours < 192) return formatPair(hours, 24, 'd', 'h');
  if (hours < 24 * 365 * 2) return `${Math.floor(hours / 24)}d`;
  if (hours < 24 * 365 * 8) return formatPair(Math.floor(hours / 24), 365, 'y', 'd');
  return `${Math.floor(hours / 24 / 365)}y`;
}

const formatPair = (total: number, size: number, large: string, small: string): string =>
  `${Math.floor(total / size)}${large}${total % size === 0 ? '' : `${total % size}${small}`}`;
