import { once } from 'node:events';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProber, MIME_TYPES, NotAVideoError, ProbeFailedError } from './index.js';
import {
  box,
  countlessKeyIds,
  countlessSamples,
  countlessSamplesInFragment,
  endlessKeysInVideo,
  endlessKeysWithoutTrack,
  equalTimes,
  uint32 as size,
} from './testing/hostile-mp4.js';

const fixture = (name: string) => readFile(new URL(`../../../test/fixtures/${name}`, import.meta.url));
const prober = createProber({ processes: 1, timeoutMs: 30_000 });
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'media-probe-'));
});
afterAll(async () => {
  await prober.close();
  await rm(folder, { recursive: true });
});

/** Probes a file with these bytes and returns the result or the error. */
async function probe(bytes: Uint8Array | string): Promise<unknown> {
  const path = join(folder, 'file');
  await writeFile(path, bytes);
  return await prober.probe(path).catch((error: unknown) => error);
}

describe('files that reference other files', () => {
  let server: Server;
  let connections = 0;
  let url: string;

  beforeAll(async () => {
    server = createServer((socket) => {
      connections++;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    url = `http://127.0.0.1:${address.port}/film.mp4`;
  });
  afterAll(() => server.close());

  it.each([
    ['HLS', (to: string) => `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${to}\n#EXT-X-ENDLIST\n`],
    ['HLS master', (to: string) => `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${to}\n`],
    ['HLS after a byte order mark and a blank line', (to: string) => `\uFEFF\n#EXTM3U\n#EXTINF:1,\n${to}\n`],
    ['DASH', (to: string) => `<?xml version="1.0"?><MPD><BaseURL>${to}</BaseURL></MPD>`],
    ['ffconcat', (to: string) => `ffconcat version 1.0\nfile ${to}\n`],
    ['PLS', (to: string) => `[playlist]\nFile1=${to}\n`],
    ['ASX', (to: string) => `<asx version="3.0"><entry><ref href="${to}"/></entry></asx>`],
  ])('are refused without opening the reference: %s', async (_, text) => {
    expect(await probe(text(url))).toMatchObject({ reason: 'the file is a playlist that names other files' });
    expect(connections).toBe(0);
  });

  it('are refused without opening the reference: a QuickTime reference movie', async () => {
    const rdrf = box(
      'rdrf',
      Buffer.from([0, 0, 0, 0]),
      Buffer.from('url '),
      size(url.length + 1),
      Buffer.from(`${url}\0`),
    );
    const brand = box('ftyp', Buffer.from('qt  \0\0\0\0qt  '));
    const moov = box('moov', box('rmra', box('rmda', rdrf)));
    expect(await probe(Buffer.concat([brand, moov]))).toMatchObject({ kind: 'not-a-video' });
    expect(await probe(moov)).toMatchObject({ kind: 'not-a-video' });
    expect(connections).toBe(0);
  });

  it('are read without following a data reference', async () => {
    const bytes = await fixture('quicktime.mov');
    // Every track has a reference, `alis` or `url ` of 12 bytes with the flag "in this file"; this clears the flag.
    for (let at = bytes.indexOf('dref'); at !== -1; at = bytes.indexOf('dref', at + 1)) bytes[at + 23] = 0;
    await probe(bytes);
    await probe(bytes.subarray(bytes.indexOf('moov') - 4));
    expect(connections).toBe(0);
  });
});

describe('a file that makes its parser misbehave', () => {
  it('is refused before any parser if it has no track', async () => {
    const bytes = endlessKeysWithoutTrack();
    expect(bytes.length).toBe(60);
    expect(await probe(bytes)).toMatchObject({
      kind: 'not-a-video',
      reason: 'the file is an MP4 file without a video track',
    });
  });

  it.each([
    ['metadata keys', endlessKeysInVideo],
    ['key ids', countlessKeyIds],
    ['samples', countlessSamples],
    ['samples of a fragment', countlessSamplesInFragment],
  ])('with four billion %s exceeds the memory limit of its process only', async (_, file) => {
    const small = createProber({ processes: 1, timeoutMs: 60_000, maxMemoryMb: 64 });
    const before = process.memoryUsage.rss();
    const verdict = await small.probe(file()).catch((error: unknown) => error);
    expect(verdict).toMatchObject({ failure: 'out-of-memory', isCausedByFile: true });
    expect(process.memoryUsage.rss() - before).toBeLessThan(50 * 2 ** 20);
    expect(await small.probe(await fixture('h264-faststart.mp4'))).toMatchObject({ width: 320 });
    await small.close();
  });

  it('does not delay files of other lanes', async () => {
    const fair = createProber({ processes: 1, timeoutMs: 600_000, slowAfterMs: 200 });
    const over: unknown[] = [];
    const evil = Array.from({ length: 5 }, () =>
      fair.probe(equalTimes(), { lane: 'evil' }).catch((error: unknown) => over.push(error)),
    );
    const good = await fixture('h264-faststart.mp4');
    expect(await fair.probe(good, { lane: 'good' })).toMatchObject({ width: 320 });
    expect(over).toEqual([]);
    await fair.close();
    await Promise.all(evil);
    expect(over).toHaveLength(5);
  });
});

describe('video tracks', () => {
  it('that contain chapter images do not count', async () => {
    const bytes = await fixture('h264-moov-last.mp4');
    // The audio track's edit list becomes a reference of the same length: "my chapters are track 1".
    const edits = bytes.lastIndexOf('edts') - 4;
    const length = bytes.readUInt32BE(edits);
    const chapters = box('chap', size(1));
    const reference = box('tref', chapters, box('free', Buffer.alloc(length - 8 - chapters.length - 8)));
    reference.copy(bytes, edits);
    expect(await probe(bytes)).toMatchObject({ reason: 'the file is an MP4 file without a video track' });
  });
});

describe('large files', () => {
  it('are not read completely: 20 GB of media data before the header', async () => {
    const bytes = await fixture('h264-moov-last.mp4');
    const moov = bytes.subarray(bytes.indexOf('moov') - 4);
    const path = join(folder, 'large');
    const file = await open(path, 'w');
    const mediaEnd = 20e9;
    const mdat = Buffer.concat([size(1), Buffer.from('mdat'), Buffer.alloc(8)]);
    mdat.writeBigUInt64BE(BigInt(mediaEnd - 32), 8);
    await file.write(bytes.subarray(0, 32), 0, 32, 0);
    await file.write(mdat, 0, 16, 32);
    await file.write(moov, 0, moov.length, mediaEnd);
    await file.close();
    expect(await prober.probe(path)).toMatchObject({ width: 320, height: 180, duration: 1 });
  });

  it('with a header of a gigabyte fail as out-of-memory', async () => {
    const path = join(folder, 'header');
    const file = await open(path, 'w');
    await file.write(
      Buffer.concat([box('ftyp', Buffer.from('isom\0\0\0\0')), size(2 ** 30), Buffer.from('moov')]),
    );
    await file.truncate(2 ** 30 + 16);
    await file.close();
    await expect(prober.probe(path)).rejects.toMatchObject({
      name: 'ProbeFailedError',
      failure: 'out-of-memory',
    });
  });
});

/** Little-endian, as in RIFF. */
const little = (value: number) => Buffer.from(Uint32Array.of(value).buffer);

describe('a file that MediaInfo loads into memory', () => {
  it('fails if it exceeds the memory limit, and the next file is read', async () => {
    const path = join(folder, 'title');
    const bytes = 100 * 2 ** 20;
    const parts = [
      'RIFF',
      little(bytes + 24),
      'AVI ',
      'LIST',
      little(bytes + 12),
      'INFO',
      'INAM',
      little(bytes),
    ];
    const file = await open(path, 'w');
    await file.write(Buffer.concat(parts.map((part) => Buffer.from(part))));
    await file.truncate(bytes + 32);
    await file.close();
    await expect(prober.probe(path)).rejects.toMatchObject({
      name: 'ProbeFailedError',
      failure: 'out-of-memory',
    });
    expect(await probe(await fixture('mpeg4.avi'))).toMatchObject({ container: 'avi', width: 320 });
  });
});

describe('damaged files', () => {
  const names = [
    'h264.mkv',
    'h264-faststart.mp4',
    'fragmented.mp4',
    'vp9.webm',
    'h264.ts',
    'mpeg4.avi',
    'wmv2.wmv',
    'h264.flv',
    'mpeg2.mpg',
  ];

  // On a failure, fast-check prints the seed and the smallest counterexample. A slow machine makes fewer runs, but at
  // least one.
  const bounded = { interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false };

  it.each(names)(
    'with wrong bytes or cut anywhere give a result or an error: %s',
    async (name) => {
      const original = await fixture(name);
      const at = fc.nat(original.length - 1);
      const changes = fc.array(fc.tuple(fc.oneof(fc.nat(600), at), fc.nat(255)), { maxLength: 12 });
      await fc.assert(
        fc.asyncProperty(changes, fc.option(at), async (changed, cut) => {
          const bytes = Buffer.from(original);
          for (const [place, value] of changed) bytes[place] = value;
          const verdict = await probe(bytes.subarray(0, cut ?? undefined));
          if (verdict instanceof NotAVideoError || verdict instanceof ProbeFailedError) return;
          expect(verdict).toMatchObject({ mimeType: expect.toBeOneOf([...MIME_TYPES.values()]) });
        }),
        { numRuns: 40, ...bounded },
      );
    },
    120_000,
  );

  it('do not leak memory', async () => {
    const original = await fixture('h264.mkv');
    const everyWhere = fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { minLength: 1 });
    const damaged = fc.sample(everyWhere, 200).map((changes) => {
      const bytes = Buffer.from(original);
      for (const [place, value] of changes) bytes[place] = value;
      return bytes;
    });
    // The first files load the parsers and fill the caches.
    for (const bytes of damaged.slice(0, 50)) await probe(bytes);
    const before = process.memoryUsage.rss();
    for (const bytes of damaged.slice(50)) await probe(bytes);
    expect(process.memoryUsage.rss() - before).toBeLessThan(128 * 2 ** 20);
  });

  it('are refused if they are random bytes', async () => {
    const noise = fc.uint8Array({ minLength: 1, maxLength: 4096 });
    await fc.assert(
      fc.asyncProperty(noise, async (bytes) => {
        expect(await probe(bytes)).toBeInstanceOf(NotAVideoError);
      }),
      { numRuns: 100, ...bounded },
    );
  });
});
