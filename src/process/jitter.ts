/**
 * Spreads a delay, so that callers that failed together do not come back together.
 *
 * @param ms the delay in milliseconds
 * @param share largest deviation as a share of the delay, 0 to 1
 * @param random 0 to 1
 * @returns milliseconds, not rounded
 */
export function jittered(ms: number, share: number, random: () => number = Math.random): number {
  return ms * (1 - share + 2 * share * random());
}
