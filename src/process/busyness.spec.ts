import { performance } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { busyness } from './busyness.js';

/** Keeps the event loop busy, without a moment for anything else. */
function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

it('rises while the event loop works, and falls while it waits', async () => {
  while (busyness() < 0.9) work(20);
  await expect.poll(() => busyness()).toBeLessThan(0.5);
});
