import type { Failure } from '../failure.js';

/** How far a waiting time strays from the schedule, so that items that failed together do not come back together. */
const JITTER = 0.2;
/** What an origin may ask for at most. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/**
 * When an item is tried again.
 *
 * @param tries tries so far, at least 1
 * @param schedule waiting times in milliseconds
 * @param random 0 to 1
 * @returns milliseconds from now; null where it is not tried again
 */
export function retryDelay(
  failure: Failure,
  tries: number,
  schedule: readonly number[],
  random: () => number = Math.random,
): number | null {
  const base = schedule[tries - 1];
  if (!failure.retryable || base === undefined) return null;
  const jittered = base * (1 - JITTER + 2 * JITTER * random());
  return Math.round(Math.max(jittered, Math.min(failure.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS)));
}
