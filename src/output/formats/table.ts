import type { EventRenderer, Format, Renderer } from '../format.ts';
import { createTablePrinter, formatRow, type TableOptions } from '../table.ts';

function renderAsTable(options: TableOptions): Renderer {
  const rows: string[][] = [];
  return {
    page: (profiles) => {
      for (const profile of profiles) rows.push(formatRow(profile, options));
      return '';
    },
    end: () => createTablePrinter(options)(rows),
  };
}

function renderEventTable(options: TableOptions): EventRenderer {
  const print = createTablePrinter(options);
  return {
    print: (events) =>
      print(events.map(({ type, object }) => formatRow(object, { ...options, now: Date.now() }, type))),
  };
}

export const table: Format = { showsClusterSets: true, render: renderAsTable, renderEvents: renderEventTable };

/** All columns, however narrow the terminal is. */
const widen = (options: TableOptions): TableOptions => ({ ...options, wide: true, room: undefined });

export const wide: Format = {
  showsClusterSets: true,
  render: (options) => renderAsTable(widen(options)),
  renderEvents: (options) => renderEventTable(widen(options)),
};
