import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ApiClient } from '../support/api.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { expectRightCounters } from './counters.js';
import { entry, newMp4, newPartner, openScene, type Scene } from './scene.js';

interface ShownItem {
  position: number;
  externalId: string;
  state: string;
  host: string | null;
  httpStatus: number | null;
}

interface ShownDetail extends ShownItem {
  url: string | null;
  finishedAt: string | null;
  waiting: Array<{ reason: string; until: string | null }>;
  attempts: Array<Record<string, unknown>>;
}

interface ShownGroup {
  code: string;
  host: string;
  httpStatus: number | null;
  waiting: boolean;
  count: number;
  firstSeen: string;
  lastSeen: string;
  sample: { position: number; externalId: string; url: string; reason: string };
  cause: string;
  cure: string;
  retry: boolean;
  retryAfter: string | null;
  nextTryAt: string | null;
}

const SECRET = 'signature-of-the-partner';
const HOUR_MS = 3_600_000;
const good = newMp4();

let scene: Scene;
/** Another host, which asks for a pause. */
let busy: Origin;

beforeAll(async () => {
  busy = await startOrigin({ host: '127.0.0.2' });
  busy.script('/*', [{ retryAfter: 1_800 }]);
  // A failed item is not retried while the test reads it.
  scene = await openScene({ RETRY_SCHEDULE: '1h' });
  scene.origin.serve('/good.mp4', good);
  scene.origin.script('/closed.mp4', [{ status: 403 }]);
  scene.origin.script('/broken.mp4', [{ status: 500 }]);
  scene.origin.serve('/page.mp4', Buffer.from('<html></html>'));
});

afterAll(async () => {
  await scene?.close();
  await busy?.close();
});

const hostOf = (origin: Origin): string => new URL(origin.url('/')).host;

