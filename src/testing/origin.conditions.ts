import type { IncomingHttpHeaders } from 'node:http';
import type { Answer, Content } from './origin.answer.js';

/** The part of the content for a request, with inclusive ends, and the status. */
export interface Selection {
  status: number;
  start: number;
  /** -1 if empty. */
  end: number;
}

/** The etag of an answer: from its script, else from the content. */
export function etagOf(answer: Answer, content: Content): string | undefined {
  return answer.etag === false ? undefined : (answer.etag ?? content.etag);
}

/** Evaluates preconditions and ranges of a request in the order of RFC 9110, section 13.2.2. */
export function select(answer: Answer, content: Content, headers: IncomingHttpHeaders): Selection {
  const last = content.size - 1;
  const whole = { status: 200, start: 0, end: last };
  const etag = etagOf(answer, content);
  if (answer.conditional !== false && isUnchanged(answer, etag, headers))
    return { status: 304, start: 0, end: -1 };
  if (answer.ranges === false || !ifRangeHolds(answer, etag, headers['if-range'])) return whole;

  const range = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '');
  if (!range || (range[1] === '' && range[2] === '')) return whole;
  const start = range[1] === '' ? Math.max(0, content.size - Number(range[2])) : Number(range[1]);
  const end = range[1] === '' || range[2] === '' ? last : Math.min(Number(range[2]), last);
  if (start > last || start > end) return { status: 416, start: 0, end: -1 };
  return { status: 206, start, end };
}

function isUnchanged(answer: Answer, etag: string | undefined, headers: IncomingHttpHeaders): boolean {
  const known = headers['if-none-match'];
  // If-None-Match takes precedence over If-Modified-Since.
  if (known !== undefined) {
    return etag !== undefined && (known === '*' || known.split(',').map(weakly).includes(weakly(etag)));
  }
  const since = headers['if-modified-since'];
  return (
    since !== undefined &&
    answer.lastModified !== undefined &&
    seconds(answer.lastModified) <= Date.parse(since)
  );
}

/** If-Range compares strongly: a weak etag never matches (RFC 9110, section 13.1.5). */
function ifRangeHolds(
  answer: Answer,
  etag: string | undefined,
  ifRange: string | string[] | undefined,
): boolean {
  if (ifRange === undefined) return true;
  if (typeof ifRange !== 'string') return false;
  if (ifRange.startsWith('"')) return ifRange === etag;
  return answer.lastModified !== undefined && seconds(answer.lastModified) === Date.parse(ifRange);
}

/** If-None-Match compares weakly. */
function weakly(value: string): string {
  return value.trim().replace(/^W\//, '');
}

/** HTTP dates have no milliseconds. */
function seconds(date: Date): number {
  return Math.trunc(date.getTime() / 1_000) * 1_000;
}
