import { afterAll, beforeAll, expect, it } from 'vitest';
import { batchOf, webhookAt } from './support/chaos-installation.js';
import { openScene, type Scene } from './support/scene.js';

const IMPORTS = 20;

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
  for (let n = 0; n < 2; n += 1) scene.installation.startWorker();
});
afterAll(() => scene.close());

async function postAtOnce(systemName: string, urlOf: (n: number) => string): Promise<void> {
  const { installation, receiver } = scene;
  const partner = await installation.newPartner();
  await Promise.all(
    Array.from({ length: IMPORTS }, (_, n) =>
      installation.post(partner, systemName, batchOf([urlOf(n)]), { webhook: webhookAt(receiver) }),
    ),
  );
}

async function libraryOf(systemName: string): Promise<Array<{ sourceUrl: string; files: number }>> {
  return scene.installation.query(
    `SELECT video.source_url AS "sourceUrl", (SELECT count(*)::integer FROM assets WHERE project_id = video.project_id) AS files
     FROM media video WHERE system_name = $1`,
    [systemName],
  );
}

it(`creates one video and one file from concurrent imports of the same video, ${IMPORTS} at once`, async () => {
  await postAtOnce('same', () => scene.origin.url('/same.mp4'));
  expect(await scene.audit()).toEqual([]);
  expect(await libraryOf('same')).toEqual([{ sourceUrl: scene.origin.url('/same.mp4'), files: 1 }]);
});

it(`keeps the version that was accepted last, and only its file, of ${IMPORTS} concurrent ones`, async () => {
  await postAtOnce('versions', (n) => scene.origin.url(`/versions/${n}.mp4`));
  expect(await scene.audit()).toEqual([]);
  const [last] = await scene.installation.query<Array<{ url: string }>>(
    `SELECT item.payload ->> 'url' AS url FROM import_items item JOIN imports import ON import.id = item.import_id
     WHERE import.system_name = 'versions' ORDER BY import.sequence DESC LIMIT 1`,
  );
  expect(await libraryOf('versions')).toEqual([{ sourceUrl: last.url, files: 1 }]);
});
