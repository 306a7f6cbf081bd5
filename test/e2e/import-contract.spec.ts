import { readFileSync } from 'node:fs';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { setMetadataSchema } from '../support/accounts.js';
import { ApiClient, type FinishedStatus, type NewVideo } from '../support/api.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { startReelport, type Reelport, type TestProject } from '../support/reelport.js';

const FILE = 'test/fixtures/h264-faststart.mp4';
const SHA256 = '8a8b5bb61d405e5cc96f9e103888bb6105319767bcb84e4bf781b4e9d1a6b669';
const ROTATED = 'test/fixtures/rotated-90.mp4';
const WEBM = 'test/fixtures/vp9.webm';
const BYTES = readFileSync(FILE);
const IMPORT_ID = /^[0-9a-z]{6,12}$/;
const MEDIA_ID = /^[A-Za-z0-9]{12}$/;
const STORAGE_KEY =
  /^\d{4}\/\d{2}\/\d{2}\/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\.mp4$/;

interface VideoFacts {
  mediaId: string;
  originalUrl: string;
  url: string;
}

let reelport: Reelport;
let origin: Origin;
let project: TestProject;
let api: ApiClient;

beforeAll(async () => {
  origin = await startOrigin();
  reelport = await startReelport({ HOST_CONCURRENCY: '64', WORKER_CONCURRENCY: '32' });
  project = await reelport.createProject();
  api = new ApiClient(reelport.url, await reelport.createToken(project));
  origin.serve('/a.mp4', FILE);
  origin.serve('/rotated.mp4', ROTATED);
  origin.serve('/vp9', WEBM, { contentType: 'application/octet-stream' });
});

afterAll(async () => {
  await reelport?.remove();
  await origin?.close();
});

function video(id: string, path = '/a.mp4', more: Partial<NewVideo> = {}): NewVideo {
  return { url: origin.url(path), id, fileName: `title of ${id}`, metadata: {}, ...more };
}

function post(systemName: string, videos: readonly NewVideo[], key?: string) {
  return api.call<{ id: string; error_details?: Record<string, string> }>('POST', '/api/v1/import/videos', {
    body: { systemName, videos },
    ...(key !== undefined && { headers: { 'idempotency-key': key } }),
  });
}

async function countImports(systemName: string): Promise<number> {
  const [row] = await reelport.database.dataSource.query<Array<{ count: number }>>(
    'SELECT count(*)::integer AS count FROM imports WHERE system_name = $1',
    [systemName],
  );
  return row.count;
}

function factsOf(facts: Record<string, unknown> | undefined): VideoFacts {
  const { mediaId, originalUrl, url } = facts ?? {};
  return { mediaId: String(mediaId), originalUrl: String(originalUrl), url: String(url) };
}

/** Imports one batch and returns the facts of its videos. */
async function imported(systemName: string, videos: readonly NewVideo[]): Promise<VideoFacts[]> {
  const status = await api.finished(await api.importVideos(systemName, videos));
  expect(status.videos.map(({ state }) => state)).toEqual(videos.map(() => 'success'));
  return status.videos.map(({ video: facts }) => factsOf(facts));
}

describe('POST /api/v1/import/videos', () => {
  it('answers 200 with only the id, in lower-case base 36', async () => {
    const answer = await post('accept', [video('one')]);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.body).toEqual({ id: expect.stringMatching(IMPORT_ID) });
    await api.finished(answer.body.id);
  });

  it('stores the batch before it answers', async () => {
    origin.serve('/durable.mp4', FILE, { hang: 'headers' });
    const metadata = { credit: 'Jäne 🎬', nested: { list: [1, null, 'x'] } };
    const context = { batch: 17, deep: { kept: [true] } };
    const id = await api.importVideos('durable', [video('held', '/durable.mp4', { metadata })], { context });
    const rows = await reelport.database.dataSource.query<Array<Record<string, unknown>>>(
      `SELECT import.system_name, import.context::json AS context, import.total, item.external_id, item.title,
         item.payload
       FROM imports import JOIN import_items item ON item.import_id = import.id WHERE import.id = $1`,
      [id],
    );
    expect(rows).toEqual([
      {
        system_name: 'durable',
        context,
        total: 1,
        external_id: 'held',
        title: 'title of held',
        payload: { url: origin.url('/durable.mp4'), metadata },
      },
    ]);
    await origin.waitForRequest('/durable.mp4');
    origin.release('/durable.mp4');
    await api.finished(id);
  });

  it('gives every import its own id', async () => {
    const [first, second] = await Promise.all([post('own id', [video('a')]), post('own id', [video('b')])]);
    expect(first.body.id).not.toBe(second.body.id);
    await Promise.all([api.finished(first.body.id), api.finished(second.body.id)]);
  });
});

