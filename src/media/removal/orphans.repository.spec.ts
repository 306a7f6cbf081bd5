import 'reflect-metadata';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { begin, commit, isWaiting, pidOf } from '../../../test/support/transactions.js';
import { AdvisoryLock } from '../../database/advisory-locks.js';
import { TestLibrary } from '../testing/library.js';
import { OrphansRepository } from './orphans.repository.js';

let database: TestDatabase;
let orphans: OrphansRepository;
let library: TestLibrary;

beforeAll(async () => {
  database = await createDatabase();
  orphans = new OrphansRepository(database.dataSource);
});
afterAll(() => database?.drop());
beforeEach(async () => {
  await database.dataSource.query('TRUNCATE projects, released_assets CASCADE');
  library = await TestLibrary.create(database.dataSource);
});

const markAll = async (): Promise<void> => {
  for (let place: string | null = '0'; place !== null;) place = await orphans.markReleased(place, 2);
};

describe('a new file of a video', () => {
  it('releases the previous file in the same transaction, if it differs', async () => {
    await library.record('a', 'first');
    await library.record('a', 'first');
    expect(await library.released()).toEqual([]);
    const tx = await begin(database.dataSource);
    await library.refer(tx.manager, 'a', await library.keep(tx.manager, 'second'));
    await tx.rollbackTransaction();
    await tx.release();
    expect(await library.released()).toEqual([]);
    await library.record('a', 'second');
    expect(await library.released()).toEqual(['first']);
  });

  it('releases the previous file even if that was recorded during the wait', async () => {
    await library.record('a', 'first');
    const [tx, later] = await Promise.all([begin(database.dataSource), begin(database.dataSource)]);
    const [second, third] = [
      await library.keep(tx.manager, 'second'),
      await library.keep(later.manager, 'third'),
    ];
    await library.refer(tx.manager, 'a', second);
    const pid = await pidOf(later);
    const waiting = library.refer(later.manager, 'a', third);
    await isWaiting(tx, pid);
    await commit(tx);
    await waiting;
    await commit(later);
    expect(await library.released()).toEqual(['first', 'second']);
  });

  it('is released itself if a later import was already recorded', async () => {
    await library.record('a', 'first');
    await library.record('a', 'second');
    await database.dataSource.transaction(async (tx) => {
      await library.refer(tx, 'a', await library.keep(tx, 'late'), 1n);
    });
    expect(await library.released()).toEqual(['first', 'late']);
  });

  it('is released when the video is removed', async () => {
    await library.record('a', 'first');
    await library.record('b', 'first');
    await database.dataSource.query('DELETE FROM media');
    expect(await library.released()).toEqual(['first']);
  });

  it('does not deadlock two transactions that swap the files of their videos', async () => {
    await library.record('a', 'one');
    await library.record('b', 'other');
    const [tx, rival] = await Promise.all([begin(database.dataSource), begin(database.dataSource)]);
    const other = await library.keep(tx.manager, 'other');
    const one = await library.keep(rival.manager, 'one');
    await library.refer(tx.manager, 'a', other);
    await library.refer(rival.manager, 'b', one);
    await commit(tx, rival);
    await markAll();
    expect(await library.released()).toEqual([]);
    expect(await library.orphans()).toEqual([]);
  });
});

describe('markReleased', () => {
  it('starts the grace period of unreferenced files only', async () => {
    for (const id of ['a', 'b']) await library.record(id, 'shared');
    await library.record('c', 'alone');
    await library.record('d', 'kept');
    for (const id of ['a', 'c']) await library.record(id, 'new');
    await markAll();
    expect(await library.orphans()).toEqual(['alone']);
    expect(await library.released()).toEqual([]);
    await library.record('b', 'new');
    await markAll();
    expect(await library.orphans()).toEqual(['alone', 'shared']);
  });

  it('finds a file whose last two references ended in concurrent transactions', async () => {
    for (const id of ['a', 'b']) await library.record(id, 'shared');
    const [tx, rival] = await Promise.all([begin(database.dataSource), begin(database.dataSource)]);
    await library.refer(tx.manager, 'a', await library.keep(tx.manager, 'x'));
    await library.refer(rival.manager, 'b', await library.keep(rival.manager, 'y'));
    await commit(tx, rival);
    await markAll();
    expect(await library.orphans()).toEqual(['shared']);
  });

  it('skips a locked file and returns to it later', async () => {
    await library.record('a', 'first');
    await library.record('a', 'second');
    const tx = await begin(database.dataSource);
    const first = await library.keep(tx.manager, 'first');
    await markAll();
    expect(await library.orphans()).toEqual([]);
    expect(await library.released()).toEqual(['first']);
    await library.refer(tx.manager, 'b', first);
    await markAll();
    await tx.rollbackTransaction();
    await tx.release();
    await markAll();
    expect(await library.orphans()).toEqual(['first']);
  });

  it('reads no files if none was released', async () => {
    await library.record('a', 'first');
    const tx = await begin(database.dataSource);
    await tx.query('LOCK TABLE assets, media IN ACCESS EXCLUSIVE MODE');
    expect(await orphans.markReleased('0', 10)).toBeNull();
    await commit(tx);
  });

  it('drops entries of removed files', async () => {
    await database.dataSource.query('INSERT INTO released_assets (asset_id) VALUES (0)');
    await markAll();
    expect(await database.dataSource.query('SELECT FROM released_assets')).toEqual([]);
  });
});

describe('the lock of a sweep', () => {
  it('ends although its release fails', async () => {
    const { dataSource } = database;
    const [other, connection] = [await begin(database.dataSource), dataSource.createQueryRunner()];
    const query = connection.query.bind(connection);
    vi.spyOn(dataSource, 'createQueryRunner').mockReturnValueOnce(connection);
    vi.spyOn(connection, 'query').mockImplementation((...sent) =>
      sent[0].includes('pg_advisory_unlock')
        ? Promise.reject(new Error('canceling statement due to statement timeout'))
        : query(...sent),
    );
    await expect(orphans.exclusively(async () => undefined)).rejects.toThrow('canceling statement');
    // A busy pool keeps its connections.
    const next = await begin(database.dataSource);
    await expect
      .poll(() => other.query('SELECT pg_try_advisory_lock($1) AS free', [AdvisoryLock.Sweep]))
      .toEqual([{ free: true }]);
    await other.query('SELECT pg_advisory_unlock_all()');
    await commit(other, next);
  });
});
