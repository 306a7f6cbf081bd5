import { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { connectionFault, databaseRefusal } from '../database/refused-credentials.js';

/**
 * Fails at once if the database is unavailable. The application itself waits for it, which is right for a server but
 * looks like a hang to a person.
 */
export async function assertReachable(url: string): Promise<void> {
  const fault = await connectionFault(url);
  if (fault === undefined) return;
  throw (
    databaseRefusal(fault) ??
    new Error(`The database of DATABASE_URL is unavailable: ${reasonOf(fault)}`, { cause: fault })
  );
}

/** Upper bound, because a silent network never closes a connection. */
const DISCONNECT_LIMIT_MS = 5_000;

/**
 * Resolves when the last connection is closed, or after a time limit. Closing a pool finishes before its sockets are
 * closed, and a server that shuts down in between logs complaints about them.
 */
export async function whenDisconnected({ driver }: DataSource): Promise<void> {
  if (!('master' in driver) || !(driver.master instanceof Pool)) return;
  const pool = driver.master;
  if (pool.totalCount === 0) return;
  let left = pool.totalCount;
  await new Promise<void>((resolve) => {
    const giveUp = setTimeout(resolve, DISCONNECT_LIMIT_MS);
    pool.on('remove', () => {
      left -= 1;
      if (left > 0) return;
      clearTimeout(giveUp);
      resolve();
    });
  });
}

/** A host with several IPs fails with an AggregateError, which has no message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