describe('the status of a running import', () => {
  let id: string;

  beforeAll(async () => {
    origin.serve('/held.mp4', FILE, { hang: 'headers' });
    id = await api.importVideos('running', [
      video('held 1', '/held.mp4?1'),
      video('done'),
      video('held 2', '/held.mp4?2'),
    ]);
    await Promise.all([origin.waitForRequest('/held.mp4?1'), origin.waitForRequest('/held.mp4?2')]);
    await vi.waitUntil(
      async () => (await api.status<{ progress: { success: number } }>(id)).body.progress.success === 1,
      { timeout: 20_000 },
    );
  });

  afterAll(async () => {
    origin.release('/held.mp4');
    await api.finished(id);
  });

  it('has these fields in this order and counts finished items', async () => {
    const { status, headers, body } = await api.status<{ progress: object }>(id);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(Object.keys(body)).toEqual(['finished', 'state', 'id', 'startedAt', 'progress']);
    expect(Object.keys(body.progress)).toEqual(['total', 'success', 'skipped', 'failed', 'pending']);
    expect(body).toEqual({
      finished: false,
      state: 'started',
      id,
      startedAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/),
      progress: { total: 3, success: 1, skipped: 0, failed: 0, pending: 2 },
    });
  });

  it('gives the time of acceptance in UTC', async () => {
    const [row] = await reelport.database.dataSource.query<Array<{ created_at: Date }>>(
      'SELECT created_at FROM imports WHERE id = $1',
      [id],
    );
    const { body } = await api.status<{ startedAt: string }>(id);
    expect(body.startedAt).toBe(row.created_at.toISOString().slice(0, 19).replace('T', ' '));
  });
});

