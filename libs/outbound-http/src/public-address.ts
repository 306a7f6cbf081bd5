import { isIP } from 'node:net';

import ipaddr from 'ipaddr.js';

export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;

const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
const IPV4_MAPPED = ipaddr.IPv6.parseCIDR('::ffff:0:0/96');
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');
const SIX_TO_FOUR = ipaddr.IPv6.parseCIDR('2002::/16');

// The platform address of Azure: unicast by its range, but only virtual machines of Azure reach it (its WireServer
// hands out configuration and certificates).
const AZURE_PLATFORM = '168.63.129.16';

/**
 * Parses an address in its canonical spelling (four decimal octets; RFC 4291 for IPv6, without brackets). The short,
 * octal and hexadecimal spellings of `inet_aton` are rejected: WHATWG `URL` has already rewritten them, and DNS answers
 * never contain them.
 */
export function parseAddress(text: string): IpAddress | undefined {
  return isIP(text) === 0 ? undefined : ipaddr.parse(text);
}

/** Converts an IPv4-mapped IPv6 address (`::ffff:a.b.c.d`) to its IPv4 address; returns any other address unchanged. */
export function unmapped(address: IpAddress): IpAddress {
  return address instanceof ipaddr.IPv6 && address.match(IPV4_MAPPED) ? ipv4At(address, 6) : address;
}

/**
 * Whether an address is globally routable unicast by the special-purpose registries of IANA, including every IPv4
 * address embedded in it. Globally reachable special-purpose blocks (AS112, AMT, anycast of PCP and TURN) serve no
 * files and are refused as well.
 */
export function isPublicAddress(address: IpAddress): boolean {
  if (address instanceof ipaddr.IPv4) {
    return address.range() === 'unicast' && address.toString() !== AZURE_PLATFORM;
  }
  if (address.match(IPV4_MAPPED) || address.match(NAT64)) return isPublicAddress(ipv4At(address, 6));
  if (isIsatap(address) && !isPublicAddress(ipv4At(address, 6))) return false;
  if (address.match(SIX_TO_FOUR)) return isPublicAddress(ipv4At(address, 1));
  // Other embeddings of IPv4 lie outside of 2000::/3 (IPv4-compatible ::/96, translated ::ffff:0:0:0/96, local-use
  // NAT64 64:ff9b:1::/48) or in 2001::/23 (Teredo). They are refused whatever they embed.
  return address.match(GLOBAL_UNICAST) && address.range() === 'unicast';
}

/** RFC 5214, 6.1: interface identifiers 0000:5efe:a.b.c.d, with or without the u and g bits. */
function isIsatap({ parts }: ipaddr.IPv6): boolean {
  return ((parts[4] ?? 0) & 0xfcff) === 0 && parts[5] === 0x5efe;
}

function ipv4At({ parts }: ipaddr.IPv6, group: number): ipaddr.IPv4 {
  const [high = 0, low = 0] = parts.slice(group, group + 2);
  return new ipaddr.IPv4([high >> 8, high & 0xff, low >> 8, low & 0xff]);
}
