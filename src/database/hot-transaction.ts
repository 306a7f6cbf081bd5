import type { DataSource, EntityManager } from 'typeorm';
import { statement } from './statement.js';

export interface HotTransactionOptions {
  /**
   * Whether the commit waits for the disk. A crash of the database may undo the last moments of a transaction that does
   * not. Default: true.
   */
  durable?: boolean;
  /** How long the server keeps locks for a process that has stopped sending statements. Default: that of the session. */
  idleTimeoutMs?: number;
}

/**
 * Hot statements find their rows by an index. PostgreSQL would choose it from its statistics, but these are up to a minute
 * old, and a plan made while a table was nearly empty would read all of it after it has grown. A bitmap scan, in turn, does
 * not mark dead index entries as killed, so that an index of in-flight rows only grows under it.
 *
 * @see https://www.postgresql.org/docs/current/runtime-config-query.html
 */
const PLANNER = ['jit', 'enable_seqscan', 'enable_bitmapscan', 'enable_hashjoin', 'enable_mergejoin'];

/** A missing value leaves the setting as it is. */
const setting = (name: string, value: string): string =>
  `set_config('${name}', coalesce(${value}, current_setting('${name}')), true)`;

const applySettings = statement<[synchronousCommit: 'off' | null, idleTimeoutMs: string | null]>(
  'transaction.apply_settings',
  `SELECT ${PLANNER.map((name) => `set_config('${name}', 'off', true)`).join(', ')},
     ${setting('synchronous_commit', '$1')}, ${setting('idle_in_transaction_session_timeout', '$2')}`,
);

/** What {@link hotTransaction} applies, as statements of their own: for the check of plans. */
export const HOT_SETTINGS = PLANNER.map((name) => `SET LOCAL ${name} = off`).join('; ');

/** Runs the statements of a hot path in one transaction, whose settings end with it. */
export function hotTransaction<T>(
  dataSource: DataSource,
  work: (tx: EntityManager) => Promise<T>,
  { durable = true, idleTimeoutMs }: HotTransactionOptions = {},
): Promise<T> {
  return dataSource.transaction(async (tx) => {
    await applySettings.count(
      tx,
      durable ? null : 'off',
      idleTimeoutMs === undefined ? null : String(idleTimeoutMs),
    );
    return work(tx);
  });
}