describe('the status of a finished import', () => {
  let id: string;
  let before: VideoFacts;
  let status: FinishedStatus;

  beforeAll(async () => {
    [before] = await imported('finished', [video('known')]);
    id = await api.importVideos('finished', [
      video('gone', '/gone.mp4'),
      video('known'),
      video('new', '/rotated.mp4', { fileName: 'Ünïcode “title”' }),
    ]);
    status = await api.finished(id);
  });

  it('has these fields in this order', () => {
    expect(Object.keys(status)).toEqual(['finished', 'state', 'id', 'videos', 'overview']);
    expect(status).toMatchObject({ finished: true, state: 'success', id });
  });

  it('counts the items in the overview', () => {
    expect(Object.keys(status.overview)).toEqual(['total', 'success', 'skipped', 'failed']);
    expect(status.overview).toEqual({ total: 3, success: 1, skipped: 1, failed: 1 });
  });

  it('lists the items in the order of the request', () => {
    expect(status.videos.map(({ externalId }) => externalId)).toEqual(['gone', 'known', 'new']);
  });

  it('shows code and reason of a failed item', () => {
    const [failed] = status.videos;
    expect(Object.keys(failed)).toEqual([
      'status',
      'state',
      'reason',
      'code',
      'retryable',
      'systemName',
      'externalId',
      'title',
    ]);
    expect(failed).toEqual({
      status: 'failed',
      state: 'failed',
      reason: 'Could not download the video: the server answered 404',
      code: 'HTTP_STATUS',
      retryable: false,
      systemName: 'finished',
      externalId: 'gone',
      title: 'title of gone',
    });
  });

  it('shows the existing video of a skipped item', () => {
    const skipped = status.videos[1];
    const fields = ['status', 'state', 'reason', 'systemName', 'externalId', 'title', 'video'];
    expect(Object.keys(skipped)).toEqual(fields);
    expect(skipped).toEqual({
      status: 'skipped',
      state: 'skipped',
      reason: 'already exists',
      systemName: 'finished',
      externalId: 'known',
      title: 'title of known',
      video: { ...before, width: 320, height: 180, mimeType: 'video/mp4', videoService: 'imgix' },
    });
  });

  it('shows the video of a successful item with its display size', () => {
    const success = status.videos[2];
    expect(Object.keys(success)).toEqual(['status', 'state', 'systemName', 'externalId', 'title', 'video']);
    expect(success).toMatchObject({
      status: 'success',
      state: 'success',
      systemName: 'finished',
      externalId: 'new',
      title: 'Ünïcode “title”',
    });
    const { video: facts } = success;
    expect(Object.keys(facts!)).toEqual([
      'mediaId',
      'originalUrl',
      'url',
      'width',
      'height',
      'mimeType',
      'videoService',
    ]);
    expect(facts).toEqual({
      mediaId: expect.stringMatching(MEDIA_ID),
      originalUrl: expect.stringContaining(`${reelport.url}/media/`),
      url: `${String(facts!['originalUrl'])}?auto=format`,
      width: 180,
      height: 320,
      mimeType: 'video/mp4',
      videoService: 'imgix',
    });
    expect(String(facts!['originalUrl']).slice(`${reelport.url}/media/`.length)).toMatch(STORAGE_KEY);
  });

  it('shows the MIME type detected from the bytes, not the declared one', async () => {
    const webm = await api.finished(await api.importVideos('webm', [video('vp9', '/vp9')]));
    const original = String(webm.videos[0].video!['originalUrl']);
    expect(webm.videos[0].video).toMatchObject({ mimeType: 'video/webm', width: 256, height: 144 });
    expect(original).toMatch(/\.webm$/);
    expect((await fetch(original)).headers.get('content-type')).toBe('video/webm');
  });

  it('is failed, in the same shape, if no item succeeded', async () => {
    const failedId = await api.importVideos('all failed', [video('x', '/x.mp4'), video('y', '/y.mp4')]);
    const failed = await api.finished(failedId);
    expect(failed).toMatchObject({
      finished: true,
      state: 'failed',
      id: failedId,
      overview: { total: 2, success: 0, skipped: 0, failed: 2 },
    });
    expect(failed.videos.map(({ state }) => state)).toEqual(['failed', 'failed']);
    expect(Object.keys(failed)).toEqual(Object.keys(status));
  });

  it('is success if every item was skipped', async () => {
    const again = await api.finished(await api.importVideos('finished', [video('known')]));
    expect(again).toMatchObject({
      state: 'success',
      overview: { total: 1, success: 0, skipped: 1, failed: 0 },
    });
  });
});

