import { hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { OutboundError, type OutboundResponse } from '#libs/outbound-http';
import { failureOfAnswer, failureOfPart } from '../../imports/download-failures.js';
import { failure } from '../media-failures.js';
import type { KnownMedia, MediaItem } from '../media-import.js';
import { contentRangeOf } from './body-length.js';
import { decide } from './decide.js';
import type { DownloadedFile } from './downloaded-file.js';
import { assertExpected, assertLength, atMostExpected } from './expected-file.js';
import type { FileSource } from './file-source.js';
import { freshRequest } from './fresh-request.js';
import { versionOf } from './source-version.js';

/**
 * Bytes that a plan reads. Every container is recognized within 64 KiB; this much also holds most images, and the
 * connection delivers it within a few round trips.
 */
export const FIRST_BYTES = 256 * 1024;

/** A file of which only the beginning was read. */
export interface Beginning {
  /** Empty if the source sent no usable bytes. */
  head: Uint8Array;
  /** Bytes of the whole file; null if the source does not declare it. */
  size: number | null;
}

type Whole = Pick<OutboundResponse, 'status' | 'headers' | 'url'>;

/**
 * The beginning of a file, for a plan: one request, nothing on disk. The response is judged by `decide()`, as that of
 * {@link Transfer}.
 */
export class Preview implements FileSource<DownloadedFile | Beginning> {
  constructor(
    private readonly item: MediaItem,
    readonly maxBytes: number,
  ) {}

  /** Nothing has to be cleaned up. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  async download(
    known: KnownMedia | null,
    send: (headers: Record<string, string>) => Promise<OutboundResponse>,
  ): Promise<DownloadedFile | Beginning | null> {
    const { question, headers } = freshRequest(this.item, known);
    const response = await send({ ...headers, range: `bytes=0-${FIRST_BYTES - 1}` });
    try {
      const whole = withoutRange(response);
      if (whole === null)
        return { head: new Uint8Array(), size: contentRangeOf(response.headers)?.total ?? null };
      const decision = decide(question, null, whole);
      if (decision.take === 'nothing') return null;
      if (decision.take === 'whole') return await this.read(decision.length, response);
      throw decision.take === 'failure' && decision.because === 'part'
        ? failureOfPart(response)
        : failureOfAnswer(response);
    } finally {
      await response.discard();
    }
  }

  private async read(length: number | null, response: OutboundResponse): Promise<DownloadedFile | Beginning> {
    if (length !== null && length > this.maxBytes) throw new OutboundError('tooLarge');
    assertLength(this.item, length);
    if (length === 0) throw failure('EMPTY');
    const { bytes, isEnd } = await readHead(this.item, response.body);
    const isPart = response.status === 206;
    const isWhole =
      length === null ? isEnd && (!isPart || bytes.length < FIRST_BYTES) : bytes.length >= length;
    if (!isWhole) return { head: bytes, size: length };
    if (bytes.length === 0) throw failure('EMPTY', { retryable: true });
    const sha256 = hash('sha256', bytes, 'hex');
    assertExpected(this.item, { size: bytes.length, sha256 });
    const { etag, lastModified } = versionOf(response.headers);
    const lengthDeclared = length !== null;
    return {
      source: bytes,
      size: bytes.length,
      sha256,
      lengthDeclared,
      etag,
      lastModified,
      downloadedAt: Date.now(),
    };
  }
}

/**
 * The response as the request without the range would have got it (RFC 9110, 15.3.7 and 15.5.17).
 *
 * @returns null if the source misunderstood the range, which says nothing about the file
 */
function withoutRange({ status, headers, url }: OutboundResponse): Whole | null {
  if (status !== 206 && status !== 416) return { status, headers, url };
  const { 'content-range': contentRange, 'content-length': _, ...others } = headers;
  if (status === 416) {
    // Only an empty file has no first byte.
    const isEmpty = contentRange === undefined || /^bytes \*\/0+$/i.test(contentRange.trim());
    return isEmpty ? { status: 200, headers: { ...others, 'content-length': '0' }, url } : null;
  }
  const range = contentRangeOf(headers);
  if (range === null || range.first !== 0) return null;
  if (range.total === null) return { status: 200, headers: others, url };
  return { status: 200, headers: { ...others, 'content-length': String(range.total) }, url };
}

/** Reads the beginning of a body and ends it. */
async function readHead(item: MediaItem, body: Readable): Promise<{ bytes: Uint8Array; isEnd: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of atMostExpected(item, body)) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > FIRST_BYTES) return { bytes: joined(chunks), isEnd: false };
  }
  return { bytes: joined(chunks), isEnd: true };
}

/** A separate allocation: it may be transferred to another thread. */
function joined(chunks: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(chunks));
}
