import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const SMALL_VIDEO = readFileSync(join(import.meta.dirname, '../../fixtures/h264-faststart.mp4'));
const BOX_HEADER_BYTES = 8;

/**
 * A video that no other name has, and the same whenever it is asked for: behind a small MP4 there is a box that players
 * skip, filled with bytes made from the name.
 *
 * @param bytes length of the whole; what is shorter than the video itself is made as short as can be
 */
export function videoNamed(name: string, bytes = 0): Buffer {
  const seed = createHash('sha256').update(name).digest();
  const length = Math.max(seed.length, bytes - SMALL_VIDEO.length - BOX_HEADER_BYTES);
  const header = Buffer.from('\0\0\0\0free', 'latin1');
  header.writeUInt32BE(BOX_HEADER_BYTES + length);
  return Buffer.concat([SMALL_VIDEO, header, Buffer.alloc(length, seed)]);
}

/** Lower-case hex. */
export function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
