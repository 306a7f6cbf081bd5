import { once } from 'node:events';
import type { EntityManager } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../test/support/database.js';
import { hotTransaction } from '../database/hot-transaction.js';
import { Statement } from '../database/statement.js';
import { TimeLimitError } from './time-limit.js';
import { withTransactionTimeLimit } from './transaction-time-limit.js';

const LOCK = 17;

// Not registered: the plans of all registered statements are recorded.
const insert = new Statement<[name: string], never>(
  'spec.insert',
  `INSERT INTO projects (name, webhook_secrets) VALUES ($1, '[]')`,
);

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

const names = async (): Promise<string[]> => {
  const rows = await database.dataSource.query<Array<{ name: string }>>('SELECT name FROM projects');
  return rows.map(({ name }) => name);
};

it.each([
  ['registered', (tx: EntityManager) => insert.count(tx, 'late')],
  ['other', (tx: EntityManager) => tx.query(insert.text, ['late'])],
])('no %s statement of work that exceeds its limit runs after the rollback', async (_, write) => {
  const { dataSource } = database;
  const holder = dataSource.createQueryRunner();
  await holder.query('SELECT pg_advisory_lock($1)', [LOCK]);
  const isWaiting = `SELECT count(*)::integer AS waiting FROM pg_locks
    WHERE locktype = 'advisory' AND objid = ${LOCK} AND NOT granted`;
  let working: Promise<unknown> = Promise.resolve();
  const isOver = new AbortController();
  const transaction = hotTransaction(dataSource, async (tx) => {
    await insert.count(tx, 'early');
    const slow = async (): Promise<void> => {
      await tx.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
      await write(tx);
    };
    const work = slow();
    working = work.catch((error: unknown) => error);
    await expect.poll(() => holder.query(isWaiting)).toEqual([{ waiting: 1 }]);
    await withTransactionTimeLimit(tx, 'Waiting', 1, work).finally(() => isOver.abort());
  });
  const ended = transaction.catch((error: unknown) => error);
  if (!isOver.signal.aborted) await once(isOver.signal, 'abort');
  // The rollback follows the statement that waits.
  await holder.query('SELECT pg_advisory_unlock($1)', [LOCK]);
  await holder.release();
  const reasons = await Promise.all([working, ended]);
  expect(await names()).toEqual([]);
  expect(reasons).toEqual([expect.any(Error), expect.any(TimeLimitError)]);
});
