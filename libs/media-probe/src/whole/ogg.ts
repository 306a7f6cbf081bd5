import type { ReadableFile } from '../readable-file.js';
import { lastOggPages } from '../ogg-pages.js';

/**
 * Whether the last page ends past the end of the file: RFC 3533, 6. The end-of-stream flag is no indication: live
 * recordings stop anywhere.
 */
export function isOggCut(file: ReadableFile): boolean {
  const last = lastOggPages(file).next();
  return !last.done && last.value.end > file.size;
}
