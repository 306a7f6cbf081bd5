import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  startAnsweringOrigin,
  type AnsweringOrigin,
  type SeenRequest,
  type SpokenAnswer,
} from '../support/answering-origin.js';
import type { FinishedStatus } from '../support/api.js';
import { startReelport, type Reelport } from '../support/reelport.js';
import { bytesAt, entry, newMp4, newPartner, type Partner } from './scene.js';

const MIB = 1024 * 1024;
const CUT = MIB;
const V1 = { etag: '"v1"' };
const DATED = { 'last-modified': 'Thu, 21 Nov 2019 12:00:00 GMT', date: 'Fri, 22 Nov 2019 12:00:00 GMT' };
const REDATED = { ...DATED, 'last-modified': 'Thu, 21 Nov 2019 13:00:00 GMT' };

/** A video of 2 MiB, mostly a box that players skip. */
function largeMp4(): Buffer {
  const filler = Buffer.concat([Buffer.from('\0\0\0\0free', 'latin1'), randomBytes(2 * MIB)]);
  filler.writeUInt32BE(filler.length);
  return Buffer.concat([newMp4(), filler]);
}

const before = largeMp4();
/** Another version of the same length. */
const after = Buffer.concat([before.subarray(0, before.length - 2 * MIB), randomBytes(2 * MIB)]);

const fromOf = ({ headers }: SeenRequest): number =>
  Number(/^bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);

/** An answer to a range request; `lies` replace the true values. */
function part(request: SeenRequest, { body = before, ...lies }: Partial<SpokenAnswer> = {}): SpokenAnswer {
  const from = fromOf(request);
  const range = `bytes ${from}-${body.length - 1}/${body.length}`;
  return {
    status: 206,
    ...lies,
    body: body.subarray(from),
    headers: { 'content-range': range, ...V1, ...lies.headers },
  };
}

interface Case {
  what: string;
  /** Headers of the answer that breaks off. */
  first?: Record<string, string>;
  /** The answer to the request for the remaining bytes. */
  second: (request: SeenRequest) => SpokenAnswer;
  /** The answer to requests without a range from then on. */
  file?: Buffer;
}

const longer = Buffer.concat([before, randomBytes(1_000)]);

const CASES: Case[] = [
  {
    what: 'shorter than its range',
    second: (request) => ({ ...part(request), framing: 'chunked', cut: { at: 1_000, by: 'last chunk' } }),
  },
  {
    what: 'longer than its range',
    second: (request) => ({ ...part(request), framing: 'chunked', body: longer.subarray(fromOf(request)) }),
  },
  {
    what: 'with another Content-Length than its range',
    second: (request) => ({ ...part(request), body: before.subarray(fromOf(request), -1_000) }),
  },
  {
    what: 'that is the whole file',
    second: (request) => ({ ...part(request), body: before }),
  },
  {
    what: 'that is the whole file, in chunks',
    second: (request) => ({ ...part(request), body: before, framing: 'chunked' }),
  },
  {
    what: 'labelled as the whole file',
    second: (request) => ({ ...part(request), status: 200 }),
  },
  {
    what: 'with another date',
    first: DATED,
    second: (request) => part(request, { body: after, headers: { etag: '', ...REDATED } }),
    file: after,
  },
  {
    what: 'without the entity tag',
    second: (request) => withoutEtag(part(request, { body: after })),
    file: after,
  },
  {
    what: 'without any validator',
    first: DATED,
    second: (request) => withoutEtag(part(request, { body: after })),
    file: after,
  },
  {
    what: 'with a weak entity tag',
    second: (request) => part(request, { body: after, headers: { etag: 'W/"v1"' } }),
    file: after,
  },
  {
    what: 'with another total',
    second: (request) => part(request, { body: longer }),
    file: longer,
  },
  {
    what: 'in several parts',
    second: (request) => part(request, { headers: { 'content-type': 'multipart/byteranges; boundary=x' } }),
  },
];

/** Removes the entity tag: an empty header would still be a header. */
function withoutEtag(answer: SpokenAnswer): SpokenAnswer {
  const { etag: _, ...headers } = answer.headers ?? {};
  return { ...answer, headers };
}

let origin: AnsweringOrigin;
let reelport: Reelport;
let partner: Partner;
const answers = new Map<string, (request: SeenRequest, before: number) => SpokenAnswer>();

beforeAll(async () => {
  origin = await startAnsweringOrigin(
    (request, count) => answers.get(request.path)?.(request, count) ?? { status: 404 },
  );
  reelport = await startReelport({ RETRY_SCHEDULE: '10ms,10ms,10ms' });
  partner = await newPartner(reelport);
});
afterAll(async () => {
  await reelport.remove();
  await origin.close();
});

