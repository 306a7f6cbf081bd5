import { Inject, Injectable } from '@nestjs/common';
import type { Storage } from '#libs/storage';
import { Environment } from '../../config/environment.js';
import { MEDIA_STORAGE } from '../media/media-storage.js';
import type { VideoItem } from '../video-import.js';
import { IncomingFiles } from './incoming-files.js';
import { Transfer } from './transfer.js';

/** Begins the transfers of attempts. */
@Injectable()
export class Transfers {
  /** Below this length a file stays in memory: it is quicker fetched anew than its beginning is kept. */
  protected readonly smallBytes: number = 1024 * 1024;
  /** Enough that no two places of a file look alike, and too little to be noticed. */
  protected readonly overlapBytes: number = 16 * 1024;

  constructor(
    private readonly files: IncomingFiles,
    private readonly environment: Environment,
    @Inject(MEDIA_STORAGE) private readonly storage: Storage,
  ) {}

  /** The file of an attempt, with what an earlier one has left of it. */
  async begin(item: VideoItem): Promise<Transfer> {
    return new Transfer(this.files, item, await this.files.adopt(item), {
      smallBytes: this.smallBytes,
      overlapBytes: this.overlapBytes,
      maxBytes: this.environment.MAX_VIDEO_BYTES,
      flushAhead: this.storage.flushesFiles,
    });
  }
}
