import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Storage } from '#libs/storage';
import { Environment } from '../config/environment.js';
import { Extensions } from '../extension/extensions.js';
import { ItemFailure, withNoun } from '../imports/failure.js';
import type { ItemResult, ItemWorker, PlannedOutcome, ProcessedItem } from '../imports/import-kind.js';
import { ItemWorkers } from '../imports/item-workers.js';
import type { DownloadedFile } from './incoming/downloaded-file.js';
import type { FileSource } from './incoming/file-source.js';
import { Preview, type Beginning } from './incoming/preview.js';
import type { Transfer } from './incoming/transfer.js';
import { Transfers } from './incoming/transfers.js';
import type {
  AssetFacts,
  KnownMedia,
  MediaItem,
  MediaOutcome,
  MediaPayload,
  MediaResult,
} from './media-import.js';
import { failure } from './media-failures.js';
import { mediaKindOf, type IdentifiedFile, type MediaKind } from './media-kind.js';
import { CheckMetadataStep } from './steps/check-metadata.step.js';
import { DownloadStep } from './steps/download.step.js';
import { ExtensionStep } from './steps/extension.step.js';
import { FindExpectedStep, isExpected } from './steps/find-expected.step.js';
import { FindKnownStep } from './steps/find-known.step.js';
import { FindStoredStep } from './steps/find-stored.step.js';
import { IdentifyStep } from './steps/identify.step.js';
import { PredictStep, type ForeseenFile } from './steps/predict.step.js';
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
    private readonly predict: PredictStep,
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

  process(item: MediaItem, signal: AbortSignal): Promise<MediaOutcome> {
    return this.named(item, (kind) =>
      this.follow<Transfer, DownloadedFile, MediaOutcome>(kind, item, signal, {
        isLate: (known) => known !== null && known.importSequence > item.sequence,
        late: { superseded: true },
        begin: () => this.transfers.begin(item, kind.maxBytes),
        unchanged: (outcome) => Promise.resolve(outcome),
        take: (file, transfer) => this.keep(kind, item, transfer, file, signal),
      }),
    );
  }

  plan(item: MediaItem, signal: AbortSignal): Promise<PlannedOutcome> {
    return this.named(item, (kind) =>
      this.follow<Preview, DownloadedFile | Beginning, PlannedOutcome>(kind, item, signal, {
        // The import counts as accepted when the plan is applied, which is later than all others that exist now.
        isLate: () => false,
        late: { prediction: { action: 'skip' }, heardHost: false },
        begin: () => Promise.resolve(new Preview(item, kind.maxBytes)),
        unchanged: async ({ asset, heard }, known) => ({
          prediction: await this.predict.run(item, known, foreseen(asset, known)),
          heardHost: heard,
        }),
        take: async (file, _source, known) => ({
          prediction: await this.predict.run(
            item,
            known,
            await this.foresee(kind, item, known, file, signal),
          ),
          heardHost: true,
        }),
      }),
    );
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

  /** The sequence of an attempt, for runs and plans. */
  private async follow<Source extends FileSource<File>, File, Ended>(
    kind: MediaKind,
    item: MediaItem,
    signal: AbortSignal,
    course: Course<Source, File, Ended>,
  ): Promise<Ended> {
    if ((item.payload.size ?? 0) > kind.maxBytes) throw failure('TOO_LARGE');
    await this.checkMetadata.run(item);
    const known = await this.findKnown.run(item);
    if (course.isLate(known)) return course.late;
    const found = await this.findExpected.run(kind, item, known);
    if (found !== null) return course.unchanged(found, known);
    const source = await course.begin();
    // "Not modified" would confirm a file that is not the expected one.
    const comparable = known !== null && isExpected(item, known.asset) ? known : null;
    return source.run(async () => {
      const file = await this.download.run(item, source, comparable, signal);
      return file === null
        ? course.unchanged(unchanged(comparable), known)
        : course.take(file, source, known);
    });
  }

  /** Checks a complete file. @returns its asset if the project has stored it already */
  private async check(
    kind: MediaKind,
    item: MediaItem,
    file: DownloadedFile,
    { signal, onIdentified }: { signal: AbortSignal; onIdentified?: () => void },
  ): Promise<{ stored: AssetFacts } | { identified: IdentifiedFile }> {
    const stored = await this.findStored.run(item, file);
    const about = { isNew: stored === null, signal };
    await this.extensionStep.run(kind.steps.identify, item, file, about);
    if (stored !== null) {
      await this.extensionStep.run(kind.steps.store, item, file, about);
      return { stored };
    }
    const identified = await this.identify.run(kind, item, file, signal);
    onIdentified?.();
    await this.extensionStep.run(kind.steps.store, item, file, about);
    return { identified };
  }

  private async keep(
    kind: MediaKind,
    item: MediaItem,
    transfer: Transfer,
    file: DownloadedFile,
    signal: AbortSignal,
  ): Promise<MediaOutcome> {
    const { etag, lastModified, downloadedAt } = file;
    const common = {
      superseded: false,
      heard: true,
      downloadedAt,
      validators: { etag, lastModified },
    } as const;
    const checked = await this.check(kind, item, file, { signal, onIdentified: () => transfer.confirm() });
    if ('stored' in checked) return { ...common, asset: checked.stored, stored: false };
    const asset = await this.store.run(file, checked.identified, signal);
    transfer.handedOver();
    return { ...common, asset, stored: true };
  }

  private async foresee(
    kind: MediaKind,
    item: MediaItem,
    known: KnownMedia | null,
    file: DownloadedFile | Beginning,
    signal: AbortSignal,
  ): Promise<ForeseenFile> {
    if ('head' in file) return this.predict.judge(kind, item, known, file, signal);
    const checked = await this.check(kind, item, file, { signal });
    const { mimeType } = 'stored' in checked ? checked.stored : checked.identified;
    return foreseen({ sha256: file.sha256, size: file.size, mimeType }, known);
  }

  /** The longest time that the code of extensions may take for one file. */
  private get extensionsMs(): number {
    const all = [...this.kinds.values()].map(({ identifyMs, steps }) =>
      [...steps.identify, ...steps.store].reduce((sum, { timeoutMs }) => sum + timeoutMs, identifyMs),
    );
    return Math.max(0, ...all);
  }

  /** Puts the noun of the kind into the reasons of failures. */
  private async named<T>(item: MediaItem, work: (kind: MediaKind) => Promise<T>): Promise<T> {
    const kind = this.kindOf(item);
    try {
      return await work(kind);
    } catch (error) {
      throw error instanceof ItemFailure ? withNoun(error, kind.part.noun) : error;
    }
  }

  private kindOf({ kind: name }: MediaItem): MediaKind {
    const kind = this.kinds.get(name);
    if (kind === undefined) throw new Error(`"${name}" is no kind of media`);
    return kind;
  }
}

