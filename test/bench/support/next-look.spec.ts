import { describe, expect, it } from 'vitest';
import { nextLook } from './next-look.js';

/** Looks at an import whose items end one by one at the same speed, as long as it takes. */
function follow(total: number, duration: number): { looks: number; late: number } {
  let elapsed = 0;
  for (let looks = 1; ; looks++) {
    const pending = Math.max(0, total - Math.floor((total * elapsed) / duration));
    if (pending === 0) return { looks, late: elapsed - duration };
    elapsed += nextLook({ elapsed, total, pending });
  }
}

describe('nextLook', () => {
  it('is half of what is left', () => {
    expect(nextLook({ elapsed: 1_000, total: 1_100, pending: 100 })).toBe(50);
  });

  it('is never sooner than an answer can be there, or than the precision asks for', () => {
    expect(nextLook({ elapsed: 0, total: 10, pending: 10 })).toBe(10);
    expect(nextLook({ elapsed: 9_000, total: 1_000, pending: 1 })).toBe(90);
  });

  it('does not sleep through an import that gets faster', () => {
    expect(nextLook({ elapsed: 1_000, total: 1_000_000, pending: 999_999 })).toBe(200);
  });

  it('looks closely where nothing has ended yet', () => {
    expect(nextLook({ elapsed: 5_000, total: 4, pending: 4 })).toBe(100);
  });

  it.each([
    [100, 120],
    [3_000, 4_000],
    [10_000, 60_000],
  ])(
    'follows %i items over %i ms with few looks and a late one of at most 1 %% or 10 ms',
    (total, duration) => {
      const { looks, late } = follow(total, duration);
      expect(late).toBeLessThanOrEqual(Math.max(10, duration * 0.011));
      expect(looks).toBeLessThan(60);
    },
  );
});
