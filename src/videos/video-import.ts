import type { ClaimedItem } from '../imports/import-kind.js';

/** What an item of a video import carries from the request to the worker. */
export interface VideoPayload {
  url: string;
  metadata: Record<string, unknown>;
  /** The JSON of `metadata` as the client sent it, where parsing changed a number. */
  metadataText?: string;
}

export type VideoItem = ClaimedItem<VideoPayload>;

/** What the bytes of a stored file are. */
export interface AssetFacts {
  /** Lower-case hex. */
  sha256: string;
  /** Bytes. */
  size: number;
  mimeType: string;
  container: string;
  videoCodec: string | null;
  audioCodec: string | null;
  /** Pixels as a player shows them. */
  width: number;
  height: number;
  /** Seconds. */
  duration: number | null;
  storageKey: string;
}

/** What the source said about its version of the file. */
export interface SourceValidators {
  etag: string | null;
  lastModified: string | null;
}

/** A video that the library has already, as it was when its item was begun. */
export interface KnownVideo extends SourceValidators {
  id: string;
  importSequence: bigint;
  sourceUrl: string;
  asset: AssetFacts;
}

/** What a try of an item came to. */
export type VideoOutcome =
  /** A later import of the same video has been heard already. */
  | { superseded: true }
  | {
      superseded: false;
      asset: AssetFacts;
      /** Whether `asset` was stored by this try, or is one that the library had. */
      stored: boolean;
      /** When the last byte was written, on the clock of `Date.now()`; null where nothing was fetched. */
      downloadedAt: number | null;
      validators: SourceValidators;
    };

/** What is kept of the video in the row of its item. */
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
