import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { LocalStorage, newKey, StorageError } from '#libs/storage';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { Environment } from '../../config/environment.js';
import { TestLibrary } from '../testing/library.js';
import { Leftovers } from './leftovers.js';
import { OrphansRepository } from './orphans.repository.js';
import { Removal } from './removal.js';

const YESTERDAY = new Date(Date.now() - 86_400_000);

let database: TestDatabase;
let library: TestLibrary;
let dataDir: string;
let storage: LocalStorage;
let removal: Removal;

beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

beforeEach(async () => {
  await database.dataSource.query('TRUNCATE projects, released_assets CASCADE');
  library = await TestLibrary.create(database.dataSource);
  dataDir = await mkdtemp(join(tmpdir(), 'removal-'));
  await mkdir(join(dataDir, 'incoming'));
  storage = new LocalStorage({ root: join(dataDir, 'media') });
  const environment = Object.assign(new Environment(), { DATA_DIR: dataDir, ORPHAN_GRACE_MS: 60_000 });
  const orphans = new OrphansRepository(database.dataSource);
  removal = new Removal(orphans, new Leftovers(environment), storage, environment);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(dataDir, { recursive: true });
});

const run = (): Promise<void> => removal.run(new AbortController().signal);

/** Stores a file dated yesterday. */
async function store(): Promise<string> {
  const key = newKey('mp4', YESTERDAY);
  const path = join(dataDir, 'media', key);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, '');
  await utimes(path, YESTERDAY, YESTERDAY);
  return key;
}

async function stored(...keys: string[]): Promise<boolean[]> {
  return Promise.all(keys.map(async (key) => (await storage.stat(key)) !== null));
}

const endGracePeriods = (): Promise<unknown> =>
  database.dataSource.query(`UPDATE assets SET orphaned_at = orphaned_at - interval '1 hour'`);

it('removes replaced and unrecorded files after the grace period', async () => {
  const [first, second, unrecorded] = [await store(), await store(), await store()];
  await library.record('a', 'first', first);
  await library.record('a', 'second', second);
  await run();
  expect(await stored(first, second, unrecorded)).toEqual([true, true, false]);
  await endGracePeriods();
  await run();
  expect(await stored(first, second)).toEqual([false, true]);
});

it('warns once about unavailable storage and continues in the next run', async () => {
  const [first, second, unrecorded] = [await store(), await store(), await store()];
  await library.record('a', 'first', first);
  await library.record('a', 'second', second);
  const warn = vi.spyOn(Logger.prototype, 'warn').mockReturnValue();
  const unavailable = new StorageError('UNAVAILABLE', 'The bucket does not answer');

  vi.spyOn(storage, 'list').mockImplementationOnce(() => {
    throw unavailable;
  });
  await run();
  expect(warn).toHaveBeenCalledTimes(1);
  await endGracePeriods();
  vi.spyOn(storage, 'delete').mockRejectedValueOnce(unavailable);
  await run();
  expect(warn).toHaveBeenCalledTimes(2);
  expect(await stored(first, second, unrecorded)).toEqual([true, true, true]);

  await run();
  expect(await stored(first, second, unrecorded)).toEqual([false, true, false]);
  expect(warn).toHaveBeenCalledTimes(2);
});
