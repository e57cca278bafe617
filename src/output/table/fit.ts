/** A column of a table, as far as its room is concerned. */
interface FittedColumn {
  width: number;
  /** It has a value in some row. */
  isTelling: boolean;
  /** How much it tells beside others, the lowest least; absent: it is always there. */
  rank: number | undefined;
}

/** What columns take together: three blanks are between them. */
const measureTable = (columns: readonly FittedColumn[]): number =>
  columns.reduce((sum, { width }) => sum + width + 3, -3);

/**
 * Which columns are shown in so much room: of those that may make room for others, one after another as long as it fits, what
 * tells most first and what says nothing last.
 */
export function chooseColumns<Column extends FittedColumn>(
  columns: readonly Column[],
  room: number,
): readonly Column[] {
  const order = columns
    .filter(({ rank }) => rank !== undefined)
    .toSorted((a, b) => Number(b.isTelling) - Number(a.isTelling) || (b.rank ?? 0) - (a.rank ?? 0));
  let shown = columns.filter(({ rank }) => rank === undefined);
  for (const next of order) {
    const wider = [...shown, next];
    if (measureTable(wider) <= room) shown = wider;
  }
  return columns.filter((column) => shown.includes(column));
}
