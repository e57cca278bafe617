import type { EventRenderer, Format, Renderer } from '../format.ts';
import { formatColumns } from '../text.ts';
import { formatHeader, formatRow, renderTable, type TableOptions } from '../table.ts';

function renderAsTable(options: TableOptions): Renderer {
  const rows: string[][] = [];
  return {
    page: (profiles) => {
      for (const profile of profiles) rows.push(formatRow(profile, options));
      return '';
    },
    end: () => (rows.length === 0 ? '' : renderTable(rows, options)),
  };
}

/** As kubectl: one header, in front of the first row, and columns that only get wider. */
function renderEventTable(options: TableOptions): EventRenderer {
  const widths: number[] = [];
  let header = options.noHeaders ? [] : [formatHeader(options)];
  return {
    async print(events) {
      if (events.length === 0) return '';
      const rows = events.map(({ type, object }) => formatRow(object, { ...options, now: Date.now() }, type));
      const text = await formatColumns([...header, ...rows], widths);
      header = [];
      return text;
    },
  };
}

export const table: Format = { showsClusterSets: true, render: renderAsTable, renderEvents: renderEventTable };

export const wide: Format = {
  showsClusterSets: true,
  render: (options) => renderAsTable({ ...options, wide: true }),
  renderEvents: (options) => renderEventTable({ ...options, wide: true }),
};
