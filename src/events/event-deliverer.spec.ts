import { once } from 'node:events';
import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Delivery, ListenerPart } from '../extension/define-listener.js';
import { EventDeliveriesRepository, type DueEvent } from './event-deliveries.repository.js';
import { MAX_ABANDONED } from '../process/abandoned-work.js';
import { listenerNamed, openEventsScope, type EventsScope } from './testing/events-scope.js';

let scope: EventsScope;

beforeAll(async () => {
  scope = await openEventsScope();
  Logger.overrideLogger(false);
});
afterEach(() => scope.clear());
afterAll(() => scope.close());

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `import${index}`);
const never = (): Promise<void> => new Promise(() => undefined);
const states = async (): Promise<unknown[]> =>
  (await scope.deliveries()).map(({ state, attempts }) => [state, attempts]);

describe('a listener', () => {
  it('gets the event and its delivery, which is then removed with the event', async () => {
    const calls: unknown[] = [];
    const diary = listenerNamed('diary', async (event, { delivery, signal }) => {
      calls.push([event, delivery, signal.aborted]);
    });
    await scope.record([diary], ['a']);
    const [{ id }] = await scope.deliveries();
    const stop = scope.deliver([diary]);
    await expect.poll(() => scope.countEvents()).toBe(0);
    await stop();
    expect(calls).toEqual([
      [
        expect.objectContaining({
          type: 'import.accepted',
          projectId: scope.projectId,
          importId: 'a',
          total: 1,
        }),
        { id, attempt: 1, occurredAt: expect.any(Date) },
        false,
      ],
    ]);
  });

  it('that throws twice is called a third time with the same delivery', async () => {
    const deliveries: Delivery[] = [];
    const diary = listenerNamed('diary', async (_event, { delivery }) => {
      deliveries.push(delivery);
      if (deliveries.length < 3) throw new Error('Not yet');
    });
    await scope.record([diary], ['a']);
    const stop = scope.deliver([diary]);
    await expect.poll(() => scope.countEvents()).toBe(0);
    await stop();
    expect(deliveries.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(new Set(deliveries.map(({ id }) => id)).size).toBe(1);
    expect(new Set(deliveries.map(({ occurredAt }) => occurredAt.getTime())).size).toBe(1);
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('No'))],
    [
      'throws before it returns a promise',
      () => {
        throw new Error('No');
      },
    ],
  ])('that always %s ends in a dead letter', async (_name, handle: () => Promise<void>) => {
    const diary = listenerNamed('diary', handle);
    await scope.record([diary], ['a']);
    const stop = scope.deliver([diary]);
    await expect.poll(states).toEqual([['dead', 3]]);
    await stop();
    expect(await scope.deliveries()).toMatchObject([{ lastError: 'Error: No' }]);
    expect(await scope.countEvents()).toBe(1);
  });

  it('that ignores its signal fails at its time limit and loses its place', async () => {
    const reasons: unknown[] = [];
    const slow = listenerNamed(
      'slow',
      (_event, { signal }) => {
        signal.addEventListener('abort', () => reasons.push(signal.reason));
        return never();
      },
      20,
    );
    // More than the slots of a listener.
    await scope.record([slow], names(20));
    const stop = scope.deliver([slow], { LISTENER_SCHEDULE: '0s' });
    await expect.poll(states).toEqual(names(20).map(() => ['dead', 2]));
    await stop();
    expect(reasons).toHaveLength(40);
    expect((await scope.deliveries())[0].lastError).toBe(
      'TimeLimitError: Listener slow took longer than 20 ms',
    );
  });

  it('that ignores its signal again and again is called no more until calls end', async () => {
    const ends: Array<() => void> = [];
    const slow = listenerNamed('slow', () => new Promise((resolve) => ends.push(resolve)), 1);
    const logged: string[] = [];
    const error = vi.spyOn(Logger.prototype, 'error').mockImplementation((line) => void logged.push(line));
    await scope.record([slow], names(MAX_ABANDONED + 3));
    const stop = scope.deliver([slow], { LISTENER_SCHEDULE: '1h' });
    await expect.poll(() => ends.length).toBe(MAX_ABANDONED);
    await expect
      .poll(() => logged)
      .toContainEqual('64 calls go on after their signal; further events wait until one ends listener=slow');
    const waiting = (await scope.deliveries()).filter(({ attempts }) => attempts === 0);
    expect(waiting).toHaveLength(3);
    for (const end of ends.splice(0, 3)) end();
    await expect.poll(() => ends.length).toBe(MAX_ABANDONED);
    expect((await scope.deliveries()).filter(({ attempts }) => attempts === 0)).toEqual([]);
    await stop();
    error.mockRestore();
  });

  it('that hangs delays no other listener', async () => {
    const seen = new Set<string>();
    const hung = listenerNamed('hung', never);
    const quick = listenerNamed('quick', async ({ importId }) => void seen.add(importId));
    await scope.record([hung, quick], names(50));
    const stop = scope.deliver([hung, quick], { SHUTDOWN_GRACE_MS: '0' });
    await expect.poll(() => seen.size).toBe(50);
    await stop();
  });

  it('that hangs does not stop the shutdown, and is called again without losing an attempt', async () => {
    const begun = new AbortController();
    const hung = listenerNamed('hung', () => {
      begun.abort();
      return never();
    });
    await scope.record([hung], ['a']);
    const stop = scope.deliver([hung], { SHUTDOWN_GRACE_MS: '0' });
    if (!begun.signal.aborted) await once(begun.signal, 'abort');
    await stop();
    expect(await states()).toEqual([['pending', 0]]);
    const attempts: number[] = [];
    const back = listenerNamed('hung', async (_event, { delivery }) => void attempts.push(delivery.attempt));
    const stopAgain = scope.deliver([back]);
    await expect.poll(() => scope.countEvents()).toBe(0);
    await stopAgain();
    expect(attempts).toEqual([1]);
  });

  it('has no more calls in flight than its slots', async () => {
    let now = 0;
    let most = 0;
    const busy = listenerNamed('busy', async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
    });
    await scope.record([busy], names(100));
    const stop = scope.deliver([busy]);
    await expect.poll(() => scope.countEvents()).toBe(0);
    await stop();
    expect(most).toBe(8);
  });
});

