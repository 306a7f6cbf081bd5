import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { ProbeFailedError } from './errors.js';
import type { ReadableFile } from './readable-file.js';

/** Covers the whole header of most files, and all of a short clip. */
const FIRST_WINDOW = 64 * 1024;
const LATER_WINDOW = 16 * 1024;

/**
 * A file on the disk that reads only the requested parts, within a budget.
 *
 * Reads are synchronous: a probing process has nothing else to do, and the thread pool costs more than the read.
 */
export class LocalFile implements ReadableFile {
  readonly size: number;
  readonly #descriptor: number;
  readonly #maxReadBytes: number;
  #bytesLeft: number;
  #window: Uint8Array = new Uint8Array();
  #windowStart = 0;

  /**
   * @param maxReadBytes maximum bytes of one read, since a parser keeps them in memory; all reads together may take
   *   four times as much
   * @throws the system's error if the file cannot be opened
   */
  constructor(path: string, maxReadBytes: number) {
    this.#maxReadBytes = maxReadBytes;
    this.#bytesLeft = maxReadBytes * 4;
    this.#descriptor = openSync(path, 'r');
    this.size = fstatSync(this.#descriptor).size;
  }

  read(start: number, end: number): Uint8Array {
    const length = Math.max(0, Math.min(end, this.size) - start);
    if (!this.#holds(start, length)) {
      const window = start === 0 ? FIRST_WINDOW : LATER_WINDOW;
      this.#window = this.#readFromDisk(start, Math.max(length, Math.min(window, this.size - start)));
      this.#windowStart = start;
    }
    const offset = start - this.#windowStart;
    return this.#window.subarray(offset, offset + length);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #holds(start: number, length: number): boolean {
    return start >= this.#windowStart && start + length <= this.#windowStart + this.#window.length;
  }

  #readFromDisk(start: number, length: number): Uint8Array {
    if (length > this.#maxReadBytes || length > this.#bytesLeft) {
      throw new ProbeFailedError('out-of-memory', `Reading the file exceeds ${this.#maxReadBytes} bytes`);
    }
    this.#bytesLeft -= length;
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const count = readSync(this.#descriptor, bytes, filled, length - filled, start + filled);
      if (count === 0) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  }
}
