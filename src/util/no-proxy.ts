import { BlockList, isIP } from 'node:net';

/**
 * Which servers are reached without the proxy of the environment, by the rules of Go's `httpproxy`, which kubectl
 * follows: loopback never uses it; NO_PROXY has addresses, CIDRs, domains (with their subdomains), `.suffix`, `*`, ports.
 */
const findAddressFamily = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

function isInRange(address: string, cidr: string): boolean {
  const [network = '', bits = ''] = cidr.split('/');
  if (isIP(network) === 0 || isIP(network) !== isIP(address)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), findAddressFamily(network));
  return list.check(address, findAddressFamily(address));
}

const isLoopbackName = (host: string): boolean =>
  host === 'localhost' || (isIP(host) === 4 && host.startsWith('127.')) || host === '::1';

/** Splits `host:port` of an entry; a bare IPv6 address has no port. */
function splitEntry(entry: string): { name: string; port: string | undefined } {
  const bracketed = /^\[(.+)\](?::(\d+))?$/.exec(entry);
  if (bracketed) return { name: bracketed[1] ?? '', port: bracketed[2] };
  if (isIP(entry) === 6) return { name: entry, port: undefined };
  const [, name = entry, port] = /^(.*):(\d+)$/.exec(entry) ?? [];
  return { name, port };
}

function matchesEntry(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return isIP(host) !== 0 && isInRange(host, entry);
  const { name, port: wanted } = splitEntry(entry);
  if (wanted !== undefined && wanted !== port) return false;
  if (isIP(name) !== 0) return name === host;
  const suffix = name.replace(/^\*(?=\.)/, '');
  return suffix.startsWith('.') ? host.endsWith(suffix) : host === suffix || host.endsWith(`.${suffix}`);
}

type ProxyEnv = Readonly<Record<string, string | undefined>>;

/** The proxy that the environment names for a server, if it is to be used for it. */
export function readProxyFromEnv(server: URL, env: ProxyEnv): string | undefined {
  const names = server.protocol === 'https:' ? ['HTTPS_PROXY', 'https_proxy'] : ['HTTP_PROXY', 'http_proxy'];
  const proxy = names.map((name) => env[name]).find(Boolean);
  if (!proxy) return undefined;
  const host = server.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = server.port || (server.protocol === 'https:' ? '443' : '80');
  const entries = (env['NO_PROXY'] ?? env['no_proxy'] ?? '').split(',').map((entry) => entry.trim().toLowerCase());
  if (isLoopbackName(host) || entries.filter(Boolean).some((entry) => matchesEntry(entry, host, port)))
    return undefined;
  return /^[a-z0-9+]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}
