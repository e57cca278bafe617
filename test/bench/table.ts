import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { median, type Command, type Figures, type Run } from './measure.ts';

export const root = join(import.meta.dirname, '..', '..');

/** The program as it ships: for Node.js, and as a binary. */
type Build = 'npm' | 'binary';

type PerBuild = Partial<Record<Build, number>>;

export const builds: Record<Build, string[]> = {
  npm: [process.execPath, join(root, 'bin', 'clusterprofile.js')],
  binary: [join(root, 'dist-binary', `clusterprofile-${process.platform}-${process.arch}`)],
};

interface Row {
  goal: string;
  what: string;
  /** No goal for a build where there is none. */
  limits: PerBuild;
  measured: PerBuild;
  unit: string;
  /** Printed where the goal is missed: why, and what the floor is. */
  reason: string | undefined;
}

const rows: Row[] = [];

/** A row of the table: what was measured of both builds, and at most what it should be. */
export function add(
  goal: string,
  what: string,
  limits: number | PerBuild,
  measured: PerBuild,
  { unit = 'x', reason }: { unit?: string; reason?: string } = {},
): void {
  const each = typeof limits === 'number' ? { npm: limits, binary: limits } : limits;
  rows.push({ goal, what, limits: each, measured, unit, reason });
}

const compareRuns = (mine: Figures, other: Figures, figure: keyof Run): number =>
  median(mine.runs.map((run, round) => run[figure] / other.runs[round]![figure]));

/** Figures of both builds as ratios to those of somebody else: pair by pair, of what ran one after the other. */
export function ratios(
  mine: readonly (Figures | undefined)[],
  other: Figures | undefined,
  figure: keyof Run | 'rss' = 'wall',
): Record<Build, number> {
  const [npm = Number.NaN, binary = Number.NaN] = mine.map((each) =>
    figure === 'rss' ? each!.rss / other!.rss : compareRuns(each!, other!, figure),
  );
  return { npm, binary };
}

/** Each build against another command of the same build. */
export const ratiosOfBuilds = (
  [npm, binary]: readonly (Figures | undefined)[],
  [npmOther, binaryOther]: readonly (Figures | undefined)[],
  figure: keyof Run,
): Record<Build, number> => ({
  npm: compareRuns(npm!, npmOther!, figure),
  binary: compareRuns(binary!, binaryOther!, figure),
});

export const command = (title: string, argv: string[], more: Partial<Command> = {}): Command => ({
  title,
  argv,
  ...more,
});

/** For inputs of 50,000 profiles, on a machine that has other things to do besides. */
export const patient = ['--timeout', '1h', '--max-input', '1Gi'];

/** The same command line of both builds. */
export const both = (words: string[], more: Partial<Command> = {}): Command[] =>
  (['npm', 'binary'] as const).map((build) => command(`${build}: ${words[0]}`, [...builds[build], ...words], more));

/** What a command costs at several sizes. */
interface Growth {
  what: string;
  figures: Record<Build, Map<number, Figures>>;
}

const growths = new Map<string, Growth>();

const sizeText = (size: number): string => size.toLocaleString('en');

/** Notes what a command took at one size, for the rows that show how its cost grows. */
export function addSize(what: string, size: number, [npm, binary]: readonly Figures[]): void {
  const growth = growths.get(what) ?? { what, figures: { npm: new Map(), binary: new Map() } };
  growths.set(what, growth);
  growth.figures.npm.set(size, npm!);
  growth.figures.binary.set(size, binary!);
  const tell = ({ cpu, rss }: Figures): string =>
    `${(cpu / 1000).toFixed(1)} s CPU${rss > 0 ? `, ${rss.toFixed(0)} MiB` : ''}`;
  process.stderr.write(`${what}, ${sizeText(size)}: npm ${tell(npm!)}; binary ${tell(binary!)}\n`);
}

/** A figure of a command at one size. */
export const readSize = (what: string, size: number, figure: keyof Run | 'rss'): Record<Build, number> => {
  const { npm, binary } = growths.get(what)!.figures;
  return { npm: npm.get(size)![figure], binary: binary.get(size)![figure] };
};

/** How a figure of a command at 50,000 stands to that at 10,000: per profile for time, as it is for memory. */
export function readGrowth(what: string, figure: 'cpu' | 'rss'): Record<Build, number> {
  const [large, small] = [readSize(what, 50_000, figure), readSize(what, 10_000, figure)];
  const one = (build: Build): number => large[build] / small[build] / (figure === 'rss' ? 1 : 5);
  return { npm: one('npm'), binary: one('binary') };
}

function formatColumns(cells: readonly string[][]): string {
  const widths = cells[0]!.map((_title, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

const steps = '▁▂▃▄▅▆▇█';

/** A bar a size, as high as the cost of one profile; the same height all along is linear. */
function drawBars(costs: readonly number[]): string {
  const most = Math.max(...costs);
  return costs.map((cost) => steps[Math.max(0, Math.ceil((cost / most) * steps.length) - 1)]).join('');
}

function formatGrowths(): string {
  if (growths.size === 0) return '';
  const [first] = growths.values();
  const sizes = [...first!.figures.npm.keys()];
  const head = ['CPU ms a profile', 'build', ...sizes.map(sizeText), 'a bar a size', 'CPU s', 'peak MiB'];
  const cells = [...growths.values()].flatMap(({ what, figures }) =>
    (['npm', 'binary'] as const).map((build) => {
      // A run that failed has no figures of the sizes behind it.
      const all = sizes.flatMap((size) => figures[build].get(size) ?? []);
      const costs = all.map(({ cpu }, index) => cpu / sizes[index]!);
      const peaks = all.map(({ rss }) => (rss > 0 ? rss.toFixed(0) : '–')).join(' ');
      const seconds = all.map(({ cpu }) => (cpu / 1000).toFixed(1)).join(' ');
      const cells = sizes.map((_size, index) => costs[index]?.toFixed(2) ?? '–');
      return [what, build, ...cells, drawBars(costs), seconds, peaks];
    }),
  );
  return `\n${formatColumns([head, ...cells])}`;
}

const isMissed = ({ limits, measured }: Row, build: Build): boolean =>
  limits[build] !== undefined && measured[build] !== undefined && !(measured[build] <= limits[build]);

/** Prints what was measured in this file, each with its goal and whether it is met, and how costs grow. */
export function printTable(): void {
  const cell = (row: Row, build: Build): string[] => {
    const { limits, measured, unit } = row;
    const [limit, value] = [limits[build], measured[build]];
    if (value === undefined) return ['', '', ''];
    const verdict = limit === undefined ? '' : isMissed(row, build) ? 'NOT MET' : 'met';
    return [`${value.toFixed(2)}${unit}`, limit === undefined ? '' : `<= ${limit}${unit}`, verdict];
  };
  const head = ['goal', 'what', 'npm', 'goal', '', 'binary', 'goal', ''];
  const cells = [head, ...rows.map((row) => [row.goal, row.what, ...cell(row, 'npm'), ...cell(row, 'binary')])];
  const reasons = rows
    .filter((row) => row.reason !== undefined && (isMissed(row, 'npm') || isMissed(row, 'binary')))
    .map(({ what, reason }) => `not met: ${what}: ${reason}\n`);
  // Where others are at work, only ratios of CPU time say something.
  const load = `${loadavg()[2]?.toFixed(1)} processes on ${availableParallelism()} processors in the last 15 minutes`;
  process.stdout.write(
    `\nNode ${process.versions.node}, medians of interleaved runs, ratios pair by pair; ${load}\n${formatColumns(cells)}${reasons.join('')}${formatGrowths()}`,
  );
}
