import { isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

const NETWORK_BYTES = 8;

/** Identifies a client: an IPv4 address, or the /64 network of an IPv6 address, which one client controls entirely. */
export function addressKey(ip: string): string {
  if (!isIPv6(ip)) return ip;
  const address = ipaddr.process(ip);
  if (!(address instanceof ipaddr.IPv6)) return address.toString();
  return Buffer.from(address.toByteArray().slice(0, NETWORK_BYTES)).toString('hex');
}
