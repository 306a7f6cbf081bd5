import type { BitReader } from './bit-reader.js';

/** Table E-1 of ITU-T H.264 and of H.265, by `aspect_ratio_idc`. */
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

/** Reads the start of the video usability information, which H.264 and HEVC share; null if it specifies no ratio. */
export function readVideoAspectRatio(reader: BitReader): number | null {
  if (!reader.flag()) return null;
  const code = reader.bits(8);
  const [width, height] = code === EXTENDED ? [reader.bits(16), reader.bits(16)] : (RATIOS[code] ?? [0, 0]);
  return width > 0 && height > 0 ? width / height : null;
}
