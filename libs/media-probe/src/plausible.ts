/** The widest and highest picture that any codec here can code: AV1 and VP9 stop at 65 536. */
const MAX_SIDE = 65_536;
/** Ten years. What claims to last longer was never recorded. */
const MAX_DURATION = 10 * 365 * 86_400;
/** Anamorphic pictures stay below 4; beyond this, a ratio is damage. */
const MAX_PIXEL_ASPECT_RATIO = 32;
const MAX_CODEC_LENGTH = 64;

/** Whether a picture may have a side of so many pixels. */
export function isPlausibleSide(pixels: unknown): pixels is number {
  return Number.isInteger(pixels) && Number(pixels) > 0 && Number(pixels) <= MAX_SIDE;
}

/** @returns seconds; null where a file claims what cannot be, or nothing */
export function plausibleDuration(seconds: unknown): number | null {
  return typeof seconds === 'number' && seconds > 0 && seconds <= MAX_DURATION ? seconds : null;
}

/** @returns 1 where a file claims what cannot be */
export function plausiblePixelAspectRatio(ratio: number): number {
  return ratio >= 1 / MAX_PIXEL_ASPECT_RATIO && ratio <= MAX_PIXEL_ASPECT_RATIO ? ratio : 1;
}

/** The name of a codec as a file gives it, without what is no printable ASCII; `unknown` where nothing is left of it. */
export function plausibleCodec(name: unknown): string | null {
  if (typeof name !== 'string') return null;
  const printable = name.replace(/[^\x20-\x7e]/g, '').trim();
  return printable.slice(0, MAX_CODEC_LENGTH) || 'unknown';
}
