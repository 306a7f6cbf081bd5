/** A file of which parts are read, wherever it lies. Bytes handed out are never overwritten, so callers may keep them. */
export interface ReadableFile {
  /** Bytes. */
  readonly size: number;
  /**
   * The bytes from `start` up to, not including, `end`; fewer where the file ends before.
   * @throws ProbeFailedError (`out-of-memory`) where more is asked for than may be read
   */
  read(start: number, end: number): Uint8Array;
  close(): void;
}
