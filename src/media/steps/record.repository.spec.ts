import 'reflect-metadata';
import type { QueryRunner } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { begin, commit, isWaiting, pidOf } from '../../../test/support/transactions.js';
import { TestLibrary } from '../testing/library.js';

let database: TestDatabase;
let library: TestLibrary;

beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());
beforeEach(async () => {
  await database.dataSource.query('TRUNCATE projects, released_assets CASCADE');
  library = await TestLibrary.create(database.dataSource);
});

/** Records a version in a transaction, and leaves it open. */
async function recorded(sha256: string): Promise<QueryRunner> {
  const connection = await begin(database.dataSource);
  await library.write(connection.manager, 'a', sha256);
  return connection;
}

/** Records a version while another transaction holds the medium, which commits once the new one waits. */
async function recordAfter(holder: QueryRunner, sha256: string): Promise<QueryRunner> {
  const connection = await begin(database.dataSource);
  const pid = await pidOf(connection);
  const writing = library.write(connection.manager, 'a', sha256);
  await isWaiting(holder, pid);
  await commit(holder);
  await writing;
  return connection;
}

/** Hashes of the medium: of its file, of its earlier versions, and of the files of these. */
async function history(): Promise<unknown> {
  const [row] = await database.dataSource.query(
    `SELECT medium.version, asset.sha256,
       ARRAY(SELECT former->>'sha256' FROM jsonb_array_elements(medium.former_versions) former) AS versions,
       ARRAY(SELECT former.sha256 FROM assets former WHERE former.id = ANY(medium.former_asset_ids)
             ORDER BY former.id) AS files
     FROM media medium JOIN assets asset ON asset.id = medium.asset_id`,
  );
  return row;
}

describe('the history of a medium', () => {
  it('contains a version that another transaction recorded while this one waited', async () => {
    await library.record('a', 'first');
    await commit(await recordAfter(await recorded('second'), 'third'));
    expect(await history()).toEqual({
      version: 3,
      sha256: 'third',
      versions: ['first', 'second'],
      files: ['first', 'second'],
    });
  });

  it('contains the first version if that was recorded meanwhile', async () => {
    await commit(await recordAfter(await recorded('first'), 'second'));
    expect(await history()).toEqual({ version: 2, sha256: 'second', versions: ['first'], files: ['first'] });
  });

  it('contains all versions if several transactions waited', async () => {
    const second = await recordAfter(await recorded('first'), 'second');
    await commit(await recordAfter(second, 'third'));
    expect(await history()).toEqual({
      version: 3,
      sha256: 'third',
      versions: ['first', 'second'],
      files: ['first', 'second'],
    });
  });
});

describe('a known file', () => {
  it('is missing if the sweep removes it at the same time', async () => {
    await library.record('a', 'first');
    await database.dataSource.query('DELETE FROM media');
    const sweep = await begin(database.dataSource);
    await sweep.query('DELETE FROM assets');
    const recording = await begin(database.dataSource);
    const [{ pid }] = await recording.query('SELECT pg_backend_pid() AS pid');
    const known = library.records.keepAssets(recording.manager, [
      {
        projectId: library.projectId,
        kind: 'videos',
        sha256: 'first',
        storageKey: 'known',
        size: 1,
        mimeType: 'video/mp4',
        facts: {},
        stored: false,
      },
    ]);
    await isWaiting(sweep, pid);
    await commit(sweep);
    expect(await known).toEqual(new Map());
    await recording.rollbackTransaction();
    await recording.release();
  });
});
