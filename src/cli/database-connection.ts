import { Client, Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { databaseRefusal } from '../database/refused-credentials.js';

const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Fails at once where there is no database. The application itself waits for one to come up, which is right for a
 * server and looks like hanging to a person.
 */
export async function assertReachable(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  try {
    await client.connect();
  } catch (error) {
    const refusal = databaseRefusal(error);
    if (refusal) throw refusal;
    throw new Error(`The database of DATABASE_URL cannot be reached: ${reasonOf(error)}`, { cause: error });
  } finally {
    await client.end();
  }
}

/**
 * Resolves when the last connection is gone. Closing a pool is over before its sockets are closed, and a server that
 * goes down in between complains about them.
 */
export async function whenDisconnected({ driver }: DataSource): Promise<void> {
  if (!('master' in driver) || !(driver.master instanceof Pool)) return;
  const pool = driver.master;
  if (pool.totalCount === 0) return;
  let left = pool.totalCount;
  await new Promise<void>((resolve) => {
    pool.on('remove', () => {
      left -= 1;
      if (left === 0) resolve();
    });
  });
}

/** An address with several IPs fails with an AggregateError, which has no message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
