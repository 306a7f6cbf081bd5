import type { SourceValidators } from '../media-import.js';

/** A complete file, on this worker's disk or in memory. */
export interface DownloadedFile extends SourceValidators {
  /** Path, or bytes. */
  source: string | Uint8Array;
  /** Bytes. */
  size: number;
  /** Lower-case hex. */
  sha256: string;
  /** Whether the origin declared the length; if not, only the file itself can reveal truncation. */
  lengthDeclared: boolean;
  /** When the last byte was written or the file was verified, on the clock of `Date.now()`. */
  downloadedAt: number;
}
