import { describe, expect, it } from 'vitest';
import { columnsOf, windowOf, type Sample } from './rate.js';
import { topOf } from './top.js';

const samples = (...pairs: Array<[at: number, finished: number]>): Sample[] =>
  pairs.map(([at, finished]) => ({ at, finished }));

describe('the plot of an import', () => {
  it('has rates of at least a second, so that two samples in a row are no peak', () => {
    expect(columnsOf(samples([0, 0], [40, 20], [1_000, 30], [1_050, 60], [3_000, 90]))).toEqual([
      [1, 3],
      [30, 30],
    ]);
  });

  it('shows whole minutes from the first sample on', () => {
    expect(windowOf([10, 11])).toEqual([10, 70]);
    expect(windowOf([10, 130])).toEqual([10, 130]);
    expect(windowOf([10, 131])).toEqual([10, 190]);
  });

  it('has a scale of few steps, which small changes of the rate leave as it is', () => {
    expect([0, 0.4, 1, 1.1, 4.9, 5, 7, 11, 180, 210, 2_600].map((most) => topOf(most))).toEqual([
      1, 1, 1, 2, 5, 5, 10, 20, 200, 500, 5_000,
    ]);
  });
});
