import { Inject, Injectable } from '@nestjs/common';
import { newKey, StorageError, type Storage } from '#libs/storage';
import type { VideoProbe } from '#libs/media-probe';
import { failure } from '../media-failures.js';
import type { DownloadedFile } from '../incoming/downloaded-file.js';
import { MEDIA_STORAGE } from '../storage/media-storage.js';
import type { AssetFacts } from '../media-import.js';

/** Moves a checked file to storage. */
@Injectable()
export class StoreStep {
  constructor(@Inject(MEDIA_STORAGE) private readonly storage: Storage) {}

  /** @throws ItemFailure STORAGE_FAILED, or the reason of the signal */
  async run(
    { source, size, sha256 }: DownloadedFile,
    probe: VideoProbe,
    signal: AbortSignal,
  ): Promise<AssetFacts> {
    const { extension, ...facts } = probe;
    const storageKey = newKey(extension);
    try {
      await this.storage.put(storageKey, source, { mimeType: probe.mimeType, size }, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof StorageError)) throw error;
      throw failure('STORAGE_FAILED', { clause: error.message, retryable: error.temporary, cause: error });
    }
    return { ...facts, sha256, size, storageKey };
  }
}
