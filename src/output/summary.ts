/**
 * Counts of a run: one line for logs, a box for a person at a terminal. The box is cli-table3's one use here: it is made for
 * a handful of rows.
 */
export async function renderSummary(
  counts: Readonly<Record<string, number>>,
  note: string,
  terminal: boolean,
): Promise<string> {
  const shown = Object.entries(counts);
  if (!terminal) return `${shown.map(([name, count]) => `${count} ${name}`).join(', ')}${note}\n`;
  const { default: Table } = await import('cli-table3');
  const table = new Table({ head: shown.map(([name]) => name), style: { head: [], border: [] } });
  table.push(shown.map(([, count]) => ({ content: String(count), hAlign: 'right' })));
  return `${table.toString()}${note}\n`;
}
