import { jittered } from '../../process/jitter.js';
import type { Failure } from '../failure.js';

/** Jitter as a share of the backoff, so that items that failed together are not retried together. */
const JITTER = 0.2;
/** Longest `Retry-After` of an origin that is honoured. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/**
 * Computes the backoff before the next attempt.
 *
 * @param attempts attempts so far, at least 1
 * @param schedule backoffs in milliseconds
 * @param random 0 to 1
 * @returns milliseconds; null if the item is not retried
 */
export function backoffMs(
  failure: Failure,
  attempts: number,
  schedule: readonly number[],
  random: () => number = Math.random,
): number | null {
  const base = schedule[attempts - 1];
  if (!failure.retryable || base === undefined) return null;
  return Math.round(
    Math.max(jittered(base, JITTER, random), Math.min(failure.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS)),
  );
}
