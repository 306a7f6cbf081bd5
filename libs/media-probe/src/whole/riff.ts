import { viewOf } from '../iso-boxes.js';
import type { ReadableFile } from '../readable-file.js';

/** Recorders write sizes at the end; unfinished files have 0 or the maximum. */
const MOST_KNOWN = 0x7fff_ffff;

/**
 * Whether an AVI file is shorter than its first RIFF chunk declares. Longer files continue in further chunks (OpenDML).
 */
export function isRiffCut(file: ReadableFile): boolean {
  const header = file.read(0, 8);
  const size = header.length < 8 ? 0 : viewOf(header).getUint32(4, true);
  // Some writers omit the byte that pads a chunk to an even length.
  return size > 0 && size < MOST_KNOWN && 8 + size > file.size + 1;
}
