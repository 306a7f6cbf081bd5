import { BitReader } from './bit-reader.js';

/** ITU-T H.264, table E-1, by `aspect_ratio_idc`. */
const RATIOS: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 1],
  [12, 11],
  [10, 11],
  [16, 11],
  [40, 33],
  [24, 11],
  [20, 11],
  [32, 11],
  [80, 33],
  [18, 11],
  [15, 11],
  [64, 33],
  [160, 99],
  [4, 3],
  [3, 2],
  [2, 1],
];
const EXTENDED = 255;
const PROFILES_WITH_CHROMA = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
/** Some hundred in practice. */
const MAX_SPS_BYTES = 4096;

/**
 * The pixel aspect ratio that an H.264 stream states in its first sequence parameter set.
 *
 * @param avcC the decoder configuration record, ISO/IEC 14496-15, 5.3.3.1
 * @returns null where it states none
 */
export function avcPixelAspectRatio(avcC: Uint8Array): number | null {
  const count = (avcC[5] ?? 0) & 31;
  const length = (avcC[6] ?? 0) * 256 + (avcC[7] ?? 0);
  if (count === 0 || length < 4) return null;
  return readRatio(new BitReader(withoutEmulation(avcC.subarray(9, 8 + Math.min(length, MAX_SPS_BYTES)))));
}

/** ITU-T H.264, 7.3.2.1.1 and E.1.1. */
function readRatio(reader: BitReader): number | null {
  const profile = reader.bits(8);
  reader.bits(16);
  reader.unsigned();
  if (PROFILES_WITH_CHROMA.has(profile)) skipChroma(reader);
  reader.unsigned();
  skipPictureOrder(reader);
  reader.unsigned();
  reader.flag();
  reader.unsigned();
  reader.unsigned();
  if (!reader.flag()) reader.flag();
  reader.flag();
  if (reader.flag()) for (let side = 0; side < 4; side++) reader.unsigned();
  const hasUsability = reader.flag();
  if (!hasUsability || !reader.flag()) return null;
  const code = reader.bits(8);
  const [width, height] = code === EXTENDED ? [reader.bits(16), reader.bits(16)] : (RATIOS[code] ?? [0, 0]);
  return width > 0 && height > 0 ? width / height : null;
}

function skipChroma(reader: BitReader): void {
  const format = reader.unsigned();
  if (format === 3) reader.flag();
  reader.unsigned();
  reader.unsigned();
  reader.flag();
  if (!reader.flag()) return;
  for (let list = 0; list < (format === 3 ? 12 : 8); list++) {
    if (reader.flag()) skipScalingList(reader, list < 6 ? 16 : 64);
  }
}

function skipScalingList(reader: BitReader, size: number): void {
  let last = 8;
  let next = 8;
  for (let index = 0; index < size; index++) {
    if (next !== 0) next = (last + reader.signed() + 256) % 256;
    last = next === 0 ? last : next;
  }
}

function skipPictureOrder(reader: BitReader): void {
  const type = reader.unsigned();
  if (type === 0) reader.unsigned();
  if (type !== 1) return;
  reader.flag();
  reader.signed();
  reader.signed();
  const frames = Math.min(reader.unsigned(), 255);
  for (let frame = 0; frame < frames; frame++) reader.signed();
}

/** A 3 behind two zeros only keeps start codes apart, ITU-T H.264, 7.4.1. */
function withoutEmulation(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte, at) => !(byte === 3 && bytes[at - 1] === 0 && bytes[at - 2] === 0));
}
