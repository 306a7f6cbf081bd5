import type { ReadableFile } from '../readable-file.js';
import { lastOggPages } from '../ogg-pages.js';

/**
 * Whether the last page goes on behind the end of the file: RFC 3533, 6. That the last page of a stream carries a flag
 * tells nothing: who records a live stream leaves off anywhere.
 */
export function isOggCut(file: ReadableFile): boolean {
  const last = lastOggPages(file).next();
  return !last.done && last.value.end > file.size;
}
