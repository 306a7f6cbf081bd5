import { Injectable, type OnModuleInit } from '@nestjs/common';
import { NotAVideoError } from '#libs/media-probe';
import { Environment } from '../../config/environment.js';
import type { DownloadedFile } from '../../media/incoming/downloaded-file.js';
import { failure } from '../../media/media-failures.js';
import type { MediaItem } from '../../media/media-import.js';
import type { IdentifiedFile } from '../../media/media-kind.js';
import { MediaWorker } from '../../media/media-worker.js';
import { videoFailure } from '../failures.js';
import { VIDEOS } from '../video-kind.js';
import { VideoProber } from './video-prober.js';

/** Adds videos to the kinds of media that this process can run. */
@Injectable()
export class VideoIdentifier implements OnModuleInit {
  constructor(
    private readonly worker: MediaWorker,
    private readonly prober: VideoProber,
    private readonly environment: Environment,
  ) {}

  onModuleInit(): void {
    this.worker.add({
      name: VIDEOS,
      noun: 'video',
      maxBytes: this.environment.MAX_VIDEO_BYTES,
      shown: ['width', 'height'],
      identify: (item, file, signal) => this.identify(item, file, signal),
    });
  }

  /** @throws ItemFailure NOT_A_VIDEO, TRUNCATED, UNREADABLE; or the reason of the signal */
  private async identify(
    item: MediaItem,
    { source, lengthDeclared }: DownloadedFile,
    signal: AbortSignal,
  ): Promise<IdentifiedFile> {
    try {
      const { mimeType, extension, ...facts } = await this.prober.probe(item, source, signal);
      return { mimeType, extension, facts };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof NotAVideoError)) throw error;
      const options = { clause: error.reason, cause: error };
      // Without a declared length the transfer may have been truncated unnoticed.
      if (error.kind === 'truncated' && !lengthDeclared) throw failure('TRUNCATED', options);
      throw videoFailure('NOT_A_VIDEO', options);
    }
  }
}
