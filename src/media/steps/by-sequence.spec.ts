import { describe, expect, it } from 'vitest';
import { bySequence } from './by-sequence.js';

const HUGE = 9_007_199_254_740_993n;
const at = (sequence: bigint, externalId = '') => ({ item: { sequence }, externalId });

describe('the order of recording', () => {
  it.each([
    [1n, 2n, -1],
    [2n, 1n, 1],
    [HUGE - 1n, HUGE, -1],
    [7n, 7n, 0],
    [HUGE, HUGE, 0],
  ])('compares %i and %i as %i', (a, b, order) => {
    expect(bySequence(at(a), at(b))).toBe(order);
  });

  it('keeps the processing order of one import', () => {
    const sorted = [at(2n, 'a'), at(1n, 'b'), at(2n, 'c'), at(1n, 'd'), at(2n, 'e')].toSorted(bySequence);
    expect(sorted.map(({ externalId }) => externalId)).toEqual(['b', 'd', 'a', 'c', 'e']);
  });
});
