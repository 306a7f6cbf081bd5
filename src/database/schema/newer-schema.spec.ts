import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { assertSchemaIsKnown } from './newer-schema.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

it('accepts a database of this release, one without a schema and an unavailable one', async () => {
  for (const url of [database.url, inject('databaseUrl'), 'postgresql://127.0.0.1:1/none']) {
    await expect(assertSchemaIsKnown(url)).resolves.toBeUndefined();
  }
});

it('refuses a database that a newer release has migrated', async () => {
  await database.dataSource.query(`INSERT INTO migrations (timestamp, name) VALUES (1, 'Future9999')`);
  await expect(assertSchemaIsKnown(database.url)).rejects.toThrow(
    /^DATABASE_URL: a newer release .*\(Future9999\); start that release/,
  );
});
