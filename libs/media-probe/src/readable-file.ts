/** A file that is read in parts. Returned bytes are never overwritten, so callers may keep them. */
export interface ReadableFile {
  /** Bytes. */
  readonly size: number;
  /**
   * Returns the bytes from `start` to `end` (exclusive); fewer if the file ends before.
   * @throws ProbeFailedError (`out-of-memory`) if the read limit is exceeded
   */
  read(start: number, end: number): Uint8Array;
  close(): void;
}
