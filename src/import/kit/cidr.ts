import { BlockList, isIP } from 'node:net';

const findFamily = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** True when a URL's host is an address inside one of the ranges (`10.96.0.0/12`, several joined by commas). */
export function isInside(url: string | undefined, ranges: string | undefined): boolean {
  const host = (URL.canParse(url ?? '') ? new URL(url ?? '').hostname : '').replace(/^\[|\]$/g, '');
  if (!isIP(host)) return false;
  const blocks = new BlockList();
  for (const range of (ranges ?? '').split(',')) {
    const [network = '', length] = range.trim().split('/');
    const bits = Number(length);
    const limit = findFamily(network) === 'ipv6' ? 128 : 32;
    if (isIP(network) && length && bits >= 0 && bits <= limit && Number.isInteger(bits))
      blocks.addSubnet(network, bits, findFamily(network));
  }
  return blocks.check(host, findFamily(host));
}
