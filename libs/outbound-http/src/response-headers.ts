import type { Dispatcher } from 'undici';

type IncomingHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];

/**
 * Header names in lower case; a header that came several times is joined by ", " (RFC 9110, 5.3). Of Location, which is
 * no list, the same value counts once, and different ones count as none.
 */
export type ResponseHeaders = Readonly<Record<string, string>>;

export function flattenHeaders(incoming: IncomingHeaders): ResponseHeaders {
  const headers: Record<string, string> = {};
  for (const name in incoming) {
    const value = incoming[name];
    if (value === undefined) continue;
    const values = typeof value === 'string' ? [value] : name === 'location' ? [...new Set(value)] : value;
    if (name !== 'location' || values.length === 1) headers[name] = values.join(', ');
  }
  return headers;
}

/** Content-Length in bytes, NaN where there is none. */
export function declaredLength(headers: ResponseHeaders): number {
  return Number.parseInt(headers['content-length'] ?? '', 10);
}
