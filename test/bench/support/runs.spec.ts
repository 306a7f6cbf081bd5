import { expect, it } from 'vitest';
import { rowsOfRuns } from './runs.js';
import { sampleRow } from './sample-row.js';

it('merges the rows of several runs by their id', () => {
  const runs = [1, 3, 2].map((value) => [
    sampleRow('small.a', value, { rounds: [9] }),
    sampleRow('small.b', 10 * value),
  ]);
  expect(rowsOfRuns(runs)).toMatchObject([
    { id: 'small.a', value: 2, rounds: [1, 3, 2] },
    { id: 'small.b', value: 20, rounds: [10, 30, 20] },
  ]);
});
