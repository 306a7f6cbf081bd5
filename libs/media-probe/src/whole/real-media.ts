import { viewOf } from '../iso-boxes.js';
import type { ReadableFile } from '../readable-file.js';

const CHUNK_HEADER_BYTES = 8;
const MAX_CHUNKS = 64;
/** FFmpeg counts the chunk header twice, except for its first eight bytes. */
const SLACK_BYTES = 18;

/** Whether the DATA chunk ends past the end of the file. A live stream does not declare its size. */
export function isRealMediaCut(file: ReadableFile): boolean {
  let position = 0;
  for (let chunk = 0; chunk < MAX_CHUNKS && position < file.size; chunk++) {
    const header = file.read(position, position + CHUNK_HEADER_BYTES);
    if (header.length < CHUNK_HEADER_BYTES) return true;
    const end = position + viewOf(header).getUint32(4);
    if (Buffer.from(header.subarray(0, 4)).toString('latin1') === 'DATA')
      return end > file.size + SLACK_BYTES;
    if (end < position + CHUNK_HEADER_BYTES) return false;
    position = end;
  }
  return position > file.size;
}
