import type { DownloadedFile } from './incoming/downloaded-file.js';
import type { MediaItem } from './media-import.js';

/** What a kind has read from the bytes of a file. */
export interface IdentifiedFile {
  mimeType: string;
  /** Of the storage key, without a dot. */
  extension: string;
  /** Stored with the asset as JSON. */
  facts: object;
}

/** What a kind of media adds to the common work, in the worker. */
export interface MediaKind {
  /** Name of the import kind. */
  readonly name: string;
  /** Singular, for sentences. */
  readonly noun: string;
  /** Largest file, in bytes. */
  readonly maxBytes: number;
  /** Names of the facts that the result of an item contains. */
  readonly shown: readonly string[];

  /**
   * Checks and describes a downloaded file that the project has not stored yet.
   *
   * @throws ItemFailure if it is no file of this kind; the reason of the signal if it is aborted
   */
  identify(item: MediaItem, file: DownloadedFile, signal: AbortSignal): Promise<IdentifiedFile>;
}
