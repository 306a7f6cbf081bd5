import { describe, expect, it } from 'vitest';
import { regressionsOf, regressionLine } from './guard.js';
import type { Kept } from './kept.js';
import { sampleRow } from './sample-row.js';

const lower = { better: 'lower' } as const;
const KEPT: Kept = {
  form: 'quick',
  ratios: { 'fairness.a': { mean: 1.2, bound: 1.6 }, 'small.a': { mean: 0.4, bound: 0.3 } },
  measured: ['accept.time'],
};

describe('regressionsOf', () => {
  it('accepts a ratio up to its bound', () => {
    expect(regressionsOf(KEPT, 'small', [sampleRow('small.a', 0.301)])).toEqual([]);
    expect(regressionsOf(KEPT, 'small', [sampleRow('small.a', 0.299)])).toEqual([
      { id: 'small.a', mean: 0.4, bound: 0.3, now: 0.299 },
    ]);
  });

  it('handles ratios that are better when lower', () => {
    expect(regressionsOf(KEPT, 'fairness', [sampleRow('fairness.a', 1.59, lower)])).toEqual([]);
    expect(regressionsOf(KEPT, 'fairness', [sampleRow('fairness.a', 1.61, lower)])).toHaveLength(1);
    expect(regressionsOf(KEPT, 'fairness', [sampleRow('fairness.a', 0.1, lower)])).toEqual([]);
  });

  it('reports rows that are no longer measured', () => {
    expect(regressionsOf(KEPT, 'small', [])).toEqual([{ id: 'small.a', now: 'no longer measured' }]);
    expect(regressionsOf(KEPT, 'accept', [])).toEqual([{ id: 'accept.time', now: 'no longer measured' }]);
  });

  it('does not compare milliseconds, which depend on the machine', () => {
    expect(
      regressionsOf(KEPT, 'accept', [sampleRow('accept.time', 90_000, { unit: 'ms', ...lower })]),
    ).toEqual([]);
  });
});

describe('regressionLine', () => {
  it('names the kept and the current value', () => {
    expect(regressionLine({ id: 'small.a', mean: 0.4, bound: 0.34, now: 0.299 })).toBe(
      'small.a: 0.30 now, 0.40 kept with the bound 0.34',
    );
    expect(regressionLine({ id: 'small.a', now: 'no longer measured' })).toBe('small.a: no longer measured');
  });
});
