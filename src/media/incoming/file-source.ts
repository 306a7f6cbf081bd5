import type { OutboundResponse } from '#libs/outbound-http';
import type { KnownMedia } from '../media-import.js';

/** Where an attempt gets its file from: a run downloads it, a plan reads its beginning. */
export interface FileSource<File> {
  /** Largest file, in bytes. */
  readonly maxBytes: number;

  /** Runs the part of an attempt that uses the file, and cleans up. */
  run<T>(work: () => Promise<T>): Promise<T>;

  /**
   * Requests the file.
   *
   * @param known the medium in the library, whose validators are sent if it came from the same URL
   * @param send sends a request for the file with these headers
   * @returns null if the source reports that the library has the current version
   * @throws OutboundError; ItemFailure
   */
  download(
    known: KnownMedia | null,
    send: (headers: Record<string, string>) => Promise<OutboundResponse>,
  ): Promise<File | null>;
}