async function get<T>(api: ApiClient, path: string): Promise<T> {
  const { status, body } = await api.call<T>('GET', `/api/v1/imports/${path}`);
  if (status !== 200) throw new Error(`${path} was answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

async function idsOf(api: ApiClient, path: string): Promise<string[]> {
  return (await get<{ results: ShownItem[] }>(api, path)).results.map(({ externalId }) => externalId);
}

async function act(api: ApiClient, path: string, body?: object): Promise<object> {
  const answer = await api.call('POST', `/api/v1/imports/${path}`, body === undefined ? {} : { body });
  return { status: answer.status, body: answer.body };
}

async function groupsOf(api: ApiClient, importId: string): Promise<ShownGroup[]> {
  return (await get<{ results: ShownGroup[] }>(api, `${importId}/failures`)).results;
}

describe('A finished import', () => {
  let api: ApiClient;
  let importId: string;

  beforeAll(async () => {
    ({ api } = await newPartner(scene.reelport));
    const { origin } = scene;
    origin.script('/lost/1.mp4', [{ status: 404 }, { body: newMp4() }]);
    importId = await api.importVideos('finished', [
      entry('100%_good', origin.url('/good.mp4')),
      entry('Lost-1', origin.url(`/lost/1.mp4?${SECRET}`)),
      entry('Lost-2', origin.url('/lost/2.mp4')),
      entry('Closed', origin.url('/closed.mp4'), { fileName: 'Über uns' }),
      entry('Page', origin.url('/page.mp4')),
    ]);
    await api.finished(importId);
  });

  it.each([
    ['code=NOT_A_VIDEO', ['Page']],
    ['code=HTTP_STATUS&q=lost', ['Lost-1', 'Lost-2']],
    ['code=HTTP_STATUS&q=lost&limit=1', ['Lost-1']],
    ['code=HTTP_STATUS&q=lost&limit=1&after=p1', ['Lost-2']],
    ['code=HTTP_STATUS&httpStatus=403', ['Closed']],
    ['httpStatus=404&limit=1&after=p1', ['Lost-2']],
    ['httpStatus=503', []],
    ['httpStatus=none', ['Page']],
    ['host=archive.example.com', []],
    ['q=%25', ['100%_good']],
    ['q=_', ['100%_good']],
    ['q=%5C', []],
    ['q=title%20of%20pa', ['Page']],
    ['state=success&q=0', ['100%_good']],
    ['state=failed&q=good', []],
  ])('lists its items by %s', async (query, expected) => {
    expect(await idsOf(api, `${importId}/items?${query}`)).toEqual(expected);
  });

  it('lists its items by host', async () => {
    const host = encodeURIComponent(hostOf(scene.origin));
    expect(await idsOf(api, `${importId}/items?host=${host}`)).toHaveLength(5);
  });

  it('groups its failures, the largest group first, and says what to do', async () => {
    const [lost, closed, page, ...more] = await groupsOf(api, importId);
    expect(lost).toEqual({
      code: 'HTTP_STATUS',
      host: hostOf(scene.origin),
      httpStatus: 404,
      waiting: false,
      count: 2,
      firstSeen: expect.any(String),
      lastSeen: expect.any(String),
      sample: {
        position: 1,
        externalId: 'Lost-1',
        url: scene.origin.url('/lost/1.mp4'),
        reason: 'Could not download the video: the server answered 404',
      },
      cause: 'Could not download the video',
      cure: 'The file is not at this URL. Correct the URL, or remove the item from your list',
      retry: false,
      retryAfter: null,
      nextTryAt: null,
    });
    expect(Date.parse(lost?.firstSeen ?? '')).toBeLessThanOrEqual(Date.parse(lost?.lastSeen ?? ''));
    expect(closed).toMatchObject({
      httpStatus: 403,
      count: 1,
      cure: "Ask the archive's owner for access, or for URLs that carry it, then retry",
    });
    expect(page).toMatchObject({
      code: 'NOT_A_VIDEO',
      httpStatus: null,
      cure: expect.stringContaining('remove it from your list'),
    });
    expect(more).toEqual([]);
    expect(await get(api, `${importId}/failures?limit=1`)).toMatchObject({ results: [lost], total: 3 });
  });

  it('shows the attempts at an item', async () => {
    const item = await get<ShownDetail>(api, `${importId}/items/1`);
    expect(item).toMatchObject({
      externalId: 'Lost-1',
      state: 'failed',
      url: scene.origin.url('/lost/1.mp4'),
      httpStatus: 404,
      finishedAt: expect.any(String),
      waiting: [],
    });
    expect(Date.parse(item.finishedAt ?? '')).toBeLessThanOrEqual(Date.now());
    expect(item.attempts).toEqual([
      {
        startedAt: expect.any(String),
        durationMs: expect.any(Number),
        code: 'HTTP_STATUS',
        reason: 'Could not download the video: the server answered 404',
        retryable: false,
        httpStatus: 404,
        bytes: null,
      },
    ]);
    const page = await get<ShownDetail>(api, `${importId}/items/4`);
    expect(page.attempts).toMatchObject([{ code: 'NOT_A_VIDEO', httpStatus: null, bytes: 13 }]);
    expect((await get<ShownDetail>(api, `${importId}/items/0`)).attempts).toEqual([]);
    expect(JSON.stringify(item)).not.toContain(SECRET);
  });

  it.each(['5', '-1', 'x', '1.0', '99999999999'])('has no item at the position %s', async (position) => {
    expect(await api.call('GET', `/api/v1/imports/${importId}/items/${position}`)).toMatchObject({
      status: 404,
      body: { error_details: { position: 'The import has no item at this position' } },
    });
  });

  it('shows its progress by host', async () => {
    const { length } = good;
    expect(await get(api, `${importId}/hosts`)).toEqual({
      results: [
        {
          host: hostOf(scene.origin),
          total: 5,
          pending: 0,
          running: 0,
          planned: 0,
          success: 1,
          skipped: 0,
          failed: 4,
          bytes: length,
          itemsPerSecond: expect.any(Number),
          bytesPerSecond: expect.any(Number),
          circuit: 'closed',
          until: null,
          askedForPause: false,
          failures: expect.any(Number),
          concurrency: expect.any(Number),
        },
      ],
      total: 1,
      bytes: length,
      bytesPerSecond: expect.any(Number),
    });
  });

  it('shows the batch as it was posted, without the queries of URLs', async () => {
    const batch = await get<{ videos: object[] }>(api, `${importId}/request`);
    expect(batch).toEqual({
      systemName: 'finished',
      videos: [
        entry('100%_good', scene.origin.url('/good.mp4')),
        entry('Lost-1', scene.origin.url('/lost/1.mp4')),
        entry('Lost-2', scene.origin.url('/lost/2.mp4')),
        entry('Closed', scene.origin.url('/closed.mp4'), { fileName: 'Über uns' }),
        entry('Page', scene.origin.url('/page.mp4')),
      ],
    });
    expect(await get(api, `${importId}/items/1`)).toMatchObject({ request: batch.videos[1] });
  });

  it('counts a subset without retrying it', async () => {
    const before = await get(api, importId);
    const counted = async (body: object) => act(api, `${importId}/retry`, { ...body, dryRun: true });
    const answer = (retried: number) => ({ status: 200, body: { id: importId, retried } });
    expect(await counted({})).toEqual(answer(4));
    expect(await counted({ code: 'HTTP_STATUS' })).toEqual(answer(3));
    expect(await counted({ code: 'HTTP_STATUS', externalIds: ['Lost-2', 'Page', 'unknown'] })).toEqual(
      answer(1),
    );
    expect(await counted({ host: hostOf(scene.origin) })).toEqual(answer(4));
    for (const { code, host, httpStatus, count } of await groupsOf(api, importId))
      expect(await counted({ code, host, httpStatus: httpStatus ?? 'none' })).toEqual(answer(count));
    expect(await counted({ httpStatus: 'none' })).toEqual(answer(1));
    expect(await counted({ httpStatus: 503 })).toEqual(answer(0));
    expect(await counted({ host: 'archive.example.com' })).toEqual(answer(0));
    expect(await counted({ state: 'failed', q: 'lost' })).toEqual(answer(2));
    expect(await counted({ state: 'success' })).toEqual(answer(0));
    expect(await get(api, importId)).toEqual(before);
  });

  it('retries one HTTP status of a code and a host', async () => {
    const { origin } = scene;
    const group = { code: 'HTTP_STATUS', host: hostOf(origin), httpStatus: 403 };
    expect(await act(api, `${importId}/retry`, group)).toMatchObject({ body: { retried: 1 } });
    await api.finished(importId);
    expect(origin.requestsTo('/closed.mp4')).toHaveLength(2);
    expect(origin.requestsTo('/lost/2.mp4')).toHaveLength(1);
    expect(await idsOf(api, `${importId}/items?run=latest`)).toEqual(['Closed']);
    await expectRightCounters(scene.reelport, importId);
  });

  it('retries a subset and leaves the other failures as they are', async () => {
    const { origin } = scene;
    expect(await act(api, `${importId}/retry`, { externalIds: ['Lost-1'] })).toEqual({
      status: 200,
      body: { id: importId, retried: 1 },
    });
    const { state, overview } = await api.finished(importId);
    expect({ state, overview }).toEqual({
      state: 'success',
      overview: { total: 5, success: 2, skipped: 0, failed: 3 },
    });
    expect(origin.requestsTo('/lost/1.mp4')).toHaveLength(2);
    expect(origin.requestsTo('/lost/2.mp4')).toHaveLength(1);
    await expectRightCounters(scene.reelport, importId);
    expect(await idsOf(api, `${importId}/items?run=latest`)).toEqual(['Lost-1']);
    // The attempt before the retry is still shown.
    expect(await get<ShownDetail>(api, `${importId}/items/1`)).toMatchObject({
      state: 'success',
      httpStatus: null,
      attempts: [{ httpStatus: 404 }],
    });
    expect(await act(api, `${importId}/retry`, { externalIds: ['Lost-1'] })).toMatchObject({
      body: { retried: 0 },
    });
    expect(await act(api, `${importId}/cancel`, { code: 'HTTP_STATUS' })).toMatchObject({ status: 409 });
  });
});

describe('Failures of one code with and without an HTTP status', () => {
  let api: ApiClient;
  let importId: string;

  beforeAll(async () => {
    ({ api } = await newPartner(scene.reelport));
    const { origin } = scene;
    const packed = { body: gzipSync(newMp4()), headers: { 'content-encoding': 'gzip' } };
    origin.script('/packed.mp4', [packed]);
    importId = await api.importVideos('statuses', [
      entry('packed', origin.url('/packed.mp4')),
      ...['lost-1', 'lost-2'].map((name) => entry(name, origin.url(`/${name}.mp4`))),
      entry('good', origin.url('/good.mp4')),
    ]);
    await api.finished(importId);
  });

  it('are groups, of which each is listed and retried alone', async () => {
    const groups = await groupsOf(api, importId);
    expect(groups).toMatchObject([
      { code: 'HTTP_STATUS', httpStatus: 404, count: 2 },
      { code: 'HTTP_STATUS', httpStatus: null, count: 1 },
    ]);
    const group = { code: 'HTTP_STATUS', host: groups[1]?.host ?? '', httpStatus: 'none' };
    const query = new URLSearchParams(group).toString();
    expect(await idsOf(api, `${importId}/items?${query}`)).toEqual(['packed']);
    expect(await act(api, `${importId}/retry`, group)).toMatchObject({ body: { retried: 1 } });
    await api.finished(importId);
    expect(scene.origin.requestsTo('/packed.mp4')).toHaveLength(2);
    expect(scene.origin.requestsTo('/lost-1.mp4')).toHaveLength(1);
    expect(await idsOf(api, `${importId}/items?run=latest`)).toEqual(['packed']);
  });
});

describe('An import in progress', () => {
  let api: ApiClient;
  let importId: string;

  beforeAll(async () => {
    ({ api } = await newPartner(scene.reelport));
    const { origin } = scene;
    origin.serve('/hanging.mp4', newMp4(), { hang: 'body' });
    importId = await api.importVideos('progress', [
      entry('hanging', origin.url('/hanging.mp4')),
      entry('broken', origin.url('/broken.mp4')),
      entry('busy', busy.url('/a.mp4')),
    ]);
    await origin.waitForRequest('/hanging.mp4');
    await vi.waitFor(
      async () => {
        const { length } = await groupsOf(api, importId);
        if (length !== 2) throw new Error(`There are ${length} groups`);
      },
      { timeout: 30_000 },
    );
  });

  it('shows what waits after a failure, and until when', async () => {
    const groups = await groupsOf(api, importId);
    expect(groups).toMatchObject([
      { httpStatus: 500, waiting: true, count: 1, retry: true, retryAfter: null },
      { httpStatus: 503, waiting: true, host: hostOf(busy), count: 1, retry: true },
    ]);
    const [broken, paused] = groups;
    expect(broken?.cure).toMatch(
      /^Nothing to do yet: the next attempt follows at (?:\d{4}-\d\d-\d\d )?\d\d:\d\d UTC\. If it fails, too: The server failed/,
    );
    expect(Date.parse(paused?.retryAfter ?? '') - Date.now()).toBeGreaterThan(HOUR_MS / 4);
    expect(Date.parse(paused?.nextTryAt ?? '')).toBeGreaterThanOrEqual(Date.parse(paused?.retryAfter ?? ''));
    const waits = async (position: number) =>
      (await get<ShownDetail>(api, `${importId}/items/${position}`)).waiting.map(({ reason }) => reason);
    expect(await waits(0)).toEqual([]);
    expect(await waits(1)).toEqual(['retry']);
    // Besides asking for a pause, the host has not answered any attempt.
    expect(await waits(2)).toEqual(expect.arrayContaining(['retry', 'host_asked']));
  });

  it('shows the throttle of each host', async () => {
    const { results } = await get<{ results: object[] }>(api, `${importId}/hosts`);
    expect(results).toMatchObject([
      { host: hostOf(scene.origin), total: 2, pending: 1, running: 1, bytes: 0 },
      { host: hostOf(busy), pending: 1, circuit: 'open', askedForPause: true, until: expect.any(String) },
    ]);
    expect(await get(api, `${importId}/hosts?limit=1`)).toMatchObject({ results: [results[0]], total: 2 });
  });

  it('cancels a subset and goes on with the others', async () => {
    const cancel = (body: object) => act(api, `${importId}/cancel`, body);
    const answer = (cancelled: number) => ({ status: 200, body: { id: importId, cancelled } });
    expect(await cancel({ code: 'HTTP_STATUS', dryRun: true })).toEqual(answer(2));
    expect(await cancel({ code: 'TIMED_OUT' })).toEqual(answer(0));
    expect(await cancel({ code: 'HTTP_STATUS', httpStatus: 404 })).toEqual(answer(0));
    expect(await cancel({ code: 'HTTP_STATUS', httpStatus: 503 })).toEqual(answer(1));
    expect(await cancel({ code: 'HTTP_STATUS' })).toEqual(answer(1));
    expect(await get(api, importId)).toMatchObject({ state: 'started', progress: { failed: 2, pending: 1 } });
    scene.origin.release('/hanging.mp4');
    expect((await api.finished(importId)).overview).toMatchObject({ success: 1, failed: 2 });
    await expectRightCounters(scene.reelport, importId);
    expect(await groupsOf(api, importId)).toMatchObject([
      { code: 'CANCELLED', httpStatus: null, waiting: false, retry: true },
      {
        code: 'CANCELLED',
        cure: expect.stringMatching(/^Try again after .* UTC: the server asked for a pause$/),
      },
    ]);
  });
});

describe('An import with notBefore', () => {
  it('starts no attempt before that time, not even after a retry', async () => {
    const { api } = await newPartner(scene.reelport);
    const notBefore = new Date(Date.now() + HOUR_MS).toISOString();
    const importId = await api.importVideos('later', [entry('a', scene.origin.url('/good.mp4'))], {
      notBefore,
    });
    const shown = { state: 'started', notBefore, startedAt: notBefore, priority: 'normal' };
    const waits = {
      state: 'pending',
      finishedAt: null,
      waiting: [{ reason: 'not_before', until: notBefore }],
      attempts: [],
    };
    expect(await get(api, importId)).toMatchObject(shown);
    expect(await get(api, `${importId}/items/0`)).toMatchObject(waits);
    await act(api, `${importId}/cancel`);
    await act(api, `${importId}/retry`);
    expect(await get(api, importId)).toMatchObject(shown);
    expect(await get(api, `${importId}/items/0`)).toMatchObject(waits);
    const { body } = await api.call<{ details: { backlog: { waiting: string[] } } }>('GET', '/health/ready');
    expect(body.details.backlog.waiting).toContain('not_before');
  });

  it('runs when the time has come', async () => {
    const { api } = await newPartner(scene.reelport);
    scene.origin.serve('/soon.mp4', newMp4());
    const notBefore = new Date(Date.now() + 1_500);
    const importId = await api.importVideos('soon', [entry('a', scene.origin.url('/soon.mp4'))], {
      notBefore: notBefore.toISOString().replace('Z', '+00:00'),
      priority: 'high',
    });
    expect((await api.finished(importId)).overview).toMatchObject({ success: 1 });
    const [request] = scene.origin.requestsTo('/soon.mp4');
    expect(request?.at).toBeGreaterThanOrEqual(notBefore.getTime());
    expect(await get(api, importId)).toMatchObject({ priority: 'high' });
  });
});

describe('A wrong request', () => {
  it.each([
    ['POST', '/retry', { codes: 'X' }, { codes: 'Unknown field. Did you mean "code"?' }],
    ['POST', '/cancel', { dryRun: 1 }, { dryRun: 'Must be true or false' }],
    [
      'POST',
      '/retry',
      { httpStatus: '404' },
      { httpStatus: 'Must be an integer from 100 to 999, or "none"' },
    ],
    ['POST', '/cancel', { httpStatus: 99 }, { httpStatus: 'Must be an integer from 100 to 999, or "none"' }],
    [
      'GET',
      '/items?httpStatus=0x194',
      undefined,
      { httpStatus: 'Must be an integer from 100 to 999, or "none"' },
    ],
    [
      'POST',
      '/retry',
      { externalIds: [] },
      { externalIds: 'Must be an array of 1 to 10000 strings of 1 to 255 characters' },
    ],
    ['GET', '/items?q=', undefined, { q: 'Must be a string of 1 to 255 characters, not 0' }],
    ['GET', '/items?after=p1', undefined, { after: 'Must be the cursor of a previous page' }],
    ['GET', '/items?drift=yes', undefined, { drift: 'Must be "true" or "false"' }],
    ['GET', '/items?run=first', undefined, { run: 'Must be "latest"' }],
    ['GET', '/hosts?limit=501', undefined, { limit: 'Must be an integer from 1 to 500' }],
    ['GET', '/failures?limit=501', undefined, { limit: 'Must be an integer from 1 to 500' }],
  ])('is refused: %s %s %j', async (method, path, body, details) => {
    const { api } = await newPartner(scene.reelport);
    const importId = await api.importVideos('wrong', [entry('a', scene.origin.url('/good.mp4'))]);
    const init = body === undefined ? {} : { body };
    const answer = await api.call(method, `/api/v1/imports/${importId}${path}`, init);
    expect(answer).toMatchObject({ status: 400, body: { error_details: details } });
  });
});
