import type { SourceValidators } from '../video-import.js';

/** A file that is complete, on the disk of this worker or in its memory. */
export interface DownloadedFile extends SourceValidators {
  /** Path, or bytes. */
  source: string | Uint8Array;
  /** Bytes. */
  size: number;
  /** Lower-case hex. */
  sha256: string;
  /** Whether the origin declared how long the file is; where it did not, only the file itself can tell a cut one. */
  lengthDeclared: boolean;
  /** When the last byte was written or the file was verified, on the clock of `Date.now()`. */
  downloadedAt: number;
}
