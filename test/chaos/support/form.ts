/** `CHAOS=short` is for every change; the long form is for a release. */
const SHORT = process.env['CHAOS'] === 'short';

/** How much of something there is, in the long and in the short form. */
export function sized(long: number, short: number): number {
  return SHORT ? short : long;
}
