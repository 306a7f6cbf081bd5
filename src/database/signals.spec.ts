import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../test/support/database.js';
import { startTcpProxy } from '../../test/support/tcp-proxy.js';
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
async function listener(url = database.url): Promise<{ cancelled: number; pending: number }> {
  const signals = new Signals(parseEnvironment({ DATABASE_URL: url }));
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
    await expect.poll(() => heard).toEqual({ cancelled: 2, pending: 2 });
    await sender().send(database.dataSource.manager, 'items_pending');
    await expect.poll(() => heard.pending).toBe(3);
  });

  it('is made up for after the connection has fallen silent', async () => {
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

  it('keeps no process from ending while the network is silent', async () => {
    const proxy = await startTcpProxy(database.url);
    await listener(proxy.url);
    proxy.silence();
    const ended = await Promise.all(open.splice(0).map((signals) => signals.beforeApplicationShutdown()));
    expect(ended).toHaveLength(1);
    await proxy.cut();
  });

  it('does not stay with a server that takes no writes, and leaves no connection behind there', async () => {
    const name = new URL(database.url).pathname.slice(1);
    const pids = async (): Promise<number[]> => {
      const rows: Array<{ pid: number }> = await database.dataSource.query(
        `SELECT pid FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'reelport signals'`,
      );
      return rows.map(({ pid }) => pid);
    };
    // It counts for sessions that begin later, as a failover does for connections that are made later.
    await database.dataSource.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await listener();
    const [demoted] = await pids();
    await database.dataSource.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
    await expect.poll(pids).toEqual([expect.not.toSatisfy((pid: number) => pid === demoted)]);
  });
});
