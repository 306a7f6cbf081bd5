import { randomUUID } from 'node:crypto';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import {
  bytesAt,
  copiesOnDisk,
  entry,
  newMp4,
  newPartner,
  openScene,
  videosOf,
  type Scene,
} from './scene.js';

const REMOVED = { timeout: 90_000 };
const DAY_MS = 86_400_000;

let scene: Scene;

beforeAll(async () => {
  // A result is refused after half of the grace, which a busy machine may need to record it.
  scene = await openScene({ ORPHAN_GRACE_MS: '12s' });
});
afterAll(() => scene.close());

it.concurrent(
  'removes replaced files after the grace period and keeps referenced ones',
  async ({ expect }) => {
    const { reelport, origin } = scene;
    const { api } = await newPartner(reelport);
    const [first, second, kept] = [newMp4(), newMp4(), newMp4()];
    origin.script('/a.mp4', [{ body: first }, { body: second }]);
    origin.serve('/kept.mp4', kept);
    const entries = [entry('a', origin.url('/a.mp4')), entry('kept', origin.url('/kept.mp4'))];
    await api.finished(await api.importVideos('archive', entries));
    expect(await copiesOnDisk(reelport, first)).toBe(1);
    await api.finished(await api.importVideos('archive', entries));

    await expect.poll(() => copiesOnDisk(reelport, first), REMOVED).toBe(0);
    const urls = (await videosOf(api, 'archive')).map(({ asset }) => asset.url);
    const served = await Promise.all(urls.map((url) => bytesAt(url)));
    expect(served.some((bytes) => bytes.equals(second))).toBe(true);
    expect(served.some((bytes) => bytes.equals(kept))).toBe(true);
  },
);

it.concurrent('removes old files of a crash and keeps newer ones', async ({ expect }) => {
  const { reelport } = scene;
  const [old, young] = [newMp4(), newMp4()];
  const day = join(reelport.dataDir, 'media/2019/11/21');
  await mkdir(day, { recursive: true });
  const yesterday = new Date(Date.now() - DAY_MS);
  const tomorrow = new Date(Date.now() + DAY_MS);
  for (const folder of [day, join(reelport.dataDir, 'incoming')]) {
    const paths = [old, young].map((bytes) => [join(folder, `${randomUUID()}.mp4`), bytes] as const);
    for (const [path, bytes] of paths) {
      await writeFile(path, bytes);
      await utimes(path, yesterday, bytes === old ? yesterday : tomorrow);
    }
  }

  await expect.poll(() => copiesOnDisk(reelport, old), REMOVED).toBe(0);
  expect(await copiesOnDisk(reelport, young)).toBe(2);
});

it.concurrent('keeps a file that is referenced again before its removal', async ({ expect }) => {
  const { reelport, origin } = scene;
  const { api } = await newPartner(reelport);
  const [first, second] = [newMp4(), newMp4()];
  origin.script('/back.mp4', [{ body: first }, { body: second }, { body: first }]);
  const entries = [entry('back', origin.url('/back.mp4'))];
  for (const _ of [1, 2, 3]) await api.finished(await api.importVideos('back', entries));

  await expect.poll(() => copiesOnDisk(reelport, second), REMOVED).toBe(0);
  const [{ asset, version }] = await videosOf(api, 'back');
  expect(version).toBe(3);
  expect(first.equals(await bytesAt(asset.url))).toBe(true);
});
