import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../test/support/database.js';
import { startTcpProxy, type TcpProxy } from '../../test/support/tcp-proxy.js';
import { isUnreachable } from './unreachable-error.js';
import { ConnectionRenewal } from './connection-renewal.js';
import { databaseOptions } from './database-options.js';

const POOL = 4;

let database: TestDatabase;
let proxy: TcpProxy;
let dataSource: DataSource | undefined;
const renewals: ConnectionRenewal[] = [];

beforeEach(async () => {
  database = await createDatabase();
  proxy = await startTcpProxy(database.url);
});
afterEach(async () => {
  if (dataSource?.isInitialized === true) await dataSource.destroy();
  await proxy.cut();
  await database.drop();
});

/** Opens a pool as the processes do, with all connections established. */
async function openPool(): Promise<DataSource> {
  const pool = await new DataSource({
    ...databaseOptions({ url: proxy.url, poolSize: POOL, timeoutMs: 1_000 }),
    logging: false,
  }).initialize();
  dataSource = pool;
  renewals.push(new ConnectionRenewal(pool));
  await Promise.all(Array.from({ length: POOL }, () => pool.query('SELECT pg_sleep(0.1)')));
  return pool;
}

const write = (pool: DataSource, name: string): Promise<unknown> =>
  pool.query(`INSERT INTO projects (name, webhook_secrets) VALUES ($1, '{}')`, [name]);

/** Results of one concurrent write per connection. */
async function writes(pool: DataSource, name: string): Promise<Array<'done' | 'unavailable' | Error>> {
  return Promise.all(
    Array.from({ length: POOL }, async (_, n) =>
      write(pool, `${name}-${n}`).then(
        () => 'done' as const,
        (error: Error) => (isUnreachable(error) ? ('unavailable' as const) : error),
      ),
    ),
  );
}

const pids = (): Promise<unknown> =>
  database.dataSource.query(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY pid`,
  );

const allOf = <T>(value: T): T[] => Array.from({ length: POOL }, () => value);

describe('a pool', () => {
  it('closes unresponsive connections, and works as soon as the network is back', async () => {
    const pool = await openPool();
    proxy.silence();
    expect(await writes(pool, 'silent')).toEqual(allOf('unavailable'));
    proxy.resume();
    // The old connections stay unresponsive.
    expect(await writes(pool, 'back')).toEqual(allOf('done'));
  });

  it('closes all connections if one is unresponsive', async () => {
    const pool = await openPool();
    proxy.silence();
    await expect(write(pool, 'silent')).rejects.toSatisfy(isUnreachable);
    proxy.resume();
    expect(await writes(pool, 'back')).toEqual(allOf('done'));
  });

  it('ends a transaction at its first unanswered statement, without a rollback on the unresponsive connection', async () => {
    const pool = await openPool();
    const statements: string[] = [];
    const transaction = pool.transaction(async (tx) => {
      await tx.query('SELECT 1');
      proxy.silence();
      for (const statement of ['SELECT 2', 'SELECT 3']) {
        statements.push(statement);
        await tx.query(statement);
      }
    });
    await expect(transaction).rejects.toSatisfy(isUnreachable);
    expect(statements).toEqual(['SELECT 2']);
    proxy.resume();
    expect(await writes(pool, 'back')).toEqual(allOf('done'));
  });

  it('shuts down while the network is unresponsive', async () => {
    const pool = await openPool();
    const hanging = pool.query('SELECT pg_sleep(10)').catch((error: unknown) => error);
    proxy.silence();
    await pool.destroy();
    expect(await hanging).toSatisfy(isUnreachable);
  });

  it('closes connections to a read-only server, and finds the new primary behind the same address', async () => {
    const name = new URL(database.url).pathname.slice(1);
    // Applies to later sessions only, as a failover applies to later connections only.
    await database.dataSource.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    const pool = await openPool();
    await database.dataSource.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
    await expect(write(pool, 'demoted')).rejects.toSatisfy(isUnreachable);
    // The first failure has closed the other connections, too, so no further write fails.
    expect(await writes(pool, 'promoted')).toEqual(allOf('done'));
  });

  it('keeps a connection whose statement was cancelled', async () => {
    const pool = await openPool();
    const before = await pids();
    await expect(pool.query('SELECT pg_sleep(10)')).rejects.toSatisfy(isUnreachable);
    expect(await pids()).toEqual(before);
  });
});
