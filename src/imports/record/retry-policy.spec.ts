import { describe, expect, it } from 'vitest';
import { backoffMs } from './retry-policy.js';

const schedule = [1_000, 10_000];
const failure = { code: 'X', reason: 'x', retryable: true };

describe('backoffMs', () => {
  it('does not retry a permanent failure', () => {
    expect(backoffMs({ ...failure, retryable: false }, 1, schedule)).toBeNull();
  });

  it.each([
    [1, 0, 800],
    [1, 0.5, 1_000],
    [2, 0.5, 10_000],
    [2, 1, 12_000],
  ])('after attempt %i, with jitter %d, is %i ms', (attempts, random, expected) => {
    expect(backoffMs(failure, attempts, schedule, () => random)).toBe(expected);
  });

  it('does not retry after the end of the schedule', () => {
    expect(backoffMs(failure, 3, schedule)).toBeNull();
  });

  it('honours a longer Retry-After, up to an hour', () => {
    expect(backoffMs({ ...failure, retryAfterMs: 60_000 }, 1, schedule)).toBe(60_000);
    expect(backoffMs({ ...failure, retryAfterMs: 5 }, 1, schedule, () => 0.5)).toBe(1_000);
    expect(backoffMs({ ...failure, retryAfterMs: 10 ** 9 }, 1, schedule)).toBe(3_600_000);
  });
});
