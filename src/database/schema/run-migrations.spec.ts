import { Column, Entity, PrimaryGeneratedColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { migrations } from '../migrations/index.js';
import { driftOf } from './drift.js';
import type { ExtensionSchema } from './extension-schemas.js';
import { assertTablesExist } from './missing-tables.js';
import { assertSchemaIsKnown } from './newer-schema.js';
import { assertMigrated, migrate, pendingMigrations, revertMigrations } from './run-migrations.js';

type MigrationClass = new () => MigrationInterface;

@Entity('diary_lines')
class DiaryLine {
  @PrimaryGeneratedColumn({ primaryKeyConstraintName: 'diary_lines_pkey' })
  id: number;

  @Column('integer', { name: 'project_id' })
  projectId: number;
}

const CREATE = `CREATE TABLE diary_lines (id serial CONSTRAINT diary_lines_pkey PRIMARY KEY,
  project_id integer NOT NULL REFERENCES projects ON DELETE CASCADE)`;

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase();
});
afterEach(() => database?.drop());

function migration(up: string, down = 'SELECT 1', timestamp = 1_795_900_000_000): MigrationClass {
  return class implements MigrationInterface {
    readonly name = `Change${timestamp}`;

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(up);
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query(down);
    }
  };
}

function diary(...migrations: MigrationClass[]): ExtensionSchema {
  return { name: 'diary', migrations, entities: [DiaryLine] };
}

