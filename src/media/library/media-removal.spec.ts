import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { Environment } from '../../config/environment.js';
import { Events } from '../../events/events.js';
import { EventsRepository } from '../../events/events.repository.js';
import { Signals } from '../../database/signals.js';
import { defineExtension } from '../../extension/define-extension.js';
import { defineListener } from '../../extension/define-listener.js';
import { Extensions } from '../../extension/extensions.js';
import { OrphansRepository } from '../removal/orphans.repository.js';
import { ServedFiles } from '../serving/served-files.js';
import { TestLibrary } from '../testing/library.js';
import { MediaRemovalRepository } from './media-removal.repository.js';
import { MediaRemoval } from './media-removal.service.js';
import { Media } from './media.entity.js';

const GRACE_MS = 3_600_000;

let database: TestDatabase;
let library: TestLibrary;
let removal: MediaRemoval;
let orphans: OrphansRepository;
let files: ServedFiles;

const copies = defineExtension({
  name: 'copies',
  listeners: [
    defineListener({
      name: 'copy',
      on: ['media.removed', 'media.updated'],
      timeoutMs: 1_000,
      handle: () => Promise.resolve(),
    }),
  ],
});

beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

beforeEach(async () => {
  const { dataSource } = database;
  await dataSource.query('TRUNCATE projects, released_assets CASCADE');
  library = await TestLibrary.create(dataSource);
  const environment = Object.assign(new Environment(), { ORPHAN_GRACE_MS: GRACE_MS });
  const events = new Events(new EventsRepository(), new Signals(environment), new Extensions([copies]));
  removal = new MediaRemoval(
    new MediaRemovalRepository(dataSource.getRepository(Media)),
    events,
    environment,
  );
  orphans = new OrphansRepository(dataSource);
  files = new ServedFiles(dataSource);
});

/** Accepts an import. @returns its place in the order */
async function accept(): Promise<bigint> {
  const rows = await database.dataSource.query<Array<{ sequence: string }>>(
    `INSERT INTO imports (id, project_id, kind, system_name, total) VALUES ($1, $2, 'videos', 'archive', 1)
     RETURNING sequence`,
    [randomUUID(), library.projectId],
  );
  return BigInt(rows[0].sequence);
}

/** Records a version of a medium as the import with this place. */
async function record(
  externalId: string,
  file: string,
  sequence?: bigint,
  within?: EntityManager,
): Promise<void> {
  const place = sequence ?? (await accept());
  const write = async (tx: EntityManager): Promise<void> =>
    library.refer(tx, externalId, await library.keep(tx, file, keyOf(file)), place);
  await (within === undefined ? database.dataSource.transaction(write) : write(within));
}

const keyOf = (file: string): string => `2026/01/01/${file}.mp4`;

async function find(externalId: string): Promise<Media> {
  return database.dataSource
    .getRepository(Media)
    .findOneByOrFail({ projectId: library.projectId, externalId });
}

async function key(externalId: string) {
  return { projectId: library.projectId, id: (await find(externalId)).id };
}

const remove = async (externalId: string): Promise<boolean> => removal.remove(await key(externalId));
const restore = async (externalId: string): Promise<boolean> => removal.restore(await key(externalId));

async function served(...names: string[]): Promise<boolean[]> {
  return Promise.all(names.map(async (file) => !(await files.isWithdrawn(keyOf(file)))));
}

async function sweep(): Promise<void> {
  await orphans.eraseRemoved(GRACE_MS, 10);
  await orphans.markReleased('0', 100);
}

const waitingSessions = async (): Promise<number> =>
  (
    await database.dataSource.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
  ).length;

/** Resolves when a session of the database waits for a lock. */
async function untilBlocked(): Promise<void> {
  await expect.poll(waitingSessions).toBe(1);
}

const endGracePeriod = (): Promise<unknown> =>
  database.dataSource.query(`UPDATE media SET removed_at = removed_at - interval '2 hours'`);

