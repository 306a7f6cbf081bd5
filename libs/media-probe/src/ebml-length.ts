import { NotAVideoError } from './errors.js';
import type { ReadableFile } from './readable-file.js';

const SEGMENT_ID = 0x18538067;
/** The EBML header before the segment is some 40 bytes; both their headers fit in here. */
const HEAD_BYTES = 256;

/**
 * Checks that a Matroska or WebM file is as long as its segment says (RFC 9559, 5.1). Recordings of something live
 * leave the size open and are made to be played up to wherever they end.
 *
 * @throws NotAVideoError `truncated`
 */
export function assertWholeSegment(file: ReadableFile): void {
  const head = file.read(0, HEAD_BYTES);
  const header = parseSize(head, 4);
  if (!header) return;
  const segment = header.contentStart + header.size;
  if (segment + 12 > head.length) return;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (view.getUint32(segment) !== SEGMENT_ID) return;
  const size = parseSize(head, segment + 4);
  if (size && size.contentStart + size.size > file.size) {
    throw new NotAVideoError('truncated', 'the file ends in the middle of its media data');
  }
}

/** RFC 8794, 4: as many further bytes as there are zero bits in front; null where all data bits are set (unknown). */
function parseSize(bytes: Uint8Array, position: number): { size: number; contentStart: number } | null {
  const first = bytes[position] ?? 0;
  const length = Math.clz32(first) - 23;
  if (length > 8) return null;
  let size = first & (0xff >> length);
  let unknown = size === 0xff >> length;
  for (let index = 1; index < length; index++) {
    const byte = bytes[position + index] ?? 0;
    size = size * 256 + byte;
    unknown &&= byte === 0xff;
  }
  return unknown ? null : { size, contentStart: position + length };
}