async function importFrom(path: string, answer: (request: SeenRequest, before: number) => SpokenAnswer) {
  answers.set(path, answer);
  const id = await partner.api.importVideos('one-version', [entry(path, origin.url(path))]);
  const { videos } = await partner.api.finished(id);
  return videos[0];
}

/** The stored file of an imported video. */
async function storedBytes(video: FinishedStatus['videos'][number]): Promise<Buffer> {
  if (video.state !== 'success') throw new Error(`The video was not imported: ${JSON.stringify(video)}`);
  return bytesAt(video.video?.['originalUrl']);
}

describe('a remaining part', () => {
  it.each(CASES)(
    '$what is not combined with the beginning',
    async ({ what, first = V1, second, file = before }) => {
      const video = await importFrom(`/${encodeURIComponent(what)}.mp4`, (request, count) => {
        if (count === 0) return { status: 200, headers: first, body: before, cut: { at: CUT, by: 'fin' } };
        return count === 1 ? second(request) : { status: 200, headers: first, body: file };
      });
      expect(file.equals(await storedBytes(video))).toBe(true);
    },
  );

  it('served from another URL is not combined with the first part', async () => {
    answers.set('/new-place.mp4', (request) => part(request, { body: after }));
    answers.set('/old-place.mp4', () => ({
      status: 200,
      headers: V1,
      body: before,
      cut: { at: CUT, by: 'fin' },
    }));
    const video = await importFrom('/moves.mp4', (request, count) => {
      if (count === 0) return { status: 302, headers: { location: '/old-place.mp4' } };
      if (request.headers.range === undefined) return { status: 200, headers: V1, body: after };
      return { status: 302, headers: { location: '/new-place.mp4' } };
    });
    expect(after.equals(await storedBytes(video))).toBe(true);
  });
});

describe('a body without a declared length', () => {
  it.each(['close', 'chunked'] as const)('that ends early (%s) is downloaded again', async (framing) => {
    const file = newMp4();
    const video = await importFrom(`/early-${framing}.mp4`, (_, count) => ({
      status: 200,
      framing,
      body: file,
      ...(count === 0 && { cut: { at: file.length - 2_000, by: 'last chunk' } }),
    }));
    expect(file.equals(await storedBytes(video))).toBe(true);
  });

  it('that ends early in every attempt fails with TRUNCATED', async () => {
    const file = newMp4();
    const video = await importFrom('/always-early.mp4', () => ({
      status: 200,
      framing: 'close',
      body: file.subarray(0, -2_000),
    }));
    expect(video).toMatchObject({ state: 'failed', code: 'TRUNCATED', retryable: true });
  });
});

describe('a condition that the server does not support', () => {
  it.each([400, 403, 412, 416, 501])(
    'is omitted after a range request was answered with %i',
    async (status) => {
      const video = await importFrom(`/range-${status}.mp4`, (request, count) => {
        if (count === 0) return { status: 200, headers: V1, body: before, cut: { at: CUT, by: 'fin' } };
        return request.headers.range === undefined ? { status: 200, headers: V1, body: before } : { status };
      });
      expect(before.equals(await storedBytes(video))).toBe(true);
    },
  );

  it.each([400, 403, 412])('is omitted after If-None-Match was answered with %i', async (status) => {
    const path = `/match-${status}.mp4`;
    const [old, changed] = [newMp4(), newMp4()];
    await importFrom(path, () => ({ status: 200, headers: V1, body: old }));
    const video = await importFrom(path, ({ headers }) =>
      headers['if-none-match'] === undefined ? { status: 200, headers: V1, body: changed } : { status },
    );
    expect(changed.equals(await storedBytes(video))).toBe(true);
  });

  it('is kept after an answer about the file', async () => {
    const path = '/gone.mp4';
    await importFrom(path, () => ({ status: 200, headers: V1, body: newMp4() }));
    const video = await importFrom(path, () => ({ status: 410 }));
    expect(video).toMatchObject({ state: 'failed', code: 'HTTP_STATUS', retryable: false });
    expect(origin.requests.filter((request) => request.path === path)).toHaveLength(2);
  });
});

it('an unrequested part fails with TRUNCATED', async () => {
  const video = await importFrom('/part.mp4', () => ({
    status: 206,
    headers: { ...V1, 'content-range': `bytes 0-${CUT - 1}/${before.length}` },
    body: before.subarray(0, CUT),
  }));
  expect(video).toMatchObject({ state: 'failed', code: 'TRUNCATED', retryable: true });
});

it('no download file is left on the disk', async () => {
  expect(await readdir(join(reelport.dataDir, 'incoming'))).toEqual([]);
});
