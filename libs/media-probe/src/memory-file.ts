import type { ReadableFile } from './readable-file.js';

/** A file that is in memory already, so that no part of it costs more than another. */
export class MemoryFile implements ReadableFile {
  readonly size: number;

  constructor(private readonly bytes: Uint8Array) {
    this.size = bytes.byteLength;
  }

  read(start: number, end: number): Uint8Array {
    return this.bytes.subarray(start, Math.max(start, end));
  }

  close(): void {
    // Memory is given back by nobody holding it.
  }
}
