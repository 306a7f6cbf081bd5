import { Inject, Injectable } from '@nestjs/common';
import { newKey, StorageError, type Storage } from '#libs/storage';
import { failure } from '../media-failures.js';
import type { DownloadedFile } from '../incoming/downloaded-file.js';
import { MEDIA_STORAGE } from '../storage/media-storage.js';
import type { AssetFacts } from '../media-import.js';
import type { IdentifiedFile } from '../media-kind.js';

/** Moves a checked file to storage. */
@Injectable()
export class StoreStep {
  constructor(@Inject(MEDIA_STORAGE) private readonly storage: Storage) {}

  /** @throws ItemFailure STORAGE_FAILED, or the reason of the signal */
  async run(
    { source, size, sha256 }: DownloadedFile,
    { mimeType, extension, facts }: IdentifiedFile,
    signal: AbortSignal,
  ): Promise<AssetFacts> {
    const storageKey = newKey(extension);
    try {
      await this.storage.put(storageKey, source, { mimeType, size }, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof StorageError)) throw error;
      throw failure('STORAGE_FAILED', { clause: error.message, retryable: error.temporary, cause: error });
    }
    return { sha256, size, mimeType, storageKey, facts };
  }
}
