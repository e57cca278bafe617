import { join } from 'node:path';
import type { Command, Figures } from './measure.ts';

export const root = join(import.meta.dirname, '..', '..');

/** The program as it ships: for Node.js, and as a binary. */
type Build = 'npm' | 'binary';

export const builds: Record<Build, string[]> = {
  npm: [process.execPath, join(root, 'bin', 'clusterprofile.js')],
  binary: [join(root, 'dist-binary', `clusterprofile-${process.platform}-${process.arch}`)],
};

interface Row {
  goal: string;
  what: string;
  /** No goal for a build where there is none. */
  limits: Partial<Record<Build, number>>;
  measured: Partial<Record<Build, number>>;
  unit: string;
}

const rows: Row[] = [];

/** A row of the table: what was measured of both builds, and at most what it should be. */
export function add(
  goal: string,
  what: string,
  limits: number | Partial<Record<Build, number>>,
  measured: Partial<Record<Build, number>>,
  unit = 'x',
): void {
  rows.push({
    goal,
    what,
    limits: typeof limits === 'number' ? { npm: limits, binary: limits } : limits,
    measured,
    unit,
  });
}

/** Figures of both builds as ratios to those of somebody else. */
export const ratios = (
  [npm, binary]: readonly (Figures | undefined)[],
  other: Figures | undefined,
  figure: keyof Figures = 'wall',
): Record<Build, number> => ({ npm: npm![figure] / other![figure], binary: binary![figure] / other![figure] });

export const command = (title: string, argv: string[], more: Partial<Command> = {}): Command => ({
  title,
  argv,
  ...more,
});

/** The same command line of both builds. */
export const both = (words: string[], more: Partial<Command> = {}): Command[] =>
  (['npm', 'binary'] as const).map((build) => command(`${build}: ${words[0]}`, [...builds[build], ...words], more));

/** Prints what was measured in this file, each with its goal and whether it is met. */
export function printTable(): void {
  const cell = ({ limits, measured, unit }: Row, build: Build): string[] => {
    const [limit, value] = [limits[build], measured[build]];
    if (value === undefined) return ['', '', ''];
    const verdict = limit === undefined ? '' : value <= limit ? 'met' : 'NOT MET';
    return [`${value.toFixed(2)}${unit}`, limit === undefined ? '' : `<= ${limit}${unit}`, verdict];
  };
  const head = ['goal', 'what', 'npm', 'goal', '', 'binary', 'goal', ''];
  const cells = [head, ...rows.map((row) => [row.goal, row.what, ...cell(row, 'npm'), ...cell(row, 'binary')])];
  const widths = head.map((_title, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  process.stdout.write(
    `\nNode ${process.versions.node}, medians of interleaved runs, ratios of one run\n${lines.join('\n')}\n`,
  );
}
