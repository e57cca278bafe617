import type { Warn } from '../util/notices.ts';
import type { AccessProvider, ClusterAccess, Extension } from './clusterprofile.ts';

/** How a source says a member is reached. Credentials have no place here. */
export interface Endpoint {
  server?: string | undefined;
  /** Base64 of PEM, as in kubeconfigs. */
  caData?: string | undefined;
  /** PEM text. */
  caPem?: string | undefined;
  insecure?: boolean | undefined;
  tlsServerName?: string | undefined;
  proxyUrl?: string | undefined;
  disableCompression?: boolean | undefined;
  extensions?: Extension[] | undefined;
}

const certificate = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;
const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** One certificate and nothing else, as nearly every CA is: nothing has to be cut out of it. */
const single = /^-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]*-----END CERTIFICATE-----\s*$/;

/** Base64 of the certificates in a PEM text, and of nothing else that may stand beside them. */
export function extractCertificates(pem: string, encoded?: string): string | undefined {
  if (single.test(pem)) return encoded ?? Buffer.from(pem).toString('base64');
  const blocks = pem.match(certificate);
  if (!blocks) return undefined;
  const rest = pem.replace(certificate, '').trim();
  // Untouched where it is only certificates, so that the bytes stay what the source has.
  return Buffer.from(rest === '' ? pem : `${blocks.join('\n')}\n`).toString('base64');
}

/** Base64 without the blanks that some put into it; `undefined` where it is none. */
function cleanBase64(text: string): string | undefined {
  if (base64.test(text)) return text;
  const data = text.replace(/\s/g, '');
  return base64.test(data) ? data : undefined;
}

function readCertificateAuthority({ caData, caPem }: Endpoint, warn: Warn): string | undefined {
  if (!caData && !caPem) return undefined;
  const data = caData ? cleanBase64(caData) : undefined;
  // What counts of it is ASCII, and one byte a character is the fastest to decode.
  const pem = caData ? Buffer.from(data ?? '', 'base64').toString('latin1') : (caPem ?? '');
  const certificates = extractCertificates(pem, data);
  if (!certificates) warn('its CA is not a PEM certificate, left out');
  else if (pem.includes('PRIVATE KEY')) warn('a private key stands beside its CA certificate, left out');
  return certificates;
}

/** A URL without what could be a secret in it: user info, query and fragment. */
function cleanUrl(text: string, scheme: string): URL | undefined {
  const parsed = parseUrl(hasScheme(text) ? text : `${scheme}://${text}`);
  // An `@` in the path is what is left of user information in a URL that is broken before it.
  if (!parsed?.host || parsed.pathname.includes('@')) return undefined;
  // Each of these parses the URL again, so only where there is something to remove.
  if (parsed.username) parsed.username = '';
  if (parsed.password) parsed.password = '';
  if (parsed.href.includes('?')) parsed.search = '';
  if (parsed.href.includes('#')) parsed.hash = '';
  return parsed;
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

const hasScheme = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(text);

/** Whether clients read a server as what it looks like: an absolute URL with a host, and nothing that parsers differ about. */
export const isAbsoluteUrl = (server: string): boolean => isAbsolute(server) && parseUrl(server) !== null;

/** The same, for what is parsed as a URL afterwards. */
export const isAbsolute = (server: string): boolean =>
  /^https?:\/\/[^/?#\s\\][^\s\\\u0000-\u001f\u007f]*$/i.test(server);

/**
 * What nearly every server looks like, and what the URL parser, which takes ten times as long, would leave as it is: a
 * host by name, maybe a port, a plain path.
 */
const plainServer =
  /^https:\/\/((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?)(?::(?:[1-9]\d{0,3}|[1-5]\d{4}))?(?:\/[\w~-]+)*\/?$/;

function warnOfLocal(host: string, warn: Warn): void {
  if (isLocalHost(host)) warn(`its server ${host} can be reached from its own machine or cluster only`);
}

/** An absolute URL: `https://` added where a scheme is missing, no user info, query, fragment or closing slash. */
export function normaliseServerUrl(text: string | undefined, warn: Warn = () => {}): string | undefined {
  const trimmed = text?.trim();
  if (!trimmed) return undefined;
  const [, plain] = plainServer.exec(trimmed) ?? [];
  if (plain !== undefined && !plain.includes('xn--')) {
    warnOfLocal(plain, warn);
    return trimmed.replace(/\/$/, '');
  }
  const full = hasScheme(trimmed) ? trimmed : `https://${trimmed}`;
  const url = cleanUrl(full, 'https');
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    warn('its server is not a URL, left out');
    return undefined;
  }
  if (full.split('/')[2]?.includes('@')) warn('user information in its server URL is left out');
  if (url.protocol === 'http:') warn('its server is reached without TLS (http)');
  warnOfLocal(url.hostname, warn);
  return keepAsWritten(full, url);
}

/** The source's own spelling where it is clean already: URL would drop `:443`, which consumers compare. */
function keepAsWritten(text: string, url: URL): string {
  const clean = !/[?#@\s]/.test(text) && /^https?:\/\/[^/]+/.test(text);
  return (clean ? text : url.href).replace(/\/$/, '');
}

const localHosts = new Set(['localhost', '0.0.0.0', '[::1]', 'host.docker.internal']);

const isLocalHost = (host: string): boolean =>
  localHosts.has(host) ||
  /^127\.[\d.]+$/.test(host) ||
  ['.local', '.localhost', '.svc'].some((end) => host.endsWith(end)) ||
  host.includes('.svc.');

function normaliseProxy(text: string | undefined, warn: Warn): string | undefined {
  if (!text) return undefined;
  const url = cleanUrl(text, 'http');
  if (!url || !/^(https?|socks5h?):$/.test(url.protocol)) {
    warn('its proxy URL is not one, left out');
    return undefined;
  }
  if (/@/.test(text)) warn('user information in its proxy URL is left out');
  return keepAsWritten(text, url);
}

/**
 * An access provider from what a source knows of an endpoint; `undefined` without a server, since a provider without
 * one would make client-go dial localhost. What had to be left out goes to `warn`.
 */
export function buildAccessProvider(name: string, endpoint: Endpoint, warn: Warn): AccessProvider | undefined {
  const server = normaliseServerUrl(endpoint.server, warn);
  if (!server) return undefined;
  const cluster: ClusterAccess = { server };
  const ca = readCertificateAuthority(endpoint, warn);
  if (ca) cluster['certificate-authority-data'] = ca;
  if (endpoint.tlsServerName) cluster['tls-server-name'] = endpoint.tlsServerName;
  if (endpoint.insecure && ca) warn('it has a CA and skips verification: clients refuse both, the CA is kept');
  if (endpoint.insecure && !ca) {
    warn('its server certificate is not verified (insecure-skip-tls-verify)');
    cluster['insecure-skip-tls-verify'] = true;
  }
  const proxyUrl = normaliseProxy(endpoint.proxyUrl, warn);
  if (proxyUrl) cluster['proxy-url'] = proxyUrl;
  if (endpoint.disableCompression) cluster['disable-compression'] = true;
  if (endpoint.extensions && endpoint.extensions.length > 0) cluster.extensions = endpoint.extensions;
  return { name, cluster };
}
