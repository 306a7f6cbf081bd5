import { withoutTrailingDot } from './host-name.js';
import { parseAddress, unmapped } from './public-address.js';

/**
 * Returns one key per host, for per-host limits: `cdn.example`, `cdn.example:8080`. All spellings of a URL's host give
 * the same key.
 *
 * `URL` already normalizes case, punycode and address spellings, and drops credentials and the default port. This
 * function also drops the trailing dot of a fully qualified name and rewrites IPv4-mapped IPv6 addresses. Other ports
 * stay: they lead to other servers, which can fail independently.
 *
 * @returns host and port, without the default port of the scheme
 * @throws TypeError if `url` is not a valid URL
 */
export function hostKey(url: string | URL): string {
  const { host, hostname, port } = new URL(url);
  const suffix = port === '' ? '' : `:${port}`;
  // Batches contain tens of thousands of URLs: the common case returns early.
  if (!hostname.startsWith('[')) return hostname.endsWith('.') ? withoutTrailingDot(hostname) + suffix : host;
  const address = parseAddress(hostname.slice(1, -1));
  const plain = address && unmapped(address);
  return plain?.kind() === 'ipv4' ? plain.toString() + suffix : host;
}
