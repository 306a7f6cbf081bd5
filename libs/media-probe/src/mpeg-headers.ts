import { BitReader } from './bit-reader.js';

/** ISO/IEC 14496-2, table 6-12, by `aspect_ratio_info`. */
const MPEG4_RATIOS: readonly number[] = [0, 1, 12 / 11, 10 / 11, 16 / 11, 40 / 33];
const EXTENDED = 15;
// oxlint-disable-next-line no-control-regex
const VIDEO_OBJECT_LAYER = /\x00\x00\x01[\x20-\x2f]/;

/** ISO/IEC 13818-2, table 6-3: aspect ratios of the whole picture, by `aspect_ratio_information`. */
const MPEG2_DISPLAY_RATIOS: readonly number[] = [0, 0, 4 / 3, 16 / 9, 2.21];
/** ISO/IEC 11172-2, 2.4.3.2: height of a pixel divided by its width, by `pel_aspect_ratio`. */
const MPEG1_RATIOS: readonly number[] = [
  0, 1, 0.6735, 0.7031, 0.7615, 0.8055, 0.8437, 0.8935, 0.9157, 0.9815, 1.0255, 1.0695, 1.095, 1.1575, 1.2015,
];
const SEQUENCE_HEADER = '\0\0\x01\xb3';
const EXTENSION = '\0\0\x01\xb5';

/**
 * Reads the pixel aspect ratio from headers of MPEG-4 Visual, MPEG-2 or MPEG-1 video.
 *
 * @returns null if they specify none
 */
export function mpegPixelAspectRatio(headers: Uint8Array): number | null {
  const text = Buffer.from(headers).toString('latin1');
  const layer = VIDEO_OBJECT_LAYER.exec(text);
  if (layer) return readObjectLayer(new BitReader(headers.subarray(layer.index + 4)));
  const sequence = text.indexOf(SEQUENCE_HEADER);
  if (sequence === -1) return null;
  const isMpeg2 = text.includes(EXTENSION, sequence);
  return readSequence(new BitReader(headers.subarray(sequence + SEQUENCE_HEADER.length)), isMpeg2);
}

/** ISO/IEC 14496-2, 6.2.3. */
function readObjectLayer(reader: BitReader): number | null {
  reader.bits(9);
  if (reader.flag()) reader.bits(7);
  const code = reader.bits(4);
  const ratio = code === EXTENDED ? reader.bits(8) / reader.bits(8) : (MPEG4_RATIOS[code] ?? 0);
  return ratio > 0 && Number.isFinite(ratio) ? ratio : null;
}

/** ISO/IEC 13818-2, 6.2.2.1. */
function readSequence(reader: BitReader, isMpeg2: boolean): number | null {
  const width = reader.bits(12);
  const height = reader.bits(12);
  const code = reader.bits(4);
  if (isMpeg2) {
    const shape = MPEG2_DISPLAY_RATIOS[code] ?? 0;
    return shape > 0 && width > 0 ? (shape * height) / width : null;
  }
  const ratio = MPEG1_RATIOS[code] ?? 0;
  return ratio > 0 ? 1 / ratio : null;
}
