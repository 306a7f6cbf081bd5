import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { WorkAborted, WorkUnderWay } from './work-under-way.js';

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}

describe('WorkUnderWay', () => {
  it('aborts one item and leaves the others alone', async () => {
    const work = new WorkUnderWay();
    const one = work.track('1', untilAborted);
    const two = work.track('2', untilAborted);
    work.abort('1', 'enough');
    await expect(one).rejects.toEqual(new WorkAborted('enough'));
    expect(work.itemIds).toEqual(['2']);
    work.abort('2', 'enough');
    await expect(two).rejects.toThrow(WorkAborted);
  });

  it('lets work end within the grace', async () => {
    const work = new WorkUnderWay();
    let end: () => void = () => undefined;
    const running = work.track('1', () => new Promise((resolve) => (end = resolve)));
    const closing = work.close(3_600_000);
    expect(work.closed).toBe(true);
    end();
    await Promise.all([running, closing]);
    expect(work.itemIds).toEqual([]);
  });

  it('aborts what is left after the grace, and waits for it', async () => {
    const work = new WorkUnderWay();
    const running = work.track('1', untilAborted);
    const outcome = expect(running).rejects.toThrow(WorkAborted);
    await work.close(0);
    await outcome;
    expect(work.itemIds).toEqual([]);
  });
});
