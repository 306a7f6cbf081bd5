import { afterEach, beforeEach, expect, it } from 'vitest';
import { EngineScope, itemsOf } from './engine.js';
import { StubKind } from './stub-kind.js';

let scope: EngineScope;
let sounds: StubKind;

beforeEach(async () => {
  scope = await EngineScope.open();
  sounds = new StubKind('sounds');
});
afterEach(() => scope?.close());

it('imports of a higher priority run first, whatever their order, within the share of their project', async () => {
  const [busy, other] = [await scope.newProject(), await scope.newProject()];
  const low = await scope.post(busy, 'sounds', itemsOf('low', 2), { priority: -1 });
  const normal = await scope.post(busy, 'sounds', itemsOf('normal', 2));
  const high = await scope.post(busy, 'sounds', itemsOf('high', 2), { priority: 1 });
  const others = await scope.post(other, 'sounds', itemsOf('other', 2));
  // One item at a time, so that the order of processing is that of dispatching.
  await scope.startWorker([sounds], { WORKER_CONCURRENCY: '1', DISPATCH_WINDOW: '1' });
  for (const id of [low, normal, high, others]) {
    await expect.poll(() => scope.states(id)).toEqual({ success: 2 });
  }
  const order = sounds.processed.map((id) => id.replace(/\W?\d+$/, ''));
  expect(order.filter((id) => id !== 'other')).toEqual(['high', 'high', 'normal', 'normal', 'low', 'low']);
});