describe('a listener that is not installed', () => {
  it('gets its events when it comes back', async () => {
    const seen: string[] = [];
    const gone = listenerNamed('gone', async ({ importId }) => void seen.push(importId));
    const other = listenerNamed('other');
    await scope.record([gone, other], ['a']);
    const stop = scope.deliver([other]);
    await expect
      .poll(async () => (await scope.deliveries()).map(({ listener }) => listener))
      .toEqual(['gone']);
    await stop();
    expect(await states()).toEqual([['pending', 0]]);
    const stopAgain = scope.deliver([gone, other]);
    await expect.poll(() => scope.countEvents()).toBe(0);
    await stopAgain();
    expect(seen).toEqual(['a']);
  });

  it('gets no event from before it was added', async () => {
    const seen: string[] = [];
    const early = listenerNamed('early', () => Promise.reject(new Error('Not yet')));
    const late = listenerNamed('late', async ({ importId }) => void seen.push(importId));
    await scope.record([early], ['before']);
    await scope.record([early, late], ['after']);
    const stop = scope.deliver([early, late]);
    await expect.poll(states).toEqual([
      ['dead', 3],
      ['dead', 3],
    ]);
    await expect.poll(() => seen).toEqual(['after']);
    await stop();
  });
});

describe('several workers', () => {
  it('share the work and call each listener once for each event', async () => {
    const calls: string[] = [];
    const handle: ListenerPart['handle'] = async (_event, { delivery }) => void calls.push(delivery.id);
    const listeners = [listenerNamed('diary', handle), listenerNamed('search', handle)];
    await scope.record(listeners, names(200));
    const stops = [scope.deliver(listeners), scope.deliver(listeners), scope.deliver(listeners)];
    await expect.poll(() => scope.countEvents()).toBe(0);
    await Promise.all(stops.map((stop) => stop()));
    expect(calls).toHaveLength(400);
    expect(new Set(calls).size).toBe(400);
  });

  it('do not call a listener again that succeeded during a short database outage', async () => {
    let calls = 0;
    const diary = listenerNamed('diary', async () => void (calls += 1));
    await scope.record([diary], ['a']);
    const stop = scope.deliver([diary], {}, new UnavailableOnce(scope.dataSource));
    await expect.poll(() => scope.countEvents()).toBe(0);
    await stop();
    expect(calls).toBe(1);
  });
});

it('property: every event is handled at least once, and remains only as a dead letter', async () => {
  const handled = new Map<string, number>();
  const flaky = listenerNamed('flaky', async ({ importId }, { delivery: { attempt } }) => {
    const number = Number(importId.replace('import', ''));
    // Of ten events, two fail once, one fails twice and one always.
    if (number % 10 === 9 || attempt <= [0, 0, 1, 0, 0, 2, 0, 1, 0][number % 10]) throw new Error('It fails');
    handled.set(importId, (handled.get(importId) ?? 0) + 1);
  });
  const abandoning = new Abandoning(scope.dataSource);
  const stops = [scope.deliver([flaky], {}, abandoning), scope.deliver([flaky], {}, abandoning)];
  for (let batch = 0; batch < 10; batch += 1)
    await scope.record([flaky], names(100).slice(batch * 10, batch * 10 + 10));
  const left = async (): Promise<number> => {
    await scope.dataSource.query(
      `UPDATE event_deliveries SET next_attempt_at = now() WHERE id = ANY ($1) AND state = 'pending'`,
      [abandoning.take()],
    );
    return (await scope.deliveries()).filter(({ state }) => state === 'pending').length;
  };
  await expect.poll(left).toBe(0);
  await Promise.all(stops.map((stop) => stop()));
  const dead = (await scope.deliveries()).length;
  expect(abandoning.count).toBeGreaterThan(0);
  expect(dead).toBe(await scope.countEvents());
  expect(handled.size + dead).toBeGreaterThanOrEqual(100);
  expect([...handled.keys()].filter((name) => name.endsWith('9'))).toEqual([]);
});

/** The first removal fails like in an outage. */
class UnavailableOnce extends EventDeliveriesRepository {
  private failed = false;

  override async remove(ids: readonly string[]): Promise<void> {
    if (!this.failed) {
      this.failed = true;
      throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    }
    return super.remove(ids);
  }
}

/** Loses some outcomes, as if the worker had crashed after the call. */
class Abandoning extends EventDeliveriesRepository {
  count = 0;
  private lost: string[] = [];
  private calls = 0;

  /** Deliveries whose lease may now expire. */
  take(): string[] {
    return this.lost.splice(0);
  }

  override async remove(ids: readonly string[]): Promise<void> {
    this.lose(ids);
    return super.remove(ids);
  }

  override async fail(due: DueEvent, error: string, nextInMs: number | null): Promise<void> {
    this.lose([due.id]);
    return super.fail(due, error, nextInMs);
  }

  private lose(ids: readonly string[]): void {
    this.calls += 1;
    if (this.calls % 5 !== 0) return;
    this.count += 1;
    this.lost.push(...ids);
    throw new Error('The worker crashed');
  }
}
