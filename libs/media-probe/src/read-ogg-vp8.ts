import { displaySize } from './display-size.js';
import { viewOf } from './iso-boxes.js';
import { readOggStreams } from './ogg-streams.js';
import type { Found } from './read-with-mediabunny.js';
import type { ReadableFile } from './readable-file.js';

const HEADER_BYTES = 26;

/**
 * Reads VP8 in Ogg, which neither parser supports.
 * @param duration seconds
 * @returns null if no stream is VP8
 */
export function readOggVp8(file: ReadableFile, duration: number | null): Found | null {
  const streams = readOggStreams(file);
  const video = streams.find(({ codec }) => codec === 'vp8');
  if (!video || video.packet.length < HEADER_BYTES) return null;
  const view = viewOf(video.packet);
  const pixelAspectRatio = (view.getUint32(12) >>> 8) / (view.getUint32(15) >>> 8);
  const size = { codedWidth: view.getUint16(8), codedHeight: view.getUint16(10) };
  return {
    videoCodec: 'vp8',
    audioCodec: streams.find(({ codec }) => codec !== 'vp8' && codec !== 'theora')?.codec ?? null,
    ...displaySize({ ...size, pixelAspectRatio, rotation: 0 }),
    duration,
  };
}
