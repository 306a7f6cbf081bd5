import { parseUrl } from './parse-url.js';
import type { ResponseHeaders } from './response-headers.js';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

// Any other header may be a secret meant for one origin (Authorization, Cookie, X-Api-Key).
const FOR_ANY_ORIGIN: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'range',
  'user-agent',
]);

/**
 * Finds the target of a redirect.
 *
 * @returns an absolute, unchecked URL; undefined if the response is not a redirect (RFC 9110, 15.4) or has no valid
 *   Location
 */
export function redirectTarget(status: number, headers: ResponseHeaders, from: URL): URL | undefined {
  const location = headers['location'];
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  return parseUrl(escaped(location), from);
}

/** Selects the headers for the next hop: all of them within an origin, only harmless ones across origins. */
export function headersFor(
  to: URL,
  from: URL,
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (to.origin === from.origin) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => FOR_ANY_ORIGIN.has(name)));
}

/**
 * Percent-encodes bytes beyond ASCII. Header values arrive with one character per byte, and each byte is escaped as it
 * is, whatever its encoding: like browsers and curl, this requests `%FC` for "ü" in Latin-1 and `%C3%BC` for "ü" in
 * UTF-8.
 */
function escaped(value: string): string {
  return value.replace(/[\u0080-\u00ff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}