describe('a removed medium', () => {
  it('ends the serving of its file with the commit, and of its replaced files', async () => {
    await record('a', 'old');
    await record('a', 'new');
    expect(await served('old', 'new')).toEqual([true, true]);
    expect(await remove('a')).toBe(true);
    expect(await served('old', 'new')).toEqual([false, false]);
  });

  it('leaves files that another medium has', async () => {
    await record('a', 'shared');
    await record('b', 'shared');
    await remove('a');
    expect(await served('shared')).toEqual([true]);
    await remove('b');
    expect(await served('shared')).toEqual([false]);
  });

  it('comes back as it was within the grace period', async () => {
    await record('a', 'old');
    await record('a', 'new');
    const before = await find('a');
    await remove('a');
    expect(await restore('a')).toBe(true);
    expect(await find('a')).toEqual(before);
    expect(await served('old', 'new')).toEqual([true, true]);
  });

  it('does not come back after it', async () => {
    await record('a', 'file');
    await remove('a');
    await endGracePeriod();
    expect(await restore('a')).toBe(false);
    expect(await remove('a')).toBe(false);
    await sweep();
    expect(await restore('a')).toBe(false);
  });

  it('releases its file only after the grace period, and nothing serves it until the sweep', async () => {
    await record('a', 'file');
    await remove('a');
    await sweep();
    expect(await library.orphans()).toEqual([]);
    await endGracePeriod();
    await sweep();
    expect(await library.orphans()).toEqual(['file']);
    expect(await served('file')).toEqual([false]);
    expect(await find('a')).toMatchObject({ title: '', metadata: {}, sourceUrl: '', assetId: null });
  });

  it('comes back with a later import under the same mediaId, with the next version', async () => {
    await record('a', 'file');
    const { id } = await find('a');
    await remove('a');
    await record('a', 'file');
    expect(await find('a')).toMatchObject({ id, version: 2, removedAt: null, removedSequence: null });
    expect(await served('file')).toEqual([true]);
  });

  it('comes back with a later import even after it was erased', async () => {
    await record('a', 'file');
    const { id } = await find('a');
    await remove('a');
    await endGracePeriod();
    await sweep();
    await record('a', 'other');
    expect(await find('a')).toMatchObject({ id, version: 2, title: 'a', removedAt: null });
    expect(await served('file', 'other')).toEqual([true, true]);
  });

  it('stays removed if an import was accepted earlier', async () => {
    await record('a', 'file');
    const earlier = await accept();
    await remove('a');
    await record('a', 'other', earlier);
    expect(await find('a')).toMatchObject({ version: 1, removedAt: expect.any(Date) });
    await restore('a');
    await record('a', 'other', earlier);
    expect(await find('a')).toMatchObject({ version: 2 });
  });

  it('is removed and restored once, however often it is asked', async () => {
    await record('a', 'file');
    for (const _ of [1, 2]) expect(await remove('a')).toBe(true);
    for (const _ of [1, 2]) expect(await restore('a')).toBe(true);
    const { id } = await find('a');
    const events = await database.dataSource.query('SELECT type, body FROM events ORDER BY id');
    const about = expect.objectContaining({ mediaId: id, version: 1, externalId: 'a', kind: 'videos' });
    expect(events).toEqual([
      { type: 'media.removed', body: about },
      { type: 'media.updated', body: about },
    ]);
  });

  it('goes with its project even after it was erased', async () => {
    await record('a', 'file');
    await remove('a');
    await endGracePeriod();
    await sweep();
    await database.dataSource.query('DELETE FROM projects');
    expect(await database.dataSource.getRepository(Media).count()).toBe(0);
  });
});

describe('a removal and an import at the same time', () => {
  it('end with the removal, if the import is recorded first', async () => {
    await record('a', 'file');
    const sequence = await accept();
    let removed: Promise<boolean> | undefined;
    await database.dataSource.transaction(async (tx) => {
      await record('a', 'other', sequence, tx);
      removed = remove('a');
      await untilBlocked();
    });
    expect(await removed).toBe(true);
    expect(await find('a')).toMatchObject({ version: 2, removedAt: expect.any(Date) });
    expect(await served('file', 'other')).toEqual([false, false]);
  });

  it.each([
    ['removal, if the import was accepted before', true],
    ['import, if it was accepted after it', false],
  ])('end with the %s, if the removal is first', async (_, isEarlier) => {
    await record('a', 'file');
    const earlier = await accept();
    const repository = new MediaRemovalRepository(database.dataSource.getRepository(Media));
    const medium = await key('a');
    let recorded: Promise<void> | undefined;
    await repository.transaction(async (tx) => {
      await repository.lock(tx, medium);
      await repository.remove(tx, medium);
      recorded = record('a', 'other', isEarlier ? earlier : await accept());
      await untilBlocked();
    });
    await recorded;
    const { version, removedAt } = await find('a');
    expect({ version, isRemoved: removedAt !== null }).toEqual({
      version: isEarlier ? 1 : 2,
      isRemoved: isEarlier,
    });
  });
});
