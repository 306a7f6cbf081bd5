import { ProbeFailedError } from './errors.js';
import type { ReadableFile } from './readable-file.js';

/** A file in the memory of the parent process. Its first bytes are local; the rest is fetched when it is read. */
export class RemoteFile implements ReadableFile {
  /** Later windows double, so that reading a whole file takes few round trips. */
  #nextWindow = 64 * 1024;
  #windowStart = 0;
  #window: Uint8Array;
  #bytesLeft: number;

  /**
   * @param head the first bytes of the file
   * @param fetchPart fetches the bytes from `start` to `end` (exclusive)
   * @param maxReadBytes maximum bytes that all reads together may fetch
   */
  constructor(
    readonly size: number,
    private readonly head: Uint8Array,
    private readonly fetchPart: (start: number, end: number) => Uint8Array,
    maxReadBytes: number,
  ) {
    this.#window = head;
    this.#bytesLeft = maxReadBytes;
  }

  read(start: number, end: number): Uint8Array {
    const last = Math.min(end, this.size);
    // A position from the file may be anywhere.
    if (last <= start) return new Uint8Array();
    if (last <= this.head.length) return this.head.subarray(start, last);
    if (start < this.#windowStart || last > this.#windowStart + this.#window.length) this.#move(start, last);
    return this.#window.subarray(start - this.#windowStart, last - this.#windowStart);
  }

  close(): void {
    // The garbage collector frees the memory.
  }

  #move(start: number, last: number): void {
    const end = Math.min(this.size, Math.max(last, start + this.#nextWindow));
    if (end - start > this.#bytesLeft) {
      throw new ProbeFailedError('out-of-memory', 'Reading the file exceeds the read limit');
    }
    this.#bytesLeft -= end - start;
    this.#nextWindow *= 2;
    this.#window = this.fetchPart(start, end);
    this.#windowStart = start;
  }
}
