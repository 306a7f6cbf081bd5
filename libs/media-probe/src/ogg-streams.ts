import { viewOf } from './iso-boxes.js';
import { lastOggPages, readOggPage } from './ogg-pages.js';
import type { ReadableFile } from './readable-file.js';

/** All streams of a file start on its first pages, RFC 3533, 4. */
const MAX_STREAMS = 16;
const PACKET_BYTES = 64;

/** A stream of an Ogg file, as described by its first packet. */
export interface OggStream {
  serial: number;
  codec: string;
  packet: Uint8Array;
}

type Clock = (packet: DataView, granule: bigint) => number;

/** Marks of first packets, and the conversion of granule positions to seconds. */
const CODECS: readonly [mark: string, codec: string, seconds: Clock][] = [
  ['\x80theora', 'theora', theoraSeconds],
  // This mapping is defined only by FFmpeg and the files it wrote.
  [
    'OVP80\x01',
    'vp8',
    (packet, granule) => (Number(granule >> 32n) * packet.getUint32(22)) / packet.getUint32(18),
  ],
  ['\x01vorbis', 'vorbis', (packet, granule) => Number(granule) / packet.getUint32(12, true)],
  ['OpusHead', 'opus', (packet, granule) => (Number(granule) - packet.getUint16(10, true)) / 48_000],
  ['\x7fFLAC', 'flac', (packet, granule) => Number(granule) / (packet.getUint32(27) >>> 12)],
  ['Speex', 'speex', (packet, granule) => Number(granule) / packet.getUint32(36, true)],
];

export function readOggStreams(file: ReadableFile): OggStream[] {
  const streams: OggStream[] = [];
  let page = readOggPage(file, 0);
  for (let count = 0; page && count < MAX_STREAMS; count++) {
    const packet = file.read(page.contentStart, Math.min(page.end, page.contentStart + PACKET_BYTES));
    const codec = codecOf(packet)?.[1];
    if (codec !== undefined) streams.push({ serial: page.serial, codec, packet });
    page = readOggPage(file, page.end);
  }
  return streams;
}

/** Returns the seconds of the longest stream, from the granule position of its last page; null if there is none. */
export function readOggDuration(file: ReadableFile): number | null {
  const streams = new Map(readOggStreams(file).map((stream) => [stream.serial, stream]));
  let longest: number | null = null;
  for (const { serial, granule } of lastOggPages(file)) {
    const stream = streams.get(serial);
    if (!stream || granule <= 0n) continue;
    streams.delete(serial);
    const clock = codecOf(stream.packet)?.[2];
    const seconds = clock?.(viewOf(padded(stream.packet)), granule) ?? 0;
    if (seconds > 0 && Number.isFinite(seconds)) longest = Math.max(longest ?? 0, seconds);
  }
  return longest;
}

/** Theora specification, A.2.3: the frames up to the last key frame plus those after it. */
function theoraSeconds(packet: DataView, granule: bigint): number {
  const shift = BigInt((packet.getUint16(40) >> 5) & 31);
  const keyFrame = granule >> shift;
  const frames = Number(keyFrame + (granule - (keyFrame << shift)));
  return (frames * packet.getUint32(26)) / packet.getUint32(22);
}

function codecOf(packet: Uint8Array) {
  const text = Buffer.from(packet.subarray(0, 8)).toString('latin1');
  return CODECS.find(([mark]) => text.startsWith(mark));
}

/** Pads a short packet with zeros. */
function padded(packet: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(PACKET_BYTES);
  bytes.set(packet);
  return bytes;
}
