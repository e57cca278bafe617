import { isBeingDeleted, type ManagedFieldsEntry } from '../object.ts';
import { createHash, X509Certificate } from 'node:crypto';
import {
  accessProvidersOf,
  clusterSetOf,
  type AccessProvider,
  type ClusterProfile,
} from '../profile/clusterprofile.ts';
import { showServer } from '../redact/url-credentials.ts';
import { makeSafe, makeSafeLine } from '../util/safe-text.ts';
import { formatAge, formatColumns } from './text.ts';

interface DescribeOptions {
  clusterSets: ReadonlyMap<string, string>;
  now: number;
}

const formatField = (name: string, value: string | undefined): string =>
  `${`${name}:`.padEnd(16)}${value === undefined || value === '' ? '<none>' : makeSafeLine(value)}\n`;

const indentText = (text: string, by = '  '): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : `${by}${line}`))
    .join('\n');

function formatPairs(name: string, record: Record<string, string> | undefined): string {
  const lines = Object.entries(record ?? {}).map(([key, value]) => makeSafeLine(`${key}=${value}`));
  const [first = '<none>', ...rest] = lines;
  return `${`${name}:`.padEnd(16)}${[first, ...rest.map((line) => ' '.repeat(16) + line)].join('\n')}\n`;
}

/** What an object may do without, whatever the schema of its hub says. */
const orNone = (text: string | undefined): string => text || '<none>';

const formatSection = async (title: string, rows: string[][], header: string[]): Promise<string> =>
  rows.length === 0 ? `${title}:  <none>\n` : `${title}:\n${indentText(await formatColumns([header, ...rows]))}`;

const formatAgo = (time: string | undefined, now: number): string =>
  time ? `${formatAge(time, now)} ago` : '<unknown>';

function formatConditions({ status }: ClusterProfile, { now }: DescribeOptions): Promise<string> {
  const rows = (status?.conditions ?? []).map((each) => [
    orNone(each.type),
    orNone(each.status),
    orNone(each.reason),
    formatAgo(each.lastTransitionTime, now),
    orNone(each.message),
  ]);
  return formatSection('Conditions', rows, ['TYPE', 'STATUS', 'REASON', 'SINCE', 'MESSAGE']);
}

function formatProperties({ status }: ClusterProfile, { now }: DescribeOptions): Promise<string> {
  const properties = status?.properties ?? [];
  // Values may be as long as a line, so they come last; most systems do not say when a value was observed.
  const isTimed = properties.some(({ lastObservedTime }) => lastObservedTime);
  const withTime = (name: string, time: string, value: string): string[] =>
    isTimed ? [name, time, value] : [name, value];
  const rows = properties.map(({ name, value, lastObservedTime }) =>
    withTime(orNone(name), lastObservedTime ? formatAgo(lastObservedTime, now) : '<none>', orNone(value)),
  );
  return formatSection('Properties', rows, withTime('NAME', 'OBSERVED', 'VALUE'));
}

/** A CA by its subject and fingerprint: enough to compare, and nobody reads base64. */
function formatAuthority(data: string | undefined): string {
  if (!data) return '<none>';
  const pem = Buffer.from(data, 'base64').toString('utf8');
  try {
    const certificate = new X509Certificate(pem);
    return `${certificate.subject.replaceAll('\n', ', ')}, until ${new Date(certificate.validTo).toISOString().slice(0, 10)}, SHA-256 ${certificate.fingerprint256.slice(0, 23)}…`;
  } catch {
    return `${pem.length} bytes, SHA-256 ${createHash('sha256').update(pem).digest('hex').slice(0, 16)}…`;
  }
}

