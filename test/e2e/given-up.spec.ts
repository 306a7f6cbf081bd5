import { afterAll, beforeAll, expect, it } from 'vitest';
import { entry, newMp4, newPartner, openScene, type Scene } from './scene.js';

/** Crashed workers that an item survives; the next crash is the last one. */
const LOST_BEFORE = 19;

let scene: Scene;

beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.close());

it('gives up an item that crashes its workers repeatedly, and continues with the others', async () => {
  const { reelport, origin } = scene;
  const { api } = await newPartner(reelport);
  origin.serve('/deadly.mp4', newMp4(), { hang: 'body' });
  origin.serve('/harmless.mp4', newMp4());
  const importId = await api.importVideos('given-up', [
    entry('deadly', origin.url('/deadly.mp4')),
    entry('harmless', origin.url('/harmless.mp4')),
  ]);
  await origin.waitForRequest('/deadly.mp4');
  // Assign the item to a worker whose lease expired long ago.
  await reelport.database.dataSource.query(
    `UPDATE import_items SET lost = $2, lease_owner = gen_random_uuid(), lease_until = now() - interval '1 hour'
     WHERE import_id = $1 AND external_id = 'deadly'`,
    [importId, LOST_BEFORE],
  );
  const { videos, overview } = await api.finished(importId);
  expect(overview).toMatchObject({ success: 1, failed: 1 });
  expect(videos[0]).toMatchObject({
    state: 'failed',
    code: 'INTERNAL',
    reason: 'The worker crashed repeatedly while processing this item',
    retryable: true,
  });
});
