import { parseUrl } from './parse-url.js';
import type { ResponseHeaders } from './response-headers.js';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

// Everything else a caller sends may be a secret meant for one origin (Authorization, Cookie, X-Api-Key).
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
 * Where an answer sends us.
 *
 * @returns a complete URL that nobody has checked yet; undefined when the answer is no redirect
 *   (RFC 9110, 15.4), has no Location, or one that is no URL
 */
export function redirectTarget(status: number, headers: ResponseHeaders, from: URL): URL | undefined {
  const location = headers['location'];
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  return parseUrl(escaped(location), from);
}

/** The headers that may follow a redirect: all of them within an origin, the harmless ones beyond. */
export function headersFor(
  to: URL,
  from: URL,
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (to.origin === from.origin) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => FOR_ANY_ORIGIN.has(name)));
}

/**
 * Header values arrive as one character per byte. Each byte beyond ASCII is escaped as it is, whatever the server meant
 * it to be: browsers and curl ask for `%FC` where it wrote "ü" in Latin-1, and for `%C3%BC` where it did in UTF-8.
 */
function escaped(value: string): string {
  return value.replace(/[\u0080-\u00ff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}
