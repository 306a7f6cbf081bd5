import type { ClaimedItem } from '../imports/import-kind.js';

/** Payload of a video item. */
export interface VideoPayload {
  url: string;
  metadata: Record<string, unknown>;
  /** The JSON of `metadata` as sent, if parsing changed a number. */
  metadataText?: string;
}

export type VideoItem = ClaimedItem<VideoPayload>;

/** Facts about the bytes of a stored file. */
export interface AssetFacts {
  /** Lower-case hex. */
  sha256: string;
  /** Bytes. */
  size: number;
  mimeType: string;
  container: string;
  videoCodec: string | null;
  audioCodec: string | null;
  /** Displayed size in pixels. */
  width: number;
  height: number;
  /** Seconds. */
  duration: number | null;
  storageKey: string;
}

/** Validators that the source sent for its version of the file. */
export interface SourceValidators {
  etag: string | null;
  lastModified: string | null;
}

/** A video in the library, as it was when its item started. */
export interface KnownVideo extends SourceValidators {
  id: string;
  importSequence: bigint;
  sourceUrl: string;
  asset: AssetFacts;
}

/** Outcome of an attempt. */
export type VideoOutcome =
  /** A later import of the same video was already recorded. */
  | { superseded: true }
  | {
      superseded: false;
      asset: AssetFacts;
      /** Whether this attempt stored `asset`, or the library already had it. */
      stored: boolean;
      /** When the last byte was written, on the clock of `Date.now()`; null if nothing was downloaded. */
      downloadedAt: number | null;
      validators: SourceValidators;
    };

/** Result of the video, stored in the row of its item. */
export interface VideoResult {
  mediaId: string;
  /** Of the stored file, lower-case hex. */
  sha256: string;
  /** Of the stored file, bytes. */
  size: number;
  storageKey: string;
  width: number;
  height: number;
  mimeType: string;
}