/** Outcome of an attempt that no later import has superseded. */
type RecordedOutcome = Exclude<MediaOutcome, { superseded: true }>;

/** What runs and plans do differently. */
interface Course<Source, File, Ended> {
  /** Whether a later import of the same medium was already recorded. */
  isLate(known: KnownMedia | null): boolean;
  readonly late: Ended;
  begin(): Promise<Source>;
  /** The library has the bytes already; nothing was downloaded. */
  unchanged(outcome: RecordedOutcome, known: KnownMedia | null): Promise<Ended>;
  take(file: File, source: Source, known: KnownMedia | null): Promise<Ended>;
}

function foreseen(
  { sha256, size, mimeType }: Pick<AssetFacts, 'sha256' | 'size' | 'mimeType'>,
  known: KnownMedia | null,
): ForeseenFile {
  return { isSame: known?.asset.sha256 === sha256, bytes: size, mimeType };
}

function unchanged(
  known: { asset: AssetFacts; etag: string | null; lastModified: string | null } | null,
): RecordedOutcome {
  if (known === null) throw new Error('The source reported an unchanged medium that is not in the library');
  const { asset, etag, lastModified } = known;
  const validators = { etag, lastModified };
  return { superseded: false, asset, stored: false, heard: true, downloadedAt: null, validators };
}
