import { makeSafeLine } from '../util/safe-text.ts';
import { byText, formatLargeAmount, formatNumber } from '../util/text.ts';
import { groupBy } from '../util/collections.ts';
import type { FleetCluster } from './fleet.ts';

/** ClusterSet → manager → cluster, as a tree that fits a screen: of what has many branches the first are shown. */

/** How many branches are shown of ClusterSets, of managers and of clusters, in a fleet that does not fit whole. */
const shownOf = [5, 2, 1] as const;
/** Lines of a tree that is drawn whole. */
const screen = 40;

interface Branch {
  label: string;
  /** What stands behind it where there is room, the last of it longest. */
  details: string[];
  branches: Branch[];
}

const describeCluster = ({ version, health }: FleetCluster): string[] =>
  [version, health === 'True' ? '' : health === 'False' ? 'not healthy' : 'health unknown'].filter(Boolean);

/** The clusters as branches by one thing, the most numerous first. */
function groupBranches(
  clusters: readonly FleetCluster[],
  [by, ...rest]: readonly ((cluster: FleetCluster) => string)[],
): Branch[] {
  if (!by)
    return clusters
      .toSorted((a, b) => byText(a.name, b.name))
      .map((cluster) => ({ label: cluster.name, details: describeCluster(cluster), branches: [] }));
  return [...groupBy(clusters, by)]
    .toSorted(
      ([a, left], [b, right]) => Number(a === '') - Number(b === '') || right.length - left.length || byText(a, b),
    )
    .map(([name, members]) => ({
      label: `${name || '<none>'} (${formatNumber(members.length)})`,
      details: [],
      branches: groupBranches(members, rest),
    }));
}

const countLines = (branches: readonly Branch[]): number =>
  branches.reduce((sum, branch) => sum + 1 + countLines(branch.branches), 0);

/** A branch on one line of the terminal: what does not fit is left out. */
function formatLine(start: string, { label, details }: Branch, room: number): string {
  const texts = details.map((each) => `  ${makeSafeLine(each)}`);
  const line = `${start}${makeSafeLine(label)}`;
  while (texts.length > 0 && line.length + texts.join('').length > room) texts.shift();
  return `${line}${texts.join('')}`;
}

/** How a tree is drawn: how many branches of each depth, and how wide. */
interface Frame {
  limits: readonly number[];
  room: number;
}

function* drawBranches(branches: readonly Branch[], { limits, room }: Frame, indent: string): Iterable<string> {
  const [limit = Infinity, ...deeper] = limits;
  const shown = branches.slice(0, limit);
  const more = branches.length - shown.length;
  for (const [index, branch] of shown.entries()) {
    const isLast = index === shown.length - 1 && more === 0;
    yield formatLine(`${indent}${isLast ? '└── ' : '├── '}`, branch, room);
    yield* drawBranches(branch.branches, { limits: deeper, room }, `${indent}${isLast ? '    ' : '│   '}`);
  }
  if (more > 0) yield `${indent}└── … ${formatNumber(more)} more`;
}

/**
 * The tree of a fleet as text; `whole` shows every cluster, whatever the number. `room`: columns of the terminal that shows it;
 * absent: a line may be as wide as it is.
 */
export function formatTree(
  clusters: readonly FleetCluster[],
  { whole, room = Number.POSITIVE_INFINITY }: { whole: boolean; room?: number | undefined },
): string {
  const branches = groupBranches(clusters, [({ clusterSet }) => clusterSet, ({ manager }) => manager]);
  const limits = whole || countLines(branches) <= screen ? [] : shownOf;
  const title = formatLargeAmount(clusters.length, 'cluster');
  return `${[title, ...drawBranches(branches, { limits, room }, '')].join('\n')}\n`;
}
