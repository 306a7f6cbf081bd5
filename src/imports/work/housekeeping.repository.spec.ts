import 'reflect-metadata';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { HousekeepingRepository } from './housekeeping.repository.js';

let database: TestDatabase;
let repository: HousekeepingRepository;

beforeAll(async () => {
  database = await createDatabase();
  repository = new HousekeepingRepository(database.dataSource);
});
afterAll(() => database?.drop());
beforeEach(() => database.dataSource.query('TRUNCATE projects, origin_hosts CASCADE'));

/** Keys that were used so long ago, all of one import. */
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

async function hostExpires(host: string, expiresIn: string, failures: number): Promise<void> {
  await database.dataSource.query(
    `INSERT INTO origin_hosts (host, share, failures, failing_since, expires_at)
     VALUES ($1, 4, $2, CASE WHEN $2 > 0 THEN now() END, now() + $3::interval)`,
    [host, failures, expiresIn],
  );
}

describe('idempotency keys', () => {
  it('are forgotten when they are older than 7 days, and not before', async () => {
    await keysUsed({
      'of this moment': '0',
      'still remembered': '7 days - 1 minute',
      over: '7 days 1 minute',
      'long over': '1 year',
    });
    await repository.forgetKeys();
    const rows = await database.dataSource.query<unknown[]>('SELECT key FROM idempotency_keys ORDER BY key');
    expect(rows).toEqual([{ key: 'of this moment' }, { key: 'still remembered' }]);
    // The import that a key made stays.
    expect(await database.dataSource.query('SELECT id FROM imports')).toEqual([{ id: 'i' }]);
  });
});

describe('hosts', () => {
  it('are forgotten when they have expired, failing ones too', async () => {
    await hostExpires('idle', '-1 second', 0);
    await hostExpires('failing', '-1 day', 3);
    await hostExpires('of today', '1 minute', 0);
    await hostExpires('waited for', '1 minute', 3);
    await repository.forgetHosts();
    const rows = await database.dataSource.query<unknown[]>('SELECT host FROM origin_hosts ORDER BY host');
    expect(rows).toEqual([{ host: 'of today' }, { host: 'waited for' }]);
  });
});
