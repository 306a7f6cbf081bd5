import { sniffText } from './sniff-text.js';
import type { Container } from './video-probe.js';

/** Either a container that may hold video, or what the file is instead ("a PNG image"). */
export type Sniffed = { container: Container } | { notAVideo: string };

/** How many bytes from the start of a file {@link sniff} wants to see. */
export const SNIFF_BYTES = 1024;

const TS_PACKET_BYTES = 188;
const ISO_FIRST_BOXES = new Set([
  'ftyp',
  'styp',
  'moov',
  'mdat',
  'moof',
  'sidx',
  'free',
  'skip',
  'wide',
  'pnot',
]);
const ISO_IMAGE_BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'mif1', 'msf1', 'avif', 'avis']);

/** Signatures at the start of a file, in hexadecimal. */
const EBML_SIGNATURE = '1a45dfa3';
const CONTAINER_SIGNATURES: readonly [string, Container][] = [
  ['3026b2758e66cf11', 'asf'],
  ['464c5601', 'flv'],
  ['000001ba', 'mpeg-ps'],
  ['4f676753', 'ogg'],
];
const OTHER_SIGNATURES: readonly [string, string][] = [
  ['89504e47', 'a PNG image'],
  ['ffd8ff', 'a JPEG image'],
  ['47494638', 'a GIF image'],
  ['49492a00', 'a TIFF image'],
  ['4d4d002a', 'a TIFF image'],
  ['424d', 'a BMP image'],
  ['664c6143', 'a FLAC audio file'],
  ['494433', 'an MP3 audio file'],
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
  ['7f454c46', 'a program'],
];
const RIFF_KINDS: Readonly<Record<string, string>> = { WAVE: 'a WAV audio file', WEBP: 'a WebP image' };

/**
 * What a file is, by its first bytes alone, before any parser sees it. Text of every kind ends here, so a playlist
 * never reaches code that could follow it.
 *
 * @param head the first {@link SNIFF_BYTES} bytes, or all of a shorter file
 */
export function sniff(head: Uint8Array): Sniffed {
  const hex = Buffer.from(head.subarray(0, 16)).toString('hex');
  const container = CONTAINER_SIGNATURES.find(([signature]) => hex.startsWith(signature));
  if (container) return { container: container[1] };
  if (hex.startsWith(EBML_SIGNATURE)) return { container: sniffDocType(head) };
  if (ISO_FIRST_BOXES.has(ascii(head, 4, 8))) return sniffIsoBrand(head);
  if (ascii(head, 0, 4) === 'RIFF') return sniffRiff(head);
  if (isTransportStream(head)) return { container: 'mpeg-ts' };
  // Before the two-byte signatures: a sentence may well begin with "BM".
  const text = sniffText(head);
  if (text) return { notAVideo: text };
  const other = OTHER_SIGNATURES.find(([signature]) => hex.startsWith(signature));
  return { notAVideo: other ? other[1] : 'of no known video format' };
}

/** ISO/IEC 14496-12, 4.3: the major brand says which family member it is. A file without one is old QuickTime. */
function sniffIsoBrand(head: Uint8Array): Sniffed {
  const firstBox = ascii(head, 4, 8);
  if (firstBox === 'moof' || firstBox === 'sidx' || firstBox === 'styp') return { container: 'mp4' };
  if (firstBox !== 'ftyp') return { container: 'mov' };
  const brand = ascii(head, 8, 12);
  if (brand === 'qt  ') return { container: 'mov' };
  if (ISO_IMAGE_BRANDS.has(brand)) return { notAVideo: 'a HEIF image' };
  return { container: /^3g[a-z\d]/.test(brand) ? '3gp' : 'mp4' };
}

/** RFC 8794, 11.2.7: element 0x4282 of the EBML header tells WebM and Matroska apart. */
function sniffDocType(head: Uint8Array): Container {
  const start = Buffer.from(head.subarray(0, 64)).indexOf('4282', 'hex');
  return start !== -1 && ascii(head, start + 3, start + 7) === 'webm' ? 'webm' : 'matroska';
}

function sniffRiff(head: Uint8Array): Sniffed {
  const kind = ascii(head, 8, 12);
  if (kind === 'AVI ') return { container: 'avi' };
  return { notAVideo: RIFF_KINDS[kind] ?? 'of no known video format' };
}

/** ISO/IEC 13818-1, 2.4.3.2: every packet begins with 0x47. M2TS puts a 4-byte time code before each, DVB 16 after. */
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

function ascii(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.subarray(start, end)).toString('latin1');
}
