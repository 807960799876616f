import ipaddr from 'ipaddr.js';

/**
 * Whether the address is one of the public internet. Everything that is not plain unicast is refused: loopback,
 * private, link-local (with the metadata services of clouds), carrier-grade NAT, multicast, reserved, and addresses
 * that stand for an IPv4 one (mapped, 6to4, Teredo, NAT64), which are judged by that where it is known.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress()) {
    return isPublicAddress(address.toIPv4Address().toString());
  }
  return address.range() === 'unicast';
}
