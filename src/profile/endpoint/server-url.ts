import { silentListener, type Listener, type Warn } from '../../util/notices.ts';
import { detectCredential } from '../../redact/credential-patterns.ts';
import { carriesCredential, cutCredentialParameters } from '../../redact/url-credentials.ts';
import { explainUnreachable } from './hosts.ts';

/** URLs of API servers and proxies: what is one, and what of it is kept. */

/** What the CRD of v1alpha2 takes. */
export const longestUrl = 2048;

const hasScheme = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(text);

/** The part of a URL between its scheme and its path. */
const readAuthority = (text: string): string => /^[^:]+:\/\/([^/?#]*)/.exec(text)?.[1] ?? '';

/** What Go refuses and JavaScript takes: an escape in a host, one that is none anywhere but in a query, and a port nobody listens on. */
function isForNobody(text: string, { port }: URL): boolean {
  const [beforeQuery = '', , fragment = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(text)?.slice(1) ?? [];
  const host = readAuthority(text).replace(/^.*@/s, '');
  return port === '0' || host.includes('%') || /%(?![0-9a-f]{2})/i.test(beforeQuery + fragment);
}

function tryParse(text: string): URL | undefined {
  try {
    const url = new URL(text);
    return isForNobody(text, url) ? undefined : url;
  } catch {
    return undefined;
  }
}

/** An absolute URL with a host, as Go's url.Parse and CEL's isURL want it; JavaScript alone would repair `https:host`. */
export function parseUrl(text: string): URL | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/?#]/i.test(text) || /\s/.test(text)) return undefined;
  const url = tryParse(text);
  return url?.hostname ? url : undefined;
}

/** Whether clients read a server as what it looks like: an absolute URL with a host, and nothing that parsers differ about. */
export const isAbsoluteUrl = (server: string): boolean => isAbsolute(server) && tryParse(server) !== undefined;

/** The same, for what is parsed as a URL afterwards. */
export const isAbsolute = (server: string): boolean =>
  /^https?:\/\/[^/?#\s\\][^\s\\\u0000-\u001f\u007f]*$/i.test(server);

export type Scheme = 'http' | 'https';

/** The scheme that client-go gives a server without one: https where something of its configuration is about TLS. */
export const chooseScheme = (...aboutTls: unknown[]): Scheme => (aboutTls.some(Boolean) ? 'https' : 'http');

/** A server from fields for its host and its port. Some systems have a whole URL in the place of the host. */
export function joinHostPort(host: string, port: number | string | undefined): string {
  if (!hasScheme(host)) {
    const bare = host.includes(':') && !host.startsWith('[') && !/^[^:]*:\d+$/.test(host) ? `[${host}]` : host;
    return `https://${bare}${port === undefined || /[^\]]:\d+$/.test(bare) ? '' : `:${port}`}`;
  }
  const authority = readAuthority(host);
  if (port === undefined || /:\d*$/.test(authority)) return host;
  return host.replace(authority, `${authority}:${port}`);
}

/**
 * What nearly every server looks like, and what the URL parser, which takes ten times as long, would leave as it is: a
 * host by name, maybe a port, a plain path.
 */
const plainServer =
  /^https:\/\/((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?)(?::(?:[1-9]\d{0,3}|[1-5]\d{4}))?(?:\/[\w~-]+)*\/?$/;

function warnOfLocal(what: string, host: string, warn: Warn): void {
  if (explainUnreachable(host)) warn(`its ${what} ${host} can be reached from its own machine or cluster only`);
}

/** A URL as it is written, without what could be a secret in it, and without a fragment, which no client sends. */
function cleanUrl(text: string, what: string, warn: Warn): URL | undefined {
  const url = tryParse(text);
  // An `@` in the path is what is left of user information in a URL that is broken before it.
  if (!url?.host || url.pathname.includes('@')) return undefined;
  if (readAuthority(text).includes('@')) warn(`user information in its ${what} is left out`);
  // Each of these parses the URL again, so only where there is something to remove.
  if (url.username) url.username = '';
  if (url.password) url.password = '';
  if (url.hash || url.href.endsWith('#')) {
    warn(`the fragment of its ${what} is left out`);
    url.hash = '';
  }
  if (!url.href.includes('?')) return url;
  const { query, names } = cutCredentialParameters(url.search.slice(1));
  for (const name of names) warn(`query parameter ${name} of its ${what} looks like a credential, left out`);
  if (names.length > 0 || query === '') url.search = query;
  return url;
}

/** The source's own spelling where it is clean already: URL would drop `:443`, which consumers compare. */
function keepAsWritten(text: string, url: URL): string {
  const clean = !/[#\\\s\u0000-\u001f\u007f]/.test(text) && /^[a-z0-9]+:\/\/[^/]+/.test(text);
  const kept = clean && !carriesCredential(text) && !text.endsWith('?') ? text : url.href;
  return kept.includes('?') ? kept : kept.replace(/\/$/, '');
}

/** A URL that a profile may have: neither too long nor a credential by itself. */
function checkWhole(text: string, what: string, { partial }: Listener): string | undefined {
  const reason =
    text.length > longestUrl
      ? `is longer than ${longestUrl} characters`
      : detectCredential(text) !== undefined
        ? 'looks like it holds a credential'
        : undefined;
  if (reason === undefined) return text;
  partial(`its ${what} ${reason}, not read`);
  return undefined;
}

/**
 * An absolute URL: the scheme added where it is missing, no user info, no credential in the query, no fragment, no closing
 * slash. The rest of a query stays, since some gateways tell their clusters apart by it. `undefined` where there is none,
 * and where it is not read.
 */
export function normaliseServerUrl(
  text: string | undefined,
  listener: Listener = silentListener,
  scheme: Scheme = 'https',
): string | undefined {
  const trimmed = text?.trim();
  if (!trimmed) return undefined;
  const [, plain] = plainServer.exec(trimmed) ?? [];
  if (plain !== undefined && !plain.includes('xn--') && trimmed.length <= longestUrl) {
    warnOfLocal('server', plain, listener.warn);
    return trimmed.replace(/\/$/, '');
  }
  const full = hasScheme(trimmed) ? trimmed : `${scheme}://${trimmed}`;
  const heard: string[] = [];
  const url = cleanUrl(full, 'server URL', (message) => void heard.push(message));
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    listener.partial('its server is not a URL, not read');
    return undefined;
  }
  for (const message of heard) listener.warn(message);
  if (url.protocol === 'http:') listener.warn('its server is reached without TLS (http)');
  warnOfLocal('server', url.hostname, listener.warn);
  return checkWhole(keepAsWritten(full, url), 'server URL', listener);
}

/** The first server that is one: what a source says first may be no URL at all. */
export const chooseServer = (...candidates: (string | undefined)[]): string | undefined =>
  candidates.find((each) => normaliseServerUrl(each) !== undefined) ?? candidates.find(Boolean);

/** What tells two API servers apart: shared gateways serve several under one host, by path or by query. */
export const formatServerKey = ({ host, pathname, search }: URL): string =>
  `${host}${pathname.replace(/\/+$/, '')}${search}`;

/** The schemes of a proxy that client-go knows, which the CRD of v1alpha2 takes. */
const proxySchemes: ReadonlySet<string> = new Set(['http:', 'https:', 'socks5:']);

/** Whether clients of a profile can use a proxy. */
export const isProxyUrl = (text: string): boolean =>
  text.length <= longestUrl && proxySchemes.has(parseUrl(text)?.protocol ?? '');

/**
 * A proxy that clients can use; `undefined` where there is none, and where it is not read. `socks5h` is `socks5` for Go,
 * which lets the proxy resolve names in any case.
 */
export function normaliseProxyUrl(text: string | undefined, listener: Listener): string | undefined {
  if (!text) return undefined;
  const full = hasScheme(text) ? text : `http://${text}`;
  const resolving = /^socks5h:/i.test(full);
  if (resolving) listener.warn('clients refuse socks5h in a proxy URL: written as socks5, which is the same to them');
  const known = resolving ? full.replace(/^socks5h/i, 'socks5') : full;
  const heard: string[] = [];
  const url = cleanUrl(known, 'proxy URL', (message) => void heard.push(message));
  const kept = url && keepAsWritten(known, url);
  if (!url || !proxySchemes.has(url.protocol) || (kept && !parseUrl(kept))) {
    listener.partial('its proxy URL is not one, not read');
    return undefined;
  }
  for (const message of heard) listener.warn(message);
  warnOfLocal('proxy', url.hostname, listener.warn);
  return checkWhole(kept ?? '', 'proxy URL', listener);
}
