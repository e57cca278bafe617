import type { EventRenderer, Format, Renderer } from '../format.ts';
import { formatCsvLine, formatHeader, formatRow, type TableOptions } from '../table.ts';

function renderCsv(options: TableOptions): Renderer {
  const all = { ...options, wide: true, showNamespace: true };
  let header = options.noHeaders ? '' : formatCsvLine(formatHeader(all));
  return {
    page: (profiles) => {
      const text = header + profiles.map((profile) => formatCsvLine(formatRow(profile, all))).join('');
      header = '';
      return text;
    },
    end: () => header,
  };
}

function renderCsvEvents(options: TableOptions): EventRenderer {
  const all = { ...options, wide: true, showNamespace: true };
  let header = options.noHeaders ? '' : formatCsvLine(formatHeader(all));
  return {
    print: (events) => {
      const text = header + events.map(({ type, object }) => formatCsvLine(formatRow(object, all, type))).join('');
      header = '';
      return text;
    },
  };
}

export const csv: Format = { showsClusterSets: true, render: renderCsv, renderEvents: renderCsvEvents };
