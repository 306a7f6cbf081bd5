import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../test/support/database.js';
import { parseEnvironment } from '../config/load-environment.js';
import { Signals } from './signals.js';

let database: TestDatabase;
const open: Signals[] = [];

beforeAll(async () => {
  database = await createDatabase();
});
afterEach(() => Promise.all(open.splice(0).map((signals) => signals.beforeApplicationShutdown())));
afterAll(() => database?.drop());

/** A process that listens, and how often it has heard of each signal. Everyone is told once when the listening begins. */
async function listener(): Promise<{ cancelled: number; pending: number }> {
  const signals = new Signals(parseEnvironment({ DATABASE_URL: database.url }));
  open.push(signals);
  const heard = { cancelled: 0, pending: 0 };
  signals.on('items_cancelled', () => (heard.cancelled += 1));
  signals.on('items_pending', () => (heard.pending += 1));
  signals.onApplicationBootstrap();
  await expect.poll(() => heard).toEqual({ cancelled: 1, pending: 1 });
  return heard;
}

const sender = (): Signals => new Signals(parseEnvironment({ DATABASE_URL: database.url }));

describe('a signal', () => {
  it('reaches every process with the commit, and nobody where there is none', async () => {
    const [one, other] = [await listener(), await listener()];
    const undone = database.dataSource.transaction(async (tx) => {
      await sender().send(tx, 'items_pending');
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await database.dataSource.transaction((tx) => sender().send(tx, 'items_cancelled'));
    await expect.poll(() => [one.cancelled, other.cancelled]).toEqual([2, 2]);
    expect([one.pending, other.pending]).toEqual([1, 1]);
  });

  it('is made up for after the connection was lost', async () => {
    const heard = await listener();
    await database.dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'reelport signals'`,
    );
    await expect.poll(() => heard, { timeout: 10_000 }).toEqual({ cancelled: 2, pending: 2 });
    await sender().send(database.dataSource.manager, 'items_pending');
    await expect.poll(() => heard.pending).toBe(3);
  });
});
