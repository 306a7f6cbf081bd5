import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { defineListener, type ListenerPart } from '../extension/define-listener.js';
import { accepted, listenerNamed, openEventsScope, type EventsScope } from './testing/events-scope.js';

let scope: EventsScope;

beforeAll(async () => {
  scope = await openEventsScope();
});
afterEach(() => scope.clear());
afterAll(() => scope.close());

const listeners: readonly ListenerPart[] = [
  listenerNamed('diary'),
  listenerNamed('search'),
  defineListener({ name: 'media', on: ['media.created'], timeoutMs: 1, handle: async () => undefined }),
];

describe('record', () => {
  it('stores an event with one delivery for each of its listeners', async () => {
    await scope.record(listeners, ['a', 'b']);
    expect(await scope.countEvents()).toBe(2);
    const deliveries = await scope.deliveries();
    expect(deliveries.map(({ listener }) => listener).sort()).toEqual(['diary', 'diary', 'search', 'search']);
    expect(new Set(deliveries.map(({ id }) => id)).size).toBe(4);
    expect(deliveries[0]).toMatchObject({ state: 'pending', attempts: 0, lastError: null, failedAt: null });
  });

  it('stores nothing that no listener wants, and then sends no statement', async () => {
    let statements = 0;
    const counter = { beforeQuery: () => void (statements += 1) };
    await scope.dataSource.transaction(async (tx) => {
      scope.dataSource.subscribers.push(counter);
      await scope.events([]).record(tx, [accepted(scope.projectId, 'a')]);
      await scope.events(listeners.slice(2)).record(tx, [accepted(scope.projectId, 'a')]);
      scope.dataSource.subscribers.pop();
    });
    expect(statements).toBe(0);
    expect(await scope.countEvents()).toBe(0);
  });

  it('stores nothing if the transaction rolls back', async () => {
    const failing = scope.dataSource.transaction(async (tx) => {
      await scope.events(listeners).record(tx, [accepted(scope.projectId, 'a')]);
      throw new Error('The cause did not happen');
    });
    await expect(failing).rejects.toThrow('The cause did not happen');
    expect(await scope.countEvents()).toBe(0);
    expect(await scope.deliveries()).toEqual([]);
  });

  it('removes everything with its project', async () => {
    const [{ id }] = await scope.dataSource.query<[{ id: number }]>(
      `INSERT INTO projects (name, webhook_secrets) VALUES ('gone', '[]') RETURNING id`,
    );
    await scope.dataSource.transaction((tx) => scope.events(listeners).record(tx, [accepted(id, 'a')]));
    await scope.dataSource.query('DELETE FROM projects WHERE id = $1', [id]);
    expect(await scope.countEvents()).toBe(0);
    expect(await scope.deliveries()).toEqual([]);
  });
});
