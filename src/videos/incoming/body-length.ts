import type { ResponseHeaders } from '#libs/outbound-http';

/** The bytes of a file that an answer holds: first and last one, counted from 0. */
export interface ContentRange {
  first: number;
  last: number;
  /** Bytes of the whole file; null where the origin does not know them. */
  total: number | null;
}

const RANGE = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/i;

/**
 * The one range of an answer (RFC 9110, 14.4).
 *
 * @returns null where there is none, several, or one that contradicts itself
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

/** Bytes of the body as the headers declare them; null where they do not. */
export function contentLengthOf(headers: ResponseHeaders): number | null {
  const length = headers['content-length']?.trim() ?? '';
  return /^\d{1,15}$/.test(length) ? Number(length) : null;
}
