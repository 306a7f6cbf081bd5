import 'reflect-metadata';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { OriginHostsRepository } from './origin-hosts.repository.js';

let database: TestDatabase;
const repository = new OriginHostsRepository();

beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());
beforeEach(() => database.dataSource.query('TRUNCATE origin_hosts CASCADE'));

async function hostExpires(host: string, expiresIn: string, failures: number): Promise<void> {
  await database.dataSource.query(
    `INSERT INTO origin_hosts (host, share, failures, failing_since, expires_at)
     VALUES ($1, 4, $2, CASE WHEN $2 > 0 THEN now() END, now() + $3::interval)`,
    [host, failures, expiresIn],
  );
}

describe('hosts', () => {
  it('are removed after they expire, failing ones too', async () => {
    await hostExpires('idle', '-1 second', 0);
    await hostExpires('failing', '-1 day', 3);
    await hostExpires('of today', '1 minute', 0);
    await hostExpires('waited for', '1 minute', 3);
    await database.dataSource.transaction((tx) => repository.removeExpired(tx));
    const rows = await database.dataSource.query<unknown[]>('SELECT host FROM origin_hosts ORDER BY host');
    expect(rows).toEqual([{ host: 'of today' }, { host: 'waited for' }]);
  });
});
