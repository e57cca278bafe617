import { isIP } from 'node:net';
const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const labelName = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** Names become label values and DNS labels at consumers, which end at 63 characters. */
export const nameLimit = 63;

export const isDnsLabel = (text: string): boolean => text.length <= 63 && dnsLabel.test(text);

/** RFC 1123 subdomain, as Kubernetes wants most object names. */
export const isDnsSubdomain = (text: string): boolean =>
  text.length <= 253 && text.split('.').every((segment) => dnsLabel.test(segment));

/** What a server certificate can be for: a host name, as certificates and resolvers take it, or an IP address. */
export const isServerName = (text: string): boolean =>
  isIP(text) > 0 ||
  (text.length <= 253 &&
    /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.?$/i.test(text));

/** KEP-2149: a cluster id should be shorter. */
export const clusterIdLimit = 128;

/** Whether the name of a ClusterSet, of which a cluster is in one at most, looks like that of several. */
export const namesSeveralSets = (text: string): boolean => /[\s,]/.test(text);

export const isLabelValue = (text: string): boolean => text === '' || labelName.test(text);

/** A label or annotation key: a name of up to 63 characters, with an optional DNS subdomain in front of a slash. */
export function isLabelKey(text: string): boolean {
  const [name = '', prefix, ...rest] = text.split('/').toReversed();
  return rest.length === 0 && labelName.test(name) && (prefix === undefined || isDnsSubdomain(prefix));
}

/** The first `length` hex digits of the SHA-256 of a text. */
export const hashText = (text: string, length = 8): string =>
  // Loading crypto costs milliseconds, and most runs hash nothing.
  process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('hex').slice(0, length);

/** A name with a hash of its identity behind it, within the limit. */
export function addHash(name: string, identity: string): string {
  const kept = name.slice(0, nameLimit - 9).replace(/[-.]+$/, '');
  return `${kept}-${hashText(identity)}`;
}

/** In bytes, as file systems count. */
const fileNameLimit = 255;

/** A name for a file of an object: that of the object, with a hash behind as much of it as a file system takes. */
export function makeFileName(stem: string, extension: string): string {
  if (Buffer.byteLength(stem + extension) <= fileNameLimit) return `${stem}${extension}`;
  return `${stem.slice(0, 200).replace(/[-.]+$/, '')}-${hashText(stem)}${extension}`;
}

/**
 * A deterministic RFC 1123 name from any text: Argo CD's `nameNormalized` rule as the base, so that names agree with
 * it where it gives a legal one, then its gaps closed (inner segments, an empty result, more than 63 characters).
 */
export function makeObjectName(text: string, identity = text): string {
  const cleaned = text
    .toLowerCase()
    .replace(/[^-a-z0-9.]/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/(^|\.)-+/g, '$1')
    .replace(/-+(\.|$)/g, '$1')
    .replace(/^[-.]+|[-.]+$/g, '')
    .replace(/\.{2,}/g, '.');
  if (cleaned === '') return `cluster-${hashText(identity)}`;
  return cleaned.length > nameLimit ? addHash(cleaned, identity) : cleaned;
}
