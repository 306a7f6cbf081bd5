import { expect, it } from 'vitest';
import { jittered } from './jitter.js';

it.each([
  [0, 800],
  [0.5, 1_000],
  [1, 1_200],
])('at %d of the range deviates by its share: %i', (random, expected) => {
  expect(jittered(1_000, 0.2, () => random)).toBeCloseTo(expected);
});

it('is random by default and stays within its share', () => {
  const delays = Array.from({ length: 1_000 }, () => jittered(1_000, 0.2));
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(800);
  expect(Math.max(...delays)).toBeLessThanOrEqual(1_200);
  expect(new Set(delays).size).toBeGreaterThan(900);
});
