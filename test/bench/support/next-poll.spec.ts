import { describe, expect, it } from 'vitest';
import { nextPoll } from './next-poll.js';

/** Follows an import whose items finish at a constant rate. */
function follow(total: number, duration: number): { polls: number; late: number } {
  let elapsed = 0;
  for (let polls = 1; ; polls++) {
    const pending = Math.max(0, total - Math.floor((total * elapsed) / duration));
    if (pending === 0) return { polls, late: elapsed - duration };
    elapsed += nextPoll({ elapsed, total, pending });
  }
}

describe('nextPoll', () => {
  it('waits half of the remaining time', () => {
    expect(nextPoll({ elapsed: 1_000, total: 1_100, pending: 100 })).toBe(50);
  });

  it('never waits less than a request takes or the precision requires', () => {
    expect(nextPoll({ elapsed: 0, total: 10, pending: 10 })).toBe(10);
    expect(nextPoll({ elapsed: 9_000, total: 1_000, pending: 1 })).toBe(90);
  });

  it('limits the wait for an import that gets faster', () => {
    expect(nextPoll({ elapsed: 1_000, total: 1_000_000, pending: 999_999 })).toBe(200);
  });

  it('polls often before the first item has finished', () => {
    expect(nextPoll({ elapsed: 5_000, total: 4, pending: 4 })).toBe(100);
  });

  it.each([
    [100, 120],
    [3_000, 4_000],
    [10_000, 60_000],
  ])(
    'follows %i items over %i ms with few polls, and detects the end within 1 %% or 10 ms',
    (total, duration) => {
      const { polls, late } = follow(total, duration);
      expect(late).toBeLessThanOrEqual(Math.max(10, duration * 0.011));
      expect(polls).toBeLessThan(60);
    },
  );
});
