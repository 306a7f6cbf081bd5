import type { ReadableFile } from './readable-file.js';

/** A view of a file that skips its first bytes. */
export class OffsetFile implements ReadableFile {
  readonly size: number;

  constructor(
    private readonly file: ReadableFile,
    private readonly start: number,
  ) {
    this.size = Math.max(0, file.size - start);
  }

  read(start: number, end: number): Uint8Array {
    return this.file.read(this.start + start, this.start + end);
  }

  close(): void {
    this.file.close();
  }
}
