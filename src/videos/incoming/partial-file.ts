import type { ResponseHeaders } from '#libs/outbound-http';

/** The beginning of a file, and what is needed to fetch the rest of it. */
export interface PartialFile {
  /** Name of the file in the folder. */
  name: string;
  /** Process that wrote it. */
  writer: string;
  url: string;
  /** Goes into `If-Range`: a strong entity tag, or a date that is as good as one. */
  validator: string;
  /** Bytes of the whole; null where the origin did not tell. */
  total: number | null;
}

/** What has to be known to continue an answer that breaks off. */
export type Resumption = Pick<PartialFile, 'validator' | 'total'>;

/** Below this length a file is quicker fetched anew than its beginning is kept. */
export const WORTH_RESUMING_BYTES = 1024 * 1024;
/** A date is a strong validator where the answer was made at least this much later (RFC 9110, section 8.8.2.2). */
const STRONG_AFTER_MS = 1_000;

/**
 * How an answer that breaks off could be continued.
 *
 * @returns null where it could not, or where that is not worth it
 */
export function resumption(headers: ResponseHeaders): Resumption | null {
  const validator = strongValidator(headers);
  const total = declaredTotal(headers);
  if (validator === null || (total !== null && total < WORTH_RESUMING_BYTES)) return null;
  return { validator, total };
}

/**
 * Whether an answer to `Range: bytes=FROM-` is the rest that was asked for (RFC 9110, sections 14.4 and 15.3.7).
 *
 * @param from bytes that are there already
 */
export function isRestOf(
  partial: PartialFile,
  from: number,
  status: number,
  headers: ResponseHeaders,
): boolean {
  if (status !== 206) return false;
  const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/i.exec(headers['content-range']?.trim() ?? '');
  if (range === null || Number(range[1]) !== from) return false;
  const total = range[3] === '*' ? null : Number(range[3]);
  if (total !== null && partial.total !== null && total !== partial.total) return false;
  // Up to the last byte, or nobody could tell where the rest of the rest is.
  if (total !== null && Number(range[2]) !== total - 1) return false;
  const { etag } = headers;
  return etag === undefined || !partial.validator.startsWith('"') || etag === partial.validator;
}

function strongValidator({ etag, date, 'last-modified': lastModified }: ResponseHeaders): string | null {
  if (etag?.startsWith('"')) return etag;
  if (lastModified === undefined || date === undefined) return null;
  return Date.parse(date) - Date.parse(lastModified) >= STRONG_AFTER_MS ? lastModified : null;
}

/** Bytes of the whole body; null where the origin does not tell. */
export function declaredTotal(headers: ResponseHeaders): number | null {
  const length = Number.parseInt(headers['content-length'] ?? '', 10);
  return Number.isNaN(length) ? null : length;
}