describe('the status endpoint', () => {
  it.each([
    ['', 'Required: a string of 1 to 64 characters'],
    ['?id=', 'Must be a string of 1 to 64 characters, not 0'],
    [`?id=${'x'.repeat(65)}`, 'Must be a string of 1 to 64 characters, not 65'],
    ['?id=a&id=b', 'Must be a string of 1 to 64 characters'],
    ['?id=%00', 'Must not contain the character U+0000'],
  ])('refuses the query %j with 400', async (query, sentence) => {
    const answer = await api.call('GET', `/api/v1/import/videos/status${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({
      status: 400,
      error: 'Bad Request',
      error_details: { id: sentence },
    });
  });

  it('answers 404 for an unknown id', async () => {
    const answer = await api.status('nosuchid');
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual({
      status: 404,
      error: 'Not Found',
      error_details: { id: 'No import has this id' },
    });
  });
});

describe('the stored file', () => {
  let originalUrl: string;
  let url: string;

  beforeAll(async () => {
    [{ originalUrl, url }] = await imported('stored', [video('file')]);
  });

  it.each(['originalUrl', 'url'] as const)('is served completely at %s', async (field) => {
    const answer = await fetch(field === 'url' ? url : originalUrl);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('video/mp4');
    expect(answer.headers.get('content-length')).toBe(String(BYTES.length));
    expect(answer.headers.get('accept-ranges')).toBe('bytes');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(Buffer.from(await answer.arrayBuffer()).equals(BYTES)).toBe(true);
  });

  it.each([
    ['bytes=0-99', 0, 100],
    ['bytes=100-', 100, BYTES.length],
    ['bytes=-50', BYTES.length - 50, BYTES.length],
  ])('is served in part for the range %s', async (range, start, end) => {
    const answer = await fetch(originalUrl, { headers: { range } });
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/${BYTES.length}`);
    expect(Buffer.from(await answer.arrayBuffer()).equals(BYTES.subarray(start, end))).toBe(true);
  });

  it('refuses a range beyond its end with 416', async () => {
    const answer = await fetch(originalUrl, { headers: { range: `bytes=${BYTES.length}-` } });
    expect(answer.status).toBe(416);
    expect(answer.headers.get('content-range')).toBe(`bytes */${BYTES.length}`);
    expect(await answer.json()).toEqual({
      status: 416,
      error: 'Range Not Satisfiable',
      error_details: { range: 'Must start before the end of the file' },
    });
  });

  it('is not sent again to a client that has it', async () => {
    const first = await fetch(originalUrl);
    await first.arrayBuffer();
    const etag = first.headers.get('etag');
    expect(etag).not.toBeNull();
    // fetch() would add "Cache-Control: no-cache", which requests the whole file.
    const second = await request(originalUrl, { headers: { 'if-none-match': etag! } });
    expect(second.statusCode).toBe(304);
    expect(await second.body.text()).toBe('');
  });

  it('answers HEAD with headers only', async () => {
    const answer = await fetch(originalUrl, { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('video/mp4');
    expect(answer.headers.get('content-length')).toBe(String(BYTES.length));
    expect(await answer.text()).toBe('');
  });

  it.each([
    ['if-match', '"another"'],
    ['if-unmodified-since', new Date(0).toUTCString()],
  ])('is not sent if %s does not match', async (header, value) => {
    const answer = await fetch(originalUrl, { headers: { [header]: value } });
    expect(answer.status).toBe(412);
    expect(await answer.json()).toEqual({
      status: 412,
      error: 'Precondition Failed',
      error_details: { precondition: 'The file does not meet the preconditions of the request' },
    });
  });

  it.each(['', '2026', '2026/', '/', '%00', 'a%5Cb', '%2e%2e/%2e%2e/package.json'])(
    'is in no folder that can be listed: /media/%s',
    async (path) => {
      const year = new Date().getUTCFullYear();
      const { statusCode, body } = await request(
        `${reelport.url}/media/${path.replace('2026', String(year))}`,
      );
      expect(statusCode).toBe(404);
      expect(await body.json()).toEqual({
        status: 404,
        error: 'Not Found',
        error_details: { url: 'No route matches this method and path' },
      });
    },
  );

  it('answers 404 in the envelope if it does not exist', async () => {
    const answer = await fetch(originalUrl.replace(/[0-9a-f]{12}\.mp4$/, '000000000000.mp4'));
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      status: 404,
      error: 'Not Found',
      error_details: { url: expect.any(String) },
    });
  });
});

