import { Inject, Injectable, Logger } from '@nestjs/common';
import { buffer } from 'node:stream/consumers';
import type { Storage } from '#libs/storage';
import { ExtensionCalls, inHand } from '../../imports/run/extension-calls.js';
import type { Prediction } from '../../imports/prediction.js';
import { Outages } from '../../imports/run/outages.js';
import type { Beginning } from '../incoming/preview.js';
import { MEDIA_FAILURES } from '../media-failures.js';
import type { KnownMedia, MediaItem } from '../media-import.js';
import type { MediaKind } from '../media-kind.js';
import { MEDIA_STORAGE } from '../storage/media-storage.js';
import { KnownMediaRepository } from './known-media.repository.js';
import { isExpected } from './find-expected.step.js';

/** The file of an item, as far as a plan knows it. */
export interface ForeseenFile {
  /** Whether the library has these bytes as those of the medium already. */
  isSame: boolean;
  bytes: number | null;
  mimeType: string | null;
}

/** Predicts what the recording of an outcome would do. */
@Injectable()
export class PredictStep {
  private readonly logger = new Logger(PredictStep.name);

  constructor(
    private readonly repository: KnownMediaRepository,
    private readonly outages: Outages,
    private readonly calls: ExtensionCalls,
    @Inject(MEDIA_STORAGE) private readonly storage: Storage,
  ) {}

  /** Predicts the action for a file that would be accepted. */
  async run(item: MediaItem, known: KnownMedia | null, file: ForeseenFile): Promise<Prediction> {
    const { isSame, bytes, mimeType } = file;
    const facts = { ...(bytes !== null && { bytes }), ...(mimeType !== null && { mimeType }) };
    if (known === null) {
      const isNew = await this.outages.outlast('Media lookup', () => this.repository.isNew(item));
      return { action: isNew ? 'create' : 'update', ...facts };
    }
    const isUnchanged =
      isSame && (await this.outages.outlast('Media lookup', () => this.repository.describes(item, known.id)));
    return isUnchanged
      ? { action: 'skip', reason: 'already exists', ...facts }
      : { action: 'update', ...facts };
  }

  /**
   * Judges a file by its beginning: without validators, the same length and the same first bytes count as the same file.
   *
   * @throws ItemFailure with a code of the kind
   */
  async judge(
    kind: MediaKind,
    item: MediaItem,
    known: KnownMedia | null,
    { head, size }: Beginning,
    signal: AbortSignal,
  ): Promise<ForeseenFile> {
    if (known !== null && size === known.asset.size && isExpected(item, known.asset)) {
      if (await this.beginsWith(known, head))
        return { isSame: true, bytes: size, mimeType: known.asset.mimeType };
    }
    return { isSame: false, bytes: size, mimeType: await this.sniff(kind, item, { head, size }, signal) };
  }

  private async sniff(
    { part, identifyMs: limitMs }: MediaKind,
    item: MediaItem,
    { head, size }: Beginning,
    signal: AbortSignal,
  ): Promise<string | null> {
    if (part.sniff === undefined || head.length === 0) return null;
    const codes = { TRUNCATED: MEDIA_FAILURES.TRUNCATED, ...part.codes };
    const code = `sniff() of kind "${part.name}"`;
    const call = { code, itemId: item.id, item: inHand(item), codes, limitMs, signal };
    const mimeType: unknown = await this.calls.run(call, async (tools) =>
      part.sniff?.({ bytes: head, size }, tools),
    );
    return typeof mimeType === 'string' ? mimeType : null;
  }

  /** A file that cannot be read counts as another one: the run would download the source in any case. */
  private async beginsWith({ asset: { storageKey } }: KnownMedia, head: Uint8Array): Promise<boolean> {
    if (head.length === 0) return false;
    try {
      const stored = await this.storage.read(storageKey, { start: 0, end: head.length - 1 });
      return (await buffer(stored)).equals(head);
    } catch (error) {
      this.logger.warn(`Stored file cannot be compared key=${storageKey}: ${String(error)}`);
      return false;
    }
  }
}
