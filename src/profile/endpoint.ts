import type { Listener, Warn } from '../util/notices.ts';
import { findBrokenBlock, pemBlock, readBundle } from './endpoint/certificates.ts';
import type { ClusterAccess, Extension, ReportedProvider, UnreadKey } from './clusterprofile.ts';
import { isServerName } from './names.ts';
import { normaliseProxyUrl, normaliseServerUrl, type Scheme } from './endpoint/server-url.ts';

/** How a source says a member is reached. Credentials have no place here. */
export interface Endpoint {
  server?: string | undefined;
  /** Where a server has to stand: one that does not is missing, and none that the source does without. */
  place?: string | undefined;
  /** What a server without a scheme is dialled by; https where the source means that. */
  scheme?: Scheme | undefined;
  /** Base64 of PEM, as in kubeconfigs. */
  caData?: string | undefined;
  /** PEM text. */
  caPem?: string | undefined;
  /** The source names a CA that was not read, so its server certificate is checked by its clients. */
  caFile?: string | undefined;
  insecure?: boolean | undefined;
  tlsServerName?: string | undefined;
  proxyUrl?: string | undefined;
  disableCompression?: boolean | undefined;
  extensions?: Extension[] | undefined;
}

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** One certificate and nothing else, as nearly every CA is: nothing has to be cut out of it. */
const single = /^-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]*-----END CERTIFICATE-----\s*$/;

/** Base64 of the certificates in a PEM text, and of nothing else that may stand beside them. */
export function extractCertificates(pem: string, encoded?: string): string | undefined {
  if (single.test(pem)) return encoded ?? Buffer.from(pem).toString('base64');
  const blocks = pem.match(pemBlock);
  if (!blocks) return undefined;
  const rest = pem.replace(pemBlock, '').trim();
  // Untouched where it is only certificates, so that the bytes stay what the source has.
  return Buffer.from(rest === '' ? pem : `${blocks.join('\n')}\n`).toString('base64');
}

/** Base64 without the blanks that some put into it; `undefined` where it is none. */
function cleanBase64(text: string): string | undefined {
  if (base64.test(text)) return text;
  const data = text.replace(/\s/g, '');
  return base64.test(data) ? data : undefined;
}

function readCertificateAuthority({ caData, caPem }: Endpoint, { warn, partial }: Listener): string | undefined {
  if (!caData && !caPem) return undefined;
  const data = caData ? cleanBase64(caData) : undefined;
  // What counts of it is ASCII, and one byte a character is the fastest to decode.
  const pem = caData ? Buffer.from(data ?? '', 'base64').toString('latin1') : (caPem ?? '');
  const certificates = extractCertificates(pem, data);
  if (!certificates) partial(`${explainNoBundle(caData)}, not read`);
  else if (pem.includes('PRIVATE KEY')) warn('a private key stands beside its CA certificate, left out');
  if (certificates) warnOfBrokenBlock(pem, warn);
  return certificates;
}

/** Says which CERTIFICATE block of a PEM text no client can read. It is kept: clients pass over such a block. */
export function warnOfBrokenBlock(pem: string, warn: Warn): void {
  const broken = findBrokenBlock(pem);
  if (broken > 0) warn(`its CA has no X.509 certificate in block ${broken}`);
}

/** Which of the usual ways to write a CA wrong it is. */
function explainNoBundle(caData: string | undefined): string {
  const { plain, twice } = caData ? readBundle(caData) : { plain: false, twice: false };
  if (plain) return 'its CA is PEM where base64 of it has to be';
  return twice ? 'its CA is encoded in base64 twice' : 'its CA is not a PEM certificate';
}

function readServerName({ tlsServerName }: Endpoint, { partial }: Listener): string | undefined {
  const name = tlsServerName?.trim();
  if (!name || isServerName(name)) return name;
  partial('its tls-server-name is no host name and no IP address, not read');
  return undefined;
}

/** Whether the server certificate is not checked. A source that names a CA and skips verification means the CA. */
function skipsVerification(endpoint: Endpoint, ca: string | undefined, warn: Warn): boolean {
  const { insecure, caData, caPem, caFile } = endpoint;
  if (!insecure) return false;
  if (ca) warn('it has a CA and skips verification: clients refuse both, the CA is kept');
  else if (caData || caPem || caFile)
    warn('it has a CA and skips verification: clients refuse both, insecure-skip-tls-verify is left out');
  else warn('its server certificate is not verified (insecure-skip-tls-verify)');
  return !(ca || caData || caPem || caFile);
}

/** Whether there has to be a server, which was not read. */
function reportNoServer({ server, place }: Endpoint, { partial }: Listener): boolean {
  if (server?.trim()) return true;
  if (place !== undefined) partial(`${place} is missing`);
  return place !== undefined;
}

/** What an endpoint has beside its server that is none. */
function listUnread({ caData, caPem, tlsServerName, proxyUrl }: Endpoint, cluster: ClusterAccess): UnreadKey[] {
  const given = [
    ['certificate-authority-data', caData ?? caPem],
    ['tls-server-name', tlsServerName?.trim()],
    ['proxy-url', proxyUrl],
  ] as const;
  return given.flatMap(([key, text]) => (text && !cluster[key] ? [key] : []));
}

/**
 * An access provider from what a source knows of an endpoint; `undefined` without a server, since a provider without
 * one would make client-go dial localhost. What is there and cannot be read is `unread`, and said to the listener.
 */
export function buildAccessProvider(
  name: string,
  endpoint: Endpoint,
  listener: Listener,
): ReportedProvider | undefined {
  const server = normaliseServerUrl(endpoint.server, listener, endpoint.scheme);
  if (!server) return reportNoServer(endpoint, listener) ? { name, unread: ['server'] } : undefined;
  const cluster: ClusterAccess = { server };
  const ca = readCertificateAuthority(endpoint, listener);
  if (ca) cluster['certificate-authority-data'] = ca;
  const serverName = readServerName(endpoint, listener);
  if (serverName) cluster['tls-server-name'] = serverName;
  if (skipsVerification(endpoint, ca, listener.warn)) cluster['insecure-skip-tls-verify'] = true;
  const proxyUrl = normaliseProxyUrl(endpoint.proxyUrl, listener);
  if (proxyUrl) cluster['proxy-url'] = proxyUrl;
  if (endpoint.disableCompression) cluster['disable-compression'] = true;
  if (endpoint.extensions && endpoint.extensions.length > 0) cluster.extensions = endpoint.extensions;
  const unread = listUnread(endpoint, cluster);
  return { name, cluster, ...(unread.length > 0 && { unread }) };
}
