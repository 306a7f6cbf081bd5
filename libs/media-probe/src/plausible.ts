/** The largest picture side that any supported codec can code: AV1 and VP9 stop at 65 536. */
const MAX_SIDE = 65_536;
/** Ten years. No recording lasts longer. */
const MAX_DURATION = 10 * 365 * 86_400;
/** Anamorphic pictures stay below 4; a ratio above this limit is damaged data. */
const MAX_PIXEL_ASPECT_RATIO = 32;
const MAX_CODEC_LENGTH = 64;

/** Whether a value is a possible width or height in pixels. */
export function isPlausibleSide(pixels: unknown): pixels is number {
  return Number.isInteger(pixels) && Number(pixels) > 0 && Number(pixels) <= MAX_SIDE;
}

/** @returns seconds; null if the value is missing or impossible */
export function plausibleDuration(seconds: unknown): number | null {
  return typeof seconds === 'number' && seconds > 0 && seconds <= MAX_DURATION ? seconds : null;
}

/** @returns 1 if the ratio is impossible */
export function plausiblePixelAspectRatio(ratio: number): number {
  return ratio >= 1 / MAX_PIXEL_ASPECT_RATIO && ratio <= MAX_PIXEL_ASPECT_RATIO ? ratio : 1;
}

/** Returns a codec name from a file without characters outside of printable ASCII; `unknown` if nothing remains. */
export function plausibleCodec(name: unknown): string | null {
  if (typeof name !== 'string') return null;
  const printable = name.replace(/[^\x20-\x7e]/g, '').trim();
  return printable.slice(0, MAX_CODEC_LENGTH) || 'unknown';
}
