import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FinishedStatus } from '../support/api.js';
import { freePort } from '../support/free-port.js';
import type { Answer } from '../support/origin.js';
import { entry, newMp4, newPartner, openScene, type Scene } from './scene.js';

const MAX_VIDEO_BYTES = 50_000;
/** Part of the query of every URL, where partners put signatures. It must not appear anywhere. */
const SECRET = 'signature-of-the-partner';

interface Case {
  id: string;
  /** Answers of the archive, in order. Without them, the item uses `url` or a closed port. */
  answers?: Answer[];
  url?: string;
  code: string;
  reason: string;
  retryable: boolean;
  /** Requests that the archive must have received. */
  requests?: number;
  mayResend?: boolean;
}

const large = Buffer.alloc(MAX_VIDEO_BYTES + 1);

const CASES: Case[] = [
  {
    id: 'not-there',
    answers: [{ status: 404 }],
    code: 'HTTP_STATUS',
    reason: 'Could not download the video: the server answered 404',
    retryable: false,
    requests: 1,
  },
  {
    id: 'overloaded',
    answers: [{ status: 503 }],
    code: 'HTTP_STATUS',
    reason: 'Could not download the video: the server answered 503',
    retryable: true,
    requests: 3,
  },
  {
    id: 'refused',
    code: 'CONNECTION_FAILED',
    reason:
      'Could not connect to the server of the video: the server is unreachable; check that it is running',
    retryable: true,
  },
  {
    id: 'reset',
    answers: [{ reset: true }],
    code: 'CONNECTION_FAILED',
    reason:
      'Could not connect to the server of the video: the server closed the connection before it responded; check that it is running',
    retryable: true,
    requests: 3,
    // On a reused connection, the same attempt sends the request again at once (RFC 9112, section 9.3.1).
    mayResend: true,
  },
  {
    id: 'cut',
    answers: [{ body: newMp4(), cutAfterBytes: 100, etag: false, ranges: false }],
    code: 'TRUNCATED',
    reason: 'The download is incomplete: the server closed the connection before the transfer was complete',
    retryable: true,
    requests: 3,
  },
  {
    id: 'empty',
    answers: [{ body: Buffer.alloc(0) }],
    code: 'EMPTY',
    reason: 'The file is empty',
    retryable: false,
    requests: 1,
  },
  {
    id: 'too-large',
    answers: [{ body: large }],
    code: 'TOO_LARGE',
    reason: 'The file exceeds the size limit: the response exceeds the size limit',
    retryable: false,
    requests: 1,
  },
  {
    id: 'too-large-unannounced',
    answers: [{ body: large, chunked: true }],
    code: 'TOO_LARGE',
    reason: 'The file exceeds the size limit: the response exceeds the size limit',
    retryable: false,
    requests: 1,
  },
  {
    id: 'loop',
    answers: [{ redirectTo: `/loop.mp4?${SECRET}` }],
    code: 'TOO_MANY_REDIRECTS',
    reason: 'Too many redirects: the URL redirects too many times; use the URL of the file itself',
    retryable: false,
    requests: 6,
  },
  {
    id: 'redirect-inside',
    answers: [{ redirectTo: `http://10.0.0.1/?${SECRET}` }],
    code: 'URL_BLOCKED',
    reason:
      'The URL of the video is not allowed: the URL redirects to a location that is not allowed; use the URL of the file itself',
    retryable: false,
    requests: 1,
  },
  ...['http://169.254.169.254/', 'http://10.0.0.1/', 'http://[::ffff:10.0.0.1]/', 'http://localhost/'].map(
    (url) => ({
      id: url,
      url: `${url}?${SECRET}`,
      code: 'URL_BLOCKED',
      reason:
        'The URL of the video is not allowed: the URL does not point to the public internet; use a publicly reachable host',
      retryable: false,
    }),
  ),
];

let scene: Scene;
let status: FinishedStatus;

beforeAll(async () => {
  scene = await openScene({
    RETRY_SCHEDULE: '100ms,200ms',
    HOST_RETRY_SCHEDULE: '50ms',
    MAX_VIDEO_BYTES: String(MAX_VIDEO_BYTES),
  });
  const { origin } = scene;
  const closedPort = await freePort();
  for (const { id, answers } of CASES) if (answers !== undefined) origin.script(`/${id}.mp4`, answers);
  origin.script('/recovers.mp4', [{ status: 503 }, { body: newMp4() }]);
  const { api } = await newPartner(scene.reelport);
  const id = await api.importVideos('failures', [
    ...CASES.map(({ id, url, answers }) => {
      const own = answers === undefined ? `http://127.0.0.1:${closedPort}/` : origin.url(`/${id}.mp4`);
      return entry(id, url ?? `${own}?${SECRET}`);
    }),
    entry('recovers', origin.url(`/recovers.mp4?${SECRET}`)),
    entry('nowhere', `http://something.invalid/a.mp4?${SECRET}`),
  ]);
  status = await api.finished(id);
});

afterAll(() => scene?.close());

describe('A video that cannot be imported', () => {
  it.each(CASES)('$id fails with $code', ({ id, code, reason, retryable, requests = 0, mayResend }) => {
    const item = status.videos.find(({ externalId }) => externalId === id);
    expect(item).toEqual({
      status: 'failed',
      state: 'failed',
      reason,
      code,
      retryable,
      systemName: 'failures',
      externalId: id,
      title: `Title of ${id}`,
    });
    const sent = scene.origin.requestsTo(`/${id}.mp4`).length;
    expect(mayResend === true ? Math.min(sent, requests) : sent).toBe(requests);
  });

  it('fails with HOST_NOT_FOUND if its host does not exist', () => {
    expect(status.videos.at(-1)).toMatchObject({ state: 'failed', code: 'HOST_NOT_FOUND' });
  });

  it('is imported if a later attempt succeeds, and does not affect the others', () => {
    expect(status.videos.at(-2)).toMatchObject({ externalId: 'recovers', state: 'success' });
    expect(status.videos.at(-2)).not.toHaveProperty('reason');
    expect(scene.origin.requestsTo('/recovers.mp4').map((request) => request.status)).toEqual([503, 200]);
    expect(status.state).toBe('success');
    expect(status.overview).toEqual({
      total: CASES.length + 2,
      success: 1,
      skipped: 0,
      failed: CASES.length + 1,
    });
  });

  it('exposes its query neither in the status nor in the log', () => {
    expect(JSON.stringify(status)).not.toContain(SECRET);
    expect(scene.reelport.output()).not.toContain(SECRET);
  });

  it('leaves no file behind', async () => {
    const { api } = await newPartner(scene.reelport);
    scene.origin.serve('/page.mp4', Buffer.from('<html></html>'));
    const failed = await api.finished(
      await api.importVideos('failures', [entry('page', scene.origin.url('/page.mp4'))]),
    );
    expect(failed.state).toBe('failed');
    await expect.poll(() => downloadsInFlight(scene)).toEqual([]);
  });
});

async function downloadsInFlight({ reelport }: Scene): Promise<string[]> {
  return readdir(join(reelport.dataDir, 'incoming'));
}
