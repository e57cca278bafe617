/** A column of a table, as far as its room is concerned. */
interface FittedColumn {
  width: number;
  /** It has a value in some row. */
  isTelling: boolean;
  /** When it makes room for others, the lowest first; absent: never. */
  rank: number | undefined;
}

/** What columns take together: three blanks are between them. */
const measureTable = (columns: readonly FittedColumn[]): number =>
  columns.reduce((sum, { width }) => sum + width + 3, -3);

/**
 * Which columns are shown in so much room: where all of them do not fit, first those go that say nothing, then those that
 * say least.
 */
export function chooseColumns<Column extends FittedColumn>(
  columns: readonly Column[],
  room: number,
): readonly Column[] {
  const order = columns
    .filter(({ rank }) => rank !== undefined)
    .toSorted((a, b) => Number(a.isTelling) - Number(b.isTelling) || (a.rank ?? 0) - (b.rank ?? 0));
  let shown = columns;
  for (const next of order) {
    if (measureTable(shown) <= room) break;
    shown = shown.filter((column) => column !== next);
  }
  return shown;
}
