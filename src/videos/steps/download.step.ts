import { createHash } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  OutboundClient,
  OutboundError,
  type OutboundErrorCode,
  type OutboundResponse,
  retryAfterMs,
} from '#libs/outbound-http';
import { Environment } from '../../config/environment.js';
import { failure, type FailureCode } from '../failures.js';
import { incomingFolder } from '../media/media-folders.js';
import type { KnownVideo, SourceValidators, VideoItem } from '../video-import.js';

/** A file that is complete on the disk of this worker. */
export interface DownloadedFile extends SourceValidators {
  path: string;
  /** Bytes. */
  size: number;
  /** Lower-case hex. */
  sha256: string;
}

/** Statuses that pass by themselves. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

const CODES: Record<OutboundErrorCode, FailureCode> = {
  URL_BLOCKED: 'URL_BLOCKED',
  HOST_NOT_FOUND: 'HOST_NOT_FOUND',
  CONNECTION_FAILED: 'CONNECTION_FAILED',
  TLS_FAILED: 'TLS_FAILED',
  TIMED_OUT: 'TIMED_OUT',
  TOO_MANY_REDIRECTS: 'TOO_MANY_REDIRECTS',
  TRUNCATED: 'TRUNCATED',
  TOO_LARGE: 'TOO_LARGE',
  CONTENT_ENCODED: 'HTTP_STATUS',
  ABORTED: 'CANCELLED',
};

/** Fetches the file of an item, unless the source says that it is still the one we have. */
@Injectable()
export class DownloadStep implements OnModuleInit {
  private readonly folder: string;

  constructor(
    private readonly client: OutboundClient,
    private readonly environment: Environment,
  ) {
    this.folder = incomingFolder(environment);
  }

  async onModuleInit(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
  }

  /**
   * @param known what the library has of this video, whose validators are sent along if it came from the same URL
   * @returns null where the source answered that nothing has changed (304)
   * @throws ItemFailure, or the reason of the signal
   */
  async run(item: VideoItem, known: KnownVideo | null, signal: AbortSignal): Promise<DownloadedFile | null> {
    try {
      const response = await this.client.request(item.payload.url, {
        headers: known?.sourceUrl === item.payload.url ? conditions(known) : {},
        maxBytes: this.environment.MAX_VIDEO_BYTES,
        signal,
      });
      if (response.status === 200) return await this.save(response, item);
      await response.discard();
      if (response.status === 304 && known !== null) return null;
      throw refused(response);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof OutboundError)) throw error;
      throw failure(CODES[error.code], { clause: clauseOf(error), retryable: error.temporary, cause: error });
    }
  }

  private async save(response: OutboundResponse, item: VideoItem): Promise<DownloadedFile> {
    // With the number of the try in its name: a worker that was suspended must not write into its successor's file.
    const path = join(this.folder, `${item.id}.${item.tries}`);
    try {
      const written = await write(path, response);
      if (written.size === 0) throw failure('EMPTY');
      const { etag = null, 'last-modified': lastModified = null } = response.headers;
      return { path, ...written, etag, lastModified };
    } catch (error) {
      await rm(path, { force: true });
      if (error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')) {
        throw failure('STORAGE_FAILED', { clause: 'no space is left', cause: error });
      }
      throw error;
    }
  }
}

async function write(path: string, response: OutboundResponse): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  const file = await open(path, 'w');
  try {
    for await (const chunk of response.body) {
      hash.update(chunk);
      await file.write(chunk);
      size += chunk.byteLength;
    }
  } finally {
    await file.close();
  }
  return { size, sha256: hash.digest('hex') };
}

/** RFC 9110, section 13.1.3: If-Modified-Since is for servers that do not know If-None-Match. */
function conditions({ etag, lastModified }: SourceValidators): Record<string, string> {
  return {
    ...(etag !== null && { 'if-none-match': etag }),
    ...(lastModified !== null && { 'if-modified-since': lastModified }),
  };
}

function refused({ status, headers }: OutboundResponse): Error {
  const pause = retryAfterMs(headers['retry-after']);
  return failure('HTTP_STATUS', {
    clause: `the server answered ${status}`,
    retryable: PASSING.has(status),
    ...(pause === null ? {} : { retryAfterMs: pause }),
  });
}

/** The sentence of the client, without its full stop, as the clause of ours. */
function clauseOf({ message }: OutboundError): string {
  return message.replace(/\.$/, '').replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase());
}
