import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startS3Endpoint, type S3Endpoint } from '../../libs/storage/support/s3-endpoint.js';
import type { Answer, Origin } from '../support/origin.js';
import { startOrigin } from '../support/origin.js';
import { startReelport, type Reelport } from '../support/reelport.js';
import { entry, newMp4, newPartner, type Partner } from './scene.js';

const MIB = 1024 * 1024;
const DATE = new Date('2019-11-21T12:00:00Z');

let s3: S3Endpoint;
let origin: Origin;
let reelport: Reelport;
let partner: Partner;

beforeAll(async () => {
  [s3, origin] = await Promise.all([startS3Endpoint('videos'), startOrigin()]);
  reelport = await startReelport({
    STORAGE: 's3',
    S3_BUCKET: 'videos',
    S3_ENDPOINT: s3.url,
    S3_ACCESS_KEY_ID: 'someone',
    S3_SECRET_ACCESS_KEY: 'something',
    S3_FORCE_PATH_STYLE: 'true',
    MEDIA_BASE_URL: `${s3.url}/videos`,
    RETRY_SCHEDULE: Array.from({ length: 20 }, () => '10ms').join(','),
    LEASE_MS: '5s',
    SHUTDOWN_GRACE_MS: '0',
  });
  partner = await newPartner(reelport);
});
afterEach(() => {
  s3.disturb = undefined;
});
afterAll(async () => {
  await reelport.remove();
  await Promise.all([origin.close(), s3.close()]);
});

/** Bytes of a partial file that are requested again, to verify that it still matches the origin. */
const OVERLAP_BYTES = 16 * 1024;

/** A video, mostly a box that players skip. */
function mp4Of(bytes: number): Buffer {
  const filler = Buffer.concat([Buffer.from('\0\0\0\0free', 'latin1'), randomBytes(bytes)]);
  filler.writeUInt32BE(filler.length);
  return Buffer.concat([newMp4(), filler]);
}

/** The object in the bucket, after a successful import. */
async function storedFile(importId: string): Promise<Buffer> {
  const { videos } = await partner.api.finished(importId);
  if (videos[0].state !== 'success') throw new Error(`The video was not imported: ${JSON.stringify(videos)}`);
  const [, key = ''] = /\/videos\/([^?]+)/.exec(String(videos[0].video?.['originalUrl'])) ?? [];
  return s3.bucket.get(key).body;
}

const isUpload = (request: { method: string }): boolean =>
  request.method === 'PUT' || request.method === 'POST';

describe('a temporary storage outage', () => {
  const sources: Array<[string, number, Omit<Answer, 'body'>]> = [
    ['with a strong entity tag', 6 * MIB, { etag: '"v1"' }],
    ['without ranges', 2 * MIB, { etag: '"v1"', ranges: false }],
    ['without conditions', 2 * MIB, { etag: '"v1"', conditional: false }],
    ['with neither', 2 * MIB, { etag: '"v1"', conditional: false, ranges: false }],
    ['with a date', 2 * MIB, { etag: false, lastModified: DATE }],
    ['with a weak entity tag', 2 * MIB, { etag: 'W/"v1"' }],
    ['of no declared length', 2 * MIB, { etag: '"v1"', chunked: true, ranges: false }],
    ['that is small', 1_000, { etag: '"v1"' }],
  ];

  it.each(sources)('causes no second download of a file %s', async (what, bytes, answer) => {
    const path = `/${encodeURIComponent(what)}.mp4`;
    const body = mp4Of(bytes);
    origin.serve(path, body, answer);
    let refusals = 0;
    s3.disturb = (request) =>
      isUpload(request) && refusals++ < 9 ? { status: 503, code: 'SlowDown' } : undefined;
    const importId = await partner.api.importVideos('outage', [entry(what, origin.url(path))]);
    expect(body.equals(await storedFile(importId))).toBe(true);
    expect(refusals).toBeGreaterThan(9);
    const [first, ...later] = origin.requestsTo(path);
    expect(first?.status).toBe(200);
    // The SDK sends three requests in each attempt.
    expect(later).toHaveLength(3);
    for (const { headers } of later)
      expect(headers['if-none-match'] ?? headers['if-modified-since']).toBeDefined();
    // A whole file that is sent again is cancelled at its headers, but the socket takes some of it.
    const isSentAgain = answer.conditional === false && answer.ranges === false;
    const most = isSentAgain ? Infinity : body.length + later.length * OVERLAP_BYTES;
    expect(origin.bytesSent(path)).toBeLessThanOrEqual(most);
  });

  it('allows a changed file to be downloaded again', async () => {
    const [old, changed] = [mp4Of(2 * MIB), mp4Of(2 * MIB)];
    origin.script('/changed.mp4', [
      { body: old, etag: '"v1"' },
      { body: changed, etag: '"v2"' },
    ]);
    let refusals = 0;
    s3.disturb = (request) =>
      isUpload(request) && refusals++ < 3 ? { status: 503, code: 'SlowDown' } : undefined;
    const importId = await partner.api.importVideos('outage', [entry('changed', origin.url('/changed.mp4'))]);
    expect(changed.equals(await storedFile(importId))).toBe(true);
  });
});

describe.each(['SIGTERM', 'SIGKILL'] as const)('an upload interrupted by %s', (signal) => {
  it('restarts from the local file after the next start', async () => {
    const path = `/${signal}.mp4`;
    const body = mp4Of(11 * MIB);
    origin.serve(path, body, { etag: '"v1"' });
    const uploading = new Promise<void>((resolve) => {
      s3.disturb = ({ query }) => {
        if (query.get('partNumber') !== '2') return undefined;
        resolve();
        return 'hang';
      };
    });
    const importId = await partner.api.importVideos('outage', [entry(signal, origin.url(path))]);
    await uploading;
    await reelport.stop(signal);
    s3.disturb = undefined;
    await reelport.start();
    expect(body.equals(await storedFile(importId))).toBe(true);
    expect(origin.requestsTo(path).map(({ status }) => status)).toEqual([200, 304]);
    expect(origin.bytesSent(path)).toBe(body.length);
  });
});

it('no stored file is left among the downloads', async () => {
  expect(await readdir(join(reelport.dataDir, 'incoming'))).toEqual([]);
});
