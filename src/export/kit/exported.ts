import { byText } from '../../util/text.ts';
import { option } from '../../options.ts';
import {
  keys,
  nameOf,
  originAnnotation,
  tool,
  type ClusterAccess,
  type ClusterProfile,
} from '../../profile/clusterprofile.ts';
import { refusal, UserError } from '../../errors.ts';
import type { ExportContext } from './exporter.ts';
import { hashText } from '../../profile/names.ts';
import { extractCertificates } from '../../profile/endpoint.ts';
import { type ObjectMeta } from '../../object.ts';
import { readText } from '../../documents/objects.ts';

/** What a profile says of its cluster, and what a format of the cluster's address alone has no place for. */
export const profileDrops = ['labels', 'annotations', 'displayName', 'version', 'conditions', 'properties'] as const;

/** And an object of the consumer that takes the labels, ours among them. */
export const labelledDrops = [
  'annotations',
  'displayName',
  'version',
  'conditions',
  'properties',
  'other extensions',
  'label app.kubernetes.io/managed-by',
] as const;

/** What a kubeconfig has no place for. */
export const kubeconfigDrops = [...profileDrops, 'other extensions'] as const;

/** And one with a token in it: an extension is told to a plugin, and there is none. */
export const embeddedDrops = [...kubeconfigDrops, 'exec extension'] as const;

/** How a cluster is reached, beyond its address and its CA. */
export const connectionDrops = [
  'proxy-url',
  'tls-server-name',
  'disable-compression',
  'exec extension',
  'additional-args',
  'additional-envs',
  'other extensions',
] as const;

interface Metadata {
  namespace?: string | undefined;
  /** Labels the consumer itself looks for. */
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

const sortKeys = (record: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => byText(a, b)));

/** Metadata of what is made for a consumer: the mark by which it is ours, and which profile it stands for. */
export const buildMetadata = (profile: ClusterProfile, name: string, more: Metadata = {}): ObjectMeta => ({
  name,
  ...(more.namespace && { namespace: more.namespace }),
  labels: sortKeys({ ...more.labels, [keys.managedByLabel]: tool }),
  annotations: sortKeys({ ...more.annotations, [originAnnotation]: nameOf(profile) }),
});

/** A name within the limit of object names, with a hash where it is cut. */
export const limitName = (name: string, identity: string): string =>
  name.length > 253 ? `${name.slice(0, 244).replace(/[-.]+$/, '')}-${hashText(identity)}` : name;

/** For consumers that cannot do without a CA, where a profile has none: public roots, mostly. */
export const caFileOption = option.text(
  '--ca-file <file>',
  'PEM certificates for profiles that have no CA of their own',
  { settable: 'personal' },
);

/** The CA as PEM: the profile's, else that of a file; certificates only, never what may stand beside them. */
export function readAuthority(cluster: ClusterAccess, file?: string): string | undefined {
  const data = cluster['certificate-authority-data'];
  const own = data ?? (file === undefined ? undefined : extractCertificates(readText(file)));
  if (own === undefined && file !== undefined) throw new UserError(`${file} holds no PEM certificate`);
  return own === undefined ? undefined : Buffer.from(own, 'base64').toString('utf8');
}

/**
 * The CA as PEM, for a consumer that checks no server for which it has none: without a CA its token would go to whoever
 * answers. Refuses that, unless `--allow-insecure` asks for it; where no credential is written yet it is a warning.
 */
export function requireAuthority(
  profile: ClusterProfile,
  context: ExportContext<{ caFile: typeof caFileOption }>,
  consumer: string,
  hasCredential = true,
): string | undefined {
  const { cluster } = context.access(profile);
  const authority = readAuthority(cluster, context.options.caFile);
  if (authority !== undefined) return authority;
  const problem = `certificate-authority-data is missing, and ${consumer} then trusts whoever answers`;
  if (hasCredential && !context.allowInsecure)
    throw refusal(
      problem,
      '--ca-file FILE with the public roots that its server is signed by; --allow-insecure, where that is what you want',
    );
  // Of one that says so itself that is said already.
  if (!cluster['insecure-skip-tls-verify']) context.warn(problem, profile);
  return undefined;
}
