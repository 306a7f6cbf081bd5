import { Injectable } from '@nestjs/common';
import { batching } from '../../process/batching.js';
import { Outages } from '../../imports/run/outages.js';
import type { KnownMedia, MediaItem } from '../media-import.js';
import { KnownMediaRepository } from './known-media.repository.js';

/** Looks up the medium of an item in the library. */
@Injectable()
export class FindKnownStep {
  private readonly load = batching<MediaItem, KnownMedia | null>(
    (items) => this.outages.outlast('Media lookup', () => this.repository.findAll(items)),
    // Items that were claimed together share a query.
    { maxSize: 64, mostGatherMs: 1 },
  );

  constructor(
    private readonly repository: KnownMediaRepository,
    private readonly outages: Outages,
  ) {}

  run(item: MediaItem): Promise<KnownMedia | null> {
    return this.load(item);
  }
}
