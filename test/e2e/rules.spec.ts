import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setMetadataSchema } from '../support/accounts.js';
import type { AnswerOptions } from '../support/origin.js';
import {
  bytesAt,
  copiesOnDisk,
  entry,
  newMp4,
  newPartner,
  openScene,
  videoOf,
  videosOf,
  type Scene,
} from './scene.js';

let scene: Scene;

beforeAll(async () => {
  scene = await openScene();
});

afterAll(() => scene?.close());

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Imports one video with new bytes, at a path of its own. */
async function importOne(name: string, answer: AnswerOptions = {}) {
  const partner = await newPartner(scene.reelport);
  const bytes = newMp4();
  const path = `/${name}.mp4`;
  const url = scene.origin.url(path);
  scene.origin.serve(path, bytes, answer);
  const run = async (more: Parameters<typeof entry>[2] = {}) => {
    const id = await partner.api.importVideos('rules', [entry(name, url, more)]);
    const { state, overview, videos } = await partner.api.finished(id);
    return { state, overview, item: videos[0] };
  };
  const first = await run();
  expect(first.item.state).toBe('success');
  const mediaId = String(first.item.video?.['mediaId']);
  return { ...partner, bytes, path, run, first, mediaId };
}

describe('A known, unchanged video', () => {
  it.each([
    { knows: 'ETags', answer: {}, downloads: 1, status: 304 },
    {
      knows: 'Last-Modified alone',
      answer: { etag: false, lastModified: new Date('2020-01-01T13:45:12Z') },
      downloads: 1,
      status: 304,
    },
    { knows: 'neither, by SHA-256', answer: { etag: false }, downloads: 2, status: 200 },
  ] as const)('is skipped if the source supports $knows', async ({ knows, answer, downloads, status }) => {
    const { api, bytes, path, run, first, mediaId } = await importOne(knows.replaceAll(/\W/g, '-'), answer);

    const { state, overview, item } = await run();

    expect(state).toBe('success');
    expect(overview).toEqual({ total: 1, success: 0, skipped: 1, failed: 0 });
    expect(item).toMatchObject({ status: 'skipped', state: 'skipped', reason: 'already exists' });
    expect(item.video).toEqual(first.item.video);
    expect(scene.origin.requestsTo(path).map((request) => request.status)).toEqual([200, status]);
    expect(scene.origin.bytesSent(path)).toBe(downloads * bytes.length);
    expect((await videoOf(api, mediaId)).version).toBe(1);
    await expect.poll(() => copiesOnDisk(scene.reelport, bytes)).toBe(1);
  });

  it('is skipped for every item of a batch', async () => {
    const { api } = await newPartner(scene.reelport);
    scene.origin.serve('/batch/*', newMp4());
    const batch = Array.from({ length: 40 }, (_, n) => entry(`v${n}`, scene.origin.url(`/batch/${n}.mp4`)));
    await api.finished(await api.importVideos('rules', batch));
    const before = await videosOf(api, 'rules');

    const again = await api.finished(await api.importVideos('rules', batch));

    expect(again.overview).toEqual({ total: 40, success: 0, skipped: 40, failed: 0 });
    expect(new Set(again.videos.map(({ reason }) => reason))).toEqual(new Set(['already exists']));
    expect(await videosOf(api, 'rules')).toEqual(before);
  });
});

describe('A known, changed video', () => {
  it.each([
    { what: 'title', change: { fileName: 'Another title' }, shows: { title: 'Another title' } },
    { what: 'metadata', change: { metadata: { credit: 'B' } }, shows: { metadata: { credit: 'B' } } },
  ])('gets a new $what without storing its bytes again', async ({ what, change, shows }) => {
    const { api, bytes, path, run, mediaId } = await importOne(`new-${what}`);

    const { overview, item } = await run(change);

    expect(overview).toEqual({ total: 1, success: 1, skipped: 0, failed: 0 });
    expect(item.video?.['mediaId']).toBe(mediaId);
    expect(await videoOf(api, mediaId)).toMatchObject({ version: 2, ...shows });
    expect(scene.origin.bytesSent(path)).toBe(bytes.length);
    expect(await copiesOnDisk(scene.reelport, bytes)).toBe(1);
    expect((await run(change)).overview.skipped).toBe(1);
  });

  it('gets new bytes under the same mediaId and serves them', async () => {
    const { api, path, run, first, mediaId } = await importOne('new-bytes');
    const bytes = newMp4();
    scene.origin.serve(path, bytes);

    const { overview, item } = await run();

    expect(overview).toEqual({ total: 1, success: 1, skipped: 0, failed: 0 });
    expect(item.video?.['mediaId']).toBe(mediaId);
    expect(item.video?.['originalUrl']).not.toBe(first.item.video?.['originalUrl']);
    expect(sha256(await bytesAt(item.video?.['originalUrl']))).toBe(sha256(bytes));
    expect(await videoOf(api, mediaId)).toMatchObject({ version: 2, asset: { sha256: sha256(bytes) } });
    expect(await videosOf(api, 'rules')).toHaveLength(1);
  });

  it('stays as it was if the new bytes are no video', async () => {
    const { api, bytes, path, run, mediaId } = await importOne('spoilt');
    scene.origin.serve(path, Buffer.from('<html>We have moved</html>'));

    const { state, item } = await run({ fileName: 'Another title' });

    expect(state).toBe('failed');
    expect(item).toMatchObject({ state: 'failed', code: 'NOT_A_VIDEO' });
    const video = await videoOf(api, mediaId);
    expect(video).toMatchObject({ version: 1, title: 'Title of spoilt' });
    expect(sha256(await bytesAt(video.asset.url))).toBe(sha256(bytes));
  });
});

