import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { WorkAborted, InFlightItems } from './in-flight-items.js';

const claimed = async (): Promise<{ claim: number }> => ({ claim: 1 });

async function untilAborted(_item: object, signal: AbortSignal): Promise<void> {
  await until(signal);
  throw signal.reason;
}

async function until(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

const noneLeft = async (): Promise<Map<string, number>> => new Map();

/** The error of work; undefined if it succeeds. */
const ending = (work: Promise<void>): Promise<unknown> => work.catch((error: unknown) => error);

describe('InFlightItems', () => {
  it('aborts one item without affecting the others', async () => {
    const work = new InFlightItems();
    const one = work.track('1', claimed, untilAborted);
    const two = work.track('2', claimed, untilAborted);
    await Promise.resolve();
    const [oneEnds, twoEnds] = [ending(one), ending(two)];
    await work.abortLost(async () => new Map([['2', 1]]), 'enough');
    expect(await oneEnds).toEqual(new WorkAborted('enough'));
    expect(work.itemIds).toEqual(['2']);
    await work.abortLost(noneLeft, 'enough');
    expect(await twoEnds).toBeInstanceOf(WorkAborted);
  });

  it('does not abort an item that is claimed again while the claims are looked up', async () => {
    const work = new InFlightItems();
    const first = ending(work.track('1', claimed, untilAborted));
    await Promise.resolve();
    const end = new AbortController();
    let second: Promise<unknown> = Promise.resolve();
    await work.abortLost(async () => {
      second = ending(
        work.track(
          '1',
          async () => ({ claim: 2 }),
          async (_, signal) => {
            await until(AbortSignal.any([signal, end.signal]));
            signal.throwIfAborted();
          },
        ),
      );
      await Promise.resolve();
      return new Map();
    }, 'lost');
    expect(await first).toEqual(new WorkAborted('lost'));
    end.abort();
    expect(await second).toBeUndefined();
  });

  it('aborts a claim that is over although this process has claimed the item again', async () => {
    const work = new InFlightItems();
    const first = ending(work.track('1', claimed, untilAborted));
    const second = ending(work.track('1', async () => ({ claim: 2 }), untilAborted));
    await Promise.resolve();
    await work.abortLost(async () => new Map([['1', 2]]), 'lost');
    expect(await first).toEqual(new WorkAborted('lost'));
    expect(work.itemIds).toEqual(['1']);
    await work.abortLost(noneLeft, 'enough');
    expect(await second).toEqual(new WorkAborted('enough'));
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
    const ended = ending(running);
    await work.abortLost(noneLeft, 'enough');
    expect(await ended).toBeInstanceOf(WorkAborted);
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
