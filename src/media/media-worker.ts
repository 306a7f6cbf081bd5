import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Storage } from '#libs/storage';
import { Environment } from '../config/environment.js';
import type { ItemResult, ItemWorker, ProcessedItem } from '../imports/import-kind.js';
import { ItemWorkers } from '../imports/item-workers.js';
import type { DownloadedFile } from './incoming/downloaded-file.js';
import type { Transfer } from './incoming/transfer.js';
import { Transfers } from './incoming/transfers.js';
import { MEDIA_STORAGE } from './storage/media-storage.js';
import { RecordStep } from './steps/record.step.js';
import { CheckMetadataStep } from './steps/check-metadata.step.js';
import { DownloadStep } from './steps/download.step.js';
import { FindKnownStep } from './steps/find-known.step.js';
import { IdentifyStep } from './steps/identify.step.js';
import { StoreStep } from './steps/store.step.js';
import { VIDEOS } from '../videos/video-kind.js';
import type { AssetFacts, VideoItem, VideoOutcome, VideoPayload, VideoResult } from './media-import.js';

/** What checking and storing a file may take beside its download: their own limits are far below. */
const AROUND_DOWNLOAD_MS = 6 * 3_600_000;

/** Imports one video, step by step. */
@Injectable()
export class VideoWorker implements ItemWorker<VideoPayload, VideoOutcome, VideoResult>, OnModuleInit {
  constructor(
    private readonly transfers: Transfers,
    private readonly checkMetadata: CheckMetadataStep,
    private readonly findKnown: FindKnownStep,
    private readonly download: DownloadStep,
    private readonly identify: IdentifyStep,
    private readonly store: StoreStep,
    private readonly recordStep: RecordStep,
    @Inject(MEDIA_STORAGE) private readonly storage: Storage,
    private readonly workers: ItemWorkers,
    private readonly environment: Environment,
  ) {}

  onModuleInit(): void {
    this.workers.add(VIDEOS, this);
  }

  get processMs(): number {
    return this.environment.OUTBOUND_TOTAL_MS + AROUND_DOWNLOAD_MS;
  }

  async process(item: VideoItem, signal: AbortSignal): Promise<VideoOutcome> {
    await this.checkMetadata.run(item);
    const known = await this.findKnown.run(item);
    if (known !== null && known.importSequence > item.sequence) return { superseded: true };
    const transfer = await this.transfers.begin(item);
    return transfer.run(async () => {
      const file = await this.download.run(item, transfer, known, signal);
      if (file === null) return unchanged(known);
      const { etag, lastModified, downloadedAt } = file;
      const kept = await this.keep(item, transfer, file, signal);
      return { superseded: false, ...kept, downloadedAt, validators: { etag, lastModified } };
    });
  }

  heardHost({ superseded }: VideoOutcome): boolean {
    return !superseded;
  }

  record(
    tx: EntityManager,
    processed: ReadonlyArray<ProcessedItem<VideoPayload, VideoOutcome>>,
  ): Promise<Array<ItemResult<VideoResult>>> {
    return this.recordStep.run(tx, processed);
  }

  /** Removes a file that this attempt stored and no asset refers to: another attempt was faster or took over. */
  async settle(outcome: VideoOutcome, result: ItemResult<VideoResult> | null): Promise<void> {
    if (outcome.superseded || !outcome.stored) return;
    const { storageKey } = outcome.asset;
    if (result?.result.storageKey === storageKey) return;
    if (await this.recordStep.isReferenced(storageKey)) return;
    await this.storage.delete(storageKey);
  }

  private async keep(
    item: VideoItem,
    transfer: Transfer,
    file: DownloadedFile,
    signal: AbortSignal,
  ): Promise<{ asset: AssetFacts; stored: boolean }> {
    const identified = await this.identify.run(item, file, signal);
    if (identified.known !== null) return { asset: identified.known, stored: false };
    transfer.confirm();
    const asset = await this.store.run(file, identified.probe, signal);
    transfer.handedOver();
    return { asset, stored: true };
  }
}

function unchanged(
  known: { asset: AssetFacts; etag: string | null; lastModified: string | null } | null,
): VideoOutcome {
  if (known === null) throw new Error('The source reported an unchanged video that is not in the library');
  const { asset, etag, lastModified } = known;
  return { superseded: false, asset, stored: false, downloadedAt: null, validators: { etag, lastModified } };
}
