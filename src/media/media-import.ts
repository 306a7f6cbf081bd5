import type { ClaimedItem } from '../imports/import-kind.js';

/** Payload of a media item. */
export interface MediaPayload {
  url: string;
  metadata: Record<string, unknown>;
  /** The JSON of `metadata` as sent, if parsing changed a number. */
  metadataText?: string;
  /** Expected hash of the bytes, lower-case hex. */
  sha256?: string;
  /** Expected size in bytes. */
  size?: number;
}

export type MediaItem = ClaimedItem<MediaPayload>;

/** A stored file. */
export interface AssetFacts {
  /** Lower-case hex. */
  sha256: string;
  /** Bytes. */
  size: number;
  mimeType: string;
  storageKey: string;
  /** What the kind has read from the bytes. */
  facts: object;
}

/** Validators that the source sent for its version of the file. */
export interface SourceValidators {
  etag: string | null;
  lastModified: string | null;
}

/** A medium in the library, as it was when its item started. */
export interface KnownMedia extends SourceValidators {
  id: string;
  importSequence: bigint;
  sourceUrl: string;
  asset: AssetFacts;
}

/** Outcome of an attempt. */
export type MediaOutcome =
  /** A later import of the same medium was already recorded. */
  | { superseded: true }
  | {
      superseded: false;
      asset: AssetFacts;
      /** Whether this attempt stored `asset`, or the library already had it. */
      stored: boolean;
      /** Whether the source answered; false if the library had the expected bytes. */
      heard: boolean;
      /** When the last byte was written, on the clock of `Date.now()`; null if nothing was downloaded. */
      downloadedAt: number | null;
      validators: SourceValidators;
    };

/**
 * Result of an item, stored in its row: where the file is, and the facts that the kind shows in a status. Only the
 * mediaId remains of a medium that was removed so long ago that its file is gone.
 */
export interface MediaResult {
  mediaId: string;
  /** Of the medium; 1 if the item created it. */
  version?: number;
  /** Of the stored file, lower-case hex. */
  sha256: string | undefined;
  /** Of the stored file, bytes. */
  size: number | undefined;
  storageKey: string | undefined;
  mimeType: string | undefined;
  [fact: string]: unknown;
}
