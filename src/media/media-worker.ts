import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Storage } from '#libs/storage';
import { Environment } from '../config/environment.js';
import { Extensions } from '../extension/extensions.js';
import { ItemFailure, withNoun } from '../imports/failure.js';
import type { ItemResult, ItemWorker, ProcessedItem } from '../imports/import-kind.js';
import { ItemWorkers } from '../imports/item-workers.js';
import type { DownloadedFile } from './incoming/downloaded-file.js';
import type { Transfer } from './incoming/transfer.js';
import { Transfers } from './incoming/transfers.js';
import type { AssetFacts, MediaItem, MediaOutcome, MediaPayload, MediaResult } from './media-import.js';
import { failure } from './media-failures.js';
import { mediaKindOf, type MediaKind } from './media-kind.js';
import { CheckMetadataStep } from './steps/check-metadata.step.js';
import { DownloadStep } from './steps/download.step.js';
import { ExtensionStep } from './steps/extension.step.js';
import { FindExpectedStep, isExpected } from './steps/find-expected.step.js';
import { FindKnownStep } from './steps/find-known.step.js';
import { FindStoredStep } from './steps/find-stored.step.js';
import { IdentifyStep } from './steps/identify.step.js';
import { RecordStep } from './steps/record.step.js';
import { StoreStep } from './steps/store.step.js';
import { MEDIA_STORAGE } from './storage/media-storage.js';

/** What storing a file and waiting for a place may take: their own limits are far below. */
const AROUND_DOWNLOAD_MS = 6 * 3_600_000;

/** Imports media of every kind, step by step. */
@Injectable()
export class MediaWorker implements ItemWorker<MediaPayload, MediaOutcome, MediaResult>, OnModuleInit {
  private readonly kinds = new Map<string, MediaKind>();

  constructor(
    private readonly transfers: Transfers,
    private readonly checkMetadata: CheckMetadataStep,
    private readonly findKnown: FindKnownStep,
    private readonly findExpected: FindExpectedStep,
    private readonly download: DownloadStep,
    private readonly findStored: FindStoredStep,
    private readonly extensionStep: ExtensionStep,
    private readonly identify: IdentifyStep,
    private readonly store: StoreStep,
    private readonly recordStep: RecordStep,
    @Inject(MEDIA_STORAGE) private readonly storage: Storage,
    private readonly workers: ItemWorkers,
    private readonly extensions: Extensions,
    private readonly environment: Environment,
  ) {}

  /** Registers the kinds of media of all extensions. */
  onModuleInit(): void {
    for (const part of this.extensions.mediaKinds) {
      this.workers.add(part.name, this);
      this.kinds.set(part.name, mediaKindOf(part, this.extensions));
    }
  }

  get processMs(): number {
    return this.environment.OUTBOUND_TOTAL_MS + AROUND_DOWNLOAD_MS + this.extensionsMs;
  }

  async process(item: MediaItem, signal: AbortSignal): Promise<MediaOutcome> {
    const kind = this.kindOf(item);
    try {
      return await this.import(kind, item, signal);
    } catch (error) {
      throw error instanceof ItemFailure ? withNoun(error, kind.part.noun) : error;
    }
  }

  heardHost(outcome: MediaOutcome): boolean {
    return !outcome.superseded && outcome.heard;
  }

  record(
    tx: EntityManager,
    processed: ReadonlyArray<ProcessedItem<MediaPayload, MediaOutcome>>,
  ): Promise<Array<ItemResult<MediaResult>>> {
    const [first] = processed;
    return this.recordStep.run(tx, processed, first === undefined ? [] : this.kindOf(first.item).shown);
  }

  /** Removes a file that this attempt stored and no asset refers to: another attempt was faster or took over. */
  async settle(outcome: MediaOutcome, result: ItemResult<MediaResult> | null): Promise<void> {
    if (outcome.superseded || !outcome.stored) return;
    const { storageKey } = outcome.asset;
    if (result?.result.storageKey === storageKey) return;
    if (await this.recordStep.isReferenced(storageKey)) return;
    await this.storage.delete(storageKey);
  }

  private async import(kind: MediaKind, item: MediaItem, signal: AbortSignal): Promise<MediaOutcome> {
    if ((item.payload.size ?? 0) > kind.maxBytes) throw failure('TOO_LARGE');
    await this.checkMetadata.run(item);
    const known = await this.findKnown.run(item);
    if (known !== null && known.importSequence > item.sequence) return { superseded: true };
    const found = await this.findExpected.run(kind, item, known);
    if (found !== null) return found;
    const transfer = await this.transfers.begin(item, kind.maxBytes);
    // "Not modified" would confirm a file that is not the expected one.
    const comparable = known !== null && isExpected(item, known.asset) ? known : null;
    return transfer.run(async () => {
      const file = await this.download.run(item, transfer, comparable, signal);
      if (file === null) return unchanged(comparable);
      const { etag, lastModified, downloadedAt } = file;
      const kept = await this.keep(kind, item, transfer, file, signal);
      return { superseded: false, ...kept, heard: true, downloadedAt, validators: { etag, lastModified } };
    });
  }

  private async keep(
    kind: MediaKind,
    item: MediaItem,
    transfer: Transfer,
    file: DownloadedFile,
    signal: AbortSignal,
  ): Promise<{ asset: AssetFacts; stored: boolean }> {
    const stored = await this.findStored.run(item, file);
    const about = { isNew: stored === null, signal };
    await this.extensionStep.run(kind.steps.identify, item, file, about);
    if (stored !== null) {
      await this.extensionStep.run(kind.steps.store, item, file, about);
      return { asset: stored, stored: false };
    }
    const identified = await this.identify.run(kind, item, file, signal);
    transfer.confirm();
    await this.extensionStep.run(kind.steps.store, item, file, about);
    const asset = await this.store.run(file, identified, signal);
    transfer.handedOver();
    return { asset, stored: true };
  }

  /** The longest time that the code of extensions may take for one file. */
  private get extensionsMs(): number {
    const all = [...this.kinds.values()].map(({ identifyMs, steps }) =>
      [...steps.identify, ...steps.store].reduce((sum, { timeoutMs }) => sum + timeoutMs, identifyMs),
    );
    return Math.max(0, ...all);
  }

  private kindOf({ kind: name }: MediaItem): MediaKind {
    const kind = this.kinds.get(name);
    if (kind === undefined) throw new Error(`"${name}" is no kind of media`);
    return kind;
  }
}

function unchanged(
  known: { asset: AssetFacts; etag: string | null; lastModified: string | null } | null,
): MediaOutcome {
  if (known === null) throw new Error('The source reported an unchanged medium that is not in the library');
  const { asset, etag, lastModified } = known;
  const validators = { etag, lastModified };
  return { superseded: false, asset, stored: false, heard: true, downloadedAt: null, validators };
}
