import type { ReadableFile } from './readable-file.js';
import { resynchronise } from './resynchronise.js';
import { sniffIso } from './sniff-iso.js';
import type { Sniffed } from './sniffed.js';
import { sniffText } from './sniff-text.js';
import type { Container } from './video-probe.js';

/** Covers signatures and the starts of texts. */
const SNIFF_BYTES = 1024;
/** Maximum offset of a stream from the start of the file. */
const RESYNC_BYTES = 64 * 1024;
const TS_PACKET_BYTES = 188;

/** Signatures at the start of a file, in hexadecimal. */
const EBML_SIGNATURE = '1a45dfa3';
const CONTAINER_SIGNATURES: readonly [string, Container][] = [
  ['3026b2758e66cf11', 'asf'],
  ['464c5601', 'flv'],
  ['000001ba', 'mpeg-ps'],
  ['4f676753', 'ogg'],
  ['060e2b34020501010d010201', 'mxf'],
  ['0000000001bc', 'gxf'],
  ['1f07003f', 'dv'],
  ['1f0700bf', 'dv'],
  ['2e524d46', 'realmedia'],
];
const OTHER_SIGNATURES: readonly [string, string][] = [
  ['89504e47', 'a PNG image'],
  ['ffd8ff', 'a JPEG image'],
  ['47494638', 'a GIF image'],
  ['49492a00', 'a TIFF image'],
  ['4d4d002a', 'a TIFF image'],
  ['424d', 'a BMP image'],
  ['664c6143', 'a FLAC audio file'],
  ['fffb', 'an MP3 audio file'],
  ['fffa', 'an MP3 audio file'],
  ['fff3', 'an MP3 audio file'],
  ['fff2', 'an MP3 audio file'],
  ['fff1', 'an AAC audio file'],
  ['fff9', 'an AAC audio file'],
  ['2321414d52', 'an AMR audio file'],
  ['4d546864', 'a MIDI file'],
  ['25504446', 'a PDF document'],
  ['504b0304', 'a ZIP archive'],
  ['504b0506', 'a ZIP archive'],
  ['1f8b', 'a gzip archive'],
  ['377abcaf271c', 'a 7z archive'],
  ['52617221', 'a RAR archive'],
  ['7f454c46', 'an executable'],
];
const RIFF_KINDS: Readonly<Record<string, string>> = { WAVE: 'a WAV audio file', WEBP: 'a WebP image' };

/**
 * Identifies a file by its bytes, before any parser runs. Every kind of text is refused here, so a playlist never
 * reaches code that could follow it. Other unknown bytes may still contain a stream near the start.
 */
export function sniff(file: ReadableFile): Sniffed {
  const head = file.read(0, SNIFF_BYTES);
  const known = sniffSignature(head) ?? sniffIso(file);
  if (known) return known;
  if (ascii(head, 0, 4) === 'RIFF') return sniffRiff(head);
  if (isTransportStream(head)) return { container: 'mpeg-ts' };
  // Before the two-byte signatures: a text may start with "BM".
  const text = sniffText(head);
  if (text) return { notAVideo: text };
  if (ascii(head, 0, 3) === 'ID3') return sniffBehindTag(file, head);
  const hex = hexOf(head);
  const other = OTHER_SIGNATURES.find(([signature]) => hex.startsWith(signature));
  if (other) return { notAVideo: other[1] };
  return resynchronise(file.read(0, RESYNC_BYTES)) ?? { notAVideo: 'of an unknown format' };
}

function sniffSignature(head: Uint8Array): Sniffed | null {
  const hex = hexOf(head);
  const container = CONTAINER_SIGNATURES.find(([signature]) => hex.startsWith(signature));
  if (container) return { container: container[1] };
  return hex.startsWith(EBML_SIGNATURE) ? { container: sniffDocType(head) } : null;
}

/** ID3v2.4, 3.1: tools that tag MP3 files also tag other files. */
function sniffBehindTag(file: ReadableFile, head: Uint8Array): Sniffed {
  const [a = 0, b = 0, c = 0, d = 0] = head.subarray(6, 10);
  const start = 10 + (((a & 0x7f) << 21) | ((b & 0x7f) << 14) | ((c & 0x7f) << 7) | (d & 0x7f));
  const behind = file.read(start, start + SNIFF_BYTES);
  const found = sniffSignature(behind);
  if (found && 'container' in found) return { ...found, start };
  return isTransportStream(behind) ? { container: 'mpeg-ts', start } : { notAVideo: 'an MP3 audio file' };
}

/** RFC 8794, 11.2.7: element 0x4282 of the EBML header distinguishes WebM from Matroska. */
function sniffDocType(head: Uint8Array): Container {
  const start = Buffer.from(head.subarray(0, 64)).indexOf('4282', 'hex');
  return start !== -1 && ascii(head, start + 3, start + 7) === 'webm' ? 'webm' : 'matroska';
}

function sniffRiff(head: Uint8Array): Sniffed {
  const kind = ascii(head, 8, 12);
  if (kind === 'AVI ') return { container: 'avi' };
  return { notAVideo: RIFF_KINDS[kind] ?? 'of an unknown format' };
}

/** ISO/IEC 13818-1, 2.4.3.2: packets start with 0x47; M2TS adds a 4-byte time code before each, DVB 16 bytes after. */
function isTransportStream(head: Uint8Array): boolean {
  return [
    [0, TS_PACKET_BYTES],
    [4, TS_PACKET_BYTES + 4],
    [0, TS_PACKET_BYTES + 16],
  ].some(([start, step]) => {
    const places = [start, start + step, start + 2 * step, start + 3 * step].filter(
      (place) => place < head.length,
    );
    return places.length >= 2 && places.every((place) => head[place] === 0x47);
  });
}

function hexOf(head: Uint8Array): string {
  return Buffer.from(head.subarray(0, 16)).toString('hex');
}

function ascii(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.subarray(start, end)).toString('latin1');
}
