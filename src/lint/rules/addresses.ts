import { isIP } from 'node:net';
import { isTokenParameter } from '../../redact/credential-patterns.ts';
import { memoise } from '../../util/collections.ts';
import { toText, type Provider } from '../input.ts';

/** An absolute URL with a host, as Go's url.Parse and CEL's isURL want it; JavaScript alone would repair `https:host`. */
export function parseUrl(text: string): URL | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/?#]/i.test(text) || /\s/.test(text)) return undefined;
  try {
    const url = new URL(text);
    return url.hostname === '' ? undefined : url;
  } catch {
    return undefined;
  }
}

/** The server of an access provider, where it is a URL. */
export const readServerUrl = memoise(({ cluster }: Provider): URL | undefined =>
  parseUrl(toText(cluster?.['server']) ?? ''),
);

/** True where user info or a query parameter gives a credential away. Works for what is no URL too. */
export function carriesCredential(text: string): boolean {
  if (!/[?@]/.test(text)) return false;
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i.test(text)) return true;
  const query = text.split('#', 1)[0]?.split('?').slice(1).join('?') ?? '';
  return [...new URLSearchParams(query)].some(([name, value]) => value !== '' && isTokenParameter(name));
}

const localNames = new Set([
  'localhost',
  'host.docker.internal',
  'host.minikube.internal',
  'host.containers.internal',
  'kubernetes.docker.internal',
  'kubernetes.default',
]);

const localAddress = [
  /^127\./,
  /^0\.0\.0\.0$/,
  /^169\.254\./,
  /^::1?$/,
  /^fe[89ab][0-9a-f]:/i,
  // IPv4 in IPv6, which a URL writes in hex: ::ffff:127.0.0.1 and ::ffff:169.254.0.1.
  /^::ffff:(?:7f|a9fe)/i,
];

/** Why nobody but this machine, network or cluster can reach a host; `undefined` when others may. */
export function explainUnreachable({ hostname }: URL): string | undefined {
  const host = hostname
    .replaceAll(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  if (isIP(host))
    return localAddress.some((pattern) => pattern.test(host))
      ? 'a loopback, link-local or unspecified address'
      : undefined;
  if (localNames.has(host) || host.endsWith('.localhost')) return 'a name of the local machine';
  if (/\.svc$|\.cluster\.local$|^kubernetes$/.test(host)) return 'a name inside the cluster';
  if (host.endsWith('.local')) return 'a name of the local network (mDNS)';
  return host.includes('.') ? undefined : 'a name without a domain, such as that of a container';
}

/** What tells two API servers apart: shared gateways serve several under one host. */
export const formatServerKey = ({ host, pathname }: URL): string => `${host}${pathname.replace(/\/+$/, '')}`;
