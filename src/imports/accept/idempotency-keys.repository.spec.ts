import 'reflect-metadata';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { IdempotencyKey } from '../idempotency-key.entity.js';
import { IdempotencyKeysRepository } from './idempotency-keys.repository.js';

let database: TestDatabase;
let repository: IdempotencyKeysRepository;

beforeAll(async () => {
  database = await createDatabase();
  repository = new IdempotencyKeysRepository(database.dataSource.getRepository(IdempotencyKey));
});
afterAll(() => database?.drop());
beforeEach(() => database.dataSource.query('TRUNCATE projects CASCADE'));

/** Inserts keys of these ages, all for one import. */
async function keysUsed(ages: Record<string, string>): Promise<void> {
  const { dataSource } = database;
  const [{ id }] = await dataSource.query<Array<{ id: number }>>(
    `INSERT INTO projects (name, webhook_secrets) VALUES ('p', '[]') RETURNING id`,
  );
  await dataSource.query(
    `INSERT INTO imports (id, project_id, kind, system_name, total) VALUES ('i', $1, 'things', 's', 1)`,
    [id],
  );
  await dataSource.query(
    `INSERT INTO idempotency_keys (project_id, key, body_sha256, import_id, created_at)
     SELECT $1, key, '', 'i', now() - age::interval FROM json_each_text($2::json) AS used (key, age)`,
    [id, JSON.stringify(ages)],
  );
}

describe('idempotency keys', () => {
  it('expire after 7 days, and not before', async () => {
    await keysUsed({
      'of this moment': '0',
      'still remembered': '7 days - 1 minute',
      over: '7 days 1 minute',
      'long over': '1 year',
    });
    await repository.removeExpired();
    const rows = await database.dataSource.query<unknown[]>('SELECT key FROM idempotency_keys ORDER BY key');
    expect(rows).toEqual([{ key: 'of this moment' }, { key: 'still remembered' }]);
    // The import of an expired key remains.
    expect(await database.dataSource.query('SELECT id FROM imports')).toEqual([{ id: 'i' }]);
  });
});
