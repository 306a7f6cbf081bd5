import { jittered } from '../process/jitter.js';
import type { AttemptEnding } from './outbox.repository.js';

/** Relative deviation from the schedule, so that simultaneous failures do not retry simultaneously. */
const JITTER = 0.15;
/** Longest accepted `Retry-After`. */
const LONGEST_RETRY_AFTER_MS = 86_400_000;
/** The receiver is permanently gone (RFC 9110, section 15.5.11). */
const GONE = 410;

export interface AttemptOutcome {
  /** null without a response. */
  statusCode: number | null;
  /** Whether policy refuses the address, and would refuse it again. */
  refused: boolean;
  /** `Retry-After` of the receiver, in milliseconds. */
  retryAfterMs: number | null;
}

/**
 * Decides the state and the next attempt after an attempt.
 *
 * @param made attempts made on this schedule, including this one
 * @param schedule delays before each attempt, in milliseconds
 * @param random returns 0 to 1
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
  const asked = Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS);
  return { state: 'pending', nextInMs: Math.round(Math.max(jittered(base, JITTER, random), asked)) };
}

/** Whether the receiver accepted the message: 2xx. */
export function isSuccess(statusCode: number | null): boolean {
  return statusCode !== null && statusCode >= 200 && statusCode < 300;
}
