import type { Dispatcher } from 'undici';

type IncomingHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];

/**
 * Response headers by lower-case name. Repeated headers are joined by ", " (RFC 9110, 5.3). Location is not a list:
 * equal repetitions count once, and different values are dropped.
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

/** Content-Length in bytes; NaN if there is none. */
export function declaredLength(headers: ResponseHeaders): number {
  return Number.parseInt(headers['content-length'] ?? '', 10);
}
