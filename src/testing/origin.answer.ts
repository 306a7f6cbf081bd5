import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';

/** Bytes, the path of a file, or a function of the path (for thousands of files behind one script). */
export type Body = Buffer | string | ((path: string) => Buffer);

/** How the origin answers a request. Without options it is a correct server. */
export interface AnswerOptions {
  /** Default 200, or 302 with `redirectTo`, or 503 with `retryAfter`. */
  status?: number;
  /** Default `video/mp4`; null sends none. */
  contentType?: string | null;
  /** Default: a strong one from the content (for files from size and time). false sends none. */
  etag?: string | false;
  /** Default: none. */
  lastModified?: Date;
  /** Answer Range (with If-Range) with 206 and 416. Default true. */
  ranges?: boolean;
  /** Answer If-None-Match and If-Modified-Since with 304. Default true. */
  conditional?: boolean;
  /** More headers; they override those of the origin. */
  headers?: Record<string, string>;
  /** Delay before the headers. */
  delayMs?: number;
  /** Maximum speed of the body. */
  bytesPerSecond?: number;
  /** Drop the connection after this many bytes of the body; 0 drops it after the headers. */
  cutAfterBytes?: number;
  /** Drop the connection with a reset, without any answer. */
  reset?: boolean;
  /** Declares this length for any body. The connection closes after the body. */
  lyingContentLength?: number;
  /** Send chunks instead of a Content-Length. */
  chunked?: boolean;
  /** Stop before the headers, or half-way through the body, until `release()`. */
  hang?: 'headers' | 'body';
  redirectTo?: string;
  redirectStatus?: number;
  /** Seconds, or a point in time. */
  retryAfter?: number | Date;
}

/** An answer of a script. */
export interface Answer extends AnswerOptions {
  body?: Body;
}

/** Content of an answer and its identity. */
export interface Content {
  size: number;
  etag: string;
  /** The bytes, or the path of their file. */
  source: Buffer | string;
}

const EMPTY = describeBytes(Buffer.alloc(0));

/** Computes size and etag once for all requests. */
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
