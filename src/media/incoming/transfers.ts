import { Inject, Injectable } from '@nestjs/common';
import type { Storage } from '#libs/storage';
import { MEDIA_STORAGE } from '../storage/media-storage.js';
import type { MediaItem } from '../media-import.js';
import { IncomingFiles } from './incoming-files.js';
import { Transfer } from './transfer.js';

/** Creates the transfers of attempts. */
@Injectable()
export class Transfers {
  /** Files below this length stay in memory: fetching one again is faster than keeping a part of it. */
  protected readonly smallBytes: number = 1024 * 1024;
  /** Large enough that no two positions of a file look alike, small enough to be negligible. */
  protected readonly overlapBytes: number = 16 * 1024;

  constructor(
    private readonly files: IncomingFiles,
    @Inject(MEDIA_STORAGE) private readonly storage: Storage,
  ) {}

  /**
   * Starts the transfer of an attempt from the partial download of an earlier one, if there is any.
   *
   * @param maxBytes largest file of its kind
   */
  async begin(item: MediaItem, maxBytes: number): Promise<Transfer> {
    return new Transfer(this.files, item, await this.files.adopt(item), {
      smallBytes: this.smallBytes,
      overlapBytes: this.overlapBytes,
      maxBytes,
      flushAhead: this.storage.flushesFiles,
    });
  }
}
