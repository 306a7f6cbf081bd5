import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { coreEntities } from '../../src/core-entities.js';
import { databaseOptions } from '../../src/database/database-options.js';
import { migrations } from '../../src/database/migrations/index.js';
import { CORE_TABLES } from '../../src/database/schema/core-tables.js';
import { coreDriftOf } from '../../src/database/schema/drift.js';
import { dropDatabase, execute, withDatabase } from '../support/postgres.js';

const run = promisify(execFile);
const name = `migrations_${randomUUID().replaceAll('-', '')}`;
let url: string;
let dataSource: DataSource;

beforeAll(async () => {
  await execute(inject('databaseUrl'), `CREATE DATABASE ${name}`);
  url = withDatabase(inject('databaseUrl'), name);
  dataSource = await new DataSource(databaseOptions({ url, poolSize: 2 })).initialize();
  await dataSource.runMigrations();
});
afterAll(async () => {
  await dataSource?.destroy();
  await dropDatabase(inject('databaseUrl'), name);
});

it('the migrations create the schema of the entities: no further migration can be generated', async () => {
  expect(await drift()).toMatch(/No changes in database schema were found/);
  expect(await coreDriftOf(url, coreEntities())).toEqual([]);
});

it('schema drift would be detected', async () => {
  await dataSource.query('ALTER TABLE projects ADD COLUMN forgotten text');
  await expect(drift()).rejects.toMatchObject({ code: 1 });
  await dataSource.query('ALTER TABLE projects DROP COLUMN forgotten');
});

it('every foreign key has an index that begins with its columns', async () => {
  expect(await foreignKeys(false)).toEqual([]);
  expect((await foreignKeys(true)).length).toBeGreaterThan(0);
});

it('a foreign key without an index would be detected', async () => {
  await dataSource.query(
    'CREATE TABLE forgotten (place integer, project integer REFERENCES projects, UNIQUE (place, project))',
  );
  expect(await foreignKeys(false)).toEqual(['forgotten (forgotten_project_fkey)']);
  await dataSource.query('DROP TABLE forgotten');
});

/** Foreign keys with an index that begins with their columns (in any order), or without one. */
async function foreignKeys(withIndex: boolean): Promise<string[]> {
  const rows: Array<{ key: string; indexed: boolean }> = await dataSource.query(`
    SELECT format('%s (%s)', constraint_.conrelid::regclass, constraint_.conname) AS key,
      EXISTS (
        SELECT FROM pg_index index_
        WHERE index_.indrelid = constraint_.conrelid
          AND index_.indpred IS NULL
          AND (index_.indkey::int2[])[0:cardinality(constraint_.conkey) - 1] @> constraint_.conkey
      ) AS indexed
    FROM pg_constraint constraint_
    WHERE constraint_.contype = 'f' AND constraint_.connamespace = 'public'::regnamespace
    ORDER BY 1`);
  return rows.filter(({ indexed }) => indexed === withIndex).map(({ key }) => key);
}

it('the tables that no extension may create are known', async () => {
  const tables: Array<{ name: string }> = await dataSource.query(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1",
  );
  expect(tables.map(({ name }) => name)).toEqual(CORE_TABLES);
});

it('every entity is compared with its table', async () => {
  const files = (await readdir('src', { recursive: true })).filter((file) => file.endsWith('.entity.ts'));
  expect(coreEntities()).toHaveLength(files.length);
});

it('all migrations can be reverted and applied again', async () => {
  const made = await structure();
  for (let left = migrations.length; left > 0; left--) await dataSource.undoLastMigration();
  expect(await structure()).toEqual(['migrations']);
  await dataSource.runMigrations();
  expect(await structure()).toEqual(made);
});

/** Generates a migration. Rejects if it is not empty. */
async function drift(): Promise<string> {
  const args = ['migration:generate', 'drift', '--check', '--esm', '-d', 'dist/ormconfig.js'];
  const { stdout } = await run(process.execPath, ['node_modules/typeorm/cli.js', ...args], {
    env: { PATH: process.env['PATH'], DATABASE_URL: url },
  });
  return stdout;
}

/** Names of tables and types. */
async function structure(): Promise<string[]> {
  const rows: Array<{ name: string }> = await dataSource.query(`
    SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    UNION ALL
    SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
    ORDER BY 1`);
  return rows.map(({ name }) => name);
}
