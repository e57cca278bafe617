import type { ManagedFieldsEntry } from '../object.ts';
import { createHash, X509Certificate } from 'node:crypto';
import {
  accessProvidersOf,
  clusterSetOf,
  type AccessProvider,
  type ClusterProfile,
} from '../profile/clusterprofile.ts';
import { safe, safeLine } from '../util/safe-text.ts';
import { age, columns } from './text.ts';

interface DescribeOptions {
  clusterSets: ReadonlyMap<string, string>;
  now: number;
}

const field = (name: string, value: string | undefined): string =>
  `${`${name}:`.padEnd(16)}${value === undefined || value === '' ? '<none>' : safeLine(value)}\n`;

const indented = (text: string, by = '  '): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : `${by}${line}`))
    .join('\n');

function pairs(name: string, record: Record<string, string> | undefined): string {
  const lines = Object.entries(record ?? {}).map(([key, value]) => safeLine(`${key}=${value}`));
  const [first = '<none>', ...rest] = lines;
  return `${`${name}:`.padEnd(16)}${[first, ...rest.map((line) => ' '.repeat(16) + line)].join('\n')}\n`;
}

const section = async (title: string, rows: string[][], header: string[]): Promise<string> =>
  rows.length === 0 ? `${title}:  <none>\n` : `${title}:\n${indented(await columns([header, ...rows]))}`;

const ago = (time: string | undefined, now: number): string => (time ? `${age(time, now)} ago` : '<unknown>');

function conditions({ status }: ClusterProfile, { now }: DescribeOptions): Promise<string> {
  const rows = (status?.conditions ?? []).map((each) => [
    each.type,
    each.status,
    each.reason,
    ago(each.lastTransitionTime, now),
    each.message || '<none>',
  ]);
  return section('Conditions', rows, ['TYPE', 'STATUS', 'REASON', 'SINCE', 'MESSAGE']);
}

function properties({ status }: ClusterProfile, { now }: DescribeOptions): Promise<string> {
  const rows = (status?.properties ?? []).map(({ name, value, lastObservedTime }) => [
    name,
    value,
    lastObservedTime ? ago(lastObservedTime, now) : '<none>',
  ]);
  return section('Properties', rows, ['NAME', 'VALUE', 'OBSERVED']);
}

/** A CA by its subject and fingerprint: enough to compare, and nobody reads base64. */
function authority(data: string | undefined): string {
  if (!data) return '<none>';
  const pem = Buffer.from(data, 'base64').toString('utf8');
  try {
    const certificate = new X509Certificate(pem);
    return `${certificate.subject.replaceAll('\n', ', ')}, until ${new Date(certificate.validTo).toISOString().slice(0, 10)}, SHA-256 ${certificate.fingerprint256.slice(0, 23)}…`;
  } catch {
    return `${pem.length} bytes, SHA-256 ${createHash('sha256').update(pem).digest('hex').slice(0, 16)}…`;
  }
}

/** A URL without user info: a profile made by somebody else may carry one. */
const withoutUserInfo = (url: string | undefined): string | undefined => url?.replace(/\/\/[^/@]*@/, '//…@');

function provider({ name, cluster }: AccessProvider): string {
  const lines = [
    field('Server', withoutUserInfo(cluster?.server)),
    field('CA', authority(cluster?.['certificate-authority-data'])),
    cluster?.['tls-server-name'] ? field('TLS name', cluster['tls-server-name']) : '',
    cluster?.['insecure-skip-tls-verify'] ? field('Insecure', 'the server certificate is not checked') : '',
    cluster?.['proxy-url'] ? field('Proxy', withoutUserInfo(cluster['proxy-url'])) : '',
    // Names only: what a plugin is configured with is its consumers' business, and could be more than it should.
    cluster?.extensions?.length
      ? field(
          'Extensions',
          cluster.extensions.map((each) => `${each.name} (${Object.keys(each.extension ?? {}).join(', ')})`).join(', '),
        )
      : '',
  ];
  return `  ${safeLine(name)}\n${indented(lines.join(''), '    ')}`;
}

/** The paths a FieldsV1 set names, as far as a person wants to know: two levels below spec and status. */
function ownedPaths(fields: Record<string, unknown> | undefined, depth = 0): string[] {
  return Object.entries(fields ?? {}).flatMap(([key, inner]) => {
    if (key === '.') return [];
    const name = key.startsWith('f:')
      ? key.slice(2)
      : key.startsWith('k:')
        ? `[${Object.values(JSON.parse(key.slice(2)) as object).join(',')}]`
        : key;
    const below =
      depth < 2 && typeof inner === 'object' && inner !== null
        ? ownedPaths(inner as Record<string, unknown>, depth + 1)
        : [];
    return below.length === 0
      ? [name]
      : below.map((path) => (path.startsWith('[') ? `${name}${path}` : `${name}.${path}`));
  });
}

function owners({ metadata }: ClusterProfile, { now }: DescribeOptions): Promise<string> {
  const rows = (metadata.managedFields ?? []).map(
    ({ manager = '', operation = '', subresource, time, fieldsV1 }: ManagedFieldsEntry) => [
      manager,
      subresource ? `${operation} (${subresource})` : operation,
      ago(time, now),
      ownedPaths(fieldsV1).join(' '),
    ],
  );
  return section('Field owners', rows, ['MANAGER', 'OPERATION', 'SINCE', 'FIELDS']);
}

/** kubectl's copy of the whole object says nothing new, and may hold what the object no longer does. */
const ownAnnotations = (annotations: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(annotations).filter(([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration'),
  );

/** Everything about a profile that a person may want to know, without a secret. */
export async function describe(profile: ClusterProfile, options: DescribeOptions): Promise<string> {
  const { metadata, spec, status } = profile;
  const providers = accessProvidersOf(profile);
  return safe(
    [
      field('Name', metadata.name),
      field('Namespace', metadata.namespace),
      field('Display name', spec?.displayName),
      field('Manager', spec?.clusterManager?.name),
      field('ClusterSet', clusterSetOf(profile, options.clusterSets)),
      field('Version', status?.version?.kubernetes),
      field(
        'Created',
        metadata.creationTimestamp && `${metadata.creationTimestamp} (${ago(metadata.creationTimestamp, options.now)})`,
      ),
      pairs('Labels', metadata.labels),
      pairs('Annotations', ownAnnotations(metadata.annotations)),
      await conditions(profile, options),
      await properties(profile, options),
      providers.length === 0 ? 'Access providers:  <none>\n' : `Access providers:\n${providers.map(provider).join('')}`,
      metadata.managedFields ? await owners(profile, options) : '',
    ].join(''),
  );
}
