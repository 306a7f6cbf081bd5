import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FinishedStatus } from '../support/api.js';
import { peakMemory } from '../support/peak-memory.js';
import {
  type RawOrigin,
  say,
  sayForever,
  saySilence,
  saySlowly,
  startRawOrigin,
  type Talk,
} from '../support/raw-origin.js';
import { startReelport, type Reelport } from '../support/reelport.js';
import { entry, FIXTURES, newMp4, newPartner } from './scene.js';

const MIB = 2 ** 20;
/** More garbage than V8 tolerates before it collects: a body held in memory becomes visible. */
const MAX_VIDEO_BYTES = 256 * MIB;
const TRIES = 2;

const OK = 'HTTP/1.1 200 OK\r\n';
const VIDEO = `${OK}content-type: video/mp4\r\n`;
const CHUNKED = `${VIDEO}transfer-encoding: chunked\r\n\r\n`;

const video = newMp4();
const bomb = gzipSync(Buffer.alloc(64 * MIB));
const longer = readFileSync(join(FIXTURES, 'h264-faststart.mp4'));

const whole = (body: string | Uint8Array, headers = VIDEO): Talk =>
  say(`${headers}content-length: ${body.length}\r\n\r\n`, body);

interface Case {
  what: string;
  talk: Talk;
  code: string;
  /** The part of the reason after the sentence of the code. */
  reason: RegExp;
  retryable: boolean;
}

const tooLarge = { code: 'TOO_LARGE', reason: /exceeds the size limit/, retryable: false };
const timedOut = { code: 'TIMED_OUT', reason: /timed out/, retryable: true };
const truncated = { code: 'TRUNCATED', reason: /is incomplete/, retryable: true };
const notHttp = { code: 'CONNECTION_FAILED', reason: /valid HTTP/, retryable: false };
const status = (reason: RegExp) => ({ code: 'HTTP_STATUS', reason, retryable: false });
const notAVideo = (reason: RegExp) => ({ code: 'NOT_A_VIDEO', reason, retryable: false });

const CASES: Case[] = [
  { what: 'endless', talk: sayForever(`${VIDEO}\r\n`, 'x'), ...tooLarge },
  {
    what: 'endless-in-chunks',
    talk: sayForever(CHUNKED, '400\r\n' + 'x'.repeat(1_024) + '\r\n'),
    ...tooLarge,
  },
  { what: 'said-to-be-huge', talk: say(`${VIDEO}content-length: 99999999999\r\n\r\n`), ...tooLarge },
  {
    what: 'bomb',
    talk: whole(bomb, `${VIDEO}content-encoding: gzip\r\n`),
    ...status(/compressed the response/),
  },
  { what: 'bomb-in-disguise', talk: whole(bomb), ...notAVideo(/a gzip archive/) },
  { what: 'body-byte-by-byte', talk: saySlowly(`${VIDEO}content-length: 1000\r\n\r\n`, 'x'), ...timedOut },
  { what: 'headers-byte-by-byte', talk: saySlowly(OK, 'name: value\r\n'), ...timedOut },
  { what: 'silent', talk: saySilence, ...timedOut },
  { what: 'endless-headers', talk: sayForever(OK, 'name: value\r\n'), ...notHttp },
  { what: 'endless-interim-answers', talk: sayForever('', 'HTTP/1.1 103 Early Hints\r\n\r\n'), ...timedOut },
  { what: 'endless-extension', talk: sayForever(`${CHUNKED}1;`, 'x'), ...timedOut },
  {
    what: 'length-too-large',
    talk: say(`${VIDEO}content-length: ${video.length + 1}\r\n\r\n`, video),
    ...truncated,
  },
  {
    what: 'length-too-small',
    talk: say(`${VIDEO}content-length: ${longer.length - 1_000}\r\n\r\n`, longer),
    // HTTP cannot reveal the missing bytes: everything announced has arrived. The file itself can.
    ...notAVideo(/the file ends in the middle/),
  },
  { what: 'nonsense-chunks', talk: say(CHUNKED, 'five\r\nhello\r\n0\r\n\r\n'), ...truncated },
  { what: 'missing-chunks', talk: say(CHUNKED, '5\r\nhello\r\n'), ...truncated },
  {
    what: 'part-unasked-for',
    talk: say(
      `HTTP/1.1 206 Partial Content\r\ncontent-range: bytes 0-9/10\r\ncontent-length: ${video.length}\r\n\r\n`,
      video,
    ),
    // A range of ten bytes with a longer body is no file, but the next answer may be one.
    code: 'TRUNCATED',
    reason: /sent only part of the file/,
    retryable: true,
  },
  {
    what: 'unchanged-unasked-for',
    talk: say('HTTP/1.1 304 Not Modified\r\n\r\n'),
    ...status(/the server answered 304$/),
  },
  {
    what: 'error-page',
    talk: whole('<!DOCTYPE html><title>500</title><h1>Sorry</h1>'),
    ...notAVideo(/an HTML page/),
  },
  { what: 'error-as-json', talk: whole('{"error":"not found"}'), ...notAVideo(/a JSON document/) },
  { what: 'no-http', talk: say('220 mail.example.com ESMTP\r\n'), ...notHttp },
];

