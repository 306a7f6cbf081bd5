/** `CHAOS=short` runs on every change, the long form before a release. */
const SHORT = process.env['CHAOS'] === 'short';

/** Returns the size for the selected form. */
export function sized(long: number, short: number): number {
  return SHORT ? short : long;
}
