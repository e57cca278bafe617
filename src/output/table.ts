import {
  accessProvidersOf,
  clusterSetOf,
  conditionOf,
  keys,
  propertyOf,
  type ClusterProfile,
} from '../profile/clusterprofile.ts';
import { isBeingDeleted } from '../object.ts';
import { formatAge, formatColumns } from './text.ts';

export interface TableOptions {
  wide?: boolean;
  noHeaders?: boolean;
  showNamespace?: boolean;
  showLabels?: boolean;
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
type Column = [header: string, cell: (profile: ClusterProfile, options: TableOptions, event: string) => string];

const narrow: Column[] = [
  ['NAME', (profile) => profile.metadata.name],
  ['MANAGER', (profile) => profile.spec?.clusterManager?.name ?? ''],
  ['CLUSTERSET', (profile, { clusterSets }) => clusterSetOf(profile, clusterSets) ?? ''],
  // As kubectl shows it in the column of a Pod's status.
  [
    'HEALTHY',
    (profile) => (isBeingDeleted(profile) ? 'Terminating' : readConditionStatus(profile, 'ControlPlaneHealthy')),
  ],
  ['JOINED', (profile) => readConditionStatus(profile, 'Joined')],
  ['VERSION', (profile) => profile.status?.version?.kubernetes ?? ''],
  ['LOCATION', readLocation],
  ['AGE', (profile, { now }) => formatAge(profile.metadata.creationTimestamp, now)],
];

const wider: Column[] = [
  ['ENDPOINT', (profile) => accessProvidersOf(profile)[0]?.cluster?.server ?? ''],
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

const listColumns = (options: TableOptions): Column[] => [
  ...(options.withEvents ? [['EVENT', (_profile, _options, event) => event] satisfies Column] : []),
  ...(options.showNamespace ? [['NAMESPACE', ({ metadata }) => metadata.namespace ?? ''] satisfies Column] : []),
  ...narrow,
  ...(options.wide ? wider : []),
  ...(options.showLabels ? [labels] : []),
];

/** The cells of a profile, as strings; empty ones are `<none>` so that every row has every column. */
export const formatRow = (profile: ClusterProfile, options: TableOptions, event = ''): string[] =>
  listColumns(options).map(([, cell]) => showText(cell(profile, options, event)) || noValue);

export const formatHeader = (options: TableOptions): string[] => listColumns(options).map(([header]) => header);

/** A plain, grep-able table as kubectl prints it. */
export const renderTable = (rows: string[][], options: TableOptions): Promise<string> =>
  formatColumns(options.noHeaders ? rows : [formatHeader(options), ...rows]);

/** RFC 4180: quoted where a comma, a quote or a line break makes it needed. */
const formatCsvCell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export const formatCsvLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => formatCsvCell(cell === noValue ? '' : cell)).join(',')}\r\n`;
