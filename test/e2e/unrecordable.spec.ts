import { afterAll, beforeAll, expect, it } from 'vitest';
import { copiesOnDisk, entry, newMp4, newPartner, openScene, type Scene } from './scene.js';

let scene: Scene;

beforeAll(async () => {
  scene = await openScene({ RETRY_SCHEDULE: '100ms' });
});
afterAll(() => scene.close());

it('an item whose result the database does not take fails, is told in the log, and takes no other with it', async () => {
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
  expect(await copiesOnDisk(reelport, bad)).toBe(0);
});
