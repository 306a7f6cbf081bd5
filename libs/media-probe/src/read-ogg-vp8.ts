import type { Found } from './read-with-mediabunny.js';
import { displaySize } from './display-size.js';
import { viewOf } from './iso-boxes.js';
import type { ReadableFile } from './readable-file.js';

/** All streams of a file begin on its first pages, RFC 3533, 4. */
const MAX_STREAMS = 16;
const PAGE_HEADER_BYTES = 27;
const CAPTURE = 'OggS';
const AUDIO: readonly [string, string][] = [
  ['\x01vorbis', 'vorbis'],
  ['OpusHead', 'opus'],
  ['\x7fFLAC', 'flac'],
  ['Speex', 'speex'],
];

/**
 * VP8 in Ogg, which neither parser knows. Its mapping exists in FFmpeg and in the files it wrote.
 * @returns null where no stream is VP8
 */
export function readOggVp8(file: ReadableFile): Found | null {
  let video: Omit<Found, 'audioCodec'> | null = null;
  let audioCodec: string | null = null;
  let position = 0;
  for (let page = 0; page < MAX_STREAMS; page++) {
    const header = file.read(position, position + PAGE_HEADER_BYTES);
    if (header.length < PAGE_HEADER_BYTES || text(header, 4) !== CAPTURE) break;
    const start = position + PAGE_HEADER_BYTES + (header[26] ?? 0);
    const lengths = file.read(position + PAGE_HEADER_BYTES, start);
    const end = start + lengths.reduce((total, length) => total + length, 0);
    const packet = file.read(start, Math.min(end, start + 64));
    video ??= readVp8(packet);
    audioCodec ??= AUDIO.find(([mark]) => text(packet, mark.length) === mark)?.[1] ?? null;
    position = end;
  }
  return video && { ...video, audioCodec };
}

function readVp8(packet: Uint8Array): Omit<Found, 'audioCodec'> | null {
  if (packet.length < 26 || text(packet, 6) !== 'OVP80\x01') return null;
  const view = viewOf(packet);
  const ratio = (view.getUint32(12) >>> 8) / (view.getUint32(15) >>> 8);
  const size = { codedWidth: view.getUint16(8), codedHeight: view.getUint16(10) };
  return {
    videoCodec: 'vp8',
    ...displaySize({ ...size, pixelAspectRatio: ratio, rotation: 0 }),
    duration: null,
  };
}

function text(bytes: Uint8Array, length: number): string {
  return Buffer.from(bytes.subarray(0, length)).toString('latin1');
}
