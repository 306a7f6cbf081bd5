import { performance } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { busyness } from './busyness.js';

/** Blocks the event loop. */
function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

it('busyness rises while the event loop works and falls while it is idle', async () => {
  while (busyness() < 0.9) work(20);
  await expect.poll(() => busyness()).toBeLessThan(0.5);
});
