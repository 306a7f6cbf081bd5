import { createHash } from 'node:crypto';

const MAGIC = 'VIDEO';
const HEADER_BYTES = 9;

/**
 * A file that contains its own length, as videos do, and is unique to its name.
 *
 * @param tail number of bytes at its end that the length excludes, such as a box that players skip
 */
export function fileNamed(name: string, bytes: number, tail: number): Buffer {
  const file = Buffer.alloc(HEADER_BYTES + bytes);
  file.write(MAGIC);
  file.writeUInt32BE(file.length - tail, MAGIC.length);
  for (let at = HEADER_BYTES, block = 0; at < file.length; at += 32, block += 1) {
    createHash('sha256').update(`${name} ${block}`).digest().copy(file, at);
  }
  return file;
}

/** The verdict of a probe from the bytes alone. */
export function probe(bytes: Uint8Array): 'video' | 'truncated' | 'not a video' {
  const file = Buffer.from(bytes);
  if (!file.toString('latin1', 0, MAGIC.length).startsWith(MAGIC.slice(0, file.length))) return 'not a video';
  if (file.length < HEADER_BYTES) return 'truncated';
  return file.length < file.readUInt32BE(MAGIC.length) ? 'truncated' : 'video';
}
