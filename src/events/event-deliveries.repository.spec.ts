import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DeadLettersRepository } from './dead-letters.repository.js';
import type { DueEvent } from './event-deliveries.repository.js';
import { EventDelivery } from './event-delivery.entity.js';
import { accepted, listenerNamed, openEventsScope, type EventsScope } from './testing/events-scope.js';

const MOST = 3;
const both = [listenerNamed('diary'), listenerNamed('search')];

let scope: EventsScope;

beforeAll(async () => {
  scope = await openEventsScope();
});
afterEach(() => scope.clear());
afterAll(() => scope.close());

function claim(listener = 'diary', free = 100): Promise<DueEvent[]> {
  return scope.repository.claim([{ listener, free, leaseMs: 60_000 }], MOST);
}

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `import${index}`);

describe('claim', () => {
  it('returns the event as it was recorded', async () => {
    await scope.record(both, ['a']);
    const [delivery] = await scope.deliveries();
    expect(await claim(delivery.listener)).toEqual([
      {
        id: delivery.id,
        listener: delivery.listener,
        event: accepted(scope.projectId, 'a'),
        occurredAt: expect.any(Date),
        attempt: 1,
        scheduled: 1,
      },
    ]);
  });

  it('claims each delivery once, up to the free slots of each listener', async () => {
    await scope.record(both, names(5));
    const slots = [
      { listener: 'diary', free: 2, leaseMs: 60_000 },
      { listener: 'search', free: 4, leaseMs: 60_000 },
    ];
    const claimed = await scope.repository.claim(slots, MOST);
    expect(
      claimed
        .map(({ listener }) => listener)
        .sort()
        .join(' '),
    ).toBe('diary diary search search search search');
    expect(await claim()).toHaveLength(3);
    expect(await claim()).toEqual([]);
  });

  it('does not give one delivery to two concurrent callers', async () => {
    await scope.record(both, names(40));
    const claims = await Promise.all(Array.from({ length: 5 }, () => claim('diary', 20)));
    const ids = claims.flat().map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('returns a delivery again when its lease expires, as the next attempt', async () => {
    await scope.record(both, ['a']);
    const [first] = await claim();
    await scope.expireLeases();
    expect(await claim()).toMatchObject([{ id: first.id, attempt: 2, scheduled: 2 }]);
  });

  it('gives a delivery up whose every attempt ended with its worker', async () => {
    await scope.record([listenerNamed('diary')], ['a']);
    for (let attempt = 1; attempt <= MOST; attempt += 1) {
      expect(await claim()).toMatchObject([{ attempt }]);
      await scope.expireLeases();
    }
    expect(await claim()).toEqual([]);
    expect(await scope.deliveries()).toMatchObject([
      {
        state: 'dead',
        attempts: MOST,
        lastError: 'The worker stopped during the attempt',
        nextAttemptAt: null,
      },
    ]);
  });
});

describe('remove', () => {
  it('removes an event with the last of its deliveries', async () => {
    await scope.record(both, ['a', 'b']);
    await scope.repository.remove((await claim('diary')).map(({ id }) => id));
    expect(await scope.countEvents()).toBe(2);
    await scope.repository.remove((await claim('search', 1)).map(({ id }) => id));
    expect(await scope.countEvents()).toBe(1);
    expect(await scope.deliveries()).toMatchObject([{ listener: 'search' }]);
  });

  it('leaves no event behind if its deliveries are removed at the same time', async () => {
    await scope.record(both, names(200));
    const [mine, theirs] = [await claim('diary', 200), await claim('search', 200)];
    const batches = [0, 1, 2, 3].flatMap((batch) =>
      [mine, theirs].map((due) => due.slice(batch * 50, batch * 50 + 50).map(({ id }) => id)),
    );
    await Promise.all(batches.map((ids) => scope.repository.remove(ids)));
    expect(await scope.deliveries()).toEqual([]);
    expect(await scope.countEvents()).toBe(0);
  });

  it('removes a delivery that another worker has claimed meanwhile, because it was delivered', async () => {
    await scope.record([listenerNamed('diary')], ['a']);
    const [late] = await claim();
    await scope.expireLeases();
    await claim();
    await scope.repository.remove([late.id]);
    expect(await scope.deliveries()).toEqual([]);
  });
});

describe('fail', () => {
  it('schedules the next attempt, or gives up', async () => {
    await scope.record(both, ['a']);
    const [[first], [last]] = [await claim('diary'), await claim('search')];
    await scope.repository.fail(first, 'No space left', 3_600_000);
    await scope.repository.fail(last, 'No space left', null);
    const deliveries = await scope.deliveries();
    expect(deliveries.toSorted((a, b) => a.listener.localeCompare(b.listener))).toMatchObject([
      { state: 'pending', attempts: 1, lastError: 'No space left', failedAt: null },
      {
        state: 'dead',
        attempts: 1,
        lastError: 'No space left',
        nextAttemptAt: null,
        failedAt: expect.any(Date),
      },
    ]);
    expect(await claim()).toEqual([]);
  });

  it('leaves the claim of another worker alone', async () => {
    await scope.record([listenerNamed('diary')], ['a']);
    const [late] = await claim();
    await scope.expireLeases();
    await claim();
    await scope.repository.fail(late, 'Too late', null);
    await scope.repository.release(late);
    expect(await scope.deliveries()).toMatchObject([{ state: 'pending', attempts: 2, lastError: null }]);
    expect(await claim()).toEqual([]);
  });

  it('leaves a retried dead letter alone if its last attempt ends only then', async () => {
    await scope.record([listenerNamed('diary')], ['a']);
    let late: DueEvent | undefined;
    for (let attempt = 1; attempt <= MOST; attempt += 1) {
      [late] = await claim();
      await scope.expireLeases();
    }
    expect(await claim()).toEqual([]);
    const deadLetters = new DeadLettersRepository(scope.dataSource.getRepository(EventDelivery));
    const [dead] = await scope.deliveries();
    await scope.dataSource.transaction((tx) => deadLetters.retry(tx, dead.projectId, dead.id));
    if (late !== undefined) {
      await scope.repository.fail(late, 'Too late', null);
      await scope.repository.release(late);
    }
    expect(await claim()).toMatchObject([{ id: dead.id, attempt: MOST + 1, scheduled: 1 }]);
  });
});

it('release makes a delivery due at once, and does not count the attempt', async () => {
  await scope.record([listenerNamed('diary')], ['a']);
  const [{ id, ...due }] = await claim();
  await scope.repository.release({ id, ...due });
  expect(await claim()).toMatchObject([{ id, attempt: 1 }]);
});
