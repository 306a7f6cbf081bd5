import { expect, it } from 'vitest';
import { fitting } from './batches.js';

async function sizesOf(batches: readonly string[][], bytes: number): Promise<number[]> {
  async function* given() {
    yield* batches;
  }
  const sizes: number[] = [];
  for await (const batch of fitting(given(), { items: 4, bytes })) sizes.push(batch.length);
  return sizes;
}

const batch = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(1_000));

it('leaves batches that fit as they are', async () => {
  expect(await sizesOf([batch, ['f']], 20_000)).toEqual([5, 1]);
});

it('halves batches whose bodies could be too large, down to single entries', async () => {
  expect(await sizesOf([batch, ['f']], 12_000)).toEqual([3, 2, 1]);
  expect(await sizesOf([batch], 2_500)).toEqual([1, 1, 1, 1, 1]);
});
