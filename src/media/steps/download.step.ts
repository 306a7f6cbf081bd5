import { Injectable } from '@nestjs/common';
import { OutboundClient, OutboundError } from '#libs/outbound-http';
import { codeOf } from '#libs/errors';
import { failure } from '../media-failures.js';
import { failureOfRequest } from '../../imports/download-failures.js';
import type { FileSource } from '../incoming/file-source.js';
import type { KnownMedia, MediaItem } from '../media-import.js';

/** Fetches the file of an item, unless the source reports that the library has the current version. */
@Injectable()
export class DownloadStep {
  constructor(private readonly client: OutboundClient) {}

  /**
   * Continues the download of an earlier attempt if the source still has the same file.
   *
   * @param known the medium in the library, whose validators are sent if it came from the same URL
   * @returns null if the source reports no change (304)
   * @throws ItemFailure, or the reason of the signal
   */
  async run<File>(
    item: MediaItem,
    source: FileSource<File>,
    known: KnownMedia | null,
    signal: AbortSignal,
  ): Promise<File | null> {
    try {
      return await source.download(known, (headers) =>
        this.client.request(item.payload.url, { headers, maxBytes: source.maxBytes, signal }),
      );
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof OutboundError) throw failureOfRequest(error);
      const code = codeOf(error);
      if (code === 'ENOSPC' || code === 'EDQUOT') {
        throw failure('STORAGE_FAILED', { clause: 'no disk space left', cause: error });
      }
      throw error;
    }
  }
}
