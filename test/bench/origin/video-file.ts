import { readFileSync } from 'node:fs';
import { ROOT } from '../support/root.js';

/** A small MP4 with its index in front. Bytes in an appended `free` box change the file, but not the video. */
const VIDEO = readFileSync(`${ROOT}/test/fixtures/bench-28k.mp4`);
const BOX_HEADER = 8;
/** Maximum size of a box with a 32-bit size field (ISO/IEC 14496-12, section 4.2.2). */
const LARGEST_BOX = 2 ** 32 - 1;

/** A video that is unique to its path, so that it cannot be stored already. */
export interface VideoFile {
  /** Total size in bytes. */
  size: number;
  /** The video and the header of the following box. */
  head: readonly Buffer[];
  /** Number of filling bytes in the box. */
  filling: number;
  /** The end of the box: the path itself. */
  tail: Buffer;
  delayMs: number;
}

/**
 * The file at a path `/BYTES/DELAY/NAME`. BYTES is the total size, at least that of the video itself; DELAY is the
 * delay of the answer in milliseconds.
 */
export function videoFile(path: string): VideoFile | undefined {
  const [, bytes, delay] = /^\/(\d+)\/(\d+)\/./.exec(path) ?? [];
  if (bytes === undefined || delay === undefined) return undefined;
  const tail = Buffer.from(path, 'latin1');
  const size = Math.max(Number(bytes), VIDEO.length + BOX_HEADER + tail.length);
  const box = size - VIDEO.length;
  if (box > LARGEST_BOX) return undefined;
  const header = Buffer.alloc(BOX_HEADER, 'free');
  header.writeUInt32BE(box);
  return {
    size,
    head: [VIDEO, header],
    filling: box - BOX_HEADER - tail.length,
    tail,
    delayMs: Number(delay),
  };
}
