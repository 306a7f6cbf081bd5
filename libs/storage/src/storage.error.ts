/** Error codes. A closed list. */
export type StorageErrorCode =
  /** The key was not created by `newKey`. */
  | 'INVALID_KEY'
  /** The key already exists. */
  | 'EXISTS'
  /** The object or the source file does not exist. */
  | 'NOT_FOUND'
  /** The range starts after the last byte. */
  | 'RANGE'
  /** The size of the source differs from the announced size. */
  | 'SIZE_MISMATCH'
  /** No space is left: disk, quota or bucket. */
  | 'FULL'
  /** The storage refuses access: permissions, credentials, a missing bucket. */
  | 'DENIED'
  /** Everything else: timeouts, lost connections, I/O errors. */
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

/** The error of this library. Its message contains neither paths nor addresses; they are in the `cause`. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  /** Whether the same call can succeed later without a change of settings. */
  readonly temporary: boolean;

  /** @param message without paths or addresses */
  constructor(
    readonly code: StorageErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.temporary = TEMPORARY[code];
  }
}
