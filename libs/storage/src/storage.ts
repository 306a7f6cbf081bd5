import type { Readable } from 'node:stream';

/** What a storage knows about one stored file. */
export interface StoredObject {
  key: string;
  /** In bytes. */
  size: number;
  modifiedAt: Date;
}

/** What is told about a file when it is stored. */
export interface ObjectMeta {
  /** The media type a reader is answered with, where the storage keeps one (S3). */
  mimeType: string;
  /** In bytes. A source of another size is refused, so that a file cut short is never stored. */
  size: number;
}

/** First and last byte, both included and counted from 0, as in RFC 9110 section 14.1.2. */
export interface ByteRange {
  start: number;
  /** An end behind the last byte means the last byte. */
  end: number;
}

/**
 * Where finished files live. Every method throws a {@link StorageError}, or the reason of the signal that ended it.
 * Keys come from `newKey`; any other string is refused with the code `INVALID_KEY`.
 */
export interface Storage {
  /**
   * Whether `put` waits until a file it is given is on the disk where it lies. Whoever writes that file can then have it
   * flushed on the way, so that little is left to wait for.
   */
  readonly flushesFiles: boolean;

  /**
   * Moves a finished file into the storage. When the promise resolves the bytes are durable and a file it was given is
   * gone; when it rejects that file is still there, so that the caller can try again under a new key. What a lost
   * connection or a crash leaves under the old key is an orphan like any other, and `list` shows it.
   *
   * @param key a new key; one that exists is an error (`EXISTS`), never an overwrite
   * @param source path of the file, which nobody writes to any more; or the bytes of a small one, which nobody changes
   *   before the promise settles
   * @param signal ends the transfer; the promise then rejects with the signal's reason, after the clean-up
   */
  put(key: string, source: string | Uint8Array, meta: ObjectMeta, signal?: AbortSignal): Promise<void>;

  /** Removes an object. Removing one that does not exist is no error. */
  delete(key: string): Promise<void>;

  /** Size and time of one object, or null where there is none. */
  stat(key: string): Promise<StoredObject | null>;

  /**
   * The bytes of an object, or of a range of it.
   *
   * @throws StorageError `NOT_FOUND`, or `RANGE` when the range begins behind the last byte
   */
  read(key: string, range?: ByteRange): Promise<Readable>;

  /**
   * Every object whose key begins with the prefix (`2019/11/21/` is one day), in no particular order, in memory that
   * does not grow with their number. What is added or removed meanwhile may or may not appear. Files that are not
   * ours (whose name is no key) never do.
   */
  list(prefix?: string): AsyncIterable<StoredObject>;
}
