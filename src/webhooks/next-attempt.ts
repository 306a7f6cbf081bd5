import type { AttemptEnding } from './outbox.repository.js';

/** How far a waiting time strays from the schedule, so that what failed together does not come back together. */
const JITTER = 0.15;
/** What a receiver may ask for at most. */
const LONGEST_RETRY_AFTER_MS = 86_400_000;
/** The receiver is gone for good (RFC 9110, section 15.5.11). */
const GONE = 410;

export interface AttemptOutcome {
  /** null where no answer came. */
  statusCode: number | null;
  /** Whether the address is refused by policy, which the next attempt would be, too. */
  refused: boolean;
  /** What the receiver asked for with `Retry-After`, in milliseconds. */
  retryAfterMs: number | null;
}

/**
 * What follows from an attempt.
 *
 * @param made attempts made on this schedule, this one included
 * @param schedule waiting times before each attempt, in milliseconds
 * @param random 0 to 1
 */
export function nextAttempt(
  { statusCode, refused, retryAfterMs }: AttemptOutcome,
  made: number,
  schedule: readonly number[],
  random: () => number = Math.random,
): AttemptEnding {
  if (isSuccess(statusCode)) return { state: 'delivered', nextInMs: null };
  const base = schedule[made];
  if (statusCode === GONE || refused || base === undefined) return { state: 'failed', nextInMs: null };
  const jittered = base * (1 - JITTER + 2 * JITTER * random());
  const asked = Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS);
  return { state: 'pending', nextInMs: Math.round(Math.max(jittered, asked)) };
}

/** Whether the receiver accepted the message: 2xx. */
export function isSuccess(statusCode: number | null): boolean {
  return statusCode !== null && statusCode >= 200 && statusCode < 300;
}
