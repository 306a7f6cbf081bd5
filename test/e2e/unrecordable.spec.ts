import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { copiesOnDisk, entry, newMp4, newPartner, openScene, type Scene } from './scene.js';

let scene: Scene;

beforeAll(async () => {
  scene = await openScene({ RETRY_SCHEDULE: '100ms' });
});
afterAll(() => scene.close());

it('an item whose result the database rejects fails, is logged, and affects no other item', async () => {
  const { reelport, origin } = scene;
  const { api } = await newPartner(reelport);
  await reelport.database.dataSource.query(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused by the test'; END $$;
    CREATE TRIGGER refuse BEFORE UPDATE ON import_items FOR EACH ROW
      WHEN (NEW.external_id = 'bad' AND NEW.state = 'success') EXECUTE FUNCTION refuse()`);
  const bad = newMp4();
  const ids = ['a', 'b', 'bad', 'c', 'd'];
  for (const id of ids) origin.serve(`/${id}.mp4`, id === 'bad' ? bad : newMp4());

  const status = await api.finished(
    await api.importVideos(
      'archive',
      ids.map((id) => entry(id, origin.url(`/${id}.mp4`))),
    ),
  );

  expect(status.videos.map(({ externalId, state }) => [externalId, state])).toEqual(
    ids.map((id) => [id, id === 'bad' ? 'failed' : 'success']),
  );
  expect(status.videos[2]).toMatchObject({ code: 'INTERNAL', retryable: true });
  expect(origin.requestsTo('/bad.mp4')).toHaveLength(2);
  expect(reelport.output()).toContain('cannot be recorded');
  expect(reelport.output()).toContain('refused by the test');
  // The file of the last attempt is removed after the item has failed.
  await expect.poll(() => copiesOnDisk(reelport, bad)).toBe(0);
});

it('a file that cannot be removed after a rejected result is logged, and changes no result', async () => {
  const { reelport, origin } = scene;
  const { api } = await newPartner(reelport);
  await reelport.database.dataSource.query(`
    CREATE FUNCTION refuse_later() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_advisory_xact_lock(42); RAISE 'refused later'; END $$;
    CREATE TRIGGER refuse_later BEFORE UPDATE ON import_items FOR EACH ROW
      WHEN (NEW.external_id = 'stuck' AND NEW.state = 'success') EXECUTE FUNCTION refuse_later()`);
  const video = newMp4();
  origin.serve('/stuck.mp4', video);
  const before = await storedFiles();
  const gate = new Client({ connectionString: reelport.database.url });
  await gate.connect();
  let importId: string;
  try {
    await gate.query('SELECT pg_advisory_lock(42)');
    importId = await api.importVideos('archive', [entry('stuck', origin.url('/stuck.mp4'))]);
    await expect.poll(() => copiesOnDisk(reelport, video)).toBe(1);
    const [stored] = (await storedFiles()).filter((path) => !before.includes(path));
    // unlink(2) cannot remove a folder.
    await rm(stored);
    await mkdir(stored);
  } finally {
    await gate.end();
  }

  const status = await api.finished(importId);

  expect(status.videos).toMatchObject([{ externalId: 'stuck', state: 'failed', code: 'INTERNAL' }]);
  expect(origin.requestsTo('/stuck.mp4')).toHaveLength(2);
  expect(reelport.output()).toContain('Clean-up failed');
});

/** Paths of the files in the storage. */
async function storedFiles(): Promise<string[]> {
  const places = await readdir(join(scene.reelport.dataDir, 'media'), {
    recursive: true,
    withFileTypes: true,
  });
  const files = places.filter((place) => place.isFile() && !place.name.startsWith('.'));
  return files.map((place) => join(place.parentPath, place.name));
}
