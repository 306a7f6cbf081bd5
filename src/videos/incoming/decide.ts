import { compressionsOf, understoodStatus, type OutboundResponse } from '#libs/outbound-http';
import { contentLengthOf, contentRangeOf } from './body-length.js';
import { differ, isEquivalent, isSameVersion, versionOf, type SourceVersion } from './source-version.js';

/** What an earlier attempt has left of a file. */
export interface Held {
  /** Bytes that are there. */
  size: number;
  /** Bytes of the whole file; null where the origin did not declare them. */
  total: number | null;
  version: SourceVersion;
  /** Where the answer came from behind all redirects, without the query. */
  servedFrom: string;
}

/** What a request asks for. */
export interface Question {
  /** First byte of the range; null asks for the whole file. */
  from: number | null;
  /** What must have changed for the file to be sent; `held` is asked of complete files alone. */
  unlessSameAs: 'library' | 'held' | null;
}

export const PLAIN: Question = { from: null, unlessSameAs: null };

/** What an answer is good for. */
export type Decision =
  /** The library has this version. */
  | { take: 'nothing' }
  /** What is held is the whole file, as the origin has it now. */
  | { take: 'held' }
  /** The body goes behind the first bytes of what is held, and completes it. */
  | { take: 'rest'; from: number; length: number }
  /**
   * The body is the file. `length` is what it must have, null where nothing says so; `total` is what this answer declares:
   * what another one has declared is held against this one, but not handed on.
   */
  | { take: 'whole'; length: number | null; total: number | null }
  /** The question was not understood or the answer contradicts itself: ask for the whole file, without conditions. */
  | { take: 'another answer' }
  /** Neither the file nor a usable part of it. */
  | { take: 'failure'; because: 'status' | 'part' };

type Head = Pick<OutboundResponse, 'status' | 'headers' | 'url'>;

/** Answers that say something about the file, or pass by themselves: asking without conditions brings nothing else. */
const NOT_ABOUT_CONDITIONS = new Set([404, 408, 410, 421, 425, 429]);

/** Answers whose body is the file: a proxy may have changed what 203 sends, as it may without saying so. */
const FILE = new Set([200, 203, 206]);

export function isComplete({ size, total }: Held): boolean {
  return size === total;
}

/** Where an answer came from: a redirect may sign its target anew each time, so that the query is left out. */
export function placeOf({ origin, pathname }: URL): string {
  return origin + pathname;
}

/**
 * What an answer is good for, from its head alone (RFC 9110, 13.1.5, 14.4, 15.3.7): parts are combined only with the
 * same strong validator, from the same place, and where all lengths agree.
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

/** Whether all bytes that were to come have come. */
export function verdict(length: number | null, received: number): 'complete' | 'truncated' | 'overlong' {
  if (length === null || received === length) return 'complete';
  return received < length ? 'truncated' : 'overlong';
}

function isUnchanged(held: Held, { headers, url }: Head): boolean {
  return held.servedFrom === placeOf(url) && !differ(held.version, versionOf(headers));
}

/** The answer to a range: up to the last byte of the file, or nobody could tell where the rest of the rest is. */
function restOf(held: Held, from: number, { headers, url }: Head): Decision | null {
  const range = contentRangeOf(headers);
  if (range === null || range.first !== from) return null;
  // From its middle nobody can tell whether it is compressed, while its beginning was not.
  if (compressionsOf(headers).length > 0) return null;
  const total = range.total ?? held.total;
  if (total !== (held.total ?? total) || range.last + 1 !== total) return null;
  if (held.servedFrom !== placeOf(url) || !isSameVersion(held.version, versionOf(headers))) return null;
  return { take: 'rest', from, length: total - from };
}

/** The whole file, which is not read again where it is held already. */
function wholeOf(held: Held | null, { status, headers, url }: Head): Decision | null {
  const range = contentRangeOf(headers);
  const isWhole = range !== null && range.first === 0 && range.last + 1 === range.total;
  // Content-Range means nothing beside 200, but whoever sends it there may have sent a part.
  if (!isWhole && (status === 206 || 'content-range' in headers)) return null;
  const declared = contentLengthOf(headers) ?? range?.total ?? null;
  if (held === null || held.servedFrom !== placeOf(url))
    return { take: 'whole', length: declared, total: declared };
  const version = versionOf(headers);
  const agrees = declared === null || declared === held.total;
  if (isComplete(held) && agrees && isEquivalent(held.version, version)) return { take: 'held' };
  // What was declared once still holds for the same bytes.
  const noted = isSameVersion(held.version, version) ? held.total : null;
  return { take: 'whole', length: declared ?? noted, total: declared };
}

/** Whether a server may have stumbled over a condition or a range, and not over the request as such. */
function isRefusal(status: number): boolean {
  return status === 501 || (status >= 400 && status < 500 && !NOT_ABOUT_CONDITIONS.has(status));
}
