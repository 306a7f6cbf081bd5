import { viewOf } from '../iso-boxes.js';
import type { ReadableFile } from '../readable-file.js';

/** SMPTE ST 360, 5: a header has five leading bytes, a type, a length, four reserved bytes and two trailing bytes. */
const LEADER = Buffer.from('0000000001', 'hex');
const TRAILER = 0xe1e2;
const HEADER_BYTES = 16;
/** A packet holds a field or a frame, which takes half of this at the highest rates. */
const TAIL_BYTES = 2 ** 20;

/** Whether the last packet ends past the end of the file. */
export function isGxfCut(file: ReadableFile): boolean {
  const from = Math.max(0, file.size - TAIL_BYTES);
  const tail = file.read(from, file.size);
  const bytes = Buffer.from(tail.buffer, tail.byteOffset, tail.length);
  let at = bytes.lastIndexOf(LEADER);
  while (at > 0 && !isHeader(bytes, at)) at = bytes.lastIndexOf(LEADER, at - 1);
  return at !== -1 && isHeader(bytes, at) && from + at + viewOf(bytes).getUint32(at + 6) > file.size;
}

function isHeader(bytes: Buffer, at: number): boolean {
  return at + HEADER_BYTES <= bytes.length && bytes.readUInt16BE(at + 14) === TRAILER;
}
