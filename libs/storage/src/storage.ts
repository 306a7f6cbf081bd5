import type { Readable } from 'node:stream';

/** Facts about a stored file. */
export interface StoredObject {
  key: string;
  /** Bytes. */
  size: number;
  modifiedAt: Date;
}

/** Facts about a file to be stored. */
export interface ObjectMeta {
  /** Media type of responses to readers, if the storage keeps one (S3). */
  mimeType: string;
  /** Bytes. A source of another size is refused, so a truncated file is never stored. */
  size: number;
}

/** First and last byte, both inclusive and zero-based, as in RFC 9110, section 14.1.2. */
export interface ByteRange {
  start: number;
  /** An end after the last byte means the last byte. */
  end: number;
}

/**
 * Stores finished files. Every method throws a {@link StorageError}, or the reason of an aborted signal. Keys come from
 * `newKey`; any other string is refused with `INVALID_KEY`.
 */
export interface Storage {
  /**
   * Whether `put` waits until the given file is on the disk. The writer of the file can then flush it while it is
   * written, which leaves little to wait for.
   */
  readonly flushesFiles: boolean;

  /**
   * Moves a finished file into the storage. When the promise resolves, the bytes are durable and the source file is
   * gone. When it rejects, the source file still exists, so the caller can retry under a new key. Bytes that a lost
   * connection or a crash leaves under the old key are an orphan, and `list` returns it.
   *
   * @param key a new key; an existing one gives `EXISTS` and is never overwritten
   * @param source path of a file that is no longer written to; or the bytes of a small file, which must not change
   *   before the promise settles
   * @param meta media type, and size in bytes
   * @param signal aborts the transfer; the promise then rejects with the signal's reason, after the clean-up
   * @throws StorageError
   */
  put(key: string, source: string | Uint8Array, meta: ObjectMeta, signal?: AbortSignal): Promise<void>;

  /** Removes an object. Removing a missing object is not an error. */
  delete(key: string): Promise<void>;

  /** @returns size in bytes and modification time of an object; null if it does not exist */
  stat(key: string): Promise<StoredObject | null>;

  /**
   * Reads an object, or a range of it.
   *
   * @returns a stream of the bytes
   * @throws StorageError `NOT_FOUND`, or `RANGE` if the range starts after the last byte
   */
  read(key: string, range?: ByteRange): Promise<Readable>;

  /**
   * Lists every object whose key starts with the prefix (`2019/11/21/` is one day), in no particular order and in
   * constant memory. Objects added or removed meanwhile may or may not appear. Files whose name is not a key never do.
   *
   * @returns the objects, fetched while they are consumed
   */
  list(prefix?: string): AsyncIterable<StoredObject>;
}
