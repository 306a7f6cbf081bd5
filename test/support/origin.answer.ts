import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';

/** Bytes, the path of a file, or bytes made for each path (for thousands of different files behind one script). */
export type Body = Buffer | string | ((path: string) => Buffer);

/** How the origin answers one request. Everything can be left out: the default is a well-behaved server. */
export interface AnswerOptions {
  /** Default 200, or 302 with `redirectTo`, or 503 with `retryAfter`. */
  status?: number;
  /** Default `video/mp4`; null sends none. */
  contentType?: string | null;
  /** Default a strong one, from the content (files: from size and time). false sends none. */
  etag?: string | false;
  /** Default none. */
  lastModified?: Date;
  /** Answer Range (with If-Range) with 206 and 416. Default true. */
  ranges?: boolean;
  /** Answer If-None-Match and If-Modified-Since with 304. Default true. */
  conditional?: boolean;
  /** More headers; they replace what the origin would send. */
  headers?: Record<string, string>;
  /** Wait before the headers. */
  delayMs?: number;
  /** Send the body no faster than this. */
  bytesPerSecond?: number;
  /** Drop the connection after this many bytes of the body; 0 drops it after the headers. */
  cutAfterBytes?: number;
  /** Drop the connection with a reset, without any answer. */
  reset?: boolean;
  /** Announce this length whatever the body's is; the connection is closed after the body. */
  lyingContentLength?: number;
  /** Send no Content-Length, but chunks. */
  chunked?: boolean;
  /** Stop before the headers, or in the middle of the body, until `release()`. */
  hang?: 'headers' | 'body';
  redirectTo?: string;
  redirectStatus?: number;
  /** Seconds, or a point in time. */
  retryAfter?: number | Date;
}

/** One answer of a script. */
export interface Answer extends AnswerOptions {
  body?: Body;
}

/** The bytes an answer is about, and what identifies them. */
export interface Content {
  size: number;
  etag: string;
  /** The bytes themselves, or the file they are in. */
  source: Buffer | string;
}

const EMPTY = describeBytes(Buffer.alloc(0));

/** Finds out size and etag once, so that thousands of requests for one answer cost nothing more. */
export function contentOf(body: Body | undefined): (path: string) => Content {
  if (body === undefined) return () => EMPTY;
  if (typeof body === 'function') return (path) => describeBytes(body(path));
  if (Buffer.isBuffer(body)) {
    const content = describeBytes(body);
    return () => content;
  }
  const { size, mtimeMs } = statSync(body);
  const content = { size, etag: `"${size.toString(16)}-${Math.trunc(mtimeMs).toString(16)}"`, source: body };
  return () => content;
}

function describeBytes(source: Buffer): Content {
  const etag = `"${createHash('sha1').update(source).digest('base64url')}"`;
  return { size: source.length, etag, source };
}

export function statusOf(answer: Answer): number {
  if (answer.status !== undefined) return answer.status;
  if (answer.redirectTo !== undefined) return answer.redirectStatus ?? 302;
  return answer.retryAfter === undefined ? 200 : 503;
}
