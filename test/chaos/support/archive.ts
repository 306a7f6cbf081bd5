import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const SMALL_VIDEO = readFileSync(join(import.meta.dirname, '../../fixtures/h264-faststart.mp4'));
const BOX_HEADER_BYTES = 8;

/**
 * A video that is unique to its name, and identical on every call: a small MP4 with a box that players skip, filled
 * with bytes derived from the name.
 *
 * @param bytes total length; a value below the minimum gives the minimum
 */
export function videoNamed(name: string, bytes = 0): Buffer {
  const seed = createHash('sha256').update(name).digest();
  const length = Math.max(seed.length, bytes - SMALL_VIDEO.length - BOX_HEADER_BYTES);
  const header = Buffer.from('\0\0\0\0free', 'latin1');
  header.writeUInt32BE(BOX_HEADER_BYTES + length);
  return Buffer.concat([SMALL_VIDEO, header, Buffer.alloc(length, seed)]);
}

/** @returns lower-case hexadecimal */
export function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
