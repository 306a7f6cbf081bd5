import { readFileSync } from 'node:fs';
import { ROOT } from '../support/root.js';

/** A small MP4 with its index in front: what is appended in a `free` box changes the bytes, and not the video. */
const VIDEO = readFileSync(`${ROOT}/test/fixtures/bench-28k.mp4`);
const BOX_HEADER = 8;
/** What boxes with a size of 32 bits can hold (ISO/IEC 14496-12, 4.2.2). */
const LARGEST_BOX = 2 ** 32 - 1;

/** A video that no other path has, so that nothing of it can be stored already. */
export interface VideoFile {
  /** Bytes in all. */
  size: number;
  /** The video and the header of the box behind it. */
  head: readonly Buffer[];
  /** Bytes of filling in the box. */
  filling: number;
  /** The end of the box: the path itself. */
  tail: Buffer;
  delayMs: number;
}

/**
 * What lies under a path: `/BYTES/DELAY/NAME`, where BYTES is at least that of the video itself and DELAY are the
 * milliseconds before the answer.
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
