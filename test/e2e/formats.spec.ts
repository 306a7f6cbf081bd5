import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FinishedStatus } from '../support/api.js';
import {
  FIXTURES,
  bytesAt,
  entry,
  newPartner,
  openScene,
  videoOf,
  type Partner,
  type Scene,
} from './scene.js';

interface Expected {
  videos: Record<
    string,
    { mimeType: string; width: number; height: number; duration: number | null; sha256: string }
  >;
  refused: Record<string, { code: string; reason: string }>;
}

const expected: Expected = JSON.parse(readFileSync(join(FIXTURES, 'expected.json'), 'utf8'));
const videos = Object.entries(expected.videos);
const refused = Object.entries(expected.refused);
const names = [...videos, ...refused].map(([name]) => name).toSorted();

let scene: Scene;
let partner: Partner;
let status: FinishedStatus;

beforeAll(async () => {
  scene = await openScene();
  partner = await newPartner(scene.reelport);
  // Every declared content type is wrong: only the bytes count.
  for (const name of names) {
    const contentType = name in expected.videos ? 'text/plain' : 'video/mp4';
    scene.origin.serve(`/${name}`, join(FIXTURES, name), { contentType });
  }
  const id = await partner.api.importVideos(
    'formats',
    names.map((name) => entry(name, scene.origin.url(`/${name}`))),
  );
  status = await partner.api.finished(id);
});

afterAll(() => scene?.close());

function itemOf(name: string): FinishedStatus['videos'][number] {
  return status.videos[names.indexOf(name)];
}

describe('A batch of every format, good and bad', () => {
  it('returns an item for every file, in request order', () => {
    expect(status.state).toBe('success');
    expect(status.videos.map(({ externalId }) => externalId)).toEqual(names);
    expect(status.overview).toEqual({
      total: names.length,
      success: videos.length,
      skipped: 0,
      failed: refused.length,
    });
  });

  it.each(videos)('imports %s', async (name, { mimeType, width, height, duration, sha256 }) => {
    const item = itemOf(name);
    expect(item).toMatchObject({
      status: 'success',
      state: 'success',
      title: `Title of ${name}`,
      video: { mimeType, width, height, videoService: 'imgix' },
    });
    const { asset } = await videoOf(partner.api, item.video?.['mediaId']);
    expect(asset).toMatchObject({ mimeType, width, height, sha256 });
    expect(asset.duration === null).toBe(duration === null);
    // One digit, which means a twentieth of a second.
    expect(asset.duration ?? 0).toBeCloseTo(duration ?? 0, 1);

    const stored = await bytesAt(item.video?.['originalUrl']);
    expect(createHash('sha256').update(stored).digest('hex')).toBe(sha256);
    expect(asset.size).toBe(stored.length);
  });

  it.each(refused)('refuses %s', (name, { code, reason }) => {
    expect(itemOf(name)).toEqual({
      status: 'failed',
      state: 'failed',
      reason: code === 'EMPTY' ? 'The file is empty' : `The file is not a video: ${reason}`,
      code,
      retryable: false,
      systemName: 'formats',
      externalId: name,
      title: `Title of ${name}`,
    });
  });
});
