import { expect, it } from 'vitest';
import { nextDelay } from './next-delay.js';

const SCHEDULE = [1_000, 60_000];

it.each([
  [1, 0, 850],
  [1, 0.5, 1_000],
  [1, 1, 1_150],
  [2, 0.5, 60_000],
  [3, 0.5, null],
])('after %i failed attempts, with %d of the jitter: %s', (made, random, expected) => {
  expect(nextDelay(made, SCHEDULE, () => random)).toBe(expected);
});
