import { viewOf } from '../iso-boxes.js';
import type { ReadableFile } from '../readable-file.js';

/** Audio, video and script tags. */
const TAG_TYPES: ReadonlySet<number> = new Set([8, 9, 18]);
const TAG_HEADER_BYTES = 11;
/** Each tag is followed by its length. */
const SIZE_BYTES = 4;
/** A tag holds one frame, which takes some hundred KB at the highest rates. */
const TAIL_BYTES = 2 ** 20;
/** Number of consecutive tags that rule out a coincidence. */
const MIN_TAGS = 3;

/**
 * Whether the last tag ends past the end of the file: Video File Format Specification 10.1, E.4.1. A file with an
 * unparsable end does not count as cut.
 */
export function isFlvCut(file: ReadableFile): boolean {
  const from = Math.max(0, file.size - TAIL_BYTES);
  const tail = file.read(from, file.size);
  const first = from === 0 && tail.length > 9 ? viewOf(tail).getUint32(5) + SIZE_BYTES : 0;
  for (let start = first; start < tail.length; start++) {
    const end = endOfChain(tail, start, from === 0 ? 1 : MIN_TAGS);
    if (end !== null) return end > tail.length;
    // From its start, a file is one chain or damaged.
    if (from === 0) return false;
  }
  return false;
}

/** @returns the end of the last consecutive tag from `start`; null if there is no chain of at least `least` tags */
function endOfChain(tail: Uint8Array, start: number, least: number): number | null {
  let position = start;
  for (let count = 1; position < tail.length; count++) {
    const tag = tail.subarray(position, position + TAG_HEADER_BYTES);
    if (!TAG_TYPES.has((tag[0] ?? 0) & 31)) return null;
    // The stream identifier is always 0.
    if (tag[8] || tag[9] || tag[10]) return null;
    const end = position + TAG_HEADER_BYTES + lengthOf(tag);
    if (tag.length < TAG_HEADER_BYTES || end >= tail.length) return count < least ? null : end;
    // Some writers omit the last size; none writes half of it.
    position = end + SIZE_BYTES;
  }
  return position;
}

function lengthOf([, high = 0, middle = 0, low = 0]: Uint8Array): number {
  return high * 65_536 + middle * 256 + low;
}
