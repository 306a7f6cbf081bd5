import { assert, double, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextAttempt, type AttemptOutcome } from './next-attempt.js';

const SCHEDULE = [0, 5_000, 300_000];
const HOUR_MS = 3_600_000;
const middle = (): number => 0.5;

function outcome(differences: Partial<AttemptOutcome>): AttemptOutcome {
  return { statusCode: 500, refused: false, retryAfterMs: null, ...differences };
}

function waitAfter(retryAfterMs: number): number | null {
  return nextAttempt(outcome({ statusCode: 503, retryAfterMs }), 1, SCHEDULE, middle).nextInMs;
}

describe('nextAttempt', () => {
  it.each([200, 204, 299])('accepts %i as delivered, even at the last attempt', (statusCode) => {
    expect(nextAttempt(outcome({ statusCode }), 3, SCHEDULE)).toEqual({ state: 'delivered', nextInMs: null });
  });

  it.each([199, 301, 307, 400, 404, 429, 500, null])('retries after %s', (statusCode) => {
    expect(nextAttempt(outcome({ statusCode }), 1, SCHEDULE, middle)).toEqual({
      state: 'pending',
      nextInMs: 5_000,
    });
  });

  it('follows the schedule to its end', () => {
    expect(nextAttempt(outcome({}), 2, SCHEDULE, middle)).toEqual({ state: 'pending', nextInMs: 300_000 });
    expect(nextAttempt(outcome({}), 3, SCHEDULE, middle)).toEqual({ state: 'failed', nextInMs: null });
  });

  it('stops if the receiver is gone or the address is refused', () => {
    expect(nextAttempt(outcome({ statusCode: 410 }), 1, SCHEDULE).state).toBe('failed');
    expect(nextAttempt(outcome({ statusCode: null, refused: true }), 1, SCHEDULE).state).toBe('failed');
  });

  it('deviates from the schedule by at most 15 percent in both directions', () => {
    expect(nextAttempt(outcome({}), 2, SCHEDULE, () => 0).nextInMs).toBe(255_000);
    expect(nextAttempt(outcome({}), 2, SCHEDULE, () => 1).nextInMs).toBe(345_000);
  });

  it('obeys a longer Retry-After, up to a day', () => {
    expect(waitAfter(1_000)).toBe(5_000);
    expect(waitAfter(HOUR_MS)).toBe(HOUR_MS);
    expect(waitAfter(1_000 * HOUR_MS)).toBe(24 * HOUR_MS);
  });

  it('never retries before Retry-After', () => {
    assert(
      property(
        integer({ min: 0, max: 24 * HOUR_MS }),
        double({ min: 0, max: 1, noNaN: true }),
        (retryAfterMs, random) => {
          const { nextInMs } = nextAttempt(outcome({ retryAfterMs }), 1, SCHEDULE, () => random);
          expect(nextInMs).toBeGreaterThanOrEqual(retryAfterMs);
        },
      ),
    );
  });
});
