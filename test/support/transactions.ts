import type { DataSource, QueryRunner } from 'typeorm';
import { expect } from 'vitest';

/** Opens a transaction on a connection of its own, which `commit` gives back. */
export async function begin(dataSource: DataSource): Promise<QueryRunner> {
  const connection = dataSource.createQueryRunner();
  await connection.startTransaction();
  return connection;
}

export async function commit(...connections: readonly QueryRunner[]): Promise<void> {
  for (const connection of connections) {
    await connection.commitTransaction();
    await connection.release();
  }
}

/** Id of the server process of a connection. */
export async function pidOf(connection: QueryRunner): Promise<number> {
  const [{ pid }] = await connection.query('SELECT pg_backend_pid() AS pid');
  return pid;
}

/** Waits until a connection is blocked by a lock. @param observer any other connection */
export async function isWaiting(observer: QueryRunner, pid: number): Promise<void> {
  await expect
    .poll(() => observer.query('SELECT cardinality(pg_blocking_pids($1)) > 0 AS waits', [pid]))
    .toEqual([{ waits: true }]);
}
