import type { ResponseHeaders } from '#libs/outbound-http';

/** Byte range of a file in a response: first and last byte, counted from 0. */
export interface ContentRange {
  first: number;
  last: number;
  /** Size of the whole file in bytes; null if the origin does not know it. */
  total: number | null;
}

const RANGE = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/i;

/**
 * Parses the single range of a response (RFC 9110, 14.4).
 *
 * @returns null if there is none, or several, or one that contradicts itself
 */
export function contentRangeOf(headers: ResponseHeaders): ContentRange | null {
  if (/^multipart\/byteranges/i.test(headers['content-type'] ?? '')) return null;
  const match = RANGE.exec(headers['content-range']?.trim() ?? '');
  if (match === null) return null;
  const [first, last] = [Number(match[1]), Number(match[2])];
  const total = match[3] === '*' ? null : Number(match[3]);
  if (first > last) return null;
  const length = contentLengthOf(headers);
  return length === null || length === last - first + 1 ? { first, last, total } : null;
}

/** Returns the declared length of the body in bytes, or null. */
export function contentLengthOf(headers: ResponseHeaders): number | null {
  const length = headers['content-length']?.trim() ?? '';
  return /^\d{1,15}$/.test(length) ? Number(length) : null;
}
