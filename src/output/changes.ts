import type { Change, Conflict } from '../kubernetes/change.ts';
import type { KubernetesObject } from '../object.ts';
import { structuredPatch } from 'diff';
import { titleOf } from '../profile/clusterprofile.ts';
import { toYaml } from '../documents/yaml-out.ts';
import { plainPaint, type Paint } from './paint.ts';
import { makeSafe, makeSafeLine } from '../util/safe-text.ts';
import { formatColumns } from './text.ts';
import { readOwn } from '../object.ts';

const toText = (object: KubernetesObject | undefined): string => (object ? toYaml(object) : '');

/** As `diff -u` counts: a stretch of no lines stands behind the line before it. */
const formatRange = (start: number, lines: number): string =>
  lines === 1 ? `${start}` : `${lines === 0 ? start - 1 : start},${lines}`;

function formatUnified(
  name: string,
  before: KubernetesObject | undefined,
  after: KubernetesObject | undefined,
  paint: Paint,
): string {
  const titles = [before ? `live/${name}` : '/dev/null', after ? `new/${name}` : '/dev/null'] as const;
  return renderTextDiff(titles, [toText(before), toText(after)], paint);
}

/** A unified diff of two texts; empty where they are the same. */
export function renderTextDiff(
  [old, now]: readonly [string, string],
  [before, after]: readonly [string, string],
  paint: Paint,
): string {
  const { hunks } = structuredPatch('', '', before, after, '', '', { context: 3 });
  if (hunks.length === 0) return '';
  const header = [paint.title(`--- ${old}`), paint.title(`+++ ${now}`)];
  const body = hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    paint.hunk(`@@ -${formatRange(oldStart, oldLines)} +${formatRange(newStart, newLines)} @@`),
    ...lines.map((line) => {
      const text = makeSafe(line);
      return line.startsWith('+') ? paint.added(text) : line.startsWith('-') ? paint.removed(text) : text;
    }),
  ]);
  return `${[...header, ...body].join('\n')}\n`;
}

/** A unified diff of what a plan changes; nothing for what stays. Times that alone changed are not in a plan. */
export function renderDiff(changes: readonly Change<KubernetesObject>[], paint: Paint = plainPaint): string {
  return changes
    .map((change) => {
      if (change.action === 'create') return formatUnified(titleOf(change.after), undefined, change.after, paint);
      if (change.action === 'update') return formatUnified(titleOf(change.after), change.before, change.after, paint);
      if (change.action === 'delete')
        return formatUnified(titleOf(change.before), stripServerFields(change.before), undefined, paint);
      return '';
    })
    .join('');
}

/** A live object without what only the server writes. */
function stripServerFields(live: KubernetesObject): KubernetesObject {
  const { name, namespace, labels, annotations } = live.metadata;
  const metadata = {
    name,
    ...(namespace && { namespace }),
    ...(labels && { labels }),
    ...(annotations && { annotations }),
  };
  return { ...live, metadata };
}

const showValue = (value: unknown): string =>
  value === undefined ? '<none>' : typeof value === 'string' ? value : JSON.stringify(value);

/** Who owns what this tool wants to change: field, owner, their value, ours. */
export const renderConflicts = (conflicts: readonly Conflict[]): Promise<string> =>
  formatColumns([
    ['FIELD', 'OWNER', 'THEIRS', 'OURS'],
    ...conflicts.map(({ field, owner, theirs, ours }) =>
      [field, owner, showValue(theirs), showValue(ours)].map(makeSafeLine),
    ),
  ]);

interface FieldChange {
  /** RFC 6901 JSON pointer. */
  path: string;
  op: 'add' | 'remove' | 'replace';
  old?: unknown;
  new?: unknown;
}

const isJsonMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const escapeToken = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** The leaves that differ, for programs. */
export function listFieldChanges(before: unknown, after: unknown, path = ''): FieldChange[] {
  if (before === after || JSON.stringify(before) === JSON.stringify(after)) return [];
  if (before === undefined) return [{ path, op: 'add', new: after }];
  if (after === undefined) return [{ path, op: 'remove', old: before }];
  if (!isJsonMap(before) || !isJsonMap(after) || Array.isArray(before) !== Array.isArray(after))
    return [{ path, op: 'replace', old: before, new: after }];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) =>
    listFieldChanges(readOwn(before, name), readOwn(after, name), `${path}/${escapeToken(name)}`),
  );
}
