import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { ImportEventsRepository } from './import-events.repository.js';
import { SettledIds } from './settled-ids.js';

/** One round could pass by chance: other transactions of the server advance its snapshots. */
const ROUNDS = 20;

let database: TestDatabase;
let repository: ImportEventsRepository;

beforeAll(async () => {
  database = await createDatabase();
  repository = new ImportEventsRepository(database.dataSource);
});

afterAll(() => database?.drop());

/** A transaction that has drawn an id, as one that records events. @returns the id, and how to commit */
async function drawing(): Promise<{ id: number; commit: () => Promise<void> }> {
  const runner = database.dataSource.createQueryRunner();
  await runner.startTransaction();
  await runner.query('SELECT pg_current_xact_id()');
  const [row]: Array<{ id: string }> = await runner.query(
    `SELECT nextval('import_events_id_seq')::text AS id`,
  );
  const commit = async (): Promise<void> => {
    await runner.commitTransaction();
    await runner.release();
  };
  return { id: Number(row?.id), commit };
}

/** Looks until an id is settled; other tests of the server have transactions in flight, too. */
async function settles(settled: SettledIds, id: number): Promise<void> {
  await expect.poll(() => settled.look(), { timeout: 20_000 }).toBeGreaterThanOrEqual(id);
}

it('does not pass the id of the newest transaction before it has ended', async () => {
  const settled = new SettledIds(repository);
  for (let round = 0; round < ROUNDS; round += 1) {
    const newest = await drawing();
    expect(await settled.look(), 'while it is in flight').toBeLessThan(newest.id);
    expect(settled.isWaiting).toBe(true);
    await newest.commit();
    await settles(settled, newest.id);
  }
});

it('does not pass the id of an older transaction after younger ones have ended', async () => {
  const settled = new SettledIds(repository);
  for (let round = 0; round < ROUNDS; round += 1) {
    const older = await drawing();
    const younger = await drawing();
    await younger.commit();
    expect(await settled.look()).toBeLessThan(older.id);
    expect(await settled.look(), 'asked again').toBeLessThan(older.id);
    await older.commit();
    await settles(settled, younger.id);
  }
});

it('takes no transaction number while no id has been drawn', async () => {
  const settled = new SettledIds(repository);
  const last = await drawing();
  await last.commit();
  await settles(settled, last.id);
  let numbers = 0;
  const source = {
    lastId: () => repository.lastId(),
    oldestInFlight: () => repository.oldestInFlight(),
    drawNumber: async () => {
      numbers += 1;
      return repository.drawNumber();
    },
  };
  const counted = new SettledIds(source);
  await settles(counted, last.id);
  const before = numbers;
  expect(before).toBeGreaterThan(0);
  expect(await counted.look()).toBe(last.id);
  expect(numbers).toBe(before);
});
