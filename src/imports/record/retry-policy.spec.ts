import { describe, expect, it } from 'vitest';
import { backoffMs } from './retry-policy.js';

const schedule = [1_000, 10_000];
const failure = { code: 'X', reason: 'x', retryable: true };

describe('backoffMs', () => {
  it('ends a failure that cannot be helped at once', () => {
    expect(backoffMs({ ...failure, retryable: false }, 1, schedule)).toBeNull();
  });

  it.each([
    [1, 0, 800],
    [1, 0.5, 1_000],
    [2, 0.5, 10_000],
    [2, 1, 12_000],
  ])('waits after try %i, with jitter %d, for %i ms', (tries, random, expected) => {
    expect(backoffMs(failure, tries, schedule, () => random)).toBe(expected);
  });

  it('gives up when the schedule is used up', () => {
    expect(backoffMs(failure, 3, schedule)).toBeNull();
  });

  it('obeys a longer Retry-After, up to an hour', () => {
    expect(backoffMs({ ...failure, retryAfterMs: 60_000 }, 1, schedule)).toBe(60_000);
    expect(backoffMs({ ...failure, retryAfterMs: 5 }, 1, schedule, () => 0.5)).toBe(1_000);
    expect(backoffMs({ ...failure, retryAfterMs: 10 ** 9 }, 1, schedule)).toBe(3_600_000);
  });
});
