import { CONTAINERS } from './containers.js';
import { NotAVideoError } from './errors.js';
import type { ReadableFile } from './readable-file.js';
import { sniff } from './sniff.js';

/** The beginning of a file; notes whether more of it was wanted. */
class Head implements ReadableFile {
  wantsMore = false;

  constructor(
    private readonly bytes: Uint8Array,
    readonly size: number,
  ) {}

  read(start: number, end: number): Uint8Array {
    if (Math.min(end, this.size) > this.bytes.length) this.wantsMore = true;
    return this.bytes.slice(start, end);
  }

  close(): void {
    // Nothing is open.
  }
}

/**
 * Judges a file by its first bytes, in this process: it compares signatures and walks a bounded number of boxes, and
 * runs no parser.
 *
 * @param head the first bytes, at least 64 KiB of a longer file
 * @param size bytes of the whole file; Infinity if unknown
 * @returns MIME type of the container; null if these bytes do not tell
 * @throws NotAVideoError with the reason that `Prober.probe` gives for the whole file
 */
export function sniffHead(head: Uint8Array, size: number): string | null {
  const file = new Head(head, size);
  const sniffed = sniff(file);
  if ('container' in sniffed) return CONTAINERS[sniffed.container].mimeType;
  if (file.wantsMore) return null;
  throw new NotAVideoError('not-a-video', `the file is ${sniffed.notAVideo}`);
}
