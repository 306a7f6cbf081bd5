import { createHash, randomBytes } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startOrigin, type Origin } from '../support/origin.js';
import { startReelport, type Reelport } from '../support/reelport.js';
import { bytesAt, entry, newMp4, newPartner, videoOf, type Partner } from './scene.js';

const MIB = 1024 * 1024;
const CUT = 3 * MIB;
/** Bytes that a resume record never has. */
const RECORD_AT_MOST = 64 * 1024;

let origin: Origin;
let reelport: Reelport;
let partner: Partner;

beforeAll(async () => {
  origin = await startOrigin();
  reelport = await startReelport({ RETRY_SCHEDULE: '10ms,10ms', LEASE_MS: '1000', SHUTDOWN_GRACE_MS: '0' });
  partner = await newPartner(reelport);
});
afterEach(() => origin.release());
afterAll(async () => {
  await reelport.remove();
  await origin.close();
});

/** A video of 5 MiB, mostly a box that players skip. */
function largeMp4(): Buffer {
  const filler = Buffer.concat([Buffer.from('\0\0\0\0free', 'latin1'), randomBytes(5 * MIB)]);
  filler.writeUInt32BE(filler.length);
  return Buffer.concat([newMp4(), filler]);
}

/** Expects that the import stored exactly this file. */
async function expectImported(importId: string, bytes: Buffer): Promise<void> {
  const { videos } = await partner.api.finished(importId);
  expect(videos).toMatchObject([{ state: 'success' }]);
  const video = await videoOf(partner.api, videos[0].video?.['mediaId']);
  expect(video.asset.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(video.asset.size).toBe(bytes.length);
  expect(bytes.equals(await bytesAt(videos[0].video?.['originalUrl']))).toBe(true);
  expect(await readdir(join(reelport.dataDir, 'incoming'))).toEqual([]);
}

function post(path: string): Promise<string> {
  return partner.api.importVideos('resume', [entry(path, origin.url(path))]);
}

/** The last bytes before the end of a connection may be lost with it. */
const someOf = (bytes: number): unknown =>
  expect.toSatisfy((range: string) => {
    const [, from] = /^bytes=(\d+)-$/.exec(range) ?? [];
    return Number(from) > 0 && Number(from) <= bytes;
  });

const rangesOf = (path: string): unknown[][] =>
  origin.requestsTo(path).map(({ headers, status }) => [headers['range'], headers['if-range'], status]);

describe('an interrupted download', () => {
  it('resumes where it stopped', async () => {
    const body = largeMp4();
    origin.script('/broken.mp4', [
      { body, cutAfterBytes: CUT, etag: '"v1"' },
      { body, etag: '"v1"' },
    ]);
    await expectImported(await post('/broken.mp4'), body);
    expect(rangesOf('/broken.mp4')).toEqual([
      [undefined, undefined, 200],
      [someOf(CUT), '"v1"', 206],
    ]);
  });

  it('resumes by date if there is no entity tag', async () => {
    const body = largeMp4();
    const dated = { body, etag: false, lastModified: new Date('2019-11-21T12:00:00Z') } as const;
    origin.script('/dated.mp4', [{ ...dated, cutAfterBytes: CUT }, dated]);
    await expectImported(await post('/dated.mp4'), body);
    expect(rangesOf('/dated.mp4')[1]).toEqual([someOf(CUT), 'Thu, 21 Nov 2019 12:00:00 GMT', 206]);
  });

  it('restarts if the file has changed', async () => {
    const body = largeMp4();
    origin.script('/changed.mp4', [
      { body: largeMp4(), cutAfterBytes: CUT, etag: '"v1"' },
      { body, etag: '"v2"' },
    ]);
    await expectImported(await post('/changed.mp4'), body);
    expect(rangesOf('/changed.mp4')[1]).toEqual([someOf(CUT), '"v1"', 200]);
  });

  it('restarts if the origin does not support ranges', async () => {
    const body = largeMp4();
    origin.script('/whole.mp4', [
      { body, cutAfterBytes: CUT, etag: '"v1"' },
      { body, etag: '"v1"', ranges: false },
    ]);
    await expectImported(await post('/whole.mp4'), body);
    expect(rangesOf('/whole.mp4').map(([, , status]) => status)).toEqual([200, 200]);
  });

  it('restarts if the answer is not the requested range', async () => {
    const body = largeMp4();
    const lie = {
      status: 206,
      body: body.subarray(CUT + 1),
      ranges: false,
      headers: { 'content-range': `bytes ${CUT + 1}-${body.length - 1}/${body.length}` },
    };
    origin.script('/lie.mp4', [{ body, cutAfterBytes: CUT, etag: '"v1"' }, lie, { body, etag: '"v1"' }]);
    await expectImported(await post('/lie.mp4'), body);
    expect(rangesOf('/lie.mp4').map(([range]) => range)).toEqual([undefined, someOf(CUT), undefined]);
  });

  it('resumes again after another interruption', async () => {
    const body = largeMp4();
    origin.script('/again.mp4', [
      { body, cutAfterBytes: CUT, etag: '"v1"' },
      { body, cutAfterBytes: MIB, etag: '"v1"' },
      { body, etag: '"v1"' },
    ]);
    await expectImported(await post('/again.mp4'), body);
    expect(rangesOf('/again.mp4')).toEqual([
      [undefined, undefined, 200],
      [someOf(CUT), '"v1"', 206],
      [someOf(CUT + MIB), '"v1"', 206],
    ]);
  });
});

/** Bytes of the largest file of a folder. */
async function largestIn(folder: string): Promise<number> {
  const sizes = (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size);
  return Math.max(0, ...(await Promise.all(sizes)));
}

describe.each(['SIGKILL', 'SIGTERM'] as const)('a download interrupted by %s', (signal) => {
  it('resumes after the next start', async () => {
    const path = `/${signal}.mp4`;
    const body = largeMp4();
    origin.script(path, [
      { body, hang: 'body', etag: '"v1"' },
      { body, etag: '"v1"' },
    ]);
    const importId = await post(path);
    const folder = join(reelport.dataDir, 'incoming');
    // The origin hangs in the middle: the resume record and the received bytes are on the disk.
    await origin.waitForRequest(path);
    await expect.poll(() => readdir(folder)).toHaveLength(2);
    await expect.poll(() => largestIn(folder)).toBeGreaterThan(RECORD_AT_MOST);
    await reelport.stop(signal);
    await reelport.start();
    await expectImported(importId, body);
    expect(rangesOf(path)).toEqual([
      [undefined, undefined, 200],
      [expect.stringMatching(/^bytes=[1-9]\d+-$/), '"v1"', 206],
    ]);
  });
});
