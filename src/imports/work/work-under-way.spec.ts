import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { WorkAborted, WorkUnderWay } from './work-under-way.js';

const claimed = async (): Promise<object> => ({});

async function untilAborted(_item: object, signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}

describe('WorkUnderWay', () => {
  it('aborts one item and leaves the others alone', async () => {
    const work = new WorkUnderWay();
    const one = work.track('1', claimed, untilAborted);
    const two = work.track('2', claimed, untilAborted);
    await Promise.resolve();
    work.abort('1', 'enough');
    await expect(one).rejects.toEqual(new WorkAborted('enough'));
    expect(work.itemIds).toEqual(['2']);
    work.abort('2', 'enough');
    await expect(two).rejects.toThrow(WorkAborted);
  });

  it('does not work on what it could not claim', async () => {
    const work = new WorkUnderWay();
    let worked = false;
    await work.track(
      '1',
      async () => null,
      async () => {
        worked = true;
      },
    );
    expect(worked).toBe(false);
  });

  it('waits for what is just being claimed when it closes, and aborts that, too', async () => {
    const work = new WorkUnderWay();
    let claim: (item: object) => void = () => undefined;
    const running = work.track('1', () => new Promise<object>((resolve) => (claim = resolve)), untilAborted);
    const outcome = expect(running).rejects.toThrow(WorkAborted);
    expect(work.itemIds).toEqual([]);
    const closing = work.close(0);
    claim({});
    await closing;
    await outcome;
  });

  it('lets a job that came twice go without touching the one at work', async () => {
    const work = new WorkUnderWay();
    const running = work.track('1', claimed, untilAborted);
    await work.track('1', async () => null, untilAborted);
    expect(work.itemIds).toEqual(['1']);
    work.abort('1', 'enough');
    await expect(running).rejects.toThrow(WorkAborted);
  });

  it('lets work end within the grace', async () => {
    const work = new WorkUnderWay();
    let end: () => void = () => undefined;
    const running = work.track('1', claimed, () => new Promise((resolve) => (end = resolve)));
    const closing = work.close(3_600_000);
    expect(work.closed).toBe(true);
    end();
    await Promise.all([running, closing]);
    expect(work.itemIds).toEqual([]);
  });

  it('aborts what is left after the grace, and waits for it', async () => {
    const work = new WorkUnderWay();
    const running = work.track('1', claimed, untilAborted);
    const outcome = expect(running).rejects.toThrow(WorkAborted);
    await work.close(0);
    await outcome;
    expect(work.itemIds).toEqual([]);
  });
});
