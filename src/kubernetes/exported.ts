import {
  keys,
  nameOf,
  originAnnotation,
  tool,
  type ClusterAccess,
  type ClusterProfile,
  type ObjectMeta,
} from '../clusterprofile.ts';
import { UserError } from '../errors.ts';
import { byText, shortHash } from '../names.ts';
import type { Options } from '../system.ts';
import { certificatesOf } from './endpoint.ts';
import { text } from './fields.ts';
import { readText } from './objects.ts';

/** What a profile says of its cluster, and what a format of the cluster's address alone has no place for. */
export const profileLosses = ['labels', 'displayName', 'version', 'conditions', 'properties'] as const;

/** And an object of the consumer that takes the labels, ours among them. */
export const labelledLosses = [
  'displayName',
  'version',
  'conditions',
  'properties',
  'other extensions',
  'label app.kubernetes.io/managed-by',
] as const;

/** What a kubeconfig has no place for. */
export const kubeconfigLosses = [...profileLosses, 'other extensions'] as const;

/** And one with a token in it: an extension is told to a plugin, and there is none. */
export const embeddedLosses = [...kubeconfigLosses, 'exec extension'] as const;

/** How a cluster is reached, beyond its address and its CA. */
export const connectionLosses = [
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

const sorted = (record: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => byText(a, b)));

/** Metadata of what is made for a consumer: the mark by which it is ours, and which profile it stands for. */
export const exported = (profile: ClusterProfile, name: string, more: Metadata = {}): ObjectMeta => ({
  name,
  ...(more.namespace && { namespace: more.namespace }),
  labels: sorted({ ...more.labels, [keys.managedByLabel]: tool }),
  annotations: sorted({ ...more.annotations, [originAnnotation]: nameOf(profile) }),
});

/** A name within the limit of object names, with a hash where it is cut. */
export const limitedName = (name: string, identity: string): string =>
  name.length > 253 ? `${name.slice(0, 244).replace(/[-.]+$/, '')}-${shortHash(identity)}` : name;

/** For consumers that cannot do without a CA, where a profile has none: public roots, mostly. */
export const caFileOption = {
  flags: '--ca-file <file>',
  description: 'PEM certificates for profiles that have no CA of their own',
};

/** The CA as PEM: the profile's, else that of `--ca-file`; certificates only, never what may stand beside them. */
export function authorityOf(cluster: ClusterAccess, options: Options): string | undefined {
  const data = cluster['certificate-authority-data'];
  const file = text(options, 'caFile');
  const own = data ?? (file === undefined ? undefined : certificatesOf(readText(file)));
  if (own === undefined && file !== undefined) throw new UserError(`${file} holds no PEM certificate`);
  return own === undefined ? undefined : Buffer.from(own, 'base64').toString('utf8');
}
