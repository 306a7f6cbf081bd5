import { Inject, Injectable } from '@nestjs/common';
import { OutboundClient, OutboundError, type OutboundResponse } from '#libs/outbound-http';
import type { Storage } from '#libs/storage';
import { Environment } from '../../config/environment.js';
import { codeOf } from '../../http/error-code.js';
import { failure } from '../failures.js';
import { IncomingFiles, type AdoptedFile } from '../incoming/incoming-files.js';
import { declaredTotal, isRestOf, resumption, WORTH_RESUMING_BYTES } from '../incoming/partial-file.js';
import { readBody } from '../incoming/read-body.js';
import { writeBody } from '../incoming/write-body.js';
import { MEDIA_STORAGE } from '../media/media-storage.js';
import type { KnownVideo, SourceValidators, VideoItem } from '../video-import.js';
import { failureOfAnswer, failureOfRequest } from './download.failures.js';

/** A file that is complete, on the disk of this worker or in its memory. */
export interface DownloadedFile extends SourceValidators {
  /** Path, or bytes. */
  source: string | Uint8Array;
  /** Bytes. */
  size: number;
  /** Lower-case hex. */
  sha256: string;
  /** When the last byte was written, on the clock of `Date.now()`. */
  downloadedAt: number;
}

type ReceivedFile = Pick<DownloadedFile, 'source' | 'size' | 'sha256'>;

/** Fetches the file of an item, unless the source says that it is still the one we have. */
@Injectable()
export class DownloadStep {
  constructor(
    private readonly client: OutboundClient,
    private readonly files: IncomingFiles,
    private readonly environment: Environment,
    @Inject(MEDIA_STORAGE) private readonly storage: Storage,
  ) {}

  /**
   * Goes on with what an earlier try has left, where there is something and the source still has the same file.
   *
   * @param known what the library has of this video, whose validators are sent along if it came from the same URL
   * @returns null where the source answered that nothing has changed (304)
   * @throws ItemFailure, or the reason of the signal
   */
  async run(item: VideoItem, known: KnownVideo | null, signal: AbortSignal): Promise<DownloadedFile | null> {
    try {
      const adopted = await this.files.adopt(item);
      const rest = adopted === null || adopted.size === 0 ? null : await this.resume(item, adopted, signal);
      return rest ?? (await this.fetch(item, known, signal));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof OutboundError) throw failureOfRequest(error);
      const code = codeOf(error);
      if (code === 'ENOSPC' || code === 'EDQUOT') {
        throw failure('STORAGE_FAILED', { clause: 'no space is left', cause: error });
      }
      throw error;
    }
  }

  /** @returns null where the source has another file now, or cannot send a part of one */
  private async resume(
    item: VideoItem,
    { partial, size }: AdoptedFile,
    signal: AbortSignal,
  ): Promise<DownloadedFile | null> {
    const headers = { range: `bytes=${size}-`, 'if-range': partial.validator };
    const response = await this.request(item, headers, signal);
    if (isRestOf(partial, size, response.status, response.headers)) return this.save(item, response, size);
    // The whole file comes instead of its rest: another one is there now, or ranges are not known there.
    if (response.status === 200) return this.save(item, response, 0);
    await response.discard();
    if (response.status !== 206 && response.status !== 416) throw failureOfAnswer(response);
    await this.files.remove(item);
    return null;
  }

  private async fetch(
    item: VideoItem,
    known: KnownVideo | null,
    signal: AbortSignal,
  ): Promise<DownloadedFile | null> {
    const headers = known?.sourceUrl === item.payload.url ? conditions(known) : {};
    const response = await this.request(item, headers, signal);
    if (response.status === 200) return this.save(item, response, 0);
    await response.discard();
    if (response.status === 304 && known !== null) return null;
    throw failureOfAnswer(response);
  }

  private request(
    { payload }: VideoItem,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<OutboundResponse> {
    return this.client.request(payload.url, { headers, maxBytes: this.environment.MAX_VIDEO_BYTES, signal });
  }

  /**
   * A small file stays in memory: what is done to it on the disk would cost more than all the rest, and a download of it
   * that breaks is quicker begun anew.
   *
   * @param from bytes that are there already
   */
  private async save(item: VideoItem, response: OutboundResponse, from: number): Promise<DownloadedFile> {
    const { etag = null, 'last-modified': lastModified = null } = response.headers;
    const length = declaredTotal(response.headers);
    const isSmall = from === 0 && length !== null && length < WORTH_RESUMING_BYTES;
    const file = isSmall ? await this.read(item, response, length) : await this.write(item, response, from);
    return { ...file, etag, lastModified, downloadedAt: Date.now() };
  }

  private async read(item: VideoItem, { body }: OutboundResponse, length: number): Promise<ReceivedFile> {
    // An earlier claim may have left the beginning of another version.
    if (item.claim > 1) await this.files.remove(item);
    const { bytes, sha256 } = await readBody(body, length);
    if (length === 0) throw failure('EMPTY');
    return { source: bytes, size: length, sha256 };
  }

  /** @param from bytes that are there already */
  private async write(item: VideoItem, response: OutboundResponse, from: number): Promise<ReceivedFile> {
    const path = this.files.pathOf(item);
    let resumable = from > 0;
    try {
      if (from === 0) {
        const next = resumption(response.headers);
        if (next !== null) await this.files.note(item, next);
        resumable = next !== null;
      }
      const written = await writeBody(path, response.body, {
        from,
        flushAhead: this.storage.flushesFiles,
      });
      if (written.size === 0) throw failure('EMPTY');
      // The client counts what comes now; what was there before counts as well.
      if (written.size > this.environment.MAX_VIDEO_BYTES) throw failure('TOO_LARGE');
      return { source: path, ...written };
    } catch (error) {
      await response.discard();
      // A transfer that broke goes on there next time; everything else is over.
      const broken = error instanceof OutboundError && (error.temporary || error.code === 'ABORTED');
      if (!resumable || !broken) await this.files.remove(item);
      throw error;
    }
  }
}

/** RFC 9110, section 13.1.3: If-Modified-Since is for servers that do not know If-None-Match. */
function conditions({ etag, lastModified }: SourceValidators): Record<string, string> {
  return {
    ...(etag !== null && { 'if-none-match': etag }),
    ...(lastModified !== null && { 'if-modified-since': lastModified }),
  };
}
