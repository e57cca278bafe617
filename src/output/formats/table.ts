import type { Format, Renderer } from '../format.ts';
import { formatRow, renderTable, type TableOptions } from '../table.ts';

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

export const table: Format = { showsClusterSets: true, render: renderAsTable };

export const wide: Format = {
  showsClusterSets: true,
  render: (options) => renderAsTable({ ...options, wide: true }),
};
