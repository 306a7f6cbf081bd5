import { afterAll, beforeAll, expect, it } from 'vitest';
import { DownloadHarness, MAX_VIDEO_BYTES } from './attempts.js';
import { OVERLAP_BYTES } from './behaviour.js';
import { plain } from './rare-scripts.js';

let harness: DownloadHarness;
beforeAll(async () => {
  harness = await DownloadHarness.open();
});
afterAll(() => harness.close());

it('A remaining part that is longer than its range is discarded', async () => {
  const broken = { ...plain, cut: { at: 500, by: 'fin' } } as const;
  const longer = { ...plain, lie: 'longer body' } as const;
  const { last, failures, current, sent } = await harness.run({
    sizes: [1_000, 1_000],
    tail: 0,
    attempts: [
      { behaviours: [broken, broken], ending: 'normal' },
      { behaviours: [longer, longer], ending: 'normal' },
    ],
    finally: plain,
  });
  expect(failures).toMatchObject([{ failed: 'TRUNCATED' }, { failed: 'HTTP_STATUS', retryable: true }]);
  expect(last).toMatchObject({ stored: current });
  const first = Math.floor(current.length / 2);
  const second = current.length - first + OVERLAP_BYTES + current.length;
  expect(sent).toBe(first + second + current.length);
});

it('A remaining part that is longer than its range is not mistaken for a file above the size limit if the surplus exceeds that as well', async () => {
  const size = Math.ceil(MAX_VIDEO_BYTES / 2);
  const broken = { ...plain, cut: { at: 1, by: 'fin' } } as const;
  const longer = { ...plain, lie: 'longer body' } as const;
  const { last, failures, current } = await harness.run({
    sizes: [size, size],
    tail: 0,
    attempts: [
      { behaviours: [broken, broken], ending: 'normal' },
      { behaviours: [longer, longer], ending: 'normal' },
    ],
    finally: plain,
  });
  expect(failures).toMatchObject([{ failed: 'TRUNCATED' }, { failed: 'HTTP_STATUS', retryable: true }]);
  expect(last).toMatchObject({ stored: current });
});
