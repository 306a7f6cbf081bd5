import { afterAll, beforeAll, expect, it } from 'vitest';
import { DownloadHarness, MAX_VIDEO_BYTES, type Result } from './attempts.js';
import { OVERLAP_BYTES } from './behaviour.js';
import { plain } from './rare-scripts.js';

let harness: DownloadHarness;
beforeAll(async () => {
  harness = await DownloadHarness.open();
});
afterAll(() => harness.close());

/** An attempt that breaks off at a thousandth of the file, then one with a surplus, then an honest origin. */
const surplusAfter = (at: number, size: number): Promise<Result> => {
  const broken = { ...plain, cut: { at, by: 'fin' } } as const;
  const longer = { ...plain, lie: 'longer body' } as const;
  return harness.run({
    sizes: [size, size],
    tail: 0,
    attempts: [
      { behaviours: [broken, broken], ending: 'normal' },
      { behaviours: [longer, longer], ending: 'normal' },
    ],
    finally: plain,
  });
};

it('A remaining part that is longer than its range is discarded', async () => {
  const { last, failures, current, sent } = await surplusAfter(500, 1_000);
  expect(failures).toMatchObject([{ failed: 'TRUNCATED' }, { failed: 'HTTP_STATUS', retryable: true }]);
  expect(last).toMatchObject({ stored: current });
  const first = Math.floor(current.length / 2);
  const second = current.length - first + OVERLAP_BYTES + current.length;
  expect(sent).toBe(first + second + current.length);
});

it('A remaining part that is longer than its range is not mistaken for a file above the size limit', async () => {
  // Together with its surplus it exceeds the limit in one chunk.
  const { last, failures, current } = await surplusAfter(1, Math.ceil(MAX_VIDEO_BYTES / 2));
  expect(failures).toMatchObject([{ failed: 'TRUNCATED' }, { failed: 'HTTP_STATUS', retryable: true }]);
  expect(last).toMatchObject({ stored: current });
});
