import type { Abstract, Type } from '@nestjs/common';
import type { Fail } from './codes.js';

/** The item that is being processed. */
export interface ItemInHand {
  /** Name of the kind, such as `images`. */
  readonly kind: string;
  readonly projectId: number;
  readonly importId: string;
  readonly systemName: string;
  readonly externalId: string;
  readonly title: string;
  /** Acceptance order of imports: of two outcomes for the same item, that of the higher sequence counts. */
  readonly sequence: bigint;
  /** Code of the previous attempt's failure; null if there was none. */
  readonly lastCode: string | null;
}

/** Writes to the log of the process, with the ids of the item. */
export interface ItemLogger {
  log(message: string): void;
  warn(message: string): void;
  /** @param cause logged with its stack */
  error(message: string, cause?: unknown): void;
}

/** What the engine hands to the code of an extension that processes an item. */
export interface Tools<C extends string = string, I extends ItemInHand = ItemInHand> {
  readonly item: I;
  /** Aborts if the item is cancelled, the process shuts down, or the time limit is over. */
  readonly signal: AbortSignal;
  readonly logger: ItemLogger;
  /** Creates the error to throw if the item fails. */
  readonly fail: Fail<C>;
  /** Returns a provider of the extension's `worker` modules. @throws Error if no module provides it */
  readonly get: <T>(provider: Type<T> | Abstract<T>) => T;
}

export interface DownloadOptions {
  /** Largest file, in bytes. The file is held in memory. */
  readonly maxBytes: number;
}

/** A file that was downloaded into memory. */
export interface Download {
  readonly bytes: Uint8Array;
  /** Response headers by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What the engine hands to a kind that is not a file. */
export interface KindTools<C extends string = string, I extends ItemInHand = ItemInHand> extends Tools<C, I> {
  /**
   * Downloads a file from a URL that a partner chose: only the public internet and `TRUSTED_NETWORKS` can be reached.
   *
   * @throws an error that fails the item with a code such as HTTP_STATUS or TOO_LARGE; retries obey `Retry-After`
   */
  readonly download: (url: string, options: DownloadOptions) => Promise<Download>;
}