describe('Idempotency-Key', () => {
  it('returns the same id for the same request and creates nothing', async () => {
    const first = await post('idempotent', [video('once')], 'key-1');
    await api.finished(first.body.id);
    const second = await post('idempotent', [video('once')], 'key-1');
    expect(second).toMatchObject({ status: 200, body: first.body });
    expect(await countImports('idempotent')).toBe(1);
  });

  it.each([
    ['another id', [{ id: 'other' }]],
    ['another title', [{ fileName: 'other' }]],
    ['other metadata', [{ metadata: { other: 1 } }]],
    ['one video more', [{}, { id: 'more' }]],
  ])('refuses %s with 422', async (what, changes) => {
    const system = `other body: ${what}`;
    const first = await post(system, [video('once')], system);
    const second = await post(
      system,
      changes.map((change) => video('once', '/a.mp4', change)),
      system,
    );
    expect(second.status).toBe(422);
    expect(second.body).toEqual({
      status: 422,
      error: 'Unprocessable Content',
      error_details: { 'Idempotency-Key': 'Idempotency key was already used with a different body' },
    });
    expect(await countImports(system)).toBe(1);
    await api.finished(first.body.id);
  });

  it('creates one import for concurrent requests', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post('same moment', [video('once')], 'key-3')),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await countImports('same moment')).toBe(1);
    expect(await api.finished(answers[0].body.id)).toMatchObject({ overview: { total: 1 } });
  });

  it('creates separate imports for two keys and for no key', async () => {
    const ids = [
      (await post('two keys', [video('once')], 'key-4')).body.id,
      (await post('two keys', [video('once')], 'key-5')).body.id,
      (await post('two keys', [video('once')])).body.id,
    ];
    expect(new Set(ids).size).toBe(3);
    await Promise.all(ids.map((id) => api.finished(id)));
  });

  it('expires after 7 days', async () => {
    const first = await post('forgotten', [video('once')], 'key-6');
    await api.finished(first.body.id);
    await reelport.database.dataSource.query(
      `UPDATE idempotency_keys SET created_at = now() - interval '7 days 1 minute' WHERE key = 'key-6'`,
    );
    const second = await post('forgotten', [video('once')], 'key-6');
    expect(second.status).toBe(200);
    expect(second.body.id).not.toBe(first.body.id);
    await api.finished(second.body.id);
  });

  it('may have 255 characters', async () => {
    const { status, body } = await post('longest', [video('once')], 'k'.repeat(255));
    expect(status).toBe(200);
    await api.finished(body.id);
  });

  it.each([
    ['256 characters', 'k'.repeat(256)],
    ['a character beyond ASCII', 'schlüssel'],
    ['no character', ''],
  ])('is refused with %s', async (_, key) => {
    const answer = await post('bad key', [video('once')], key);
    expect(answer.status).toBe(400);
    expect(answer.body.error_details).toEqual({
      'Idempotency-Key': 'Must be 1 to 255 printable ASCII characters',
    });
    expect(await countImports('bad key')).toBe(0);
  });
});

