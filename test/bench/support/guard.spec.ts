import { describe, expect, it } from 'vitest';
import { lossesOf, lossLine } from './guard.js';
import type { Kept } from './kept.js';
import { sampleRow } from './sample-row.js';

const lower = { better: 'lower' } as const;
const KEPT: Kept = {
  form: 'quick',
  ratios: { 'fairness.a': 1.2, 'small.a': 0.4 },
  measured: ['accept.time'],
};

describe('lossesOf', () => {
  it('lets a ratio be a quarter worse, and no more', () => {
    expect(lossesOf(KEPT, 'small', [sampleRow('small.a', 0.301)])).toEqual([]);
    expect(lossesOf(KEPT, 'small', [sampleRow('small.a', 0.299)])).toEqual([
      { id: 'small.a', kept: 0.4, now: 0.299 },
    ]);
  });

  it('knows which ratios are better when they are lower', () => {
    expect(lossesOf(KEPT, 'fairness', [sampleRow('fairness.a', 1.59, lower)])).toEqual([]);
    expect(lossesOf(KEPT, 'fairness', [sampleRow('fairness.a', 1.61, lower)])).toHaveLength(1);
    expect(lossesOf(KEPT, 'fairness', [sampleRow('fairness.a', 0.1, lower)])).toEqual([]);
  });

  it('misses what is not measured any more', () => {
    expect(lossesOf(KEPT, 'small', [])).toEqual([{ id: 'small.a', now: 'not measured any more' }]);
    expect(lossesOf(KEPT, 'accept', [])).toEqual([{ id: 'accept.time', now: 'not measured any more' }]);
  });

  it('does not compare milliseconds, which are those of another machine', () => {
    expect(lossesOf(KEPT, 'accept', [sampleRow('accept.time', 90_000, { unit: 'ms', ...lower })])).toEqual(
      [],
    );
  });
});

describe('lossLine', () => {
  it('tells what was and what is', () => {
    expect(lossLine({ id: 'small.a', kept: 0.4, now: 0.299 })).toBe('small.a was 0.40 and is 0.30');
    expect(lossLine({ id: 'small.a', now: 'not measured any more' })).toBe(
      'small.a is not measured any more',
    );
  });
});
