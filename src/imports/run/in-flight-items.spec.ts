import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { WorkAborted, InFlightItems } from './in-flight-items.js';

const claimed = async (): Promise<object> => ({});

async function untilAborted(_item: object, signal: AbortSignal): Promise<void> {
  await until(signal);
  throw signal.reason;
}

async function until(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

describe('InFlightItems', () => {
  it('aborts one item without affecting the others', async () => {
    const work = new InFlightItems();
    const one = work.track('1', claimed, untilAborted);
    const two = work.track('2', claimed, untilAborted);
    await Promise.resolve();
    work.abort('1', 'enough');
    await expect(one).rejects.toEqual(new WorkAborted('enough'));
    expect(work.itemIds).toEqual(['2']);
    work.abort('2', 'enough');
    await expect(two).rejects.toThrow(WorkAborted);
  });

  it('does not process an item that could not be claimed', async () => {
    const work = new InFlightItems();
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

  it('waits for an item that is being claimed when it drains, then aborts it', async () => {
    const work = new InFlightItems();
    const claim = new AbortController();
    const running = work.track('1', () => until(claim.signal).then(claimed), untilAborted);
    const outcome = running.catch((error: unknown) => error);
    expect(work.itemIds).toEqual([]);
    const closing = work.drain(AbortSignal.abort());
    claim.abort();
    await closing;
    expect(await outcome).toBeInstanceOf(WorkAborted);
  });

  it('ignores a duplicate job without affecting the running one', async () => {
    const work = new InFlightItems();
    const running = work.track('1', claimed, untilAborted);
    await work.track('1', async () => null, untilAborted);
    expect(work.itemIds).toEqual(['1']);
    work.abort('1', 'enough');
    await expect(running).rejects.toThrow(WorkAborted);
  });

  it('lets items finish within the grace period', async () => {
    const work = new InFlightItems();
    const end = new AbortController();
    const running = work.track('1', claimed, () => until(end.signal));
    const closing = work.drain(new AbortController().signal);
    end.abort();
    await Promise.all([running, closing]);
    expect(work.itemIds).toEqual([]);
  });

  it('aborts remaining items after the grace period and waits for them', async () => {
    const work = new InFlightItems();
    const running = work.track('1', claimed, untilAborted);
    const outcome = running.catch((error: unknown) => error);
    const deadline = new AbortController();
    const drained = work.drain(deadline.signal);
    deadline.abort();
    await drained;
    expect(await outcome).toBeInstanceOf(WorkAborted);
    expect(work.itemIds).toEqual([]);
  });
});
