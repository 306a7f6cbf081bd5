import { compressionsOf, understoodStatus, type OutboundResponse } from '#libs/outbound-http';
import { contentLengthOf, contentRangeOf } from './body-length.js';
import { differ, isEquivalent, isSameVersion, versionOf, type SourceVersion } from './source-version.js';

/** The part of a file that an earlier attempt left. */
export interface Held {
  /** Bytes held so far. */
  size: number;
  /** Size of the whole file in bytes; null if the origin did not declare it. */
  total: number | null;
  version: SourceVersion;
  /** Final URL after all redirects, without the query. */
  servedFrom: string;
}

/** What a request asks for. */
export interface Question {
  /** First byte of the requested range; null requests the whole file. */
  from: number | null;
  /** Version that suppresses the body if unchanged; `held` is used only for complete files. */
  unlessSameAs: 'library' | 'held' | null;
}

export const PLAIN: Question = { from: null, unlessSameAs: null };

/** How a response can be used. */
export type Decision =
  /** The library already has this version. */
  | { take: 'nothing' }
  /** The held file is complete and current. */
  | { take: 'held' }
  /** The body continues the held file after its first bytes and completes it. */
  | { take: 'rest'; from: number; length: number }
  /**
   * The body is the whole file. `length` is its required length, or null if unknown. `total` is the length that this
   * response declares; a total that only an earlier response declared is enforced but not passed on.
   */
  | { take: 'whole'; length: number | null; total: number | null }
  /** The request was not understood or the response contradicts itself: request the whole file, without conditions. */
  | { take: 'another answer' }
  /** Neither the file nor a usable part of it. */
  | { take: 'failure'; because: 'status' | 'part' };

type Head = Pick<OutboundResponse, 'status' | 'headers' | 'url'>;

/** Statuses that concern the file itself or are transient: a request without conditions would get the same. */
const NOT_ABOUT_CONDITIONS = new Set([404, 408, 410, 421, 425, 429]);

/** Statuses whose body is the file. A proxy may have transformed the body of a 203, but it may do so silently, too. */
const FILE = new Set([200, 203, 206]);

export function isComplete({ size, total }: Held): boolean {
  return size === total;
}

/** Identifies the source of a response. The query is dropped because a redirect may sign its target again each time. */
export function placeOf({ origin, pathname }: URL): string {
  return origin + pathname;
}

/**
 * Decides from status and headers alone how to use a response (RFC 9110, 13.1.5, 14.4, 15.3.7). Parts are combined only
 * with the same strong validator, from the same source, and with consistent lengths.
 */
export function decide(question: Question, held: Held | null, head: Head): Decision {
  const status = understoodStatus(head.status);
  if (status === 304 && question.unlessSameAs === 'library') return { take: 'nothing' };
  if (status === 304 && question.unlessSameAs === 'held' && held !== null && isUnchanged(held, head))
    return { take: 'held' };
  if (status === 206 && question.from !== null && held !== null) {
    const rest = restOf(held, question.from, head);
    if (rest !== null) return rest;
  }
  const isFile = FILE.has(status);
  const whole = isFile ? wholeOf(held, head) : null;
  if (whole !== null) return whole;
  const isPlain = question.from === null && question.unlessSameAs === null;
  if (!isPlain && (isFile || status === 304 || isRefusal(status))) return { take: 'another answer' };
  return { take: 'failure', because: isFile ? 'part' : 'status' };
}

/** Whether all expected bytes arrived. */
export function verdict(length: number | null, received: number): 'complete' | 'truncated' | 'overlong' {
  if (length === null || received === length) return 'complete';
  return received < length ? 'truncated' : 'overlong';
}

function isUnchanged(held: Held, { headers, url }: Head): boolean {
  return held.servedFrom === placeOf(url) && !differ(held.version, versionOf(headers));
}

/**
 * Evaluates a partial response. It must reach the last byte of the file; otherwise the position of the remaining bytes
 * would be unknown.
 */
function restOf(held: Held, from: number, { headers, url }: Head): Decision | null {
  const range = contentRangeOf(headers);
  if (range === null || range.first !== from) return null;
  // Compression cannot be detected from the middle of a file, and its beginning was not compressed.
  if (compressionsOf(headers).length > 0) return null;
  const total = range.total ?? held.total;
  if (total !== (held.total ?? total) || range.last + 1 !== total) return null;
  if (held.servedFrom !== placeOf(url) || !isSameVersion(held.version, versionOf(headers))) return null;
  return { take: 'rest', from, length: total - from };
}

/** Evaluates a complete response; the body is not read again if the file is already held. */
function wholeOf(held: Held | null, { status, headers, url }: Head): Decision | null {
  const range = contentRangeOf(headers);
  const isWhole = range !== null && range.first === 0 && range.last + 1 === range.total;
  // Content-Range has no meaning with 200, but a server that sends it may have sent only a part.
  if (!isWhole && (status === 206 || 'content-range' in headers)) return null;
  const declared = contentLengthOf(headers) ?? range?.total ?? null;
  if (held === null || held.servedFrom !== placeOf(url))
    return { take: 'whole', length: declared, total: declared };
  const version = versionOf(headers);
  const agrees = declared === null || declared === held.total;
  if (isComplete(held) && agrees && isEquivalent(held.version, version)) return { take: 'held' };
  // A length declared earlier still holds for the same bytes.
  const noted = isSameVersion(held.version, version) ? held.total : null;
  return { take: 'whole', length: declared ?? noted, total: declared };
}

/** Whether the server may have rejected the condition or range rather than the request as such. */
function isRefusal(status: number): boolean {
  return status === 501 || (status >= 400 && status < 500 && !NOT_ABOUT_CONDITIONS.has(status));
}
