import { plausiblePixelAspectRatio } from './plausible.js';

/** The properties that determine the display size of a video track. */
export interface Geometry {
  codedWidth: number;
  codedHeight: number;
  /** Width of a pixel divided by its height. */
  pixelAspectRatio: number;
  /** Degrees, a multiple of 90. */
  rotation: number;
}

export interface DisplaySize {
  width: number;
  height: number;
}

/**
 * Computes the size in whole square pixels: the width is scaled by the pixel aspect ratio, the height stays, and a
 * quarter turn swaps both. This is the presentation size that MP4 (`tkhd`) and Matroska (`DisplayWidth`) record.
 */
export function displaySize({ codedWidth, codedHeight, pixelAspectRatio, rotation }: Geometry): DisplaySize {
  const width = Math.round(codedWidth * plausiblePixelAspectRatio(pixelAspectRatio));
  return Math.abs(rotation) % 180 === 90
    ? { width: codedHeight, height: width }
    : { width, height: codedHeight };
}

/**
 * Returns the simplest fraction that rounds to a decimal with three places: 1.455 is 16/11. At the width of a full
 * frame, the decimal alone would be off by a pixel.
 */
export function exactRatio(decimal: number): number {
  for (let denominator = 1; denominator < 100; denominator++) {
    const candidate = Math.round(decimal * denominator) / denominator;
    if (Math.abs(candidate - decimal) <= 0.0005) return candidate;
  }
  return decimal;
}
