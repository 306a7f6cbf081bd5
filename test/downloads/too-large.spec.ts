import { afterAll, beforeAll, expect, it } from 'vitest';
import { MAX_VIDEO_BYTES, DownloadHarness } from './attempts.js';
import { plain } from './rare-scripts.js';

let harness: DownloadHarness;
beforeAll(async () => {
  harness = await DownloadHarness.open();
});
afterAll(() => harness.close());

it('includes the bytes of an earlier attempt before it reads the remaining part', async () => {
  // Neither part exceeds the limit on its own.
  const size = MAX_VIDEO_BYTES + 500;
  const broken = { ...plain, framing: 'chunked', cut: { at: 500, by: 'fin' } } as const;
  const { last, failures } = await harness.run({
    sizes: [size, size],
    tail: 0,
    attempts: [{ behaviours: [broken, broken], ending: 'normal' }],
    finally: plain,
  });
  expect(failures).toMatchObject([{ failed: 'TRUNCATED' }]);
  expect(last).toMatchObject({ failed: 'TOO_LARGE', retryable: false });
});
