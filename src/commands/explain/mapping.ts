import { formatColumns, wrapText } from '../../output/text.ts';

interface MappingRow {
  from: string;
  to: string;
  note: string;
}

/** A row as lines of its own, for a terminal that the table does not fit. */
const formatBlock = ({ from, to, note }: MappingRow, room: number): string =>
  [to, ...wrapText(`from ${from}`, room, '    '), ...wrapText(note, room, '    ')].map((line) => `${line}\n`).join('');

/** Which field comes from where: a table, or where that is wider than the terminal a block for each. */
export async function formatMapping(rows: readonly MappingRow[], room: number | undefined): Promise<string> {
  const table = await formatColumns([
    ['SOURCE', 'CLUSTERPROFILE', 'NOTE'],
    ...rows.map(({ from, to, note }) => [from, to, note]),
  ]);
  if (room === undefined || table.split('\n').every((line) => line.trimEnd().length <= room)) return table;
  return rows.map((row) => formatBlock(row, room)).join('\n');
}
