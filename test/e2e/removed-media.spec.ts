import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  bytesAt,
  entry,
  newMp4,
  newPartner,
  openScene,
  videoOf,
  videosOf,
  type Partner,
  type Scene,
} from './scene.js';

let scene: Scene;
let partner: Partner;

beforeAll(async () => {
  scene = await openScene();
  partner = await newPartner(scene.reelport);
});
afterAll(() => scene?.close());

const NOT_FOUND = { status: 404, body: { error_details: { id: expect.any(String) } } };

/** Imports a video. @returns its mediaId */
async function importOne(id: string, bytes: Buffer): Promise<string> {
  scene.origin.serve(`/${id}.mp4`, bytes);
  const { videos } = await partner.api.finished(
    await partner.api.importVideos('archive', [entry(id, scene.origin.url(`/${id}.mp4`))]),
  );
  expect(videos).toMatchObject([{ state: 'success' }]);
  return String(videos[0].video?.['mediaId']);
}

it.each(['videos', 'media'])('removes and restores through /%s', async (path) => {
  const { api } = partner;
  const bytes = newMp4();
  const mediaId = await importOne(`through-${path}`, bytes);
  const route = `/api/v1/${path}/${mediaId}`;
  const before = await videoOf(api, mediaId);
  expect((await bytesAt(before.asset.url)).equals(bytes)).toBe(true);

  for (const _ of ['now', 'before'])
    expect(await api.call('DELETE', route)).toMatchObject({ status: 204, body: '' });
  for (const of of ['videos', 'media'])
    expect(await api.call('GET', `/api/v1/${of}/${mediaId}`)).toMatchObject(NOT_FOUND);
  expect((await videosOf(api, 'archive')).map(({ id }) => id)).not.toContain(mediaId);
  for (const method of ['GET', 'HEAD']) expect((await fetch(before.asset.url, { method })).status).toBe(404);
  const missing = await fetch(before.asset.url.replace(/[0-9a-f]{12}\./, '000000000000.'));
  const withdrawn = await fetch(before.asset.url);
  expect(await withdrawn.text()).toBe(await missing.text());

  const restored = await api.call('POST', `${route}/restore`);
  expect(restored).toMatchObject({ status: 200, body: { id: mediaId, version: 1 } });
  expect(restored.body).toEqual((await api.call('GET', route)).body);
  expect(await videoOf(api, mediaId)).toEqual(before);
  expect((await bytesAt(before.asset.url)).equals(bytes)).toBe(true);
});

it('serves no file under another spelling of its path', async () => {
  const { api } = partner;
  const mediaId = await importOne('spelled', newMp4());
  const { url } = (await videoOf(api, mediaId)).asset;
  await api.call('DELETE', `/api/v1/videos/${mediaId}`);
  const { origin, pathname } = new URL(url);
  const key = pathname.slice('/media/'.length);
  const spellings = [
    key.replace('/', '//'),
    `/${key}`,
    key.replaceAll('/', '%2F'),
    key.replaceAll('-', '%2D'),
    key.replaceAll('-', '%252D'),
    key.replace('.mp4', '%2Emp4'),
    key.toUpperCase(),
    `%2E/${key}`,
    `x/%2E%2E/${key}`,
    `${key}?x=1`,
    `${key}/`,
  ];
  const statuses = await Promise.all(
    spellings.map(async (path) => (await fetch(`${origin}/media/${path}`)).status),
  );
  expect(statuses.filter((status) => status === 200)).toEqual([]);
});

it('brings a removed video back with a later import, and not with a retry of an earlier one', async () => {
  const { api } = partner;
  const bytes = newMp4();
  const mediaId = await importOne('again', bytes);
  scene.origin.script('/again.mp4', [{ status: 404 }, { body: newMp4() }]);
  const entries = [entry('again', scene.origin.url('/again.mp4'))];
  const failed = await api.importVideos('archive', entries);
  expect(await api.finished(failed)).toMatchObject({ videos: [{ state: 'failed' }] });
  await api.call('DELETE', `/api/v1/videos/${mediaId}`);

  await api.call('POST', `/api/v1/imports/${failed}/retry`);
  expect(await api.finished(failed)).toMatchObject({
    videos: [{ state: 'skipped', reason: 'removed by a later call' }],
  });
  expect(await api.call('GET', `/api/v1/videos/${mediaId}`)).toMatchObject(NOT_FOUND);

  const { videos } = await api.finished(await api.importVideos('archive', entries));
  expect(videos).toMatchObject([{ state: 'success', video: { mediaId } }]);
  expect(await videoOf(api, mediaId)).toMatchObject({ id: mediaId, version: 2 });
});

it('needs public-api:write', async () => {
  const mediaId = await importOne('guarded', newMp4());
  const token = await scene.reelport.createToken(partner.project, ['public-api:read']);
  const call = async (method: string, path: string): Promise<number> =>
    (await fetch(`${scene.reelport.url}${path}`, { method, headers: { authorization: `Bearer ${token}` } }))
      .status;
  for (const of of ['videos', 'media']) {
    expect(await call('DELETE', `/api/v1/${of}/${mediaId}`)).toBe(403);
    expect(await call('POST', `/api/v1/${of}/${mediaId}/restore`)).toBe(403);
  }
  expect((await videoOf(partner.api, mediaId)).id).toBe(mediaId);
});
