import { bareHost } from './url.policy.js';
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
  const parsed = new URL(url);
  const port = parsed.port === '' ? '' : `:${parsed.port}`;
  const address = parseAddress(bareHost(parsed));
  if (address === undefined) return `${withoutTrailingDot(parsed.hostname)}${port}`;
  const plain = unmapped(address);
  return plain.kind() === 'ipv4' ? `${plain.toString()}${port}` : parsed.host;
}
