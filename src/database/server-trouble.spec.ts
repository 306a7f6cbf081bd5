import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import { createDatabase, type TestDatabase } from '../../test/support/database.js';
import { isUnreachable } from './unreachable-error.js';
import { serverTrouble, type ServerTrouble } from './server-trouble.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

const TROUBLES: Record<ServerTrouble, string[]> = {
  gone: [
    '08000',
    '08001',
    '08003',
    '08004',
    '08006',
    '08007',
    '25P03',
    '25P04',
    '28000',
    '28P01',
    '3D000',
    '57P01',
    '57P02',
    '57P03',
    '57P04',
    '57P05',
    '58000',
    '58030',
    '58P01',
    '58P02',
    '58P03',
  ],
  read_only: ['25006'],
  exhausted: ['53000', '53100', '53200', '53300', '53400'],
  interrupted: ['40001', '40003', '40P01', '55P03', '57014'],
};
const APPLICATION_BUGS = ['08P01', '22001', '23505', '25001', '25P02', '42501', '42601', '57000', 'XX000'];

/** The client's error for an exception that PostgreSQL raises with this code. */
async function raised(code: string): Promise<unknown> {
  return database.dataSource
    .query(`DO $$ BEGIN RAISE SQLSTATE '${code}'; END $$`)
    .catch((error: unknown) => error);
}

describe.each(Object.entries(TROUBLES))('a server that is %s', (trouble, codes) => {
  it.each(codes)('is detected by %s, and the request is answered 503', async (code) => {
    const error = await raised(code);
    expect(error).toMatchObject({ code });
    expect([serverTrouble(error), isUnreachable(error)]).toEqual([trouble, true]);
  });
});

describe('an application bug', () => {
  it.each(APPLICATION_BUGS)('with code %s is no server problem', async (code) => {
    const error = await raised(code);
    expect(error).toMatchObject({ code });
    expect([serverTrouble(error), isUnreachable(error)]).toEqual([undefined, false]);
  });

  it('is a protocol violation, unless a pooler reports it', async () => {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const error: unknown = await client
      .query({ name: 'two', text: 'SELECT $1::text, $2::text', values: ['one'] })
      .catch((thrown: unknown) => thrown);
    await client.end();
    expect(error).toMatchObject({ code: '08P01' });
    expect(isUnreachable(error)).toBe(false);
    // PgBouncer's message if the server rejects its login.
    const pooler = Object.assign(new Error('server login has been failing'), { code: '08P01' });
    expect(isUnreachable(pooler)).toBe(true);
  });
});
