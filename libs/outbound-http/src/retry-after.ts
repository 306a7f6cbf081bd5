/**
 * Parses a `Retry-After` header (RFC 9110, section 10.2.3): a number of seconds or an HTTP date.
 *
 * @param now milliseconds since the epoch
 * @returns milliseconds from now, at least 0; null if the header is missing or invalid
 */
export function retryAfterMs(header: string | undefined, now: number = Date.now()): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1_000;
  // Date.parse accepts text that is not an HTTP date, such as "-5"; an HTTP date starts with the name of a day.
  const date = /^[A-Z][a-z]{2,8}[, ]/.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
