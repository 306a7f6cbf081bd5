import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../test/support/database.js';
import { assertSchemaIsKnown } from './newer-schema.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

it('a database of this release is taken, and so are one without a schema and one that cannot be asked', async () => {
  for (const url of [database.url, inject('databaseUrl'), 'postgresql://127.0.0.1:1/none']) {
    await expect(assertSchemaIsKnown(url)).resolves.toBeUndefined();
  }
});

it('a database that a newer release has migrated is refused', async () => {
  await database.dataSource.query(`INSERT INTO migrations (timestamp, name) VALUES (1, 'Future9999')`);
  await expect(assertSchemaIsKnown(database.url)).rejects.toThrow(
    /^DATABASE_URL: a newer release .*\(Future9999\); start that release/,
  );
});
