import { afterAll, beforeAll, expect, it } from 'vitest';
import { Workshop } from './attempts.js';
import { OVERLAP_BYTES } from './behaviour.js';
import { plainly } from './rare-scripts.js';

let workshop: Workshop;
beforeAll(async () => {
  workshop = await Workshop.open();
});
afterAll(() => workshop.close());

it('continues nothing of a rest that is longer than its range', async () => {
  const broken = { ...plainly, cut: { at: 500, by: 'fin' } } as const;
  const longer = { ...plainly, lie: 'longer body' } as const;
  const { last, failures, current, sent } = await workshop.run({
    sizes: [1_000, 1_000],
    tail: 0,
    attempts: [
      { behaviours: [broken, broken], ending: 'normal' },
      { behaviours: [longer, longer], ending: 'normal' },
    ],
    finally: plainly,
  });
  expect(failures).toMatchObject([{ failed: 'TRUNCATED' }, { failed: 'HTTP_STATUS', retryable: true }]);
  expect(last).toMatchObject({ stored: current });
  const first = Math.floor(current.length / 2);
  const second = current.length - first + OVERLAP_BYTES + current.length;
  expect(sent).toBe(first + second + current.length);
});
