/** Which hosts others can reach: one list for servers and proxies, for import and for validate. */

const localNames =
  /^localhost$|\.localhost$|(?:^|\.)(?:docker|minikube|containers|lima|k3d|orb|[a-z]+-desktop)\.internal$|\.localdomain$/;

const clusterNames = /^kubernetes(?:\.default)?$|\.svc(?:\.|$)|\.cluster\.local$/;

const localAddress = [
  /^127\./,
  /^0\.0\.0\.0$/,
  /^169\.254\./,
  /^::1?$/,
  /^fe[89ab][0-9a-f]:/i,
  // IPv4 in IPv6, which a URL writes in hex: ::ffff:127.0.0.1 and ::ffff:169.254.0.1.
  /^::ffff:(?:7f|a9fe)/i,
];

/** A host of a URL as it is compared: without brackets, closing dot and capitals. */
const toPlainHost = (hostname: string): string =>
  hostname
    .replaceAll(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();

/** Why nobody but this machine, network or cluster can reach a host of a URL; `undefined` when others may. */
export function explainUnreachable(hostname: string): string | undefined {
  const host = toPlainHost(hostname);
  if (host.includes(':') || /^\d+(?:\.\d+){3}$/.test(host))
    return localAddress.some((pattern) => pattern.test(host))
      ? 'a loopback, link-local or unspecified address'
      : undefined;
  if (localNames.test(host)) return 'a name of the local machine';
  if (clusterNames.test(host)) return 'a name inside the cluster';
  if (host.endsWith('.local')) return 'a name of the local network (mDNS)';
  return host.includes('.') ? undefined : 'a name without a domain, such as that of a container';
}

/** True for every name under which Pods reach the API server of their own cluster. */
export const isOwnApiServer = (hostname: string): boolean =>
  /^kubernetes(?:\.default(?:\.svc(?:\.[a-z0-9.-]+)?)?)?$/.test(toPlainHost(hostname));
