import { afterAll, beforeAll, expect, it } from 'vitest';
import { MAX_VIDEO_BYTES, Workshop } from './attempts.js';
import { plainly } from './rare-scripts.js';

let workshop: Workshop;
beforeAll(async () => {
  workshop = await Workshop.open();
});
afterAll(() => workshop.close());

it('counts what an earlier attempt has received, before it reads the rest', async () => {
  // Each of the two parts alone would not be too large.
  const size = MAX_VIDEO_BYTES + 500;
  const broken = { ...plainly, framing: 'chunked', cut: { at: 500, by: 'fin' } } as const;
  const { last, failures } = await workshop.run({
    sizes: [size, size],
    tail: 0,
    attempts: [{ behaviours: [broken, broken], ending: 'normal' }],
    finally: plainly,
  });
  expect(failures).toMatchObject([{ failed: 'TRUNCATED' }]);
  expect(last).toMatchObject({ failed: 'TOO_LARGE', retryable: false });
});
