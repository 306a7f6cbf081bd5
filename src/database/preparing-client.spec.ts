import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../test/support/database.js';
import { prepared } from './preparing-client.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

describe('a statement', () => {
  const MARKED = prepared('SELECT $1::integer + 1 AS sum');
  const PLAIN = 'SELECT $1::integer + 2 AS sum';

  it('is prepared once per connection where it is marked, and answers as any other', async () => {
    // One transaction is one connection; every other one has statements of its own.
    const seen = await database.dataSource.transaction(async (tx) => [
      await tx.query(MARKED, [1]),
      await tx.query(MARKED, [2]),
      await tx.query(PLAIN, [1]),
      await tx.query(
        `SELECT statement, (generic_plans + custom_plans)::integer AS calls FROM pg_prepared_statements`,
      ),
    ]);
    expect(seen).toEqual([[{ sum: 2 }], [{ sum: 3 }], [{ sum: 3 }], [{ statement: MARKED, calls: 2 }]]);
  });

  it('finds rows by an index, however few there seem to be', async () => {
    const [row] = await database.dataSource.query(
      'EXPLAIN (FORMAT JSON) SELECT * FROM import_items WHERE id = 1',
    );
    expect(JSON.stringify(row)).toContain('import_items_pkey');
  });
});