async function tables(): Promise<string[]> {
  const rows: Array<{ name: string }> = await database.dataSource.query(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
     AND relname ~ 'diary|titles' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

it('migrates the extensions in the order of the list, each with its own table of migrations', async () => {
  const first = diary(migration(CREATE, 'DROP TABLE diary_lines', 1_795_900_000_009));
  const second = { name: 'notes', migrations: [migration('SELECT FROM diary_lines', '', 1_795_900_000_001)] };
  await migrate(database.url, [first, second]);
  await migrate(database.url, [first, second]);
  expect(await tables()).toEqual(['diary_lines', 'migrations_diary']);
  expect(await database.dataSource.query('SELECT name FROM migrations_notes')).toEqual([
    { name: 'Change1795900000001' },
  ]);
});

it('migrates once if several processes start at once', async () => {
  const extensions = [diary(migration(CREATE))];
  await Promise.all([1, 2, 3].map(() => migrate(database.url, extensions)));
  expect(await database.dataSource.query('SELECT name FROM migrations_diary')).toHaveLength(1);
});

describe('refuses and rolls back a migration that', () => {
  it.each([
    [
      'creates a table without the prefix',
      'CREATE TABLE titles ()',
      'creates titles; names of its tables must begin with diary_',
    ],
    [
      'changes a table of Reelport',
      'ALTER TABLE media ADD COLUMN mood text',
      'changes media, which belongs to Reelport or another extension',
    ],
    [
      'adds an index to a table of Reelport',
      'CREATE INDEX ON media (title)',
      'changes media, which belongs to Reelport or another extension',
    ],
    [
      'adds a trigger to a table of Reelport',
      'CREATE TRIGGER diary BEFORE UPDATE ON projects FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()',
      'changes projects, which belongs to Reelport or another extension',
    ],
    [
      'drops a table of Reelport',
      'DROP TABLE webhook_attempts',
      'drops webhook_attempts, which belongs to Reelport or another extension',
    ],
    [
      'renames a table of Reelport',
      'ALTER TABLE webhook_attempts RENAME TO diary_attempts',
      'drops webhook_attempts, which belongs to Reelport or another extension',
    ],
    [
      'references a table other than projects',
      'CREATE TABLE diary_x (item bigint REFERENCES import_items)',
      'adds the foreign key diary_x → import_items; only projects(id) may be referenced',
    ],
    [
      'references projects by name',
      'CREATE TABLE diary_x (project text REFERENCES projects (name))',
      'adds the foreign key diary_x → projects; only projects(id) may be referenced',
    ],
    ['fails', 'CREATE TABEL diary_x ()', 'fails: syntax error at or near "TABEL"'],
  ])('%s', async (_, sql, fault) => {
    await expect(migrate(database.url, [diary(migration(sql))])).rejects.toThrow(
      `Invalid extensions:\n  diary: migration Change1795900000000 ${fault}`,
    );
    expect(await tables()).toEqual(['migrations_diary']);
    expect(await database.dataSource.query('SELECT FROM migrations_diary')).toEqual([]);
    expect(await database.dataSource.query('SELECT FROM webhook_attempts')).toEqual([]);
  });
});

it('accepts tables, sequences, functions and references to projects(id)', async () => {
  const schema = diary(
    migration(CREATE),
    migration(
      `CREATE SEQUENCE diary_numbers; CREATE VIEW diary AS SELECT * FROM diary_lines; CREATE INDEX ON diary_lines (project_id)`,
      '',
      1_795_900_000_001,
    ),
  );
  await migrate(database.url, [schema]);
  expect(await driftOf(database.url, { name: 'diary', entities: [DiaryLine] })).toEqual([
    expect.stringContaining('DROP INDEX'),
  ]);
});

it('lists pending migrations, and stops the start because of them', async () => {
  const extensions = [diary(migration(CREATE))];
  expect(await pendingMigrations(database.url, extensions)).toEqual(['diary: Change1795900000000']);
  await expect(assertMigrated(database.url, extensions)).rejects.toThrow(
    /^The database has pending migrations; .*:\n {2}diary: Change1795900000000$/,
  );
  await migrate(database.url, extensions);
  await expect(assertMigrated(database.url, extensions)).resolves.toBeUndefined();
});

it('stops the start on an empty database, and names every migration', async () => {
  await database.dataSource.query('DROP SCHEMA public CASCADE');
  await database.dataSource.query('CREATE SCHEMA public');
  const pending = await pendingMigrations(database.url, []);
  expect(pending).toHaveLength(migrations.length);
  await expect(assertMigrated(database.url, [])).rejects.toThrow(/^The database has pending migrations; /);
});

it('stops the start if the migration of an entity is not listed', async () => {
  const source = await connected();
  try {
    await expect(assertTablesExist(source, [diary()])).rejects.toThrow(
      'diary: the table diary_lines of the entity DiaryLine does not exist; list its migration',
    );
    await database.dataSource.query('CREATE TABLE diary_lines (id serial)');
    await expect(assertTablesExist(source, [diary()])).rejects.toThrow(
      'diary: the column diary_lines.project_id of the entity DiaryLine does not exist; list its migration',
    );
    await expect(assertTablesExist(source, [])).rejects.toThrow(
      'the entity DiaryLine has the table diary_lines, which begins with the name of no extension',
    );
  } finally {
    await source.destroy();
  }
});

it('finds drift between entities and tables', async () => {
  const schema = diary(migration(CREATE));
  await migrate(database.url, [schema]);
  expect(await driftOf(database.url, schema)).toEqual([]);
  await database.dataSource.query('ALTER TABLE diary_lines ADD COLUMN mood text');
  expect(await driftOf(database.url, schema)).toEqual([expect.stringContaining('DROP COLUMN "mood"')]);
});

it('reverts the migrations of an extension only', async () => {
  const schema = diary(
    migration(CREATE, 'DROP TABLE diary_lines'),
    migration('CREATE TABLE diary_x ()', 'DROP TABLE diary_x', 1_795_900_000_001),
  );
  await migrate(database.url, [schema]);
  expect(await revertMigrations(database.url, schema)).toBe(2);
  expect(await tables()).toEqual([]);
  expect(await pendingMigrations(database.url)).toEqual([]);
});

it('refuses a database that a newer release of an extension has migrated', async () => {
  await migrate(database.url, [diary(migration(CREATE))]);
  await expect(assertSchemaIsKnown(database.url, [diary()])).rejects.toThrow(
    /^DATABASE_URL: a newer release of the extension diary .*\(Change1795900000000\); start that release/,
  );
  await expect(assertSchemaIsKnown(database.url, [])).resolves.toBeUndefined();
});

/** A connection with the entity of the diary. */
async function connected() {
  const { DataSource } = await import('typeorm');
  const { databaseOptions } = await import('../database-options.js');
  return new DataSource({
    ...databaseOptions({ url: database.url, poolSize: 2 }),
    entities: [DiaryLine],
  }).initialize();
}
