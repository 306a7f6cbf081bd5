import { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { connectionFault, databaseRefusal } from '../database/refused-credentials.js';

/**
 * Fails at once where there is no database. The application itself waits for one to come up, which is right for a
 * server and looks like hanging to a person.
 */
export async function assertReachable(url: string): Promise<void> {
  const fault = await connectionFault(url);
  if (fault === undefined) return;
  throw (
    databaseRefusal(fault) ??
    new Error(`The database of DATABASE_URL cannot be reached: ${reasonOf(fault)}`, { cause: fault })
  );
}

/** A silent network never ends a connection. */
const PATIENCE_MS = 5_000;

/**
 * Resolves when the last connection is gone, or should be. Closing a pool is over before its sockets are closed, and a server that
 * goes down in between complains about them.
 */
export async function whenDisconnected({ driver }: DataSource): Promise<void> {
  if (!('master' in driver) || !(driver.master instanceof Pool)) return;
  const pool = driver.master;
  if (pool.totalCount === 0) return;
  let left = pool.totalCount;
  await new Promise<void>((resolve) => {
    const giveUp = setTimeout(resolve, PATIENCE_MS);
    pool.on('remove', () => {
      left -= 1;
      if (left > 0) return;
      clearTimeout(giveUp);
      resolve();
    });
  });
}

/** An address with several IPs fails with an AggregateError, which has no message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
