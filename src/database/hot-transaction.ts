import type { DataSource, EntityManager } from 'typeorm';
import { statement } from './statement.js';

export interface HotTransactionOptions {
  /**
   * Whether the commit waits for the disk. If not, a database crash may undo recent transactions. Default: true.
   */
  durable?: boolean;
  /** How long the server keeps an idle transaction and its locks. Default: the session's limit. */
  idleTimeoutMs?: number;
}

/**
 * Forces hot statements to use plain index scans. Statistics are up to a minute old, and a plan made while a table was
 * nearly empty would read the whole table after it has grown. A bitmap scan never marks dead index entries as killed,
 * so that an index of in-flight rows would only grow.
 *
 * @see https://www.postgresql.org/docs/current/runtime-config-query.html
 */
const PLANNER = ['jit', 'enable_seqscan', 'enable_bitmapscan', 'enable_hashjoin', 'enable_mergejoin'];

/**
 * Otherwise PostgreSQL makes a plan for each length of a list: 0.37 of the 0.99 ms of a dispatch. The test of
 * plans checks generic ones.
 */
const GENERIC = `set_config('plan_cache_mode', 'force_generic_plan', true)`;

/** A missing value leaves the setting unchanged. */
const setting = (name: string, value: string): string =>
  `set_config('${name}', coalesce(${value}, current_setting('${name}')), true)`;

const applySettings = statement<[synchronousCommit: 'off' | null, idleTimeoutMs: string | null]>(
  'transaction.apply_settings',
  `SELECT ${PLANNER.map((name) => `set_config('${name}', 'off', true)`).join(', ')}, ${GENERIC},
     ${setting('synchronous_commit', '$1')}, ${setting('idle_in_transaction_session_timeout', '$2')}`,
);

/** Runs the statements of a hot path in one transaction, with settings local to it. */
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
