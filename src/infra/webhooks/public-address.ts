import ipaddr from 'ipaddr.js';

/** The wire server of Azure's virtual machines: within a public range, and answered by the host of the machine. */
const INTERNAL_ALL_THE_SAME = new Set(['168.63.129.16']);

/** Of IPv6 only this is handed out; what stands outside is special, or stands for an IPv4 address. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether the address is one of the public internet. Everything that is not plain unicast is refused, as IANA's
 * registries of special-purpose addresses have it: loopback, private, link-local (with the metadata services of
 * clouds), carrier-grade NAT, benchmarking, documentation, multicast, reserved. So are addresses that carry an IPv4
 * one (6to4, Teredo, NAT64, IPv4-compatible), whatever that is; a mapped one is judged by it.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address instanceof ipaddr.IPv6) {
    if (address.isIPv4MappedAddress()) return isPublicAddress(address.toIPv4Address().toString());
    return address.range() === 'unicast' && address.match(GLOBAL_UNICAST);
  }
  return address.range() === 'unicast' && !INTERNAL_ALL_THE_SAME.has(address.toString());
}
