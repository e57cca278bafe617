import {
  accessProvidersOf,
  clusterSetOf,
  conditionOf,
  keys,
  propertyOf,
  type ClusterProfile,
} from '../profile/clusterprofile.ts';
import { showServer } from '../redact/url-credentials.ts';
import { isBeingDeleted, readOwn } from '../object.ts';
import { chooseColumns } from './table/fit.ts';
import { formatAge, formatColumns, measureColumns } from './text.ts';

export interface TableOptions {
  wide?: boolean;
  noHeaders?: boolean;
  showNamespace?: boolean;
  showLabels?: boolean;
  /** Labels and properties that have a column of their own. */
  labelColumns?: readonly string[];
  propertyColumns?: readonly string[];
  /** Columns of the terminal that shows it; absent: it may be as wide as it is. */
  room?: number | undefined;
  /** A column in front with what became of each. */
  withEvents?: boolean;
  /** ClusterSets by namespace, for profiles that do not say themselves. */
  clusterSets?: ReadonlyMap<string, string> | undefined;
  /** Milliseconds since the epoch, for ages. */
  now: number;
}

const noValue = '<none>';
const readConditionStatus = (profile: ClusterProfile, type: string): string => conditionOf(profile, type)?.status ?? '';

/** Where a cluster is: the KEP's `location`, else its region or zone. */
const readLocation = (profile: ClusterProfile): string =>
  propertyOf(profile, keys.locationProperty) ??
  propertyOf(profile, keys.regionProperty) ??
  propertyOf(profile, keys.zoneProperty) ??
  '';

/** A text as it is; a profile of a file may have a number or a map where a text belongs. */
const showText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** A cell shows a profile; `event` is what became of it, in a watch. */
type Column = [
  header: string,
  cell: (profile: ClusterProfile, options: TableOptions, event: string) => string,
  /** How much it tells beside the others that may be left out on a narrow terminal; absent: it never is. */
  rank?: number,
];

const narrow: Column[] = [
  ['NAME', (profile) => profile.metadata.name],
  ['MANAGER', (profile) => profile.spec?.clusterManager?.name ?? '', 5],
  ['CLUSTERSET', (profile, { clusterSets }) => clusterSetOf(profile, clusterSets) ?? '', 4],
  // As kubectl shows it in the column of a Pod's status.
  [
    'HEALTHY',
    (profile) => (isBeingDeleted(profile) ? 'Terminating' : readConditionStatus(profile, 'ControlPlaneHealthy')),
  ],
  ['JOINED', (profile) => readConditionStatus(profile, 'Joined'), 2],
  ['VERSION', (profile) => profile.status?.version?.kubernetes ?? '', 6],
  ['LOCATION', readLocation, 3],
  ['AGE', (profile, { now }) => formatAge(profile.metadata.creationTimestamp, now), 1],
];

const wider: Column[] = [
  ['ENDPOINT', (profile) => showServer(accessProvidersOf(profile)[0]?.cluster?.server ?? '')],
  [
    'PROVIDER',
    (profile) =>
      accessProvidersOf(profile)
        .map(({ name }) => showText(name))
        .join(','),
  ],
  ['MEMBER-ID', (profile) => profile.metadata.labels?.[keys.memberIdLabel] ?? ''],
];

const labels: Column = [
  'LABELS',
  ({ metadata }) =>
    Object.entries(metadata.labels ?? {})
      .map(([key, value]) => `${key}=${showText(value)}`)
      .toSorted()
      .join(','),
];

/** As kubectl: of `topology.kubernetes.io/region`, REGION. */
const makeHeader = (key: string): string => (key.split('/').at(-1) ?? '').toUpperCase();

const listColumns = (options: TableOptions): Column[] => [
  ...(options.withEvents ? [['EVENT', (_profile, _options, event) => event] satisfies Column] : []),
  ...(options.showNamespace ? [['NAMESPACE', ({ metadata }) => metadata.namespace ?? ''] satisfies Column] : []),
  ...narrow,
  ...(options.wide ? wider : []),
  ...(options.propertyColumns ?? []).map((key): Column => [
    makeHeader(key),
    (profile) => propertyOf(profile, key) ?? '',
  ]),
  ...(options.labelColumns ?? []).map((key): Column => [
    makeHeader(key),
    ({ metadata }) => readOwn(metadata.labels ?? {}, key) ?? '',
  ]),
  ...(options.showLabels ? [labels] : []),
];

/** The cells of a profile, as strings; empty ones are `<none>` so that every row has every column. */
export const formatRow = (profile: ClusterProfile, options: TableOptions, event = ''): string[] =>
  listColumns(options).map(([, cell]) => showText(cell(profile, options, event)) || noValue);

export const formatHeader = (options: TableOptions): string[] => listColumns(options).map(([header]) => header);

/** What a cell shows that has nothing to say. */
const isSilent = (cell: string): boolean => cell === noValue || cell === '<unknown>';

/** The columns of rows that fit the terminal, by their index; all of them where none shows it. */
async function fitColumns(rows: readonly string[][], options: TableOptions): Promise<readonly number[]> {
  const columns = listColumns(options);
  if (options.room === undefined) return [...columns.keys()];
  const widths = await measureColumns(options.noHeaders ? rows : [formatHeader(options), ...rows]);
  const fitted = columns.map(([header, , rank], index) => ({
    header,
    index,
    width: widths[index] ?? 0,
    isTelling: rows.some((row) => !isSilent(row[index] ?? noValue)),
    rank,
  }));
  // What is kept in files has no age at all.
  const shown = fitted.filter(({ header, isTelling }) => isTelling || header !== 'AGE');
  return chooseColumns(shown, options.room).map(({ index }) => index);
}

/**
 * Prints rows as plain, grep-able tables like kubectl's, one after another: one header, in front of the first row, the
 * columns that fit the first of them, and columns that only get wider.
 */
export function createTablePrinter(options: TableOptions): (rows: readonly string[][]) => Promise<string> {
  const widths: number[] = [];
  let header = options.noHeaders ? [] : [formatHeader(options)];
  let shown: readonly number[] | undefined;
  return async (rows) => {
    if (rows.length === 0) return '';
    const chosen = (shown ??= await fitColumns(rows, options));
    const all = [...header, ...rows];
    header = [];
    return formatColumns(
      all.map((row) => chosen.map((index) => row[index] ?? '')),
      widths,
    );
  };
}

/** RFC 4180: quoted where a comma, a quote or a line break makes it needed. */
const formatCsvCell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export const formatCsvLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => formatCsvCell(cell === noValue ? '' : cell)).join(',')}\r\n`;
