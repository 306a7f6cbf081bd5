import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createProject } from '../../../test/support/accounts.js';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { ImportEventsRepository } from './import-events.repository.js';
import { SettledIds } from './settled-ids.js';

let database: TestDatabase;
let repository: ImportEventsRepository;
let settled: SettledIds;

beforeAll(async () => {
  database = await createDatabase();
  repository = new ImportEventsRepository(database.dataSource);
  const { id } = await createProject(database.dataSource);
  await database.dataSource.query(
    `INSERT INTO imports (id, project_id, kind, system_name, total) VALUES ('import', $1, 'things', 's', 1)`,
    [id],
  );
});

beforeEach(() => {
  settled = new SettledIds(repository);
});

afterAll(() => database?.drop());

/** A transaction that has recorded an event. */
async function recording(): Promise<{ id: number; end: (how: 'COMMIT' | 'ROLLBACK') => Promise<void> }> {
  const runner = database.dataSource.createQueryRunner();
  await runner.query('BEGIN');
  const [row]: Array<{ id: string }> = await runner.query(
    `INSERT INTO import_events (project_id, import_id, type, body)
     SELECT project_id, id, 'items.finished', '{"items":[]}' FROM imports RETURNING id`,
  );
  const end = async (how: string): Promise<void> => {
    await runner.query(how);
    await runner.release();
  };
  return { id: Number(row?.id), end };
}

it('does not pass the event of the youngest transaction before it has ended', async () => {
  const youngest = await recording();
  expect(await settled.look()).toBeLessThan(youngest.id);
  expect(settled.isWaiting).toBe(true);
  await youngest.end('COMMIT');
  expect(await settled.look()).toBe(youngest.id);
  expect(settled.isWaiting).toBe(false);
});

it('does not pass the event of an older transaction after a younger one has ended', async () => {
  const older = await recording();
  const younger = await recording();
  await younger.end('COMMIT');
  expect(await settled.look()).toBeLessThan(older.id);
  expect(await settled.look(), 'asked again').toBeLessThan(older.id);
  await older.end('ROLLBACK');
  expect(await settled.look()).toBe(younger.id);
});

it('advances although some transaction is in flight at any time', async () => {
  let current = await recording();
  for (let round = 0; round < 5; round += 1) {
    expect(await settled.look()).toBeLessThan(current.id);
    const next = await recording();
    await current.end('COMMIT');
    expect(await settled.look()).toBe(current.id);
    current = next;
  }
  await current.end('COMMIT');
  expect(await settled.look()).toBe(current.id);
});

it('waits for no transaction that writes other tables', async () => {
  const other = database.dataSource.createQueryRunner();
  await other.query('BEGIN');
  await other.query(`UPDATE imports SET priority = priority`);
  const own = await recording();
  await own.end('COMMIT');
  expect(await settled.look()).toBe(own.id);
  await other.query('ROLLBACK');
  await other.release();
});