describe('the library', () => {
  const VIDEO_FIELDS = [
    'id',
    'version',
    'mediaType',
    'systemName',
    'externalId',
    'title',
    'asset',
    'metadata',
    'createdAt',
    'updatedAt',
  ];
  const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

  it('returns all facts of a video', async () => {
    const metadata = { credit: 'Jane Doe', tags: ['a', 'b'] };
    const [facts] = await imported('library', [video('one', '/a.mp4', { metadata })]);
    const { status, body } = await api.call<{ asset: object; createdAt: string }>(
      'GET',
      `/api/v1/videos/${facts.mediaId}`,
    );
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(VIDEO_FIELDS);
    expect(body).toEqual({
      id: facts.mediaId,
      version: 1,
      mediaType: 'video',
      systemName: 'library',
      externalId: 'one',
      title: 'title of one',
      asset: {
        url: facts.originalUrl,
        mimeType: 'video/mp4',
        width: 320,
        height: 180,
        duration: 1,
        size: BYTES.length,
        sha256: SHA256,
      },
      metadata,
      createdAt: expect.stringMatching(ISO),
      updatedAt: body.createdAt,
    });
    expect(Object.keys(body.asset)).toEqual([
      'url',
      'mimeType',
      'width',
      'height',
      'duration',
      'size',
      'sha256',
    ]);
  });

  it('keeps the mediaId of a changed video and counts its versions', async () => {
    const [first] = await imported('versions', [video('one')]);
    const [second] = await imported('versions', [video('one', '/a.mp4', { fileName: 'renamed' })]);
    const [third] = await imported('versions', [video('one', '/rotated.mp4', { fileName: 'renamed' })]);
    expect([second.mediaId, third.mediaId]).toEqual([first.mediaId, first.mediaId]);
    expect(second.originalUrl).toBe(first.originalUrl);
    expect(third.originalUrl).not.toBe(first.originalUrl);
    const { body } = await api.call('GET', `/api/v1/videos/${first.mediaId}`);
    expect(body).toMatchObject({ version: 3, title: 'renamed', asset: { width: 180, height: 320 } });
  });

  it('lists the videos of a system newest first, in pages', async () => {
    const ids: string[] = [];
    for (const id of ['a', 'b', 'c']) ids.unshift((await imported('pages', [video(id)]))[0].mediaId);
    interface Page {
      results: Array<Record<string, unknown>>;
      cursor?: string;
    }
    const first = await api.call<Page>('GET', '/api/v1/videos?systemName=pages&limit=2');
    expect(first.status).toBe(200);
    expect(first.body.results.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    for (const result of first.body.results) expect(Object.keys(result)).toEqual(VIDEO_FIELDS);
    expect(first.body.cursor).toEqual(expect.any(String));
    const after = encodeURIComponent(first.body.cursor!);
    const second = await api.call<Page>('GET', `/api/v1/videos?systemName=pages&limit=2&after=${after}`);
    expect(second.body.results.map(({ id }) => id)).toEqual(ids.slice(2));
    expect(Object.keys(second.body)).toEqual(['results']);
    const one = await api.call<Page>('GET', '/api/v1/videos?systemName=pages&externalId=b');
    expect(one.body.results).toEqual([expect.objectContaining({ id: ids[1], externalId: 'b' })]);
    expect((await api.call('GET', '/api/v1/videos?systemName=nobody')).body).toEqual({ results: [] });
    const last = await api.call('GET', `/api/v1/videos?systemName=pages&after=${ids[2]}`);
    expect(last).toMatchObject({ status: 200, body: { results: [] } });
    const unknown = await api.call('GET', '/api/v1/videos?after=nosuchid1234');
    expect(unknown.status).toBe(400);
    expect(unknown.body).toMatchObject({
      error_details: { after: 'Must be the cursor of a previous page' },
    });
  });

  it.each(['0', '501', '-1', '1.5', 'x', ''])('refuses the limit %j', async (limit) => {
    const answer = await api.call('GET', `/api/v1/videos?limit=${limit}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      error_details: { limit: 'Must be an integer from 1 to 500' },
    });
  });

  it.each(['nosuchvideo1', 'x', '%00', '..%2f..', 'x'.repeat(101)])(
    'answers 404 for the unknown video %s',
    async (mediaId) => {
      const answer = await api.call('GET', `/api/v1/videos/${mediaId}`);
      expect(answer.status).toBe(404);
      expect(answer.body).toMatchObject({ status: 404, error: 'Not Found' });
    },
  );
});

/** All but one of every hundred items fail before anything is downloaded. */
function isBad(n: number): boolean {
  return n % 100 !== 0;
}

describe('an import of 10 000 videos', () => {
  const total = 10_000;
  it('returns every item, in request order', async () => {
    const strict = await reelport.createProject();
    await setMetadataSchema(reelport.database.dataSource, strict.id, {
      type: 'object',
      required: ['credit'],
    });
    const client = new ApiClient(reelport.url, await reelport.createToken(strict));
    const videos = Array.from({ length: total }, (_, n) =>
      video(`v${n}`, '/a.mp4', { metadata: isBad(n) ? {} : { credit: 'Jane Doe' } }),
    );
    const status = await client.finished(await client.importVideos('many', videos), 110_000);
    expect(status.overview).toEqual({ total, success: total / 100, skipped: 0, failed: total - total / 100 });
    expect(status.videos.map(({ externalId }) => externalId)).toEqual(videos.map(({ id }) => id));
    expect(status.videos.map(({ code }) => code)).toEqual(
      videos.map((_, n) => (isBad(n) ? 'METADATA_INVALID' : undefined)),
    );
    const results = status.videos.flatMap((item) => (item.video === undefined ? [] : [item.video]));
    expect(new Set(results.map(({ mediaId }) => mediaId)).size).toBe(total / 100);
    expect(new Set(results.map(({ originalUrl }) => originalUrl)).size).toBe(1);
  }, 120_000);
});