let reelport: Reelport;
let origin: RawOrigin;
let finished: FinishedStatus;
let grownBy: number;

beforeAll(async () => {
  origin = await startRawOrigin({
    ...Object.fromEntries(CASES.map(({ what, talk }) => [`/${what}.mp4`, talk])),
    '/playlist.mp4': (socket) => whole(`#EXTM3U\n#EXTINF:1,\n${origin.url('/inside.mp4')}\n`)(socket),
    '/inside.mp4': whole(video),
    '/honest.mp4': whole(video),
  });
  reelport = await startReelport({
    RETRY_SCHEDULE: '50ms',
    MAX_VIDEO_BYTES: String(MAX_VIDEO_BYTES),
    OUTBOUND_HEADERS_MS: '2s',
    OUTBOUND_IDLE_MS: '2s',
    OUTBOUND_MIN_BYTES_PER_SECOND: '1000',
    HOST_CONCURRENCY: '32',
    WORKER_CONCURRENCY: '32',
  });
  const { api } = await newPartner(reelport);
  await api.finished(await api.importVideos('honest', [entry('honest', origin.url('/honest.mp4'))]));
  const before = peakMemory(reelport.pid());
  const paths = [...CASES.map(({ what }) => what), 'playlist', 'honest'];
  finished = await api.finished(
    await api.importVideos(
      'hostile',
      paths.map((path) => entry(path, origin.url(`/${path}.mp4`))),
    ),
  );
  grownBy = peakMemory(reelport.pid()) - before;
});

afterAll(async () => {
  await reelport?.remove();
  await origin?.close();
});

const resultOf = (id: string) => finished.videos.find(({ externalId }) => externalId === id);

describe('A hostile origin', () => {
  it.each(CASES)('$what: the item fails with $code', ({ what, code, reason, retryable }) => {
    expect(resultOf(what)).toMatchObject({
      state: 'failed',
      code,
      retryable,
      reason: expect.stringMatching(reason),
    });
    expect(origin.requestsTo(`/${what}.mp4`)).toBe(retryable ? TRIES : 1);
  });

  it('cannot make Reelport open a playlist', () => {
    expect(resultOf('playlist')).toMatchObject({ code: 'NOT_A_VIDEO', retryable: false });
    expect(origin.requestsTo('/inside.mp4')).toBe(0);
  });

  it('does not affect another import', () => {
    expect(resultOf('honest')).toMatchObject({ state: 'success' });
    expect(finished.overview).toEqual({
      total: CASES.length + 2,
      success: 1,
      skipped: 0,
      failed: CASES.length + 1,
    });
  });

  it('causes no noticeable memory growth', () => {
    expect(grownBy).toBeLessThan(MAX_VIDEO_BYTES);
  });
});