describe('Identical bytes under several ids', () => {
  it('are stored once, within one batch and across batches', async () => {
    const { api } = await newPartner(scene.reelport);
    const bytes = newMp4();
    scene.origin.serve('/twins/*', bytes);
    const batch = (...ids: string[]) => ids.map((id) => entry(id, scene.origin.url(`/twins/${id}.mp4`)));

    await api.finished(await api.importVideos('rules', batch('a', 'b', 'c', 'd')));
    const { overview } = await api.finished(await api.importVideos('rules', batch('e')));

    expect(overview.success).toBe(1);
    const videos = await videosOf(api, 'rules');
    expect(new Set(videos.map(({ id }) => id)).size).toBe(5);
    expect(new Set(videos.map(({ asset }) => asset.url)).size).toBe(1);
    // The copy that lost the race is removed after the commit.
    await expect.poll(() => copiesOnDisk(scene.reelport, bytes)).toBe(1);
    expect(sha256(await bytesAt(videos[0]?.asset.url))).toBe(sha256(bytes));
  });
});

describe('The metadata schema of a project', () => {
  it('fails items that violate it, with the path, and continues with the others', async () => {
    const { api, project } = await newPartner(scene.reelport);
    const schema = {
      type: 'object',
      properties: { people: { type: 'array', items: { type: 'string' } } },
      required: ['people'],
    };
    await setMetadataSchema(scene.reelport.database.dataSource, project.id, schema);
    scene.origin.serve('/schema/*', newMp4());
    const video = (id: string, metadata: Record<string, unknown>) =>
      entry(id, scene.origin.url(`/schema/${id}.mp4`), { metadata });

    const id = await api.importVideos('rules', [
      video('good', { people: ['A'] }),
      video('deep', { people: ['A', 7] }),
      video('missing', {}),
      video('good-too', { people: [] }),
    ]);
    const { state, videos } = await api.finished(id);

    expect(state).toBe('success');
    expect(videos.map((item) => item.state)).toEqual(['success', 'failed', 'failed', 'success']);
    const rule = 'The metadata does not match the schema of the project';
    expect(videos[1]).toMatchObject({
      code: 'METADATA_INVALID',
      retryable: false,
      reason: `${rule}: metadata.people.1 must be string`,
    });
    expect(videos[2]).toMatchObject({
      code: 'METADATA_INVALID',
      reason: `${rule}: metadata must have required property 'people'`,
    });
    expect(scene.origin.requestsTo('/schema/deep.mp4')).toEqual([]);
  });
});

describe('Two concurrent imports of one video', () => {
  it.each([
    { kind: 'new', finishes: ['first', 'second'] },
    { kind: 'new', finishes: ['second', 'first'] },
    { kind: 'known', finishes: ['first', 'second'] },
    { kind: 'known', finishes: ['second', 'first'] },
  ] as const)(
    'keep the later one of a $kind video if the $finishes.0 finishes first',
    async ({ kind, finishes }) => {
      const { origin } = scene;
      const { api } = await newPartner(scene.reelport);
      const folder = `/race-${kind}-${finishes[0]}`;
      const bytes = { first: newMp4(), second: newMp4() };
      if (kind === 'known') {
        origin.serve(`${folder}/before.mp4`, newMp4());
        await api.finished(
          await api.importVideos('race', [entry('video', origin.url(`${folder}/before.mp4`))]),
        );
      }
      const importIds = new Map<string, string>();
      for (const name of ['first', 'second'] as const) {
        const path = `${folder}/${name}.mp4`;
        origin.serve(path, bytes[name], { hang: 'headers' });
        const video = entry('video', origin.url(path), { fileName: name, metadata: { of: name } });
        importIds.set(name, await api.importVideos('race', [video]));
        await origin.waitForRequest(path);
      }

      const states = new Map<string, unknown>();
      for (const name of finishes) {
        origin.release(`${folder}/${name}.mp4`);
        const { videos } = await api.finished(importIds.get(name)!);
        states.set(name, [videos[0]?.state, videos[0]?.['reason']]);
      }

      expect(states.get('second')).toEqual(['success', undefined]);
      expect(states.get('first')).toEqual(
        finishes[0] === 'first' ? ['success', undefined] : ['skipped', 'replaced by a later import'],
      );
      const videos = await videosOf(api, 'race');
      expect(videos).toHaveLength(1);
      expect(videos[0]).toMatchObject({
        title: 'second',
        metadata: { of: 'second' },
        asset: { sha256: sha256(bytes.second) },
      });
      expect(sha256(await bytesAt(videos[0]?.asset.url))).toBe(sha256(bytes.second));
    },
  );
});