function formatProvider({ name, cluster }: AccessProvider): string {
  const lines = [
    formatField('Server', showServer(cluster?.server ?? '')),
    formatField('CA', formatAuthority(cluster?.['certificate-authority-data'])),
    cluster?.['tls-server-name'] ? formatField('TLS name', cluster['tls-server-name']) : '',
    cluster?.['insecure-skip-tls-verify'] ? formatField('Insecure', 'the server certificate is not checked') : '',
    cluster?.['proxy-url'] ? formatField('Proxy', showServer(cluster['proxy-url'])) : '',
    // Names only: what a plugin is configured with is its consumers' business, and could be more than it should.
    cluster?.extensions?.length
      ? formatField(
          'Extensions',
          cluster.extensions
            .map((each) => `${orNone(each.name)} (${Object.keys(each.extension ?? {}).join(', ')})`)
            .join(', '),
        )
      : '',
  ];
  return `  ${makeSafeLine(orNone(name))}\n${indentText(lines.join(''), '    ')}`;
}

/** A key of a FieldsV1 set in few words: `k:{"type":"Joined"}` is `[Joined]`. */
function describeFieldKey(key: string): string {
  if (key.startsWith('f:')) return key.slice(2);
  if (!key.startsWith('k:')) return key;
  try {
    return `[${Object.values(JSON.parse(key.slice(2)) as object).join(',')}]`;
  } catch {
    return key;
  }
}

/** The paths a FieldsV1 set names, as far as a person wants to know: two levels below spec and status. */
function listOwnedPaths(fields: Record<string, unknown> | undefined, depth = 0): string[] {
  return Object.entries(fields ?? {}).flatMap(([key, inner]) => {
    if (key === '.') return [];
    const name = describeFieldKey(key);
    const below =
      depth < 2 && typeof inner === 'object' && inner !== null
        ? listOwnedPaths(inner as Record<string, unknown>, depth + 1)
        : [];
    return below.length === 0
      ? [name]
      : below.map((path) => (path.startsWith('[') ? `${name}${path}` : `${name}.${path}`));
  });
}

function formatOwners({ metadata }: ClusterProfile, { now }: DescribeOptions): Promise<string> {
  const rows = (metadata.managedFields ?? []).map(
    ({ manager = '', operation = '', subresource, time, fieldsV1 }: ManagedFieldsEntry) => [
      manager,
      subresource ? `${operation} (${subresource})` : operation,
      formatAgo(time, now),
      listOwnedPaths(fieldsV1).join(' '),
    ],
  );
  return formatSection('Field owners', rows, ['MANAGER', 'OPERATION', 'SINCE', 'FIELDS']);
}

/** kubectl's copy of the whole object says nothing new, and may hold what the object no longer does. */
const filterAnnotations = (annotations: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(annotations).filter(([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration'),
  );

/** In kubectl's words for a Namespace or a Pod, and what it waits for. */
const formatTerminating = ({ metadata }: ClusterProfile, { now }: DescribeOptions): string =>
  formatField('Status', `Terminating (lasts ${formatAge(metadata.deletionTimestamp, now)})`) +
  formatField('Finalizers', (metadata.finalizers ?? []).join(', '));

/** Everything about a profile that a person may want to know, without a secret. */
export async function describeProfile(profile: ClusterProfile, options: DescribeOptions): Promise<string> {
  const { metadata, spec, status } = profile;
  const providers = accessProvidersOf(profile);
  return makeSafe(
    [
      formatField('Name', metadata.name),
      formatField('Namespace', metadata.namespace),
      isBeingDeleted(profile) ? formatTerminating(profile, options) : '',
      formatField('Display name', spec?.displayName),
      formatField('Manager', spec?.clusterManager?.name),
      formatField('ClusterSet', clusterSetOf(profile, options.clusterSets)),
      formatField('Version', status?.version?.kubernetes),
      formatField(
        'Created',
        metadata.creationTimestamp &&
          `${metadata.creationTimestamp} (${formatAgo(metadata.creationTimestamp, options.now)})`,
      ),
      formatPairs('Labels', metadata.labels),
      formatPairs('Annotations', filterAnnotations(metadata.annotations)),
      await formatConditions(profile, options),
      await formatProperties(profile, options),
      providers.length === 0
        ? 'Access providers:  <none>\n'
        : `Access providers:\n${providers.map(formatProvider).join('')}`,
      metadata.managedFields ? await formatOwners(profile, options) : '',
    ].join(''),
  );
}
