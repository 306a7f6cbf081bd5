import { withoutTrailingDot } from './host-name.js';
import { parseAddress, unmapped } from './public-address.js';

/**
 * Names the host of a URL the same way however the URL spells it, for limits per host: `cdn.example`, `cdn.example:8080`.
 *
 * `URL` has already unified case, punycode and the spellings of addresses, and dropped the user and the default port of
 * the scheme. What is left is the trailing dot of a complete name, and IPv4 addresses written as IPv6. Other ports stay:
 * they lead to other servers, so that one of them may fail while the others answer.
 *
 * @throws TypeError for text that is no URL
 */
export function hostKey(url: string | URL): string {
  const { host, hostname, port } = new URL(url);
  const suffix = port === '' ? '' : `:${port}`;
  // Batches have tens of thousands of these: only what needs it is looked at more closely.
  if (!hostname.startsWith('[')) return hostname.endsWith('.') ? withoutTrailingDot(hostname) + suffix : host;
  const address = parseAddress(hostname.slice(1, -1));
  const plain = address && unmapped(address);
  return plain?.kind() === 'ipv4' ? plain.toString() + suffix : host;
}
