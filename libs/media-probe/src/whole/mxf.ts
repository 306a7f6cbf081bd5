import { viewOf } from '../iso-boxes.js';
import type { ReadableFile } from '../readable-file.js';

const KEY_BYTES = 16;
/** Offset of the footer position in the pack, after its key and length. */
const FOOTER_OFFSET = 24;

/**
 * Whether the footer partition that the header partition names is past the end of the file: SMPTE ST 377-1, 7.1. A
 * recording in progress, or one written without seeking, names none.
 */
export function isMxfCut(file: ReadableFile): boolean {
  const head = file.read(0, 64);
  const length = head[KEY_BYTES] ?? 0;
  // BER: a byte below 128 is the length; otherwise it gives the number of bytes of the length.
  const pack = KEY_BYTES + 1 + (length < 128 ? 0 : length & 127);
  if (pack + FOOTER_OFFSET + 8 > head.length) return false;
  const footer = Number(viewOf(head).getBigUint64(pack + FOOTER_OFFSET));
  return footer > 0 && footer + KEY_BYTES > file.size;
}
