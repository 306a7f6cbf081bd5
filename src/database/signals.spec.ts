import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../test/support/database.js';
import { startTcpProxy } from '../../test/support/tcp-proxy.js';
import { parseEnvironment } from '../config/parse-environment.js';
import { Signals } from './signals.js';

let database: TestDatabase;
const open: Signals[] = [];

beforeAll(async () => {
  database = await createDatabase();
});
afterEach(() => Promise.all(open.splice(0).map((signals) => signals.beforeApplicationShutdown())));
afterAll(() => database?.drop());

/** Starts a listener and counts its signals. Each handler is called once when listening begins. */
async function listener(url = database.url): Promise<{ cancelled: number; pending: number }> {
  const signals = new Signals(parseEnvironment({ DATABASE_URL: url }));
  open.push(signals);
  const heard = { cancelled: 0, pending: 0 };
  signals.on('items_cancelled', () => (heard.cancelled += 1));
  signals.on('items_pending', () => (heard.pending += 1));
  await expect.poll(() => heard).toEqual({ cancelled: 1, pending: 1 });
  return heard;
}

const sender = (): Signals => new Signals(parseEnvironment({ DATABASE_URL: database.url }));

describe('a signal', () => {
  it('reaches every process on commit, and none on rollback', async () => {
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

  it('reaches a handler that was added while the process listens', async () => {
    await listener();
    const [signals] = open;
    let heard = 0;
    signals?.on('deliveries_due', () => (heard += 1));
    await sender().send(database.dataSource.manager, 'deliveries_due');
    await expect.poll(() => heard).toBe(1);
  });

  it('is repeated after the connection was lost', async () => {
    const heard = await listener();
    await database.dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'reelport signals'`,
    );
    await expect.poll(() => heard).toEqual({ cancelled: 2, pending: 2 });
    await sender().send(database.dataSource.manager, 'items_pending');
    await expect.poll(() => heard.pending).toBe(3);
  });

  it('is repeated after the connection became unresponsive', async () => {
    const proxy = await startTcpProxy(database.url);
    try {
      const heard = await listener(proxy.url);
      proxy.silence();
      await sender().send(database.dataSource.manager, 'items_pending');
      proxy.resume();
      await expect.poll(() => heard).toEqual({ cancelled: 2, pending: 2 });
    } finally {
      await proxy.cut();
    }
  });

  it('does not delay shutdown while the network is unresponsive', async () => {
    const proxy = await startTcpProxy(database.url);
    await listener(proxy.url);
    proxy.silence();
    const ended = await Promise.all(open.splice(0).map((signals) => signals.beforeApplicationShutdown()));
    expect(ended).toHaveLength(1);
    await proxy.cut();
  });

  it('reconnects from a read-only server, and leaves no connection to it', async () => {
    const name = new URL(database.url).pathname.slice(1);
    const pids = async (): Promise<number[]> => {
      const rows: Array<{ pid: number }> = await database.dataSource.query(
        `SELECT pid FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'reelport signals'`,
      );
      return rows.map(({ pid }) => pid);
    };
    // Applies to later sessions only, as a failover applies to later connections only.
    await database.dataSource.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await listener();
    const [demoted] = await pids();
    await database.dataSource.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
    await expect.poll(pids).toEqual([expect.not.toSatisfy((pid: number) => pid === demoted)]);
  });
});
