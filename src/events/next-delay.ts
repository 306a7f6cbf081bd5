import { jittered } from '../process/jitter.js';

/** Relative deviation from the schedule, so that simultaneous failures do not retry simultaneously. */
const JITTER = 0.15;

/**
 * Returns the milliseconds until the next attempt; null if there is none.
 *
 * @param made failed attempts on this schedule
 * @param schedule delays after each failed attempt, in milliseconds
 * @param random returns 0 to 1
 */
export function nextDelay(
  made: number,
  schedule: readonly number[],
  random: () => number = Math.random,
): number | null {
  const base = schedule[made - 1];
  return base === undefined ? null : Math.round(jittered(base, JITTER, random));
}
