import { describe, expect, it } from 'vitest';
import { median, percentile, slope } from './statistics.js';

describe('median', () => {
  it('is the middle value in any order', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([7])).toBe(7);
  });

  it('is the mean of the two middle values', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('requires a value', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it('is the nearest rank', () => {
    expect(percentile(hundred, 0.95)).toBe(95);
    expect(percentile(hundred, 1)).toBe(100);
    expect(percentile(hundred, 0)).toBe(1);
    expect(percentile([3], 0.95)).toBe(3);
  });

  it('requires a value', () => {
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });
});

describe('slope', () => {
  it('is the rise per unit of time', () => {
    expect(
      slope([
        [0, 5],
        [1, 7],
        [2, 9],
      ]),
    ).toBeCloseTo(2);
    expect(
      slope([
        [10, 3],
        [20, 3],
      ]),
    ).toBe(0);
  });

  it('ignores periodic changes', () => {
    const saw = Array.from({ length: 1_000 }, (_, time): [number, number] => [time, 100 + (time % 10)]);
    expect(Math.abs(slope(saw))).toBeLessThan(0.001);
  });

  it('requires two different times', () => {
    expect(() =>
      slope([
        [1, 2],
        [1, 3],
      ]),
    ).toThrow(RangeError);
    expect(() => slope([])).toThrow(RangeError);
  });
});
