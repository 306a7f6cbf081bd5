import { QueryFailedError } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../test/support/database.js';
import { hotTransaction } from './hot-transaction.js';
import { registeredStatements, statement, Statement } from './statement.js';

// Not registered: the plans of all registered statements are recorded.
const add = new Statement<[number: number], { sum: number }>('spec.add', 'SELECT $1::integer + 1 AS sum');

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

describe('a statement', () => {
  it('is prepared once per connection under its name', async () => {
    const answers = await database.dataSource.transaction(async (tx) => [
      await add.rows(tx, 1),
      await add.rows(tx, 2),
      await tx.query(
        `SELECT name, statement, (generic_plans + custom_plans)::integer AS calls FROM pg_prepared_statements`,
      ),
    ]);
    expect(answers).toEqual([
      [{ sum: 2 }],
      [{ sum: 3 }],
      [{ name: add.name, statement: add.text, calls: 2 }],
    ]);
  });

  it('throws the errors of TypeORM, and notifies its subscribers', async () => {
    const divide = new Statement<[number: number], never>('spec.divide', 'SELECT 1 / $1::integer');
    const seen: unknown[] = [];
    const subscriber = {
      afterQuery: (event: { success: boolean; error?: unknown }) => void seen.push(event.success),
    };
    database.dataSource.subscribers.push(subscriber);
    const failed = database.dataSource.transaction((tx) => divide.count(tx, 0));
    await expect(failed).rejects.toBeInstanceOf(QueryFailedError);
    await expect(failed).rejects.toThrow('division by zero');
    expect(seen).toContain(false);
    database.dataSource.subscribers.splice(database.dataSource.subscribers.indexOf(subscriber), 1);
  });

  it('requires a transaction and a unique name', async () => {
    await expect(add.rows(database.dataSource.manager, 1)).rejects.toThrow('spec.add needs a transaction');
    const { name } = registeredStatements()[0];
    expect(() => statement(name, 'SELECT 1')).toThrow(`Statement ${name} is already registered`);
  });
});

describe('a hot transaction', () => {
  const settings = `SELECT name, setting FROM pg_settings
    WHERE name IN ('enable_seqscan', 'synchronous_commit', 'idle_in_transaction_session_timeout') ORDER BY name`;

  it('runs the plans that are recorded, not one for each set of values', async () => {
    // Otherwise PostgreSQL makes a plan for each of the first five runs, and for all if that seems cheaper.
    const list = new Statement<[ids: string[]], { id: string }>(
      'spec.list',
      'SELECT item.id FROM unnest($1::bigint[]) AS listed (id) JOIN import_items item USING (id)',
    );
    const planned = await hotTransaction(database.dataSource, async (tx) => {
      for (const length of [1, 2, 3])
        await list.rows(
          tx,
          Array.from({ length }, (_, id) => String(id)),
        );
      return tx.query('SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE name = $1', [
        list.name,
      ]);
    });
    expect(planned).toEqual([{ generic_plans: '3', custom_plans: '0' }]);
  });

  it('uses an index even if statistics show few rows', async () => {
    const plan = await hotTransaction(database.dataSource, (tx) =>
      tx.query('EXPLAIN (FORMAT JSON) SELECT * FROM import_items WHERE id = 1'),
    );
    expect(JSON.stringify(plan)).toContain('import_items_pkey');
  });

  it('applies its settings only to itself', async () => {
    const { dataSource } = database;
    const before = await dataSource.query(settings);
    const options = { durable: false, idleTimeoutMs: 4_321 };
    expect(await hotTransaction(dataSource, (tx) => tx.query(settings), options)).toEqual([
      { name: 'enable_seqscan', setting: 'off' },
      { name: 'idle_in_transaction_session_timeout', setting: '4321' },
      { name: 'synchronous_commit', setting: 'off' },
    ]);
    const [, ...others] = before;
    expect(await hotTransaction(dataSource, (tx) => tx.query(settings))).toEqual([
      { name: 'enable_seqscan', setting: 'off' },
      ...others,
    ]);
    expect(await dataSource.query(settings)).toEqual(before);
  });
});
