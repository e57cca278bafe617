// https://github.com/kubernetes-sigs/kueue/blob/main/pkg/controller/admissionchecks/multikueue/multikueuecluster.go (isValidHostname)
import { isIP } from 'node:net';
import { isDnsSubdomain } from '../../profile/names.ts';

/** Why Kueue's controller says "untrusted server endpoint", and what would do. */
export interface UntrustedServer {
  message: string;
  hint: string;
}

/** The host of a URL as Go's net.SplitHostPort gives it: an IPv6 address without a port keeps its brackets. */
function splitHost(server: string): string {
  const [, host = ''] = /^https:\/\/(?:[^/?#@]*@)?([^/?#]*)/i.exec(server) ?? [];
  const [, address] = /^\[([^\]]*)\]:\d*$/.exec(host) ?? [];
  return (address ?? host.replace(/:\d*$/, '')).toLowerCase();
}

const isTrusted = (host: string): boolean => (isIP(host) !== 0 && !host.includes('%')) || isDnsSubdomain(host);

/** What is wrong with an https server for Kueue; `undefined` where it connects. */
export function findUntrustedServer(server: string): UntrustedServer | undefined {
  // The last `:1` of an address in brackets is no port.
  const bare = /^https:\/\/(?:[^/?#@]*@)?(\[[^\]]*\])(?:[/?#]|$)/i.exec(server)?.[1];
  if (bare !== undefined)
    return {
      message: `its server has the IPv6 address ${bare} without a port, which Kueue does not trust`,
      hint: `write the port: https://${bare}:443`,
    };
  const host = splitHost(server);
  if (isTrusted(host)) return undefined;
  return {
    message: `its server has the host ${JSON.stringify(host)}, which is no DNS name and so not trusted by Kueue`,
    hint: 'a name of letters, digits, - and dots that leads there, or its address',
  };
}
