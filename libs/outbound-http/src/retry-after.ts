/**
 * The `Retry-After` header (RFC 9110, section 10.2.3): a number of seconds or an HTTP date.
 *
 * @returns milliseconds from now, at least 0; null where the header is missing or cannot be read
 */
export function retryAfterMs(header: string | undefined, now: number = Date.now()): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1_000;
  // Date.parse takes much that is no HTTP date, such as "-5"; those begin with the name of a day.
  const date = /^[A-Z][a-z]{2,8}[, ]/.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
