import { afterAll, beforeAll, expect, it } from 'vitest';
import { DownloadHarness } from './attempts.js';
import { OVERLAP_BYTES } from './behaviour.js';
import { plain } from './rare-scripts.js';

let harness: DownloadHarness;
beforeAll(async () => {
  harness = await DownloadHarness.open();
});
afterAll(() => harness.close());

it('discards a remaining part that is longer than its range', async () => {
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
