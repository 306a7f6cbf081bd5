import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../test/support/database.js';
import { SCHEMA_MISSING, toKnownError } from './known-error.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

it.each(['SELECT FROM not_migrated_yet', 'SELECT not_migrated_yet FROM projects'])(
  'answers 503 with the reason if the database is not migrated: %s',
  async (sql) => {
    const failure: unknown = await database.dataSource.query(sql).catch((error: unknown) => error);
    expect(toKnownError(failure)).toMatchObject({ statusCode: 503, details: { service: SCHEMA_MISSING } });
  },
);

it('treats any other statement error as an internal error', async () => {
  const failure: unknown = await database.dataSource.query('SELECT 1 / 0').catch((error: unknown) => error);
  expect(toKnownError(failure)).toBeUndefined();
});
