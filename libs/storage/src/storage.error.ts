/** What went wrong, as a closed list. */
export type StorageErrorCode =
  /** The key was not made by `newKey`. */
  | 'INVALID_KEY'
  /** There is an object under this key already. */
  | 'EXISTS'
  /** There is no such object, or no such source file. */
  | 'NOT_FOUND'
  /** The range begins behind the last byte. */
  | 'RANGE'
  /** The source is not as long as the caller said. */
  | 'SIZE_MISMATCH'
  /** No room is left: disk, quota or bucket. */
  | 'FULL'
  /** The storage refuses us: permissions, credentials, a bucket that does not exist. */
  | 'DENIED'
  /** Everything else: timeouts, broken connections, input/output errors. */
  | 'UNAVAILABLE';

const TEMPORARY: Record<StorageErrorCode, boolean> = {
  INVALID_KEY: false,
  EXISTS: false,
  NOT_FOUND: false,
  RANGE: false,
  SIZE_MISMATCH: false,
  FULL: true,
  DENIED: false,
  UNAVAILABLE: true,
};

/** The one error of this library. Its message holds neither paths nor addresses; they are in the `cause`. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  /** Whether the same call can succeed later without anybody changing a setting. */
  readonly temporary: boolean;

  constructor(
    readonly code: StorageErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.temporary = TEMPORARY[code];
  }
}
