import { viewOf } from '../iso-boxes.js';
import type { ReadableFile } from '../readable-file.js';

const KEY_BYTES = 16;
/** Where the pack says where the footer is, behind its key and length. */
const FOOTER_OFFSET = 24;

/**
 * Whether the footer partition that the header partition names is behind the end of the file: SMPTE ST 377-1, 7.1. A
 * recording that goes on, or was written to where one cannot go back, names none.
 */
export function isMxfCut(file: ReadableFile): boolean {
  const head = file.read(0, 64);
  const length = head[KEY_BYTES] ?? 0;
  // BER: a byte below 128 is the length, else it says how many bytes the length has.
  const pack = KEY_BYTES + 1 + (length < 128 ? 0 : length & 127);
  if (pack + FOOTER_OFFSET + 8 > head.length) return false;
  const footer = Number(viewOf(head).getBigUint64(pack + FOOTER_OFFSET));
  return footer > 0 && footer + KEY_BYTES > file.size;
}
