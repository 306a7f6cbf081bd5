import { Injectable } from '@nestjs/common';
import { Outages } from '../../imports/run/outages.js';
import { batching } from '../../process/batching.js';
import type { DownloadedFile } from '../incoming/downloaded-file.js';
import type { AssetFacts, MediaItem } from '../media-import.js';
import { KnownMediaRepository } from './known-media.repository.js';

/** Recognizes bytes that the project has stored already, by their hash. */
@Injectable()
export class FindStoredStep {
  private readonly load = batching<
    Pick<MediaItem, 'projectId' | 'kind'> & { sha256: string },
    AssetFacts | null
  >((wanted) => this.outages.outlast('File lookup', () => this.repository.findAssets(wanted)), {
    maxSize: 64,
  });

  constructor(
    private readonly repository: KnownMediaRepository,
    private readonly outages: Outages,
  ) {}

  /** @returns null for new bytes */
  run(
    { projectId, kind }: MediaItem,
    { sha256 }: Pick<DownloadedFile, 'sha256'>,
  ): Promise<AssetFacts | null> {
    return this.load({ projectId, kind, sha256 });
  }
}
